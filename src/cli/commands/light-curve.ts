import type { Dataset, LightCurve } from "../../datasets/types.js";
import { datasetsOf } from "../../estimators/points.js";
import { variability } from "../../estimators/variability.js";
import { writeLightCurve } from "../../io/flux-points/light-curve.js";
import { limitConfidence } from "../../io/table/flux-points.js";
import { lightCurveTable } from "../../io/table/light-curve.js";
import type { TableFormat } from "../../io/table/types.js";
import { pictureFormat } from "../../node/pictures.js";
import { lightCurvePlot } from "../../plot/light-curve.js";
import { lightCurveSpecOf } from "../../plot/light-curve-spec.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { type EdgeOptions, edgesOf, type NormOptions, normLimits, onlySource } from "../energies.js";
import { briefLightCurve, lightCurveRows, variabilityRows, variabilityTable } from "../light-curve-table.js";
import { measureLightCurve } from "../measured.js";
import { sigmaNumber } from "../numbers.js";
import { gadfUnits, giveWithPicture, refuseEarly } from "../results.js";
import { findDataset } from "../settings.js";
import { encodeTable, showTable } from "../tables.js";
import { intervalsOf } from "../time-intervals.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends AnalysisOptions, EdgeOptions, NormOptions, WorkerOptions {
  readonly source?: string;
  readonly dataset?: readonly string[];
  readonly intervals: string;
  readonly timeScale: string;
  readonly reoptimize?: boolean;
  readonly plot?: string;
  readonly threshold: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { edges, range, bins, reoptimize, overwrite } = options;
  const energyEdges = (edges ?? range ?? bins) ? edgesOf(options, "light-curve") : undefined;
  const threshold = sigmaNumber(options.threshold, "--threshold");
  const limits = normLimits(options);
  const withWorkers = workersOf(context, options);
  if (options.plot !== undefined) pictureFormat(options.plot);
  if (context.wanted.table !== "variability") gadfUnits(context);
  await refuseEarly(context, options);
  const makeIntervals = await intervalsOf(options.intervals, options.timeScale, context);
  const { datasets, models } = await readAnalysis(context, paths, { ...options, fitsByDefault: "texts" });
  const used = options.dataset?.map((name) => findDataset(datasets, name, "--dataset")) ?? datasets;
  const source = options.source ?? onlySource(models, "light-curve", context.using);
  const timeIntervals = makeIntervals(used);
  const settings = { source, energyEdges, timeIntervals, reoptimize, ...limits };
  const [curve, constancy] = await measureLightCurve(context, withWorkers, used, models, settings);
  const seen = datasetsOf(source, used, { models, registry: context.using.registry }, "light-curve").used;
  sayWhatIsLeft(context, seen, curve);
  const rows = variabilityRows(curve, constancy, variability(curve));
  const n = curve.points.length;
  context.print(
    `${source}: ${n} interval${n === 1 ? "" : "s"} of time; limits at ${limitConfidence(curve.points[0]!)}`,
  );
  showTable(context, briefLightCurve(curve));
  context.print("\nIs it constant? One norm for all intervals against one for each:");
  showTable(context, variabilityTable(rows));
  const tables = { light_curve: () => lightCurveTable(curve), variability: () => variabilityTable(rows) };
  const isGadf = context.wanted.table !== "variability";
  const encode = (format: TableFormat) =>
    isGadf && (format === "fits" || format === "ecsv")
      ? writeLightCurve(curve, { format, onNote: context.onNote })
      : encodeTable(context, tables, format);
  const document = {
    source,
    time_scale: curve.time.timeScale,
    intervals: lightCurveRows(curve),
    variability: rows,
  };
  const picture = () => {
    const levels = constancy.map((c) => c.norm);
    return lightCurvePlot({ title: source, ...lightCurveSpecOf(curve, { threshold, levels }), ...context.look });
  };
  await giveWithPicture(context, { document, tables, overwrite }, { plot: options.plot, picture }, encode);
}

function sayWhatIsLeft({ note }: Context, datasets: readonly Dataset[], { datasets: inside = [] }: LightCurve): void {
  const known = new Set(inside.flat());
  const left = datasets.filter((d) => !known.has(d.name)).map((d) => `"${d.name}"`);
  if (left.length > 0)
    note(`gammats: not in the light curve, as no interval holds all of their time: ${left.join(", ")}`);
}
