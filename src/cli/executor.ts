/** What the commands that draw toys have in common. */
import type { Executor } from "../execute/types.js";
import { keepingExecutor } from "../node/keep.js";
import { codeVersion } from "./code-version.js";
import type { Context } from "./context.js";
import { wholeNumber } from "./numbers.js";
import { executorOf, threadCount, threadsOf, type WorkerOptions } from "./workers.js";

export interface ToyOptions extends WorkerOptions {
  readonly seed: string;
  readonly resume?: string;
}

/** What a study by toys takes from its command. */
export interface ToyRun {
  readonly seed: number;
  readonly jobSize: number;
  readonly executor: Executor;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Checks the options; the returned function runs `work` on `total` toys. */
export function toyRunner(context: Context, options: ToyOptions) {
  const seed = wholeNumber(options.seed, "--seed", 0);
  const make = executorOf(context, options);
  return async function runToys<T>(label: string, total: number, work: (run: ToyRun) => Promise<T>): Promise<T> {
    const { signal } = context;
    const base = (await make()) ?? threadsOf(threadCount(undefined), context.plugins);
    const executor =
      options.resume === undefined
        ? base
        : keepingExecutor(base, {
            folder: options.resume,
            version: codeVersion(context.plugins),
            onNote: context.onNote,
          });
    const progress = context.progress(label);
    try {
      return await work({
        seed,
        jobSize: jobSizeOf(total),
        executor,
        signal,
        onProgress: progress.update,
      });
    } finally {
      progress.end();
      await executor.close();
      if (signal?.aborted) sayWhatIsLeft(context, options);
    }
  };
}

/** From the number of toys alone, so that the same command finds its jobs again on any machine. */
const jobSizeOf = (total: number): number => Math.min(500, Math.max(10, Math.ceil(total / 128)));

function sayWhatIsLeft({ note }: Context, { resume, executor }: ToyOptions): void {
  const where = resume ?? (executor === undefined ? undefined : "the Redis server");
  if (where !== undefined) note(`gammats: what was done is kept in ${where}; the same command goes on from there`);
}
