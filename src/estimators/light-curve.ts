import type { Dataset, LightCurve } from "../datasets/types.js";
import { jobRange } from "../execute/run.js";
import type { Executor, TaskKind } from "../execute/types.js";
import type { Models } from "../models/types.js";
import { intervalParts, type LightCurveOptions, type ResolvedOptions } from "./light-curve-parts.js";
import type { FluxPointRow } from "./norm.js";
import { runParts } from "./parts.js";

/**
 * Light curve of a source by the method of Gammapy's LightCurveEstimator: flux points of the datasets whose good time intervals lie in each interval of
 * time. Intervals without any are left out. If the source has a temporal model, its spectrum alone is the reference: the norms are what changes with time.
 */
export function estimateLightCurve(
  datasets: readonly Dataset[],
  models: Models,
  options: LightCurveOptions,
): LightCurve {
  const parts = intervalParts(datasets, models, options);
  const rows: FluxPointRow[][] = [];
  for (let i = 0; i < parts.total; i++) {
    options.signal?.throwIfAborted();
    rows.push(parts.measure(i));
    options.onProgress?.(i + 1, parts.total);
  }
  return parts.curve(rows);
}

interface LightCurvePayload {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly options: ResolvedOptions;
  readonly jobSize: number;
}

/** Result: for some intervals the rows of all energy bins. */
export const lightCurveTask: TaskKind<LightCurvePayload, FluxPointRow[][]> = {
  name: "light curve",
  prepare({ datasets, models, options, jobSize }) {
    const { total, measure } = intervalParts(datasets, models, options);
    return (index) => {
      const [first, last] = jobRange(index, total, jobSize);
      return Array.from({ length: last - first }, (_, k) => measure(first + k));
    };
  },
};

export type LightCurveOnOptions = Omit<LightCurveOptions, "registry" | "responses"> & {
  /** Intervals of time in a job; default 1. */
  readonly jobSize?: number;
};

/** `estimateLightCurve` with the intervals shared out among workers: the same numbers to the bit. */
export async function estimateLightCurveOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  { jobSize = 1, signal, onProgress, ...given }: LightCurveOnOptions,
): Promise<LightCurve> {
  const { total, used, options, curve } = intervalParts(datasets, models, given);
  const payload = { datasets: used, models, options, jobSize };
  const rows = await runParts(executor, lightCurveTask, payload, total, { signal, onProgress });
  return curve(rows.flat());
}
