/** `--replace-spectrum`: another spectrum for a source of the models. */
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { type CompleteOptions, completeModels } from "../fit/start/models-for-data.js";
import { readNamedFiles } from "../io/text-files.js";
import { findSource } from "../models/parameters.js";
import { buildPart, filesOfNode } from "../models/text/build.js";
import { parseText } from "../models/text/parse.js";
import type { BuiltSource } from "../models/text/sources.js";
import type { Models, SkyModel } from "../models/types.js";
import type { Context } from "./context.js";

const OPTION = "--replace-spectrum";

/** `texts`: "Crab Nebula = pl(index=2)", or without a name where there is one source. Norms that they leave open match the data. */
export async function replaceSpectra(
  context: Context,
  datasets: readonly Dataset[],
  models: Models,
  texts: readonly string[],
  options: CompleteOptions,
): Promise<Models> {
  const { files, using, onNote } = context;
  const { registry } = using;
  const changed: BuiltSource[] = [];
  for (const text of texts) {
    const source = { text, where: OPTION };
    const { name, node } = parseText(source);
    const model = name === undefined ? onlySource(models) : findSource(models, name, `${OPTION} "${text}"`);
    const named = filesOfNode(node, "spectral", registry, source).map((file) => ({ ...file, ...source }));
    const resources = await readNamedFiles(named, files);
    const built = buildPart(node, "spectral", { registry, resources, onNote }, source);
    changed.push({
      model: { ...model, spectral: built.submodel },
      spectral: built.unsaid,
      spatial: [],
      temporal: [],
      needsPlace: false,
    });
  }
  const next = new Map(changed.map(({ model }) => [model.name, model]));
  const { covariance, ...rest } = models;
  const components = models.components.map((model) => next.get(model.name) ?? model);
  // what is known of errors is of the spectra as they were
  const replaced: Models = changed.length === 0 ? models : { ...rest, components };
  return context.compute(() =>
    completeModels(datasets, replaced, changed, { ...using, resources: {}, onNote }, options),
  );
}

function onlySource({ components }: Models): SkyModel {
  const sources = components.filter((model): model is SkyModel => model.type === "SkyModel");
  if (sources.length === 1) return sources[0]!;
  const names = sources.map(({ name }) => `"${name} = ..."`).join(" or ") || "none";
  throw new SpecError(`${OPTION}: say of which source: ${names}`);
}
