import type { ToWorker } from "./messages.js";
import { createPool } from "./pool.js";
import { serveJobs } from "./serve.js";
import type { AnyTaskKind, Executor } from "./types.js";

// biome-ignore lint/suspicious/noExplicitAny: a handler of a Worker takes events of types that browsers alone have
type Handler = ((event: any) => void) | null;

/** What is used of a Web Worker: a `Worker` is one, and the types of a browser are not needed. */
export interface WebWorker {
  onmessage: Handler;
  onerror: Handler;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** Runs jobs in Web Workers; `create` starts one whose script calls `serveWebWorker`. */
export function webExecutor(
  create: () => WebWorker,
  workers = globalThis.navigator?.hardwareConcurrency ?? 2,
): Executor {
  return createPool("web workers", workers, ({ onMessage, onEnd }) => {
    const worker = create();
    worker.onmessage = (event) => onMessage(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      onEnd(event.message);
    };
    return {
      post: (message) => worker.postMessage(message),
      setBusy: () => {},
      terminate: () => worker.terminate(),
    };
  });
}

/** The whole script of a Web Worker: answers the jobs of these kinds, made with this context. */
export function serveWebWorker(kinds: readonly AnyTaskKind[], context: unknown): void {
  const scope = globalThis as unknown as {
    postMessage(message: unknown, transfer: ArrayBuffer[]): void;
    onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  };
  const handle = serveJobs(kinds, context, (message, transfer) => scope.postMessage(message, transfer));
  scope.onmessage = (event) => handle(event.data);
}
