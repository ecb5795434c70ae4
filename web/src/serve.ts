/** Methods served in a thread: calls come in, answers, progress and errors go out. */
import { plainError } from "gammats/extend";
import type { Answer, Call } from "./rpc.js";
import type { Progress } from "./types.js";

const scope = self as unknown as { postMessage(answer: Answer): void; onmessage: (event: MessageEvent<Call>) => void };

/** Calls are answered one after the other. */
export function serve<T extends object>(create: (progress: Progress) => T): void {
  let running = 0;
  const served = create((done, total, what) => scope.postMessage({ id: running, progress: { done, total, what } }));
  let last: Promise<unknown> = Promise.resolve();
  scope.onmessage = ({ data: { id, method, args } }) => {
    last = last.then(async () => {
      running = id;
      try {
        const run = served[method as keyof T] as (...given: readonly unknown[]) => Promise<unknown>;
        scope.postMessage({ id, value: await run(...args) });
      } catch (error) {
        scope.postMessage({ id, error: plainError(error) });
      }
    });
  };
}
