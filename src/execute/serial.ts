import type { Executor, TaskKind } from "./types.js";

/** How long jobs may keep the event loop to themselves, ms. */
const SLICE = 40;

/** Runs jobs in this thread; between them the event loop gets its turn, so that signals and progress work. */
export function serialExecutor(): Executor {
  let current: { kind: object; payload: object; run: (index: number) => unknown } | undefined;
  let since = performance.now();
  return {
    name: "serial",
    workers: 1,
    inFlight: 1,
    async job<P extends object, R>(kind: TaskKind<P, R>, payload: P, index: number, signal?: AbortSignal): Promise<R> {
      if (performance.now() - since > SLICE) {
        await new Promise((resolve) => setTimeout(resolve));
        since = performance.now();
      }
      signal?.throwIfAborted();
      if (current?.kind !== kind || current.payload !== payload) {
        current = { kind, payload, run: kind.prepare(payload) };
      }
      return current.run(index) as R;
    },
    async close() {
      current = undefined;
    },
  };
}
