import { fluxSources } from "../../api/models.js";
import { sedCurveOf } from "../../api/plot.js";
import { referenceEnergies } from "../../datasets/flux-points.js";
import type { FluxPoints } from "../../datasets/types.js";
import { SpecError, unknownName } from "../../errors.js";
import { dirname, joinPath, stemOf } from "../../io/files.js";
import { pairsOf } from "../../io/formats/pairs.js";
import { aboutOf, wrongFile } from "../../io/formats/recognise.js";
import type { Drawing, KnownFile } from "../../io/formats/types.js";
import type { Models } from "../../models/types.js";
import { datasetPictures, type PictureFormat, writePicture, writePictures } from "../../node/pictures.js";
import { lightCurvePlot } from "../../plot/light-curve.js";
import { lightCurveSpecOf } from "../../plot/light-curve-spec.js";
import { type MapSpec, mapPlot } from "../../plot/map.js";
import type { PictureStyle } from "../../plot/picture-style.js";
import { regionOutlines } from "../../plot/region-outlines.js";
import { sedPointsOf, tsMapSpecOf } from "../../plot/results.js";
import { sedPlot } from "../../plot/sed.js";
import { skyMapSpecOf } from "../../plot/sky-map.js";
import { sourceMapSpecOf } from "../../plot/source-map.js";
import type { Region } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { drawingOf, isDrawn } from "../drawings.js";
import { requireFolderName } from "../endings.js";
import { eventPictures } from "../event-data/pictures.js";
import { significanceOf } from "../flux-maps.js";
import { openGiven } from "../given-files.js";
import { regionsToDraw } from "../region-masks.js";
import { energyRange } from "../settings.js";
import { tableModelPicture } from "../table-model.js";

interface Options extends Pick<AnalysisOptions, "model" | "shape" | "at" | "time" | "fitted"> {
  readonly out?: string;
  readonly source?: string;
  readonly energyRange?: string;
  readonly title?: string;
  readonly regions?: readonly string[];
  readonly format: PictureFormat;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { formats } = context.using.registry;
  // of a result that is to become one picture the spectrum is drawn, else its datasets
  const isOne = options.out === undefined || PICTURE.test(options.out);
  const opened = await openGiven(context, paths, isOne ? ["models"] : ["datasets", "models"]);
  const other = opened.find(({ format }) => !isDrawn(format));
  if (other !== undefined) throw wrongFile(other, formats, aboutOf(formats.filter(isDrawn)));
  const models =
    (options.model ?? options.fitted) === undefined ? undefined : await modelsOfTexts(context, paths, options);
  const written = await draw(context, opened, models, options);
  for (const path of written) context.said(`Wrote ${path}`);
  context.document({ files: written });
}

/** The models of --model, completed with what the data say, or fitted ones. */
async function modelsOfTexts(context: Context, paths: readonly string[], options: Options): Promise<Models> {
  const { model, shape, at, time, fitted } = options;
  const texts: AnalysisOptions = {
    ...(model && { model }),
    ...(shape && { shape }),
    ...(at && { at }),
    ...(time && { time }),
  };
  return (await readAnalysis(context, paths, { ...texts, fitted: fitted === true })).models;
}

