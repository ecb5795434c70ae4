/** Who runs the jobs of a command: this thread, threads, or workers behind a Redis server. */
import { availableParallelism } from "node:os";
import { SpecError } from "../errors.js";
import { serialExecutor } from "../execute/serial.js";
import type { Executor } from "../execute/types.js";
import { requireRedisUrl } from "../node/redis-client.js";
import { redisExecutor } from "../node/redis-executor.js";
import { threadsExecutor } from "../node/threads.js";
import { codeVersion } from "./code-version.js";
import type { Context } from "./context.js";
import { wholeNumber } from "./numbers.js";

export interface WorkerOptions {
  readonly workers?: string;
  readonly executor?: string;
}

/** Checks --workers and --executor; the returned function makes what they ask for, undefined without either. */
export function executorOf(
  { plugins, onNote, files }: Context,
  { workers, executor }: WorkerOptions,
): () => Promise<Executor | undefined> {
  const url = executor === undefined ? undefined : redisUrl(executor, "--executor");
  if (url !== undefined && workers !== undefined) {
    throw new SpecError(
      "found --workers and --executor; the workers of a Redis server are started with `gammats worker`",
    );
  }
  const n = workers === undefined ? undefined : threadCount(workers);
  return async () =>
    url !== undefined
      ? redisExecutor({ url, password: files.env(PASSWORD), version: codeVersion(plugins), onNote })
      : n === undefined
        ? undefined
        : threadsOf(n, plugins);
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
    try {
      return await work(executor);
    } finally {
      await executor?.close();
    }
  };
}

/** The variable that holds the password of the Redis server. */
export const PASSWORD = "GAMMATS_REDIS_PASSWORD";

export function redisUrl(text: string, option: string): string {
  requireRedisUrl(text, option);
  return text;
}
