/** Who runs the jobs of a command: this thread, threads, or workers behind a Redis server. */
import { availableParallelism } from "node:os";
import { SpecError } from "../errors.js";
import { serialExecutor } from "../execute/serial.js";
import type { Executor } from "../execute/types.js";
import { redisExecutor } from "../node/redis.js";
import { threadsExecutor } from "../node/threads.js";
import type { Context } from "./context.js";
import { wholeNumber } from "./numbers.js";

export interface WorkerOptions {
  readonly workers?: string;
  readonly executor?: string;
}

/** Asks for workers after so long without a result, ms. */
const SILENCE = 10_000;

/** Checks --workers and --executor; the returned function makes what they ask for, undefined without either. */
export function executorOf(
  { plugins }: Context,
  { workers, executor }: WorkerOptions,
): () => Promise<Executor | undefined> {
  const url = executor === undefined ? undefined : redisUrl(executor, "--executor");
  if (url !== undefined && workers !== undefined) {
    throw new SpecError(
      "found --workers and --executor; the workers of a Redis server are started with `gammats worker`",
    );
  }
  const n = workers === undefined ? undefined : threadCount(workers);
  return async () => (url !== undefined ? redisExecutor({ url }) : n === undefined ? undefined : threadsOf(n, plugins));
}

/** --workers, or all cores. */
export const threadCount = (text: string | undefined): number =>
  text === undefined ? availableParallelism() : wholeNumber(text, "--workers", 1);

export const threadsOf = (workers: number, plugins: readonly string[]): Executor =>
  workers === 1 ? serialExecutor() : threadsExecutor({ workers, plugins });

/** Gives `work` the executor of the options, or none without them, and ends it afterwards. */
export function workersOf(context: Context, options: WorkerOptions) {
  const make = executorOf(context, options);
  return async function withWorkers<T>(work: (executor: Executor | undefined) => Promise<T>): Promise<T> {
    const executor = await make();
    const answered = askForWorkers(context, options);
    try {
      return await work(executor && told(executor, answered));
    } finally {
      answered();
      await executor?.close();
    }
  };
}

/** Says after a while that workers are missing, unless the returned function is called before. */
export function askForWorkers({ note }: Context, { executor }: WorkerOptions): () => void {
  if (executor === undefined) return () => {};
  const silence = setTimeout(() => {
    note(`gammats: no worker has answered yet; start some: gammats worker --redis ${executor}`);
  }, SILENCE);
  return () => clearTimeout(silence);
}

/** The executor, and whoever wants to know hears of its first result. */
function told(executor: Executor, answered: () => void): Executor {
  const { name, workers, inFlight } = executor;
  return {
    name,
    workers,
    inFlight,
    close: () => executor.close(),
    async job(task, index, signal) {
      const result = await executor.job(task, index, signal);
      answered();
      return result;
    },
  };
}

export function redisUrl(text: string, option: string): string {
  if (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)) return text;
  throw new SpecError(`${option} "${text}": expected the address of a Redis server, like redis://127.0.0.1:6379`);
}
