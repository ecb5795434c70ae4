import type { Executor, RunOptions, Task } from "./types.js";

/**
 * Runs jobs 0 .. nJobs - 1 and returns their results in this order.
 * @throws The first error of a job, or the reason of the signal.
 */
export async function runJobs<P extends object, R, C>(
  executor: Executor,
  task: Task<P, R, C>,
  nJobs: number,
  options: RunOptions<R> = {},
): Promise<R[]> {
  const { signal, known } = options;
  signal?.throwIfAborted();
  const results = new Array<R>(nJobs);
  let done = 0;
  let next = 0;
  // an error of one job stops the others as well; a signal for each lane, as many listeners on one make Node warn of a leak
  const lanes = Array.from({ length: Math.min(executor.inFlight, nJobs) }, () => new AbortController());
  const stop = (reason: unknown) => {
    for (const lane of lanes) lane.abort(reason);
  };
  const abort = () => stop(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const work = async ({ signal: stopped }: AbortController) => {
    while (next < nJobs) {
      const index = next++;
      const earlier = known?.get(index);
      const result = earlier ?? (await executor.job(task, index, stopped));
      stopped.throwIfAborted();
      results[index] = result;
      if (earlier === undefined) options.onResult?.(index, result);
      options.onProgress?.(++done, nJobs);
    }
  };
  try {
    await Promise.all(lanes.map(work));
  } catch (error) {
    stop(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return results;
}

/** Items [first, last) of job `index` when `n` items are cut into jobs of `size`. */
export function jobRange(index: number, n: number, size: number): readonly [first: number, last: number] {
  return [index * size, Math.min(n, (index + 1) * size)];
}
