import type { Dataset, FluxPoints } from "../datasets/types.js";
import { jobRange } from "../execute/run.js";
import type { Executor, TaskKind } from "../execute/types.js";
import type { Models } from "../models/types.js";
import type { FluxPointRow } from "./norm.js";
import { runParts } from "./parts.js";
import { type FluxPointsOptions, preparePoints } from "./points.js";

/**
 * Flux points of a source by the method of Gammapy's FluxPointsEstimator: in each energy bin the shape of the fitted spectrum is kept and one
 * norm is fitted to the datasets' bins in it, by exact derivatives; errors from the Hessian and from the likelihood's rise (errn, errp, ul).
 */
export function estimateFluxPoints(
  datasets: readonly Dataset[],
  models: Models,
  options: FluxPointsOptions,
): FluxPoints {
  const points = preparePoints(datasets, models, options);
  const rows: FluxPointRow[] = [];
  for (let i = 0; i < points.total; i++) {
    options.signal?.throwIfAborted();
    rows.push(points.measure(i));
    options.onProgress?.(i + 1, points.total);
  }
  return points.table(rows);
}

interface FluxPointsPayload {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly options: Omit<FluxPointsOptions, "registry" | "responses" | "signal" | "onProgress">;
  readonly jobSize: number;
}

/** Result: the rows of some energy bins. */
export const fluxPointsTask: TaskKind<FluxPointsPayload, FluxPointRow[]> = {
  name: "flux points",
  prepare({ datasets, models, options, jobSize }) {
    const { total, measure } = preparePoints(datasets, models, options);
    return (index) => {
      const [first, last] = jobRange(index, total, jobSize);
      return Array.from({ length: last - first }, (_, k) => measure(first + k));
    };
  },
};

export type FluxPointsOnOptions = Omit<FluxPointsOptions, "registry" | "responses"> & {
  /** Energy bins in a job; default 1. */
  readonly jobSize?: number;
};

/** `estimateFluxPoints` with the energy bins shared out among workers: the same numbers to the bit. */
export async function estimateFluxPointsOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  { jobSize = 1, signal, onProgress, ...given }: FluxPointsOnOptions,
): Promise<FluxPoints> {
  const energyEdges = Float64Array.from(given.energyEdges);
  const options = { ...given, energyEdges };
  const { total, table } = preparePoints(datasets, models, options);
  const rows = await runParts(executor, fluxPointsTask, { datasets, models, options, jobSize }, total, {
    signal,
    onProgress,
  });
  return table(rows.flat());
}
