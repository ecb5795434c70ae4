import { fluxSources } from "../../api/models.js";
import { sedCurveOf } from "../../api/plot.js";
import { referenceEnergies } from "../../datasets/flux-points.js";
import type { FluxPoints } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { pairsOf } from "../../io/formats/pairs.js";
import { aboutOf, wrongFile } from "../../io/formats/recognise.js";
import type { Drawing, KnownFile } from "../../io/formats/types.js";
import { openKnown } from "../../io/formats/use.js";
import type { Models } from "../../models/types.js";
import { datasetPictures, type PictureFormat, writePicture, writePictures } from "../../node/pictures.js";
import { lightCurvePlot } from "../../plot/light-curve.js";
import { lightCurveSpecOf } from "../../plot/light-curve-spec.js";
import { mapPlot } from "../../plot/map.js";
import { sedPointsOf, tsMapSpecOf } from "../../plot/results.js";
import { sedPlot } from "../../plot/sed.js";
import type { Context } from "../context.js";
import { drawingOf, isDrawn } from "../drawings.js";
import { significanceOf } from "../flux-maps.js";
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
  const { formats } = using.registry;
  const opened = await Promise.all(paths.map((path) => openKnown(path, files, formats)));
  const other = opened.find(({ format }) => !isDrawn(format));
  if (other !== undefined) throw wrongFile(other, formats, aboutOf(formats.filter(isDrawn)));
  const written = await draw(context, opened, options);
  for (const path of written) context.said(`Wrote ${path}`);
  context.document({ files: written });
}

async function draw(context: Context, opened: readonly KnownFile[], options: Options): Promise<string[]> {
  const { files, using, signal } = context;
  const { out, format, overwrite } = options;
  const drawings: Drawing[] = [];
  for (const { file, models } of pairsOf(opened)) {
    const drawing = await drawingOf(file, { files, ...using, models });
    drawings.push(drawing);
    const isAlone = drawing.lightCurve !== undefined || drawing.fluxMaps !== undefined;
    if (!isAlone || opened.length === 1) continue;
    const { path, format: own } = file;
    throw new SpecError(
      `${path}: a file of this kind (${own.about}) has a picture of its own; draw the files one by one`,
    );
  }
  const datasets = drawings.flatMap((drawing) => drawing.datasets ?? []);
  const models = onlyModels(drawings);
  if (datasets.length > 0) {
    if (models === undefined) throw new SpecError("plot: give the models.yaml of the datasets too");
    const pictures = datasetPictures(datasets, models, using);
    return writePictures(pictures, files, { folder: out, formats: [format], overwrite, signal });
  }
  await writePicture(pictureOf(drawings, models, using, options), out, files, { overwrite });
  return [out];
}

function onlyModels(drawings: readonly Drawing[]): Models | undefined {
  const [models, ...others] = drawings.flatMap((drawing) => drawing.models ?? []);
  if (others.length === 0) return models;
  throw new SpecError("plot: several files hold models; draw them one by one");
}

/** The one picture of a light curve, of a TS map, or of spectra. */
function pictureOf(
  drawings: readonly Drawing[],
  models: Models | undefined,
  using: Context["using"],
  options: Options,
): string {
  const [{ lightCurve, fluxMaps }] = drawings as [Drawing];
  const titled = options.title === undefined ? {} : { title: options.title };
  if (lightCurve !== undefined) return lightCurvePlot({ ...titled, ...lightCurveSpecOf(lightCurve) });
  if (fluxMaps !== undefined) {
    const found = significanceOf(fluxMaps);
    if (found === undefined) throw new SpecError("plot: there is no map of sqrt_ts to draw");
    return mapPlot({ ...tsMapSpecOf(found, found.peaks), ...titled });
  }
  const points: Readonly<Record<string, FluxPoints>> = Object.assign({}, ...drawings.map((d) => d.fluxPoints));
  const sources = fluxSources(models ?? NO_MODELS, using).map(({ name }) => name);
  const range = options.energyRange
    ? energyRange(options.energyRange, `--energy-range "${options.energyRange}"`)
    : spanOf(Object.values(points));
  return sedPlot({
    ...titled,
    curves: (options.source ? [options.source] : sources).map((name) =>
      sedCurveOf(models ?? NO_MODELS, name, { energyRange: range, ...using }),
    ),
    points: Object.entries(points).map(([label, p]) => sedPointsOf(p, label)),
  });
}

const NO_MODELS: Models = { components: [] };

/** From half the lowest to twice the highest energy; without points 10 GeV to 100 TeV. */
function spanOf(points: readonly FluxPoints[]): [number, number] {
  const energies = points.flatMap((p) => Array.from(referenceEnergies(p)));
  return energies.length === 0 ? [0.01, 100] : [Math.min(...energies) / 2, Math.max(...energies) * 2];
}
