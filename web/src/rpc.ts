/** The page's side of its threads: methods that return promises, and a stop that a computation cannot refuse. */
import { type PlainError, toError } from "gammats/extend";
import type { Engine, EventsEngine } from "./types.js";

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: PlainError;
  readonly progress?: { readonly done: number; readonly total: number; readonly what: string };
}

/** What a thread answers to: methods with plain data in and out. */
export type Remote<T> = T & {
  /** Ends the thread; calls under way fail with an AbortError. The next call starts a new one, which knows nothing. */
  stop(): void;
};

interface RemoteOptions<T> {
  readonly methods: readonly (keyof T & string)[];
  /** The thread to begin with; absent: the first call starts one. */
  readonly first?: Worker;
  /** Starts a thread. */
  readonly start: () => Worker;
  readonly onProgress: (progress: NonNullable<Answer["progress"]>) => void;
}

function remote<T>({ methods, first, start, onProgress }: RemoteOptions<T>): Remote<T> {
  let worker = first && listened(first);
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
    thread.onerror = (event) => failAll(new Error(event.message || "the thread could not be started"));
    return thread;
  }

  const call =
    (method: string) =>
    (...args: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        waiting.set(id, { resolve, reject });
        worker ??= listened(start());
        worker.postMessage({ id, method, args } satisfies Call);
      });

  return {
    ...(Object.fromEntries(methods.map((method) => [method, call(method)])) as T),
    stop() {
      worker?.terminate();
      worker = undefined;
      failAll(new DOMException("stopped", "AbortError"));
    },
  };
}

type OnProgress = RemoteOptions<unknown>["onProgress"];

/** `first`: the thread to begin with; `start` makes those after a stop. */
export const remoteEngine = (first: Worker, start: () => Worker, onProgress: OnProgress): Remote<Engine> =>
  remote({
    methods: ["open", "change", "fit", "slide", "stack", "minos", "fluxPoints", "picture", "paper", "downloads"],
    first,
    start,
    onProgress,
  });

export const remoteEvents = (start: () => Worker, onProgress: OnProgress): Remote<EventsEngine> =>
  remote({ methods: ["open", "image", "place", "spectra"], start, onProgress });
