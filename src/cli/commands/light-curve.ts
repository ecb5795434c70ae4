import { estimateLightCurve, estimateLightCurveOn, testConstancy, testConstancyOn } from "../../api/estimators.js";
import { isBinned } from "../../datasets/facets.js";
import type { Dataset, LightCurve } from "../../datasets/types.js";
import type { Constancy } from "../../estimators/constancy.js";
import { variability } from "../../estimators/variability.js";
import { writeFiles } from "../../io/files.js";
import { writeLightCurve } from "../../io/flux-points/light-curve.js";
import { encodePicture, pictureFormat } from "../../node/pictures.js";
import { lightCurvePlot } from "../../plot/light-curve.js";
import { lightCurveSpecOf } from "../../plot/light-curve-spec.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { type EdgeOptions, edgesOf, type NormOptions, normLimits, onlySource } from "../energies.js";
import { lightCurveRows, lightCurveTable, variabilityRows, variabilityTable } from "../light-curve-table.js";
import { sigmaNumber } from "../numbers.js";
import { documented } from "../results.js";
import { findDataset } from "../settings.js";
import { intervalsOf } from "../time-intervals.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends AnalysisOptions, EdgeOptions, NormOptions, WorkerOptions {
  readonly source?: string;
  readonly dataset?: readonly string[];
  readonly intervals: string;
  readonly timeScale: string;
  readonly reoptimize?: boolean;
  readonly out?: string;
  readonly plot?: string;
  readonly threshold: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { files, signal } = context;
  const { edges, range, bins, reoptimize, overwrite } = options;
  const energyEdges = (edges ?? range ?? bins) ? edgesOf(options, "light-curve") : undefined;
  const threshold = sigmaNumber(options.threshold, "--threshold");
  const limits = normLimits(options);
  const withWorkers = workersOf(context, options);
  if (options.plot !== undefined) pictureFormat(options.plot);
  const makeIntervals = await intervalsOf(options.intervals, options.timeScale, context);
  const { datasets, models } = await readAnalysis(context, paths, { ...options, fitted: options.fitted === true });
  const used = options.dataset?.map((name) => findDataset(datasets, name, "--dataset")) ?? datasets;
  const source = options.source ?? onlySource(models, "light-curve", context.using);
  const timeIntervals = makeIntervals(used);
  const settings = { source, energyEdges, timeIntervals, reoptimize, signal, ...context.using };
  const [curve, constancy] = await withWorkers(async (executor): Promise<[LightCurve, Constancy[]]> => {
    const first = context.progress("light curve");
    const one = { ...settings, ...limits, onNote: context.onNote, onProgress: first.update };
    const found =
      executor === undefined
        ? context.compute(() => estimateLightCurve(used, models, one))
        : await estimateLightCurveOn(executor, used, models, one);
    first.end();
    const second = context.progress("constancy");
    const two = { ...settings, onProgress: second.update };
    const tests =
      executor === undefined
        ? context.compute(() => testConstancy(used, models, two))
        : await testConstancyOn(executor, used, models, two);
    second.end();
    return [found, tests];
  });
  sayWhatIsLeft(context, used, curve);
  const rows = variabilityRows(curve, constancy, variability(curve));
  context.print(`${source}: ${curve.points.length} intervals of time`);
  context.print(`${lightCurveTable(curve)}\nIs it constant? One norm for all intervals against one for each:`);
  context.print(variabilityTable(rows));
  const { out, plot } = options;
  const write = async () => {
    const entries = new Map<string, Uint8Array>();
    if (out !== undefined) {
      const format = /\.ecsv$/i.test(out) ? "ecsv" : "fits";
      entries.set(out, writeLightCurve(curve, { format, onNote: context.onNote }));
    }
    if (plot !== undefined) {
      const levels = constancy.map((c) => c.norm);
      const svg = lightCurvePlot({ title: source, ...lightCurveSpecOf(curve, { threshold, levels }), ...context.look });
      entries.set(plot, await encodePicture(svg, pictureFormat(plot), { fontFile: context.look.style?.fontFile }));
    }
    return writeFiles(entries, "", files, { overwrite });
  };
  const document = {
    source,
    time_scale: curve.time.timeScale,
    intervals: lightCurveRows(curve),
    variability: rows,
  };
  const written = await documented(context, document, (out ?? plot) === undefined ? undefined : write);
  for (const path of written) context.print(`Wrote ${path}`);
}

function sayWhatIsLeft({ note }: Context, datasets: readonly Dataset[], { datasets: inside = [] }: LightCurve): void {
  const known = new Set(inside.flat());
  const left = datasets.filter((d) => isBinned(d) && !known.has(d.name)).map((d) => `"${d.name}"`);
  if (left.length > 0)
    note(`gammats: not in the light curve, as no interval holds all of their time: ${left.join(", ")}`);
}
