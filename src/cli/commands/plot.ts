import { readDatasets, readModelsWithFiles } from "../../api/io.js";
import { sedCurveOf } from "../../api/plot.js";
import type { FluxPoints } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { basename } from "../../io/files.js";
import { readFluxMaps } from "../../io/flux-maps.js";
import { readLightCurve } from "../../io/flux-points/light-curve.js";
import { readFluxPoints } from "../../io/flux-points/read.js";
import { decodeText } from "../../io/text.js";
import { readCovariance } from "../../io/yaml/covariance.js";
import { resolvePath } from "../../io/yaml/datasets.js";
import type { Models } from "../../models/types.js";
import { datasetPictures, type PictureFormat, writePicture, writePictures } from "../../node/pictures.js";
import { lightCurvePlot } from "../../plot/light-curve.js";
import { lightCurveSpecOf } from "../../plot/light-curve-spec.js";
import { mapPlot } from "../../plot/map.js";
import { sedPointsOf, tsMapSpecOf } from "../../plot/results.js";
import { sedPlot } from "../../plot/sed.js";
import { axisCenters } from "../../sky/index.js";
import type { Context } from "../context.js";
import { significanceOf } from "../flux-maps.js";
import { readAny } from "../read-any.js";
import { energyRange } from "../settings.js";

interface Options {
  readonly out: string;
  readonly source?: string;
  readonly energyRange?: string;
  readonly title?: string;
  readonly format: PictureFormat;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { files, using } = context;
  const opened = await Promise.all(paths.map((path) => readAny(path, files)));
  const of = (kind: string) => opened.filter((file) => file.kind === kind);
  const [datasets] = of("datasets-yaml");
  const [modelsFile] = of("models-yaml");
  const other = opened.find(
    (file) => !["datasets-yaml", "models-yaml", "flux-points", "light-curve", "flux-maps"].includes(file.kind),
  );
  if (other !== undefined) {
    throw new SpecError(
      `${other.path}: this is a ${other.about}; expected models.yaml, flux points, datasets.yaml, a light curve or a TS map`,
    );
  }
  const written = await draw();
  for (const path of written) context.print(`Wrote ${path}`);
  context.document({ files: written });

  async function draw(): Promise<string[]> {
    const { overwrite } = options;
    const [alone] = [...of("light-curve"), ...of("flux-maps")];
    if (alone !== undefined && opened.length > 1) {
      throw new SpecError(
        `${alone.path}: a file of this kind (${alone.about}) has a picture of its own; draw the files one by one`,
      );
    }
    if (datasets !== undefined) {
      if (modelsFile === undefined) throw new SpecError("plot: give the models.yaml of the datasets too");
      const analysis = await readDatasets(datasets.path, files, { modelsPath: modelsFile.path, ...using });
      const pictures = datasetPictures(analysis.datasets, analysis.models!, using);
      const { out: folder, format } = options;
      return writePictures(pictures, files, { folder, formats: [format], overwrite, signal: context.signal });
    }
    const [maps] = of("flux-maps");
    if (maps !== undefined) {
      await writePicture(significance(maps), options.out, files, { overwrite });
      return [options.out];
    }
    const [curve] = of("light-curve");
    if (curve !== undefined) {
      const spec = lightCurveSpecOf(readLightCurve(curve.bytes, { where: curve.path }));
      await writePicture(lightCurvePlot({ title: options.title, ...spec }), options.out, files, { overwrite });
      return [options.out];
    }
    const points: Record<string, FluxPoints> = {};
    for (const { path, bytes } of of("flux-points")) {
      points[basename(path).replace(/\.(fits?|ecsv)(\.gz)?$/, "")] = readFluxPoints(bytes, { where: path });
    }
    const models = modelsFile === undefined ? { components: [] } : await readModelsFile(modelsFile);
    await writePicture(sed(models, points), options.out, files, { overwrite });
    return [options.out];
  }

  function significance({ path, bytes }: (typeof opened)[number]): string {
    const found = significanceOf(readFluxMaps(bytes, { where: path, maxBytes: files.freeBytes?.() }));
    if (found === undefined) throw new SpecError(`${path}: there is no map of sqrt_ts to draw`);
    const spec = tsMapSpecOf(found, found.peaks);
    return mapPlot({ ...spec, ...(options.title !== undefined && { title: options.title }) });
  }

  async function readModelsFile({ path, bytes }: (typeof opened)[number]): Promise<Models> {
    const { models, covarianceFile } = await readModelsWithFiles(decodeText(bytes, path), path, files, using);
    if (covarianceFile === undefined) return models;
    const file = await resolvePath(covarianceFile, path, files, `${path}: covariance`);
    return { ...models, covariance: readCovariance(decodeText(await files.read(file), file), models, file) };
  }

  function sed(models: Models, points: Readonly<Record<string, FluxPoints>>): string {
    const sources = models.components.flatMap((m) => (m.type === "SkyModel" ? [m.name] : []));
    const range = options.energyRange
      ? energyRange(options.energyRange, `--energy-range "${options.energyRange}"`)
      : spanOf(Object.values(points));
    return sedPlot({
      title: options.title,
      curves: (options.source ? [options.source] : sources).map((name) =>
        sedCurveOf(models, name, { energyRange: range, ...using }),
      ),
      points: Object.entries(points).map(([label, p]) => sedPointsOf(p, label)),
    });
  }
}

/** From half the lowest to twice the highest energy; without points 10 GeV to 100 TeV. */
function spanOf(points: readonly FluxPoints[]): [number, number] {
  const energies = points.flatMap((p) => Array.from(axisCenters(p.energy)));
  return energies.length === 0 ? [0.01, 100] : [Math.min(...energies) / 2, Math.max(...energies) * 2];
}
