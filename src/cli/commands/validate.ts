import { problemsOfModels, readDatasets } from "../../api/io.js";
import { GammatsError } from "../../errors.js";
import { readFits } from "../../fits/index.js";
import { readLightCurve } from "../../io/flux-points/light-curve.js";
import { readFluxPointsDataset } from "../../io/flux-points/read.js";
import { readMapDataset } from "../../io/map-dataset.js";
import { readMap } from "../../io/map-fits.js";
import { readOgip } from "../../io/ogip/read.js";
import { decodeText } from "../../io/text.js";
import { readModelFiles } from "../../io/yaml/model-files.js";
import type { Context } from "../context.js";
import { readAny } from "../read-any.js";

export async function run(context: Context, paths: readonly string[]): Promise<number> {
  const problems: string[] = [];
  const warnings: string[] = [];
  /** Notes what a check throws, if it is about the file. */
  const attempt = async <T>(check: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof GammatsError)) throw error;
      problems.push(...(error.problems ?? [error]).map(({ message }) => message));
      return undefined;
    }
  };
  const opened = [];
  for (const path of paths) {
    const file = await attempt(() => readAny(path, context.files));
    if (file !== undefined) opened.push(file);
  }
  // models are read with the datasets that they are for, if both are given
  const datasetFiles = opened.filter((file) => file.kind === "datasets-yaml");
  const modelFiles = opened.filter((file) => file.kind === "models-yaml");
  const paired = datasetFiles.length === 1 && modelFiles.length === 1;
  for (const { path, kind, bytes } of opened) {
    await attempt(async () => {
      switch (kind) {
        case "datasets-yaml": {
          const options = { keepGoing: true, ...context.using, ...(paired && { modelsPath: modelFiles[0]!.path }) };
          const analysis = await readDatasets(path, context.files, options);
          problems.push(...analysis.problems);
          warnings.push(...analysis.warnings);
          return;
        }
        case "models-yaml":
          if (!paired) {
            const text = decodeText(bytes, path);
            problems.push(
              ...problemsOfModels(text, {
                where: path,
                ...context.using,
                ...(await readModelFiles(text, path, context.files)),
              }),
            );
          }
          return;
        case "map-dataset":
          return void readMapDataset(bytes, { where: path, maxBytes: context.files.freeBytes?.() });
        case "ogip-pha":
          return void (await readOgip(path, context.files));
        case "flux-points":
          return void readFluxPointsDataset(bytes, { where: path });
        case "light-curve":
          return void readLightCurve(bytes, { where: path });
        case "map":
          return void readMap(bytes, { where: path, maxBytes: context.files.freeBytes?.() });
        case "unknown":
        case "text":
          problems.push(`${path}: this is no file that GammaTS knows; expected FITS, YAML or ECSV`);
          return;
      }
    });
    if (opened.find((file) => file.path === path)?.hdus !== undefined || kind === "fits") {
      await attempt(() => readFits(bytes, { where: path, verify: true }));
    }
  }
  const found = [...new Set(problems)];
  for (const problem of found) context.print(`problem: ${problem}`);
  for (const warning of warnings) context.print(`warning: ${warning}`);
  context.print(found.length === 0 ? `${paths.length} files, no problems` : `${found.length} problems`);
  context.document({ files: paths, problems: found, warnings });
  return found.length === 0 ? 0 : 2;
}
