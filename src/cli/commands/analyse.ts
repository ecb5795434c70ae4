/** From a folder of event lists to the spectrum of a source, its flux points and its light curve. */
import { fitReport } from "../../api/io.js";
import { fluxSources } from "../../api/models.js";
import type { FluxPoints, LightCurve } from "../../datasets/types.js";
import { unknownName } from "../../errors.js";
import { variability } from "../../estimators/variability.js";
import { formatFitResult, formatParameters } from "../../fit/print.js";
import type { FitResult } from "../../fit/result.js";
import { modelsForData } from "../../fit/start/models-for-data.js";
import { writeFiles } from "../../io/files.js";
import { encodeFit } from "../../io/fit-result.js";
import { writeLightCurve } from "../../io/flux-points/light-curve.js";
import { writeFluxPoints } from "../../io/flux-points/write.js";
import { fluxPointsTable, limitConfidence } from "../../io/table/flux-points.js";
import { lightCurveTable } from "../../io/table/light-curve.js";
import { readTextFiles } from "../../io/text-files.js";
import type { Minimizer } from "../../minimize/index.js";
import { fovBackground } from "../../models/create.js";
import type { SourceTexts } from "../../models/text/sources.js";
import type { Model, Models } from "../../models/types.js";
import { drawable, encodePictures } from "../../node/pictures.js";
import type { Context } from "../context.js";
import { edgesOf, type NormOptions, normLimits, onlySource } from "../energies.js";
import { fitTables } from "../fit-tables.js";
import { failureInWords, fitDatasets } from "../fitted.js";
import { briefFluxPoints, fluxPointRows } from "../flux-table.js";
import { briefLightCurve, lightCurveRows, variabilityRows, variabilityTable } from "../light-curve-table.js";
import { measureFluxPoints, measureLightCurve } from "../measured.js";
import { wholeNumber } from "../numbers.js";
import { analysisPictures, type Pictured } from "../reduction/pictures.js";
import { defaultPointEdges } from "../reduction/point-edges.js";
import { type ReductionOptions, reduction } from "../reduction/reduction.js";
import type { Reduced } from "../reduction/runs.js";
import { configText, withConfig } from "../reduction/settings.js";
import { runsTable } from "../reduction/table.js";
import { giveFolder, giveTable, refuseEarly, tableInFolder } from "../results.js";
import { changeDatasets, changeModels, type Settings, setIds } from "../settings.js";
import { showTable } from "../tables.js";
import { intervalsOf } from "../time-intervals.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends ReductionOptions, NormOptions, WorkerOptions, Pick<Settings, "set" | "free" | "freeze"> {
  readonly source?: string;
  readonly model?: readonly string[];
  readonly shape?: readonly string[];
  readonly at?: readonly string[];
  readonly backend?: Minimizer["name"];
  readonly fitRange?: string;
  readonly pointEdges?: string;
  readonly pointsPerDecade: string;
  readonly intervals: string;
  readonly timeScale: string;
  readonly spectra?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], given: Options) {
  const [folder] = args as [string];
  const { config, ...own } = given;
  // a configuration of Gammapy says what is measured, too
  const options: Options = { ...(await withConfig(context, config, own)), ...own };
  const { overwrite = false } = options;
  await refuseEarly(context, options, "datasets.yaml", "reduce.yaml", "fit-result.yaml");
  const measure = await measuring(context, options);
  const reduced = inRange(
    await reduction(context, folder, options, "analyse", options.intervals !== "none"),
    options.fitRange,
    context,
  );
  const { datasets, rows, skipped, used } = reduced;
  const runs = runsTable(rows);
  showTable(context, runs);

  const models = await modelsOf(context, reduced, options);
  const source = measuredSource(models, context, options.source);
  const { joint, result } = await fitDatasets(context, datasets, models, options);
  const report = fitReport(result, datasets, { joint, ...context.using });
  context.print(`\n${formatFitResult(result)}`);
  context.print(formatParameters(result.parameters));
  const found = result.success ? await measure(source, result, reduced) : {};

  const { points, curve, variable } = found;
  const tables = {
    runs: () => runs,
    ...fitTables(report),
    ...(points && { flux_points: () => fluxPointsTable(points, "e2dnde") }),
    ...(curve && { light_curve: () => lightCurveTable(curve) }),
    ...(variable && { variability: () => variabilityTable(variable) }),
  };
  const document = {
    ...{ geometry: used.geometry, settings: used, runs: rows, skipped, source, fit: report },
    ...(points && { flux_points: fluxPointRows(points) }),
    ...(curve && { light_curve: lightCurveRows(curve), time_scale: curve.time.timeScale, variability: variable }),
  };
  const write = async (to: string) => {
    const { onNote, files, using } = context;
    const entries = encodeFit(result, datasets, using, { prefix: "", report, spectra: options.spectra, onNote });
    entries.set("reduce.yaml", new TextEncoder().encode(configText(used)));
    for (const [name, bytes] of tableInFolder(context, tables)) entries.set(name, bytes);
    for (const [name, bytes] of await measuredFiles(context, { ...reduced, result, source, points, curve })) {
      entries.set(name, bytes);
    }
    return writeFiles(entries, to, files, { overwrite });
  };
  const { place } = context;
  if (place.kind === "folder") await giveFolder(context, document, place.path, () => write(place.path));
  else await giveTable(context, { document, tables, overwrite });
  if (!result.success) {
    context.fail(`gammats: ${failureInWords(result)}; without it there are no flux points and no light curve`);
  }
  return result.success ? 0 : 1;
}

