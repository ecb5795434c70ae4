import { GammatsError, SpecError, UnsupportedError } from "../errors.js";

export interface RedisOptions {
  /** redis://user@host:port/database. Whoever can write there can make the workers compute, so keep it to your network. */
  readonly url: string;
  /** Default: that in the URL, else the variable GAMMATS_REDIS_PASSWORD, which, unlike a command line, other users of the machine do not see. */
  readonly password?: string;
  /** Begins all keys; workers and callers of one prefix find each other. Default: gammats. */
  readonly prefix?: string;
  /** Callers and workers of different versions refuse each other. Default: that of GammaTS. */
  readonly version?: string;
}

/** What is used of a connection of ioredis. */
export interface RedisConnection {
  ping(): Promise<string>;
  set(key: string, value: Uint8Array, mode: "EX", seconds: number): Promise<unknown>;
  getBuffer(key: string): Promise<Uint8Array | null>;
  hset(key: string, field: string, value: Uint8Array): Promise<unknown>;
  hdel(key: string, field: string): Promise<unknown>;
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
  readonly version?: string;
  /** Of the caller. */
  readonly run?: string;
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
export async function connect(libraries: RedisLibraries, options: RedisOptions): Promise<RedisConnection> {
  const { url, password = process.env.GAMMATS_REDIS_PASSWORD } = options;
  requireRedisUrl(url, "redis");
  const client = new libraries.Redis(url, { maxRetriesPerRequest: null, ...passwordFor(url, password) });
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
      `redis: no connection to ${withoutPassword(url)} (${(error as Error).message}); start a server there, or correct the URL or the password (GAMMATS_REDIS_PASSWORD)`,
      { code: "no-connection", where: "redis" },
    );
  } finally {
    clearTimeout(timer);
  }
  return client;
}

export function requireRedisUrl(url: string, where: string): void {
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) return;
  const hint = url.includes("@") ? "; give the password as GAMMATS_REDIS_PASSWORD" : "";
  throw new SpecError(
    `${where} "${withoutPassword(url)}": expected the address of a Redis server, like redis://127.0.0.1:6379${hint}`,
  );
}

/** The URL's own goes first. */
function passwordFor(url: string, password: string | undefined): { readonly password?: string } {
  const own = URL.canParse(url) ? new URL(url).password : "";
  return own !== "" || password === undefined || password === "" ? {} : { password };
}

/** An address as it may be shown. Everything up to the last @ goes: passwords hold all signs. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/.*@/s, "//***@").replace(/([?&]password=)[^&]*/gi, "$1***");
}

/** What the server or its libraries say, as an error that a user can do something about. */
export function redisError(error: unknown): Error {
  if (error instanceof GammatsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/\bOOM\b/.test(message)) {
    const remedy = "give it more (maxmemory), or remove results of earlier runs";
    return new UnsupportedError({
      code: "too-large",
      where: "redis",
      what: `the server has no memory left (${message})`,
      remedy,
    });
  }
  return new SpecError({ where: "redis", what: message, remedy: "look at the server and at what the workers say" });
}

/** Keys of a task: payload, and results by job. Queue names of bullmq hold no colon. */
export const queueName = (prefix: string) => `${prefix}-jobs`;
export const payloadKey = (prefix: string, task: string) => `${prefix}:payload:${task}`;
export const resultKey = (prefix: string, task: string) => `${prefix}:result:${task}`;
