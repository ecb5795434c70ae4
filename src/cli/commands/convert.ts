import { readDatasets, readModelsWithFiles, writeDatasets, writeModels } from "../../api/io.js";
import type { SedType } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { basename, dirname } from "../../io/files.js";
import { readLightCurve, writeLightCurve } from "../../io/flux-points/light-curve.js";
import { readFluxPoints } from "../../io/flux-points/read.js";
import { writeFluxPoints } from "../../io/flux-points/write.js";
import { writeMapDataset } from "../../io/map-dataset.js";
import { readOgip } from "../../io/ogip/read.js";
import { decodeText } from "../../io/text.js";
import type { Context } from "../context.js";
import { readAny } from "../read-any.js";

interface Options {
  readonly out?: string;
  readonly sedType?: SedType;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], { out, sedType, overwrite }: Options) {
  if (out === undefined) throw new SpecError("convert: say where to write with --out");
  const { files, onNote, using } = context;
  const opened = await Promise.all(paths.map((path) => readAny(path, files)));
  const datasets = opened.find((file) => file.kind === "datasets-yaml");
  if (opened.length !== (datasets === undefined ? 1 : Math.min(2, opened.length))) {
    throw new SpecError("convert: give one file, or a datasets.yaml with its models.yaml");
  }
  const written = await convert();
  for (const path of written) context.print(`Wrote ${path}`);
  context.document({ from: paths, files: written });

  async function convert(): Promise<string[]> {
    if (datasets !== undefined) {
      const models = opened.find((file) => file.kind === "models-yaml");
      const analysis = await readDatasets(datasets.path, files, { modelsPath: models?.path, ...using });
      for (const warning of analysis.warnings) context.note(`gammats: ${warning}`);
      const prefix = /^(.+)_datasets\.ya?ml$/.exec(basename(out!))?.[1];
      if (prefix === undefined) {
        throw new SpecError(`--out ${out}: the files of an analysis share a prefix; end the name in _datasets.yaml`);
      }
      return writeDatasets(analysis, files, {
        folder: dirname(out!),
        prefix,
        overwrite,
        text: analysis.text,
        onNote,
        ...using,
      });
    }
    await files.write(out!, await convertOne(), { overwrite });
    return [out!];
  }

  async function convertOne(): Promise<Uint8Array> {
    const { path, kind, bytes, about } = opened[0]!;
    switch (kind) {
      case "models-yaml": {
        const text = decodeText(bytes, path);
        const { models, covarianceFile } = await readModelsWithFiles(text, path, files, using);
        return new TextEncoder().encode(writeModels(models, { covarianceFile, original: text, ...using }));
      }
      case "flux-points": {
        const format = /\.ecsv$/i.test(out!) ? "ecsv" : "fits";
        return writeFluxPoints(readFluxPoints(bytes, { where: path }), { format, sedType, onNote });
      }
      case "light-curve": {
        const format = /\.ecsv$/i.test(out!) ? "ecsv" : "fits";
        return writeLightCurve(readLightCurve(bytes, { where: path }), { format, sedType, onNote });
      }
      case "ogip-pha":
        return writeMapDataset(await readOgip(path, files), { onNote });
      default:
        throw new SpecError(
          `${path}: this is a ${about}; expected models.yaml, datasets.yaml, flux points or an OGIP spectrum`,
        );
    }
  }
}
