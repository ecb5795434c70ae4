/** The page's side of the engine: methods that return promises, and a stop that a computation cannot refuse. */
import { type PlainError, toError } from "gammats/extend";
import type { Engine } from "./types.js";

export interface Call {
  readonly id: number;
  readonly method: keyof Engine;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: PlainError;
  readonly progress?: { readonly done: number; readonly total: number; readonly what: string };
}

export interface RemoteEngine extends Engine {
  /** Ends the thread; calls under way fail with an AbortError. The next call starts a new one, which knows nothing. */
  stop(): void;
}

/** `first`: the thread to begin with; `start` makes those after a stop. */
export function remoteEngine(
  first: Worker,
  start: () => Worker,
  onProgress: (progress: NonNullable<Answer["progress"]>) => void,
): RemoteEngine {
  let worker: Worker | undefined = listened(first);
  let count = 0;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  function listened(thread: Worker): Worker {
    thread.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.progress !== undefined) return onProgress(data.progress);
      const call = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.error === undefined) call?.resolve(data.value);
      else call?.reject(toError(data.error));
    };
    thread.onerror = (event) => failAll(new Error(event.message || "the engine could not be started"));
    return thread;
  }

  const call =
    (method: keyof Engine) =>
    (...args: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        waiting.set(id, { resolve, reject });
        worker ??= listened(start());
        worker.postMessage({ id, method, args } satisfies Call);
      });

  const methods: readonly (keyof Engine)[] = [
    "open",
    "change",
    "fit",
    "slide",
    "stack",
    "minos",
    "fluxPoints",
    "picture",
    "paper",
    "downloads",
  ];
  return {
    ...(Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as Engine),
    stop() {
      worker?.terminate();
      worker = undefined;
      failAll(new DOMException("stopped", "AbortError"));
    },
  };
}
