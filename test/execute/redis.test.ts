import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wstatProblem } from "../../scripts/coverage-problems.js";
import { toys } from "../../src/api/estimators.js";
import { hasCode, SpecError } from "../../src/errors.js";
import { runJobs } from "../../src/execute/run.js";
import type { Executor } from "../../src/execute/types.js";
import { redisExecutor } from "../../src/node/redis.js";
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
  const startWorker = (n = 1) => {
    const child = spawn(process.execPath, [fileURLToPath(script), url], { stdio: ["ignore", "pipe", "inherit"] });
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

describe.runIf(hasLibraries)("a Redis that is not there", () => {
  it("is said so", async () => {
    const url = `redis://me:secret@127.0.0.1:${await freePort()}`;
    await expect(redisExecutor({ url })).rejects.toThrow(
      /no connection to redis:\/\/\*\*\*@127.0.0.1:\d+ \(.*ECONNREFUSED/,
    );
  });
});
