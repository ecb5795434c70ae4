import { randomBytes } from "node:crypto";
import { type PlainError, SpecError, toError } from "../errors.js";
import type { Executor, Task as Given } from "../execute/types.js";
import type { StopSignal } from "../math/types.js";
import {
  connect,
  type JobQueue,
  payloadKey,
  queueName,
  type RedisOptions,
  redisError,
  redisLibraries,
  resultKey,
  withoutPassword,
} from "./redis-client.js";
import { type Answer, KEEP } from "./redis-worker.js";
import { sealedBytes, unsealed } from "./sealed.js";
import { taskBytes } from "./task-id.js";
import { version as own } from "./version.js";

/** Options of `redisExecutor`. */
export interface RedisExecutorOptions extends RedisOptions {
  /** Between looks for results, ms. */
  readonly poll?: number;
  /** After so long without any result, what is missing is queued again (a server that lost its last second), ms. */
  readonly resubmit?: number;
  /** Told once if no worker has answered for `silence`, and once of results that are damaged, which are computed again. */
  readonly onNote?: (note: string) => void;
  /** ms; default: 10 s. */
  readonly silence?: number;
}

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

/**
 * Runs jobs in worker processes, on any number of machines, that `redisWorker` starts. Jobs wait while there is no worker or the server is away; a job of a
 * worker that died is given to another; a caller that is started again with the same arguments takes up the results that are there.
 * @throws Error when a job is given to it after it was closed.
 */
export async function redisExecutor(options: RedisExecutorOptions): Promise<Executor> {
  const { url, prefix = "gammats", version = own, poll = 50, resubmit = 10_000, onNote, silence = 10_000 } = options;
  const libraries = await redisLibraries();
  const client = await connect(libraries, options);
  const queue: JobQueue = new libraries.Queue(queueName(prefix), { connection: client });
  queue.on("error", () => {});
  const known = new WeakMap<object, Map<string, Task>>();
  const tasks = new Set<Task>();
  /** In jobs and in refusals of them, so that a refusal of an earlier call is none of this one. */
  const run = randomBytes(8).toString("hex");
  let looking = false;
  let closed = false;
  let isNoted = false;
  let waitingForWorkers: ReturnType<typeof setTimeout> | undefined;
  let hasAnswer = false;

  function askForWorkers(): void {
    if (hasAnswer || waitingForWorkers !== undefined) return;
    waitingForWorkers = setTimeout(() => {
      onNote?.(`no worker has answered yet; start some: gammats worker --redis ${withoutPassword(url)}`);
    }, silence);
    waitingForWorkers.unref();
  }

  function hear(): void {
    hasAnswer = true;
    clearTimeout(waitingForWorkers);
  }

  function taskOf(kind: string, payload: object): Task {
    let byKind = known.get(payload);
    if (byKind === undefined) known.set(payload, (byKind = new Map()));
    let task = byKind.get(kind);
    if (task === undefined) {
      const { id, bytes: body } = taskBytes(kind, payload, version);
      const bytes = sealedBytes({ gammats: version, is: "payload", task: id }, body);
      task = { id, bytes, waiting: new Map(), stored: false, news: performance.now() };
      byKind.set(kind, task);
    }
    tasks.add(task);
    return task;
  }

  const jobId = (task: Task, index: number) => `${task.id}-${index}`;

  /** Gives a result to whoever waits for it; what is no result of this job is removed, and the job is queued again. */
  async function take(task: Task, index: number, bytes: Uint8Array): Promise<void> {
    const waiter = task.waiting.get(index);
    if (waiter === undefined) return;
    const found = unsealed(bytes, { gammats: version, is: "result", task: task.id, index });
    const answer = "value" in found ? answerOf(found.value) : undefined;
    task.news = performance.now();
    if (answer !== undefined) {
      task.waiting.delete(index);
      hear();
      if ("error" in answer) waiter.reject(toError(answer.error));
      else waiter.resolve(answer.result);
      return;
    }
    await client.hdel(resultKey(prefix, task.id), String(index));
    const { label, problem } = "value" in found ? { label: {}, problem: "it holds no answer" } : found;
    if (label.is === "refusal" && label.run === run) {
      task.waiting.delete(index);
      hear();
      return waiter.reject(otherVersion(`${label.gammats}`));
    }
    waiter.queued = false;
    if (label.is === "refusal") return;
    if (!isNoted)
      onNote?.(`redis: a result is not the one of its job: ${problem}; it is computed again, as are others like it`);
    isNoted = true;
  }

  const otherVersion = (found: string) =>
    new SpecError({
      where: "redis",
      what: `a worker of GammaTS ${found} has refused a job of GammaTS ${version}`,
      remedy: "start workers of the same version, or give those of each version a prefix or a database of their own",
    });

  /** Takes what is done; queues what is new, and after a long silence all that is missing. */
  async function look(task: Task): Promise<void> {
    const { waiting, id } = task;
    const indices = [...waiting.keys()];
    const answers = await client.hmgetBuffer(resultKey(prefix, id), ...indices.map(String));
    for (const [i, bytes] of answers.entries()) {
      if (bytes !== null) await take(task, indices[i]!, bytes);
    }
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
        data: { task: id, index, version, run },
        opts: { ...opts, jobId: jobId(task, index) },
      })),
    );
  }

  async function rejectFailed(task: Task, index: number, waiter: Waiter): Promise<void> {
    if ((await queue.getJobState(jobId(task, index))) !== "failed") return;
    const why = (await queue.getJob(jobId(task, index)))?.failedReason ?? "";
    await queue.remove(jobId(task, index));
    task.waiting.delete(index);
    waiter.reject(redisError(new Error(`job ${index} failed: ${why}`)));
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
            for (const waiter of task.waiting.values()) waiter.reject(redisError(error));
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
    job<P extends object, R, C>({ kind, payload }: Given<P, R, C>, index: number, signal?: StopSignal): Promise<R> {
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
        askForWorkers();
        // all jobs of this turn are queued together
        setTimeout(() => void lookAtAll());
      });
    },
    async close() {
      closed = true;
      clearTimeout(waitingForWorkers);
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

/** What a worker has answered; undefined for anything else. */
function answerOf(value: unknown): Answer | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("result" in value) return { result: value.result };
  const { error } = value as { error?: unknown };
  return typeof error === "object" && error !== null ? { error: error as PlainError } : undefined;
}
