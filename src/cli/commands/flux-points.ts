import type { SedType } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { estimateFluxPoints, estimateFluxPointsOn } from "../../estimators/index.js";
import { writeFluxPoints } from "../../io/index.js";
import type { Models } from "../../models/types.js";
import { axisFromEnergyBounds } from "../../sky/index.js";
import { toUnit } from "../../units/index.js";
import { readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { fluxPointRows, fluxPointsTable } from "../flux-table.js";
import { energyRange, findDataset, type Settings } from "../settings.js";
import { type WorkerOptions, workersOf } from "../workers.js";

export interface EdgeOptions {
  readonly edges?: string;
  readonly range?: string;
  readonly bins?: string;
}

interface Options extends Settings, EdgeOptions, WorkerOptions {
  readonly source?: string;
  readonly dataset?: readonly string[];
  readonly reoptimize?: boolean;
  readonly out?: string;
  readonly sedType: SedType;
  readonly overwrite?: boolean;
}

export async function run(context: Context, [datasetsPath, modelsPath]: readonly string[], options: Options) {
  const energyEdges = edgesOf(options, "flux-points");
  const withWorkers = workersOf(context, options);
  const { datasets, models } = await readAnalysis(context, datasetsPath!, modelsPath!, options);
  const used = options.dataset?.map((name) => findDataset(datasets, name, "--dataset")) ?? datasets;
  const source = options.source ?? onlySource(models, "flux-points");
  const progress = context.progress("flux points");
  const { signal } = context;
  const settings = { source, energyEdges, reoptimize: options.reoptimize, signal, onProgress: progress.update };
  const points = await withWorkers(async (executor) =>
    executor === undefined
      ? context.compute(() => estimateFluxPoints(used, models, settings))
      : estimateFluxPointsOn(executor, used, models, settings),
  );
  progress.end();
  if (options.out !== undefined) {
    const format = /\.ecsv$/i.test(options.out) ? "ecsv" : "fits";
    const bytes = writeFluxPoints(points, { format, sedType: options.sedType });
    await context.files.write(options.out, bytes, { overwrite: options.overwrite });
  }
  context.print(`${source}: ${points.norm.length} flux points from ${used.map((d) => d.name).join(", ")}`);
  context.print(fluxPointsTable(points));
  if (options.out !== undefined) context.print(`Wrote ${options.out}`);
  context.document({
    source,
    datasets: used.map((d) => d.name),
    flux_points: fluxPointRows(points),
    ...(options.out !== undefined && { files: [options.out] }),
  });
}

/** Edges of energy bins, TeV, from --edges or from --range with --bins. */
export function edgesOf({ edges, range, bins }: EdgeOptions, command: string): Float64Array {
  if (edges !== undefined && range === undefined && bins === undefined) {
    return Float64Array.from(edges.split(","), (text) => toUnit(text.trim(), "TeV", "--edges"));
  }
  if (edges === undefined && range !== undefined && bins !== undefined) {
    const [min, max] = energyRange(range, `--range "${range}"`);
    const n = Number(bins);
    if (!Number.isInteger(n) || n < 1) {
      throw new SpecError(`--bins "${bins}": expected a whole number above 0`);
    }
    return axisFromEnergyBounds(min, max, n).nodes;
  }
  throw new SpecError(
    `${command}: give the energies either as --edges "1 TeV,3 TeV,10 TeV" or as --range "1 TeV,15 TeV" --bins 6`,
  );
}

export function onlySource(models: Models, command: string): string {
  const names = models.components.flatMap((m) => (m.type === "SkyModel" ? [m.name] : []));
  if (names.length === 1) return names[0]!;
  throw new SpecError(
    `${command}: choose a source with --source; there are ${names.map((n) => `"${n}"`).join(", ") || "none"}`,
  );
}