interface Measured {
  readonly points?: FluxPoints;
  readonly curve?: LightCurve;
  readonly variable?: ReturnType<typeof variabilityRows>;
}

/** Checks the options of flux points and light curve; the returned function measures them, and prints what it has. */
async function measuring(context: Context, options: Options) {
  const { pointEdges, intervals, timeScale } = options;
  const withWorkers = workersOf(context, options);
  const limits = normLimits(options);
  const perDecade = wholeNumber(options.pointsPerDecade, "--points-per-decade", 1);
  const given = pointEdges === undefined ? undefined : edgesOf({ edges: pointEdges }, "analyse");
  const makeIntervals = intervals === "none" ? undefined : await intervalsOf(intervals, timeScale, context);
  return async (source: string, result: FitResult, reduced: Reduction): Promise<Measured> => {
    const { datasets, runs } = reduced;
    const energyEdges = given ?? defaultPointEdges(datasets, perDecade);
    const ofPoints = { source, energyEdges, ...limits };
    const points = await measureFluxPoints(context, withWorkers, datasets, result.models, ofPoints);
    context.print(`\n${source}: flux points; limits at ${limitConfidence(points)}`);
    showTable(context, briefFluxPoints(points, "e2dnde"));
    if (makeIntervals === undefined) return { points };
    const models = modelsOfRuns(result, reduced);
    if (models !== result.models) {
      context.onNote("light curve: the runs by themselves, their backgrounds with the norm that all of them have");
    }
    const ofCurve = { source, timeIntervals: makeIntervals(runs), ...limits };
    const [curve, constancy] = await measureLightCurve(context, withWorkers, runs, models, ofCurve);
    const variable = variabilityRows(curve, constancy, variability(curve));
    context.print(`\n${source}: light curve`);
    showTable(context, briefLightCurve(curve));
    showTable(context, variabilityTable(variable));
    return { points, curve, variable };
  };
}

/** Flux points, light curve and pictures, by name. */
async function measuredFiles({ onNote, look, signal, using }: Context, made: Pictured) {
  const { points, curve } = made;
  const out: [string, Uint8Array][] = [];
  for (const format of ["fits", "ecsv"] as const) {
    if (points) out.push([`flux-points.${format}`, writeFluxPoints(points, { format, onNote })]);
    if (curve) out.push([`light-curve.${format}`, writeLightCurve(curve, { format, onNote })]);
  }
  const { fontFile } = look.style ?? {};
  const settings = { formats: drawable(["svg", "png"], onNote), signal, fontFile };
  out.push(...(await encodePictures(analysisPictures(made, { ...using, ...look }), settings)));
  return out;
}

/** With the energies of the fit, in each run and in what they are stacked to. */
function inRange(reduced: Reduction, range: string | undefined, context: Context): Reduction {
  if (range === undefined) return reduced;
  const limited = (datasets: readonly Reduced[]) =>
    changeDatasets(datasets, { energyRange: [range] }, context) as readonly Reduced[];
  const runs = limited(reduced.runs);
  return {
    ...reduced,
    runs: [...runs],
    datasets: reduced.datasets === reduced.runs ? [...runs] : [...limited(reduced.datasets)],
  };
}

type Reduction = Awaited<ReturnType<typeof reduction>>;

function measuredSource(models: Models, { using }: Context, given: string | undefined): string {
  if (given === undefined) return onlySource(models, "analyse", using);
  const names = fluxSources(models, using).map(({ name }) => name);
  if (names.includes(given)) return given;
  throw unknownName("--source", "source", given, names);
}

/** The models of the texts, at the target where they need a place. */
async function modelsOf(context: Context, { datasets, plan, target }: Reduction, options: Options) {
  const { files, using, onNote } = context;
  const { model = ["pl"], shape, at = [`${target.lon} ${target.lat} ${target.frame}`] } = options;
  const isMap = plan.geometry === "map";
  if (!isMap && (shape ?? options.at) !== undefined) {
    onNote("--shape and --at are for maps: spectra are of a point at the target");
  }
  const texts: SourceTexts = { model, ...(isMap && { at, ...(shape && { shape }) }) };
  const change = (models: Models) => ({ models: changeModels(models, options), said: setIds(models, options) });
  const resources = await readTextFiles(texts, files, using.registry);
  return context.compute(() =>
    modelsForData(datasets, texts, { ...using, resources, onNote }, { change, maxBytes: files.freeBytes?.() }),
  );
}

/** The fitted models for the runs by themselves: of a stacked map the norm of the background is that of all of them. */
function modelsOfRuns({ models }: FitResult, { datasets, runs }: Reduction): Models {
  if (datasets.every(({ name }, k) => name === runs[k]?.name)) return models;
  const { covariance: _, ...others } = models;
  const stacked = datasets[0]!.name;
  const components = others.components.flatMap((model): readonly Model[] =>
    model.type === "FoVBackgroundModel" && model.datasetsNames[0] === stacked
      ? runs.map(({ name }) => fovBackground(name, model.spectral, model.spatial))
      : [model],
  );
  return { ...others, components };
}
