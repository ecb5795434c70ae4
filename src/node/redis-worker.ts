import { type PlainError, plainError, SpecError } from "../errors.js";
import { serialExecutor } from "../execute/serial.js";
import { findKind } from "../execute/serve.js";
import type { AnyTaskKind, Executor } from "../execute/types.js";
import {
  connect,
  type JobData,
  payloadKey,
  queueName,
  type RedisOptions,
  redisLibraries,
  resultKey,
} from "./redis-client.js";
import { sealed, unsealed } from "./sealed.js";
import { version as own } from "./version.js";

/** A job is tried by so many workers that die. */
const MAX_STALLED = 5;
/** Payloads that a worker keeps. */
const KEPT_TASKS = 4;
/** Payloads and results are kept so long after their last use, s. */
export const KEEP = 7 * 86400;

export type Answer = { readonly result: unknown } | { readonly error: PlainError };

export interface RedisWorkerOptions extends RedisOptions {
  readonly kinds: readonly AnyTaskKind[];
  /** What the tasks are made from beside their payloads. */
  readonly context: unknown;
  /** What runs the jobs; default: this thread. With threads, as many jobs at once. */
  readonly executor?: Executor;
  /** A worker that has not been heard of for so long counts as dead, ms. Must be longer than a job where jobs run in this thread. */
  readonly patience?: number;
  readonly onJob?: (done: number) => void;
  /** Told of jobs that were refused. */
  readonly onNote?: (note: string) => void;
}

export interface RedisWorker {
  /** Finishes the jobs under way, then leaves. */
  close(): Promise<void>;
}

interface Task {
  readonly kind: AnyTaskKind;
  readonly payload: object;
}

/** Takes jobs of `redisExecutor` callers of the same version until it is closed; those of others are refused by name. */
export async function redisWorker(options: RedisWorkerOptions): Promise<RedisWorker> {
  const { kinds, context, prefix = "gammats", version = own } = options;
  const { executor = serialExecutor(), patience = 30_000, onJob, onNote } = options;
  const libraries = await redisLibraries();
  const client = await connect(libraries, options);
  const connection = await connect(libraries, options);
  const held = new Map<string, Promise<Task | undefined>>();
  const refused = new Set<string>();
  let done = 0;

  function taskOf(id: string): Promise<Task | undefined> {
    let task = held.get(id);
    if (task === undefined) {
      task = readTask(id).then((found) => {
        // not held, so that it is looked for again
        if (found === undefined) held.delete(id);
        return found;
      });
      held.set(id, task);
      if (held.size > KEPT_TASKS) held.delete(held.keys().next().value!);
    }
    return task;
  }

  /** Undefined where the payload was lost with the server's last second, or is damaged: the caller will bring it again. */
  async function readTask(id: string): Promise<Task | undefined> {
    const bytes = await client.getBuffer(payloadKey(prefix, id));
    if (bytes === null) return undefined;
    const found = unsealed(bytes, { gammats: version, is: "payload", task: id });
    if (!("value" in found)) {
      onNote?.(`a payload is not taken: ${found.problem}`);
      await client.del(payloadKey(prefix, id));
      return undefined;
    }
    const { kind, payload } = (found.value ?? {}) as { kind?: unknown; payload?: unknown };
    if (typeof payload !== "object" || payload === null) throw new SpecError("worker: the payload is none");
    return { kind: findKind(kinds, String(kind)), payload };
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

  async function put({ task, index }: JobData, bytes: Uint8Array): Promise<void> {
    await client.hset(resultKey(prefix, task), String(index), bytes);
    await client.expire(resultKey(prefix, task), KEEP);
  }

  /** The label alone says who refuses, so that a caller of any version can read it. */
  async function refuse(job: JobData): Promise<void> {
    const { task, index, run } = job;
    await put(job, sealed({ gammats: version, is: "refusal", task, index, run: run ?? "" }, null));
    const caller = job.version ?? "an earlier version";
    if (!refused.has(caller)) onNote?.(`jobs of GammaTS ${caller} are refused: this is ${version}`);
    refused.add(caller);
  }

  const worker = new libraries.Worker(
    queueName(prefix),
    async ({ data }) => {
      if (!isJob(data)) return;
      if (data.version !== version) return refuse(data);
      const { task, index } = data;
      if ((await client.hexists(resultKey(prefix, task), String(index))) === 1) return;
      const found = await answer(task, index);
      // without a payload there is nothing to say: the caller will queue the job again, with it
      if (found === undefined) return;
      await put(data, sealed({ gammats: version, is: "result", task, index }, found));
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

/** Whether data of the queue are those of a job, as far as it goes. */
function isJob(data: unknown): data is JobData {
  const { task, index } = (data ?? {}) as Partial<Record<keyof JobData, unknown>>;
  return (
    typeof task === "string" && /^[0-9a-f]{32}$/.test(task) && Number.isSafeInteger(index) && (index as number) >= 0
  );
}