async function draw(
  context: Context,
  opened: readonly KnownFile[],
  fromTexts: Models | undefined,
  options: Options,
): Promise<string[]> {
  const { files, using, signal, look } = context;
  const { format, overwrite, out = `sed.${format}` } = options;
  const fontFile = look.style?.fontFile;
  const drawings: NamedDrawing[] = [];
  const onWarning = (warning: string) => context.note(`gammats: ${warning}`);
  for (const { file, models } of pairsOf(opened)) {
    const { models: given, ...drawing } = await drawingOf(file, { files, ...using, models }, onWarning);
    const pathStem = joinPath(dirname(file.path), stemOf(file.path));
    drawings.push({ ...drawing, ...(given && !fromTexts && { models: given }), stem: stemOf(file.path), pathStem });
    const isAlone =
      (drawing.lightCurve ??
        drawing.fluxMaps ??
        drawing.map ??
        drawing.tableModel ??
        drawing.catalogue ??
        drawing.eventData) !== undefined;
    if (!isAlone || opened.length === 1) continue;
    const { path, format: own } = file;
    throw new SpecError(
      `${path}: a file of this kind (${own.about}) has a picture of its own; draw the files one by one`,
    );
  }
  const writeAll = async (pictures: Readonly<Record<string, string>>): Promise<string[]> => {
    const single = options.out === undefined ? undefined : pictureNamed(out, pictures);
    if (single === undefined) {
      const folder = options.out ?? "pictures";
      requireFolderName(folder);
      return writePictures(pictures, files, { folder, formats: [format], overwrite, signal, fontFile });
    }
    await writePicture(single, out, files, { overwrite, fontFile });
    return [out];
  };
  const datasets = drawings.flatMap((drawing) => drawing.datasets ?? []);
  const regions = (
    await Promise.all((options.regions ?? []).map((text) => regionsToDraw(text, `--regions "${text}"`, context)))
  ).flat();
  if (datasets.length > 0) {
    const models = fromTexts ?? onlyModels(drawings);
    if (models === undefined) throw new SpecError("plot: give the models.yaml of the datasets too, or --model");
    if (drawings.some(({ fluxPoints }) => fluxPoints !== undefined)) {
      context.onNote("plot: beside datasets the flux points are not drawn; draw them with the models alone");
    }
    noteUnused(context, options, ["source", "energyRange", "title"], "datasets");
    const pictures = datasetPictures(datasets, models, { ...using, ...look, regions });
    return writeAll(pictures);
  }
  const [{ eventData } = {} as Drawing] = drawings;
  if (eventData !== undefined) {
    noteUnused(context, options, ["source", "energyRange", "title"], "events and responses");
    const onSky = (spec: MapSpec) =>
      mapPlot({ ...spec, regions: regionOutlines(regions, spec.frame ?? "icrs"), ...look });
    return writeAll(eventPictures(eventData, look, onSky));
  }
  if (fromTexts !== undefined) drawings.push({ models: fromTexts, stem: "--model" });
  const isMap = drawings.some((d) => (d.fluxMaps ?? d.map ?? d.catalogue) !== undefined);
  if (regions.length > 0 && !isMap) context.onNote("plot: --regions is for maps; pictures of spectra do not use it");
  if (drawings.some((d) => (d.lightCurve ?? d.fluxMaps ?? d.map ?? d.tableModel ?? d.catalogue) !== undefined)) {
    noteUnused(context, options, ["source", "energyRange"], "maps, catalogues, light curves and table models");
  }
  await writePicture(pictureOf(drawings, context, options, regions), out, files, { overwrite, fontFile });
  return [out];
}

const FLAGS = { source: "--source", energyRange: "--energy-range", title: "--title" } as const;

/** Says which options do nothing for what is drawn. */
function noteUnused(
  { onNote }: Context,
  options: Options,
  names: readonly (keyof typeof FLAGS)[],
  drawn: string,
): void {
  for (const name of names) {
    if (options[name] !== undefined) onNote(`plot: ${FLAGS[name]} is for spectra; pictures of ${drawn} do not use it`);
  }
}

const PICTURE = /\.(svg|png|pdf)$/i;

/** The one picture for a file of this name; undefined where `out` is a folder. */
function pictureNamed(out: string, pictures: Readonly<Record<string, string>>): string | undefined {
  const ending = PICTURE.exec(out)?.[1]?.toLowerCase();
  if (ending === undefined) return undefined;
  const [single, ...others] = Object.values(pictures);
  if (single !== undefined && others.length === 0) return single;
  throw new SpecError({
    where: `--out ${out}`,
    what: `this is the name of one picture, and there are ${others.length + 1}: ${Object.keys(pictures).join(", ")}`,
    remedy: `name a folder: --out pictures --format ${ending}`,
  });
}

function onlyModels(drawings: readonly Drawing[]): Models | undefined {
  const [models, ...others] = drawings.flatMap((drawing) => drawing.models ?? []);
  if (others.length === 0) return models;
  throw new SpecError("plot: several files hold models; give one of them with the datasets");
}

