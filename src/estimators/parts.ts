import { SpecError } from "../errors.js";
import { runJobs } from "../execute/run.js";
import type { Executor, TaskKind } from "../execute/types.js";

export interface PartsOptions {
  readonly signal?: AbortSignal;
  /** Items done so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs `total` items in jobs of `payload.jobSize`. How they are cut never follows the number of workers: a part starts anew from the best fit, so
 * the last digits depend on the cut and must not depend on who computes.
 */
export function runParts<P extends { readonly jobSize: number }, R>(
  executor: Executor,
  kind: TaskKind<P, R>,
  payload: P,
  total: number,
  { signal, onProgress }: PartsOptions,
): Promise<R[]> {
  const { jobSize } = payload;
  if (!(Number.isInteger(jobSize) && jobSize >= 1)) {
    throw new SpecError(`${kind.name}: jobSize is ${jobSize}, expected a whole number of at least 1`);
  }
  return runJobs(executor, kind, payload, Math.ceil(total / jobSize), {
    signal,
    onProgress: onProgress && ((done) => onProgress(Math.min(total, done * jobSize), total)),
  });
}

/** About ten jobs: enough to end together on some cores, and warm starts inside each. */
export const partSize = (total: number): number => Math.ceil(total / 10);
