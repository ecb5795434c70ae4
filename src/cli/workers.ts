import { type Executor, serialExecutor } from "../execute/index.js";
import { threadsExecutor } from "../node/threads.js";
import { wholeNumber } from "./numbers.js";

/** Checks --workers; the returned function gives `work` that many threads, or none without the option, and ends them after it. */
export function workersOf(text: string | undefined) {
  const workers = text === undefined ? undefined : wholeNumber(text, "--workers", 1);
  return async function withWorkers<T>(work: (executor: Executor | undefined) => Promise<T>): Promise<T> {
    if (workers === undefined) return work(undefined);
    const executor = workers === 1 ? serialExecutor() : threadsExecutor({ workers });
    try {
      return await work(executor);
    } finally {
      await executor.close();
    }
  };
}
