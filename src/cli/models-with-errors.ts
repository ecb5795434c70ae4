/** Models with the covariance of their fit: of a models.yaml, or of what `gammats fit --out` wrote. */
import { readdir } from "node:fs/promises";
import { fluxSources } from "../api/models.js";
import { FormatError, SpecError, unknownName } from "../errors.js";
import { dirname, joinPath } from "../io/files.js";
import { aboutOf, isOfModels, wrongFile } from "../io/formats/recognise.js";
import type { KnownFile } from "../io/formats/types.js";
import { openKnown } from "../io/formats/use.js";
import type { Models } from "../models/types.js";
import type { Context } from "./context.js";
import { drawingOf } from "./drawings.js";

/** `names`: the sources that are wanted; absent: all whose spectrum is a flux. */
export async function modelsWithErrors(
  context: Context,
  paths: readonly string[],
  names: readonly string[] | undefined,
): Promise<{ models: Models; sources: readonly string[] }> {
  const { files, using } = context;
  const [path, ...others] = paths;
  if (others.length > 0) throw oneModels(paths.length);
  const file = await modelsFile(context, path!);
  const { models } = await drawingOf(file, { files, ...using }, context.onNote);
  if (models === undefined) throw wrongFile(file, using.registry.formats, "models");
  const known = fluxSources(models, using).map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName("--source", "source", unknown, known);
  const left = models.components.filter(({ name }) => !known.includes(name)).map(({ name }) => `"${name}"`);
  if (names === undefined && left.length > 0) {
    context.note(`gammats: left out, as their spectrum is a factor and no flux: ${left.join(", ")}`);
  }
  if (known.length === 0) throw new SpecError({ where: file.path, what: "no model has a spectrum that is a flux" });
  return { models, sources: names ?? known };
}

const oneModels = (n: number) =>
  new SpecError({
    where: "flux",
    found: `${n} files`,
    expected: "one models.yaml or folder of a fit",
    remedy: "for data files run gammats fit --out DIR first, then gammats flux DIR",
  });

/** The file itself, or the models that were written beside a fit result, or in a folder. */
async function modelsFile({ files, using }: Context, path: string): Promise<KnownFile> {
  const { formats } = using.registry;
  const names = await readdir(path).catch(() => undefined);
  if (names !== undefined) return openKnown(onlyModels(path, names), files, formats);
  const file = await openKnown(path, files, formats);
  if (isOfModels(file.format)) return file;
  if (!file.format.holds.includes("fitResult")) {
    throw wrongFile(
      file,
      formats,
      `${aboutOf(formats.filter(isOfModels))} or a fit result; of data run gammats fit --out DIR first, then gammats flux DIR`,
    );
  }
  const folder = dirname(path);
  return openKnown(onlyModels(folder, await readdir(folder)), files, formats);
}

function onlyModels(folder: string, names: readonly string[]): string {
  const found = names.filter((name) => /(^|[-_])models\.ya?ml$/.test(name));
  if (found.length === 1) return joinPath(folder, found[0]!);
  throw new FormatError({
    code: "missing-file",
    where: folder,
    found: found.length === 0 ? "no models.yaml" : `several: ${found.join(", ")}`,
    expected: "the models that gammats fit --out wrote there",
    remedy: "name the models.yaml",
  });
}
