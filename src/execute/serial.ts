import type { StopSignal } from "../math/types.js";
import type { Executor, Task } from "./types.js";

/** How long jobs may keep the event loop to themselves, ms. */
const SLICE = 40;

/** Runs jobs in this thread; between them the event loop gets its turn, so that signals and progress work. */
export function serialExecutor(): Executor {
  let current: { kind: object; payload: object; run: (index: number, signal?: StopSignal) => unknown } | undefined;
  let since = performance.now();
  return {
    name: "serial",
    workers: 1,
    inFlight: 1,
    async job<P extends object, R, C>(task: Task<P, R, C>, index: number, signal?: StopSignal): Promise<R> {
      const { kind, payload, context } = task;
      if (performance.now() - since > SLICE) {
        await new Promise((resolve) => setTimeout(resolve));
        since = performance.now();
      }
      signal?.throwIfAborted();
      if (current?.kind !== kind || current.payload !== payload) {
        current = { kind, payload, run: kind.prepare(payload, context) };
      }
      return current.run(index, signal) as R;
    },
    async close() {
      current = undefined;
    },
  };
}
