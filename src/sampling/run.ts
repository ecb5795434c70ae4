import type { StopSignal } from "../math/types.js";
import type { Progress, Sampling } from "./types.js";

export interface RunOptions {
  /** Aborting throws the signal's reason. */
  readonly signal?: StopSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Runs a sampler to its end. */
export function run<R>(sampling: Sampling<R>, options: RunOptions = {}): R {
  for (;;) {
    options.signal?.throwIfAborted();
    const step = sampling.next();
    if (step.done) return step.value;
    options.onProgress?.(step.value);
  }
}

/** Milliseconds of work between two pauses, in which timers, signals and a page's events get their turn. */
const SLICE = 25;

/** The same, giving way now and then. The result does not depend on it. */
export async function runAsync<R>(sampling: Sampling<R>, options: RunOptions = {}): Promise<R> {
  let last = Date.now();
  for (;;) {
    options.signal?.throwIfAborted();
    const step = sampling.next();
    if (step.done) return step.value;
    const now = Date.now();
    if (now - last < SLICE) continue;
    options.onProgress?.(step.value);
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = Date.now();
  }
}
