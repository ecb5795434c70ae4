/** The engine in a thread of its own: calls come in, answers, progress and errors go out. */
import { plainError } from "gammats/extend";
import { createEngine } from "./engine.js";
import type { Answer, Call } from "./rpc.js";

const scope = self as unknown as { postMessage(answer: Answer): void; onmessage: (event: MessageEvent<Call>) => void };
let running = 0;
const engine = createEngine((done, total, what) => scope.postMessage({ id: running, progress: { done, total, what } }));
let last: Promise<unknown> = Promise.resolve();

scope.onmessage = ({ data: { id, method, args } }) => {
  last = last.then(async () => {
    running = id;
    try {
      const run = engine[method] as (...given: readonly unknown[]) => Promise<unknown>;
      scope.postMessage({ id, value: await run(...args) });
    } catch (error) {
      scope.postMessage({ id, error: plainError(error) });
    }
  });
};
