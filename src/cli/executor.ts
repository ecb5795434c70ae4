/** Who runs the toys of a command: this thread, threads, or workers behind a Redis server. */
import { availableParallelism } from "node:os";
import { SpecError } from "../errors.js";
import { type Executor, serialExecutor } from "../execute/index.js";
import { keepingExecutor } from "../node/keep.js";
import { redisExecutor } from "../node/redis.js";
import { threadsExecutor } from "../node/threads.js";
import type { Context } from "./context.js";
import { wholeNumber } from "./numbers.js";
import { version } from "./version.js";

export interface ToyOptions {
  readonly seed: string;
  readonly workers?: string;
  readonly executor?: string;
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

/** Asks for workers after so long without a result, ms. */
const SILENCE = 10_000;

/** Checks the options; the returned function runs `work` on `total` toys. */
export function toyRunner(context: Context, options: ToyOptions) {
  const seed = wholeNumber(options.seed, "--seed", 0);
  const url = options.executor === undefined ? undefined : redisUrl(options.executor, "--executor");
  if (url !== undefined && options.workers !== undefined) {
    throw new SpecError(
      "found --workers and --executor; the workers of a Redis server are started with `gammats worker`",
    );
  }
  const workers = workersOf(options.workers);
  return async function runToys<T>(label: string, total: number, work: (run: ToyRun) => Promise<T>): Promise<T> {
    const { signal } = context;
    const base = url === undefined ? threadsOf(workers) : await redisExecutor({ url });
    const executor = options.resume === undefined ? base : keepingExecutor(base, { folder: options.resume, version });
    const progress = context.progress(label);
    let done = 0;
    const silence = setTimeout(() => {
      if (url !== undefined && done === 0) {
        context.note(`gammats: no worker has answered yet; start some: gammats worker --redis ${options.executor}`);
      }
    }, SILENCE);
    try {
      return await work({
        seed,
        jobSize: jobSizeOf(total),
        executor,
        signal,
        onProgress(now, all) {
          done = now;
          progress.update(now, all);
        },
      });
    } finally {
      clearTimeout(silence);
      progress.end();
      await executor.close();
      if (signal?.aborted) sayWhatIsLeft(context, options);
    }
  };
}

export const workersOf = (text: string | undefined): number =>
  text === undefined ? availableParallelism() : wholeNumber(text, "--workers", 1);

const threadsOf = (workers: number): Executor => (workers === 1 ? serialExecutor() : threadsExecutor({ workers }));

/** From the number of toys alone, so that the same command finds its jobs again on any machine. */
const jobSizeOf = (total: number): number => Math.min(500, Math.max(10, Math.ceil(total / 128)));

export function redisUrl(text: string, option: string): string {
  if (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)) return text;
  throw new SpecError(`${option} "${text}": expected the address of a Redis server, like redis://127.0.0.1:6379`);
}

function sayWhatIsLeft({ note }: Context, { resume, executor }: ToyOptions): void {
  const where = resume ?? (executor === undefined ? undefined : "the Redis server");
  if (where !== undefined) note(`gammats: what was done is kept in ${where}; the same command goes on from there`);
}
