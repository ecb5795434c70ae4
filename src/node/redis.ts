import { deserialize, serialize } from "node:v8";
import { type PlainError, plainError, toError } from "../errors.js";
import { serialExecutor } from "../execute/serial.js";
import { findKind } from "../execute/serve.js";
import type { AnyTaskKind, Executor, Task as Given } from "../execute/types.js";
import { connect, type JobQueue, payloadKey, queueName, redisLibraries, resultKey } from "./redis-client.js";
import { taskBytes } from "./task-id.js";

/** The Redis server that callers and workers share. */
export interface RedisOptions {
  /** redis://user:password@host:port/database. Whoever can write there can make the workers compute, so keep it to your network. */
  readonly url: string;
  /** Begins all keys; workers and callers of one prefix find each other. Default: gammats. */
  readonly prefix?: string;
}

/** Options of `redisExecutor`. */
export interface RedisExecutorOptions extends RedisOptions {
  /** Between looks for results, ms. */
  readonly poll?: number;
  /** After so long without any result, what is missing is queued again (a server that lost its last second), ms. */
  readonly resubmit?: number;
}

/** Payloads and results are kept so long after their last use, s. */
const KEEP = 7 * 86400;
/** A job is tried by so many workers that die. */
const MAX_STALLED = 5;
/** Payloads that a worker keeps. */
const KEPT_TASKS = 4;

interface Waiter {
  queued: boolean;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Task {
  /** Hash of kind and payload: the same call finds the results of an earlier one. */
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly waiting: Map<number, Waiter>;
  stored: boolean;
  /** Time of the last result, ms. */
  news: number;
}

type Answer = { readonly result: unknown } | { readonly error: PlainError };

/**
 * Runs jobs in worker processes, on any number of machines, that `redisWorker` starts. Jobs wait while there is no worker or the server is away; a job of a
 * worker that died is given to another; a caller that is started again with the same arguments takes up the results that are there.
 * @throws Error when a job is given to it after it was closed.
 */
export async function redisExecutor(options: RedisExecutorOptions): Promise<Executor> {
  const { url, prefix = "gammats", poll = 50, resubmit = 10_000 } = options;
  const libraries = await redisLibraries();
  const client = await connect(libraries, url);
  const queue: JobQueue = new libraries.Queue(queueName(prefix), { connection: client });
  queue.on("error", () => {});
  const known = new WeakMap<object, Map<string, Task>>();
  const tasks = new Set<Task>();
  let looking = false;
  let closed = false;

  function taskOf(kind: string, payload: object): Task {
    let byKind = known.get(payload);
    if (byKind === undefined) known.set(payload, (byKind = new Map()));
    let task = byKind.get(kind);
    if (task === undefined) {
      task = { ...taskBytes(kind, payload), waiting: new Map(), stored: false, news: performance.now() };
      byKind.set(kind, task);
    }
    tasks.add(task);
    return task;
  }

  const jobId = (task: Task, index: number) => `${task.id}-${index}`;

  /** Takes what is done; queues what is new, and after a long silence all that is missing. */
  async function look(task: Task): Promise<void> {
    const { waiting, id } = task;
    const indices = [...waiting.keys()];
    const answers = await client.hmgetBuffer(resultKey(prefix, id), ...indices.map(String));
    answers.forEach((bytes, i) => {
      if (bytes === null) return;
      const waiter = waiting.get(indices[i]!);
      waiting.delete(indices[i]!);
      task.news = performance.now();
      const answer = deserialize(bytes) as Answer;
      if ("error" in answer) waiter?.reject(toError(answer.error));
      else waiter?.resolve(answer.result);
    });
    if (performance.now() - task.news > resubmit) {
      task.news = performance.now();
      task.stored = false;
      for (const [index, waiter] of waiting) {
        waiter.queued = false;
        await rejectFailed(task, index, waiter);
      }
    }
    if (!task.stored) {
      await client.set(payloadKey(prefix, id), task.bytes, "EX", KEEP);
      task.stored = true;
    }
    const fresh = [...waiting].filter(([, waiter]) => !waiter.queued);
    if (fresh.length === 0) return;
    for (const [, waiter] of fresh) waiter.queued = true;
    // a job that is there already is not added twice
    const opts = { removeOnComplete: true, attempts: 1 };
    await queue.addBulk(
      fresh.map(([index]) => ({
        name: "job",
        data: { task: id, index },
        opts: { ...opts, jobId: jobId(task, index) },
      })),
    );
  }

  async function rejectFailed(task: Task, index: number, waiter: Waiter): Promise<void> {
    if ((await queue.getJobState(jobId(task, index))) !== "failed") return;
    const why = (await queue.getJob(jobId(task, index)))?.failedReason ?? "";
    await queue.remove(jobId(task, index));
    task.waiting.delete(index);
    waiter.reject(new Error(`redis: job ${index} failed: ${why}`));
  }

  async function lookAtAll(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      for (;;) {
        const open = [...tasks].filter((task) => task.waiting.size > 0);
        if (open.length === 0 || closed) return;
        for (const task of open) {
          try {
            await look(task);
          } catch (error) {
            for (const waiter of task.waiting.values()) waiter.reject(error);
            task.waiting.clear();
          }
        }
        await new Promise((resolve) => setTimeout(resolve, poll));
      }
    } finally {
      looking = false;
    }
  }

