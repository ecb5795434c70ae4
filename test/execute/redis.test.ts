import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wstatProblem } from "../../scripts/coverage-problems.js";
import { toys } from "../../src/api/estimators.js";
import { hasCode, SpecError } from "../../src/errors.js";
import { runJobs } from "../../src/execute/run.js";
import type { Executor } from "../../src/execute/types.js";
import { type JobData, redisLibraries } from "../../src/node/redis-client.js";
import { redisExecutor } from "../../src/node/redis-executor.js";
import { sealed } from "../../src/node/sealed.js";
import { version } from "../../src/node/version.js";
import { buildScript } from "./build.js";
import { ended, freePort, hasLibraries, hasServer, redisServer } from "./redis-server.js";
import { squares, task } from "./tasks.js";

describe.runIf(hasServer && hasLibraries)("jobs run through Redis", () => {
  const children: ChildProcess[] = [];
  let script: URL;
  let server: Awaited<ReturnType<typeof redisServer>>;
  let url = "";
  let executor: Executor;

  /** A worker, and a promise of its n-th job. */
  const startWorker = (n = 1, version = "") => {
    const argv = [fileURLToPath(script), url, version];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const reached = new Promise<void>((resolve) => {
      let text = "";
      child.stdout!.on("data", (chunk) => {
        text += chunk;
        if (text.split("\n").length > n) resolve();
      });
    });
    return { child, reached };
  };

  beforeAll(async () => {
    script = await buildScript("redis-worker.ts");
    server = await redisServer();
    url = server.url;
    executor = await redisExecutor({ url, resubmit: 2000 });
  });
  afterAll(async () => {
    await executor?.close();
    for (const child of children) child.kill("SIGKILL");
    await Promise.all([...children.map(ended), server?.stop()]);
  });

  it("survive a killed worker and a restarted server, and are the same to the bit", async () => {
    const { datasets, models } = wstatProblem(30, 10, 0.2, true);
    const options = { n: 4000, seed: 9, jobSize: 10 };
    const expected = await toys(datasets, models, options);
    const first = startWorker(40);
    const progress: number[] = [];
    const run = toys(datasets, models, { ...options, executor, onProgress: (done) => progress.push(done) });
    await first.reached;
    first.child.kill("SIGKILL");
    await ended(first.child);
    const second = startWorker(60);
    await second.reached;
    await server.restart();
    expect(await run).toEqual(expected);
    expect(progress.at(-1)).toBe(4000);
    second.child.kill("SIGTERM");
    await ended(second.child);
    expect(second.child.exitCode).toBe(0);
  });

  it("go on from the results that an earlier caller left, without any worker", async () => {
    const payload = { wait: 1 };
    const worker = startWorker(20);
    const results = await runJobs(executor, task(squares, payload), 20);
    worker.child.kill("SIGKILL");
    await ended(worker.child);
    const later = await redisExecutor({ url });
    expect(await runJobs(later, task(squares, { ...payload }), 20)).toEqual(results);
    await later.close();
  });

  it("bring back the errors of a job and stop when told to", async () => {
    const { child } = startWorker();
    const error = await runJobs(executor, task(squares, { fail: 3 }), 5).catch((reason) => reason);
    expect(error).toBeInstanceOf(SpecError);
    expect(error).toMatchObject({ message: "job 3 cannot be done", code: "several", where: "squares" });
    expect(hasCode(error, "missing-file")).toBe(true);
    const signal = AbortSignal.timeout(500);
    await expect(runJobs(executor, task(squares, { wait: 100 }), 1000, { signal })).rejects.toThrow(/timeout|abort/i);
    child.kill("SIGTERM");
    await ended(child);
  });
});