/** The one picture of a light curve, of a TS map, of any other map, or of spectra. */
function pictureOf(
  drawings: readonly NamedDrawing[],
  { using, look }: Pick<Context, "using" | "look">,
  options: Options,
  regions: readonly Region[],
): string {
  const [{ lightCurve, fluxMaps, map, tableModel, catalogue, stem }] = drawings as [NamedDrawing];
  // what the command line says goes before the style
  const titled = options.title === undefined ? look : { style: { ...look.style, title: options.title } };
  const onSky = (spec: MapSpec) =>
    mapPlot({ ...spec, regions: regionOutlines(regions, spec.frame ?? "icrs"), ...titled });
  if (lightCurve !== undefined) return lightCurvePlot({ ...lightCurveSpecOf(lightCurve), ...titled });
  if (fluxMaps !== undefined) {
    const found = significanceOf(fluxMaps);
    if (found === undefined) throw new SpecError("plot: there is no map of sqrt_ts to draw");
    return onSky(tsMapSpecOf(found, found.peaks));
  }
  if (map !== undefined) return onSky(skyMapSpecOf(map, stem));
  if (tableModel !== undefined) return tableModelPicture(tableModel, tableModel.name || stem, titled);
  if (catalogue !== undefined) return onSky(sourceMapSpecOf(catalogue.sources, catalogue.declaration.about));
  const points = pointsOf(drawings);
  const range = options.energyRange
    ? energyRange(options.energyRange, `--energy-range "${options.energyRange}"`)
    : (shownRange(look.style) ?? spanOf(Object.values(points)));
  const band = look.style?.band === undefined ? {} : { band: look.style.band };
  return sedPlot({
    ...titled,
    curves: sourcesOf(drawings, options.source, using).map(({ models, name, label }) =>
      sedCurveOf(models, name, { energyRange: range, label, ...band, ...using }),
    ),
    points: Object.entries(points).map(([label, p]) => sedPointsOf(p, label)),
  });
}

/** What a file gives, and the name of the file. */
interface NamedDrawing extends Drawing {
  readonly stem: string;
  /** The same with its folder; absent: there is none. */
  readonly pathStem?: string;
}

/** Sources of all files, or those of one name; where files have a source of the same name, their names tell them apart. */
function sourcesOf(drawings: readonly NamedDrawing[], wanted: string | undefined, using: Context["using"]) {
  const found = drawings.flatMap(({ models, stem, pathStem = stem }) =>
    models === undefined ? [] : fluxSources(models, using).map(({ name }) => ({ models, stem, pathStem, name })),
  );
  const chosen = wanted === undefined ? found : found.filter(({ name }) => name === wanted);
  if (wanted !== undefined && chosen.length === 0) {
    throw unknownName(
      "--source",
      "source",
      wanted,
      found.map(({ name }) => name),
    );
  }
  return chosen.map(({ models, stem, pathStem, name }) => {
    const others = chosen.filter((other) => other.name === name && other.models !== models);
    if (others.length === 0) return { models, name, label: name };
    const hasStem = others.some((other) => other.stem === stem);
    return { models, name, label: `${name} (${hasStem ? pathStem : stem})` };
  });
}

/** Flux points by label; where two files would have the same, the second is numbered. */
function pointsOf(drawings: readonly NamedDrawing[]): Readonly<Record<string, FluxPoints>> {
  const out: Record<string, FluxPoints> = {};
  for (const [label, points] of drawings.flatMap((d) => Object.entries(d.fluxPoints ?? {}))) {
    let k = 2;
    let name = label;
    while (name in out) name = `${label} (${k++})`;
    out[name] = points;
  }
  return out;
}

/** The energies of the style's axis, TeV. */
function shownRange({ xRange, energyUnit = "TeV" }: PictureStyle = {}): [number, number] | undefined {
  const factor = conversionFactor(energyUnit, "TeV");
  return xRange && [xRange[0] * factor, xRange[1] * factor];
}

/** From half the lowest to twice the highest energy; without points 10 GeV to 100 TeV. */
function spanOf(points: readonly FluxPoints[]): [number, number] {
  const energies = points.flatMap((p) => Array.from(referenceEnergies(p)));
  return energies.length === 0 ? [0.01, 100] : [Math.min(...energies) / 2, Math.max(...energies) * 2];
}