  return {
    name: "redis",
    workers: 16,
    inFlight: 512,
    job<P extends object, R, C>({ kind, payload }: Given<P, R, C>, index: number, signal?: AbortSignal): Promise<R> {
      return new Promise<R>((resolve, reject) => {
        if (closed) throw new Error("redis: closed, it takes no more jobs");
        signal?.throwIfAborted();
        const task = taskOf(kind.name, payload);
        const onAbort = () => {
          task.waiting.delete(index);
          void queue.remove(jobId(task, index)).catch(() => {});
          reject(signal!.reason);
        };
        const settle = () => signal?.removeEventListener("abort", onAbort);
        task.waiting.set(index, {
          queued: false,
          resolve(result) {
            settle();
            resolve(result as R);
          },
          reject(error) {
            settle();
            reject(error);
          },
        });
        signal?.addEventListener("abort", onAbort, { once: true });
        // all jobs of this turn are queued together
        setTimeout(() => void lookAtAll());
      });
    },
    async close() {
      closed = true;
      for (const task of tasks) {
        for (const [index, waiter] of task.waiting)
          waiter.reject(new Error(`redis: closed before job ${index} was run`));
        task.waiting.clear();
      }
      await queue.close();
      client.disconnect();
    },
  };
}

/** Options of `redisWorker`. */
export interface RedisWorkerOptions extends RedisOptions {
  readonly kinds: readonly AnyTaskKind[];
  /** What the tasks are made from beside their payloads. */
  readonly context: unknown;
  /** What runs the jobs; default: this thread. With threads, as many jobs at once. */
  readonly executor?: Executor;
  /** A worker that has not been heard of for so long counts as dead, ms. Must be longer than a job where jobs run in this thread. */
  readonly patience?: number;
  readonly onJob?: (done: number) => void;
}

/** A worker at work. */
export interface RedisWorker {
  /** Finishes the jobs under way, then leaves. */
  close(): Promise<void>;
}

/** Takes jobs of `redisExecutor` callers until it is closed. */
export async function redisWorker(options: RedisWorkerOptions): Promise<RedisWorker> {
  const { url, kinds, context, prefix = "gammats", executor = serialExecutor(), patience = 30_000, onJob } = options;
  const libraries = await redisLibraries();
  const client = await connect(libraries, url);
  const connection = await connect(libraries, url);
  const held = new Map<string, Promise<{ kind: AnyTaskKind; payload: object } | undefined>>();
  let done = 0;

  function taskOf(id: string) {
    let task = held.get(id);
    if (task === undefined) {
      task = client.getBuffer(payloadKey(prefix, id)).then((bytes) => {
        // lost with the server's last second: not held, so that it is looked for again
        if (bytes === null) {
          held.delete(id);
          return undefined;
        }
        const { kind, payload } = deserialize(bytes) as { kind: string; payload: object };
        return { kind: findKind(kinds, kind), payload };
      });
      held.set(id, task);
      if (held.size > KEPT_TASKS) held.delete(held.keys().next().value!);
    }
    return task;
  }

  async function answer(id: string, index: number): Promise<Answer | undefined> {
    try {
      const task = await taskOf(id);
      if (task === undefined) return undefined;
      return { result: await executor.job({ ...task, context }, index) };
    } catch (error) {
      return { error: plainError(error) };
    }
  }

  const worker = new libraries.Worker(
    queueName(prefix),
    async ({ data: { task, index } }) => {
      const key = resultKey(prefix, task);
      if ((await client.hexists(key, String(index))) === 1) return;
      const found = await answer(task, index);
      // without a payload there is nothing to say: the caller will queue the job again, with it
      if (found === undefined) return;
      await client.hset(key, String(index), serialize(found));
      await client.expire(key, KEEP);
      onJob?.(++done);
    },
    {
      connection,
      concurrency: executor.workers,
      lockDuration: patience,
      stalledInterval: patience / 2,
      maxStalledCount: MAX_STALLED,
    },
  );
  worker.on("error", () => {});
  return {
    async close() {
      await worker.close();
      client.disconnect();
      connection.disconnect();
    },
  };
}
