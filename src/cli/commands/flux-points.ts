import { estimateFluxPoints, estimateFluxPointsOn } from "../../api/estimators.js";
import type { SedType } from "../../datasets/types.js";
import { writeFluxPoints } from "../../io/flux-points/write.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { type EdgeOptions, edgesOf, type NormOptions, normLimits, onlySource } from "../energies.js";
import { fluxPointRows, fluxPointsTable } from "../flux-table.js";
import { documented } from "../results.js";
import { findDataset } from "../settings.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends AnalysisOptions, EdgeOptions, NormOptions, WorkerOptions {
  readonly source?: string;
  readonly dataset?: readonly string[];
  readonly reoptimize?: boolean;
  readonly out?: string;
  readonly sedType: SedType;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const energyEdges = edgesOf(options, "flux-points");
  const limits = normLimits(options);
  const withWorkers = workersOf(context, options);
  const { datasets, models } = await readAnalysis(context, paths, { ...options, fitted: options.fitted === true });
  const used = options.dataset?.map((name) => findDataset(datasets, name, "--dataset")) ?? datasets;
  const source = options.source ?? onlySource(models, "flux-points", context.using);
  const progress = context.progress("flux points");
  const { signal } = context;
  const { reoptimize } = options;
  const settings = {
    source,
    energyEdges,
    reoptimize,
    ...limits,
    signal,
    onProgress: progress.update,
    onNote: context.onNote,
    ...context.using,
  };
  const points = await withWorkers(async (executor) =>
    executor === undefined
      ? context.compute(() => estimateFluxPoints(used, models, settings))
      : estimateFluxPointsOn(executor, used, models, settings),
  );
  progress.end();
  context.print(`${source}: ${points.norm.length} flux points from ${used.map((d) => d.name).join(", ")}`);
  context.print(fluxPointsTable(points));
  const { out, overwrite, sedType } = options;
  const write = async (path: string) => {
    const format = /\.ecsv$/i.test(path) ? "ecsv" : "fits";
    await context.files.write(path, writeFluxPoints(points, { format, sedType, onNote: context.onNote }), {
      overwrite,
    });
    return [path];
  };
  const document = { source, datasets: used.map((d) => d.name), flux_points: fluxPointRows(points) };
  await documented(context, document, out === undefined ? undefined : () => write(out));
  if (out !== undefined) context.print(`Wrote ${out}`);
}
