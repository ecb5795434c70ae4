/** Models with the covariance of their fit: of a models.yaml, of what `gammats fit --out` wrote, or of a fit that is done first. */
import { fluxSources } from "../api/models.js";
import { SpecError, unknownName } from "../errors.js";
import { isOfModels, wrongFile } from "../io/formats/recognise.js";
import type { Models } from "../models/types.js";
import { type AnalysisOptions, readAnalysis } from "./analysis.js";
import type { Context } from "./context.js";
import { drawingOf } from "./drawings.js";
import { openGiven } from "./given-files.js";
import { changesOf } from "./settings.js";

/** `names`: the sources that are wanted; absent: all whose spectrum is a flux. */
export async function modelsWithErrors(
  context: Context,
  paths: readonly string[],
  options: AnalysisOptions,
  names: readonly string[] | undefined,
): Promise<{ models: Models; sources: readonly string[] }> {
  const { using } = context;
  const models = await modelsOf(context, paths, options);
  const known = fluxSources(models, using).map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName("--source", "source", unknown, known);
  const left = models.components.filter(({ name }) => !known.includes(name)).map(({ name }) => `"${name}"`);
  if (names === undefined && left.length > 0) {
    context.note(`gammats: left out, as their spectrum is a factor and no flux: ${left.join(", ")}`);
  }
  if (known.length === 0)
    throw new SpecError({ where: paths.join(", "), what: "no model has a spectrum that is a flux" });
  return { models, sources: names ?? known };
}

async function modelsOf(context: Context, paths: readonly string[], options: AnalysisOptions): Promise<Models> {
  const { files, using } = context;
  const isToBeFitted = changesOf(options).length > 0 || (options.model ?? options.fitted) !== undefined;
  if (!isToBeFitted) {
    const [file, ...others] = await openGiven(context, paths, ["models"]);
    if (file !== undefined && others.length === 0 && isOfModels(file.format)) {
      const { models } = await drawingOf(file, { files, ...using }, context.onNote);
      if (models !== undefined) return models;
      throw wrongFile(file, using.registry.formats, "models");
    }
  }
  return (await readAnalysis(context, paths, { ...options, fitsByDefault: "all" })).models;
}