describe.runIf(hasServer && hasLibraries)("what stands in Redis", () => {
  let server: Awaited<ReturnType<typeof redisServer>>;
  let script: URL;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    [script, server] = await Promise.all([buildScript("redis-worker.ts"), redisServer({ requirepass: "se/cr@t" })]);
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all([...children.map(ended), server?.stop()]);
  });
  const options = { password: "se/cr@t", resubmit: 1000 };
  const startWorker = (version = "") => {
    const env = { ...process.env, GAMMATS_REDIS_PASSWORD: options.password };
    const child = spawn(process.execPath, [fileURLToPath(script), server.url, version], { env, stdio: "ignore" });
    children.push(child);
    return child;
  };
  const redis = (...args: string[]) =>
    execFileSync("redis-cli", ["-u", server.url, "--no-auth-warning", "-a", options.password, ...args], {
      encoding: "utf8",
    }).trim();

  it("is not to be had without the password, which no message shows", async () => {
    const at = server.url.replace("redis://", "");
    for (const [url, password] of [
      [server.url, "wrong"],
      [`redis://default:wr/o@ng@${at}`, undefined],
      [`redis://${at}?password=wr@ong`, undefined],
    ] as const) {
      const { message } = await redisExecutor({ url, password }).catch((error) => error);
      expect(message).toMatch(/redis: no connection|redis "redis:.*give the password as GAMMATS_REDIS_PASSWORD/);
      expect(message).not.toMatch(/wr@?.?o@?ng|se.cr.t/);
    }
    const notes: string[] = [];
    const executor = await redisExecutor({ ...options, url: server.url, silence: 100, onNote: (n) => notes.push(n) });
    const signal = AbortSignal.timeout(600);
    await expect(runJobs(executor, task(squares, { wait: 2 }), 4, { signal })).rejects.toThrow(/timeout|abort/i);
    await executor.close();
    expect(notes).toEqual([`no worker has answered yet; start some: gammats worker --redis ${server.url}`]);
  });

  it("is computed again where it is damaged, of another job or version, or no plain data", async () => {
    const notes: string[] = [];
    const worker = startWorker();
    const payload = { wait: 3 };
    const executor = await redisExecutor({ ...options, url: server.url });
    const expected = await runJobs(executor, task(squares, payload), 4);
    await executor.close();
    const key = redis("--scan", "--pattern", "gammats:result:*");
    const put = (index: number, bytes: Uint8Array) =>
      execFileSync(
        "redis-cli",
        ["-u", server.url, "--no-auth-warning", "-a", options.password, "-x", "hset", key, String(index)],
        { input: bytes },
      );
    const label = { gammats: version, is: "result", task: key.split(":")[2]!, index: 0 };
    put(0, sealed({ ...label, gammats: "9.9.9" }, { result: Float64Array.of(1, 2) }));
    put(1, sealed({ ...label, index: 3 }, { result: Float64Array.of(1, 2) }));
    put(2, Uint8Array.of(255, 15, 1, 2, 3));
    put(3, sealed({ ...label, index: 3 }, { result: /(a+)+$/ }));
    const again = await redisExecutor({ ...options, url: server.url, onNote: (note) => notes.push(note) });
    expect(await runJobs(again, task(squares, { ...payload }), 4)).toEqual(expected);
    await again.close();
    expect(notes).toEqual([
      expect.stringMatching(/^redis: a result is not the one of its job: .*; it is computed again/),
    ]);
    worker.kill("SIGTERM");
    await ended(worker);
  });

  it("is refused by name between versions, and the refusal is forgotten", async () => {
    const other = startWorker("7.7.7");
    const executor = await redisExecutor({ ...options, url: server.url });
    const error = await runJobs(executor, task(squares, { wait: 5 }), 3).catch((reason) => reason);
    expect(error).toBeInstanceOf(SpecError);
    expect(error.message).toBe(
      `redis: a worker of GammaTS 7.7.7 has refused a job of GammaTS ${version}; start workers of the same version, or give those of each version a prefix or a database of their own`,
    );
    await executor.close();
    other.kill("SIGTERM");
    await ended(other);
    const right = startWorker();
    const later = await redisExecutor({ ...options, url: server.url });
    expect(await runJobs(later, task(squares, { wait: 5 }), 3)).toHaveLength(3);
    await later.close();
    right.kill("SIGTERM");
    await ended(right);
  });

  it("that makes no sense neither stops a worker nor a caller", async () => {
    const worker = startWorker();
    const executor = await redisExecutor({ ...options, url: server.url });
    // jobs that no caller has written, and a payload that is none
    const id = "0".repeat(32);
    redis("set", `gammats:payload:${id}`, "nonsense");
    const { Queue } = await redisLibraries();
    const port = Number(new URL(server.url).port);
    const queue = new Queue("gammats-jobs", { connection: { host: "127.0.0.1", port, password: options.password } });
    const nonsense: unknown[] = [
      {},
      null,
      { task: "../..", index: 0 },
      { task: id, index: -1 },
      { task: id, index: 0, version },
    ];
    const opts = { removeOnComplete: true };
    await queue.addBulk(nonsense.map((data) => ({ name: "job", data: data as JobData, opts })));
    expect(await runJobs(executor, task(squares, { wait: 7 }), 3)).toHaveLength(3);
    await Promise.all([queue.close(), executor.close()]);
    worker.kill("SIGTERM");
    await ended(worker);
  });

  it("is said to have no room left", async () => {
    redis("config", "set", "maxmemory", "1");
    const executor = await redisExecutor({ ...options, url: server.url });
    const error = await runJobs(executor, task(squares, { wait: 6 }), 3).catch((reason) => reason);
    expect([error.name, error.code]).toEqual(["UnsupportedError", "too-large"]);
    expect(error.message).toMatch(/^redis: the server has no memory left \(OOM .*maxmemory/);
    await executor.close();
    redis("config", "set", "maxmemory", "0");
  });
});

describe.runIf(hasLibraries)("a Redis that is not there", () => {
  it("is said so", async () => {
    const url = `redis://me:secret@127.0.0.1:${await freePort()}`;
    await expect(redisExecutor({ url })).rejects.toThrow(
      /no connection to redis:\/\/\*\*\*@127.0.0.1:\d+ \(.*ECONNREFUSED/,
    );
  });
});
