import { SpecError, UnsupportedError } from "../errors.js";

/** What is used of a connection of ioredis. */
export interface RedisConnection {
  ping(): Promise<string>;
  set(key: string, value: Uint8Array, mode: "EX", seconds: number): Promise<unknown>;
  getBuffer(key: string): Promise<Uint8Array | null>;
  hset(key: string, field: string, value: Uint8Array): Promise<unknown>;
  hexists(key: string, field: string): Promise<number>;
  hmgetBuffer(key: string, ...fields: string[]): Promise<(Uint8Array | null)[]>;
  expire(key: string, seconds: number): Promise<unknown>;
  del(...keys: string[]): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  disconnect(): void;
}

/** What is used of a queue of bullmq. */
export interface JobQueue {
  addBulk(jobs: readonly { name: string; data: JobData; opts: Readonly<Record<string, unknown>> }[]): Promise<unknown>;
  getJobState(id: string): Promise<string>;
  getJob(id: string): Promise<{ failedReason?: string } | undefined>;
  remove(id: string): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

export interface JobWorker {
  on(event: "error", listener: (error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}

/** One job as it stands in the queue. */
export interface JobData {
  readonly task: string;
  readonly index: number;
}

export interface RedisLibraries {
  readonly Redis: new (url: string, options: Readonly<Record<string, unknown>>) => RedisConnection;
  readonly Queue: new (name: string, options: Readonly<Record<string, unknown>>) => JobQueue;
  readonly Worker: new (
    name: string,
    run: (job: { data: JobData }) => Promise<unknown>,
    options: Readonly<Record<string, unknown>>,
  ) => JobWorker;
}

/** bullmq and ioredis, which users install themselves. */
export async function redisLibraries(): Promise<RedisLibraries> {
  const load = async (name: string) => {
    try {
      return await import(name);
    } catch (error) {
      throw new UnsupportedError(
        `redis: the package "${name}" cannot be loaded (${(error as Error).message}); install it beside gammats: npm install bullmq ioredis`,
      );
    }
  };
  const [{ Queue, Worker }, { Redis }] = await Promise.all([load("bullmq"), load("ioredis")]);
  return { Redis, Queue, Worker };
}

/** How long to wait for a first answer, ms. */
const PATIENCE = 5000;

/** A connection that has answered. It reconnects by itself and waits as long as the server is away. */
export async function connect(libraries: RedisLibraries, url: string): Promise<RedisConnection> {
  const client = new libraries.Redis(url, { maxRetriesPerRequest: null });
  let why = "no answer";
  client.on("error", (error) => {
    why = error.message;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(why)), PATIENCE);
  });
  try {
    await Promise.race([client.ping(), late]);
  } catch (error) {
    client.disconnect();
    throw new SpecError(
      `redis: no connection to ${withoutPassword(url)} (${(error as Error).message}); start a server there or correct the URL`,
      { code: "no-connection", where: "redis" },
    );
  } finally {
    clearTimeout(timer);
  }
  return client;
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//***@");
}

/** Keys of a task: payload, and results by job. Queue names of bullmq hold no colon. */
export const queueName = (prefix: string) => `${prefix}-jobs`;
export const payloadKey = (prefix: string, task: string) => `${prefix}:payload:${task}`;
export const resultKey = (prefix: string, task: string) => `${prefix}:result:${task}`;
