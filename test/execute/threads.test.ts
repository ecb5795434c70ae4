import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FormatError, hasCode, SpecError } from "../../src/errors.js";
import { runJobs } from "../../src/execute/run.js";
import { serialExecutor } from "../../src/execute/serial.js";
import type { Executor } from "../../src/execute/types.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { buildScript } from "./build.js";
import { lookAt, meet, squares, task } from "./tasks.js";

const executors: Record<string, Executor> = {};
const names = ["serial", "threads"] as const;

beforeAll(async () => {
  executors.serial = serialExecutor();
  executors.threads = threadsExecutor({ workers: 2, script: await buildScript("worker.ts") });
});
afterAll(async () => {
  for (const executor of Object.values(executors)) await executor.close();
});

describe.each(names)("jobs run by %s", (name) => {
  it("come back in order, with progress, and leave out what is known", async () => {
    const seen: number[] = [];
    const kept = new Map<number, Float64Array>();
    const known = new Map([[3, Float64Array.of(3, -1)]]);
    const results = await runJobs(executors[name]!, task(squares, {}), 40, {
      known,
      onResult: (index, result) => kept.set(index, result),
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(results.map((r) => r[1])).toEqual(Array.from({ length: 40 }, (_, i) => (i === 3 ? -1 : i * i)));
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => (i + 1) / 40));
    expect(kept.size).toBe(39);
    // the kept results are all that a second run needs
    const again = await runJobs(executors[name]!, task(squares, { fail: 5 }), 40, {
      known: new Map([...kept, ...known]),
    });
    expect(again).toEqual(results);
  });

  it("reject with the error of a job, its class and fields kept, and then run others", async () => {
    const error = await runJobs(executors[name]!, task(squares, { fail: 7 }), 20).catch((reason) => reason);
    expect(error).toBeInstanceOf(SpecError);
    expect(error).toMatchObject({ message: "job 7 cannot be done", code: "several", where: "squares" });
    expect(error.problems[0]).toBeInstanceOf(FormatError);
    expect(error.problems[0].message).toBe("a.yaml:2: found no b.fits, expected it");
    expect(hasCode(error, "missing-file")).toBe(true);
    expect(await runJobs(executors[name]!, task(squares, {}), 2)).toHaveLength(2);
  });

  it("stop when they are told to", async () => {
    const controller = new AbortController();
    let done = 0;
    const run = runJobs(executors[name]!, task(squares, { wait: 10 }), 500, {
      signal: controller.signal,
      onProgress(n) {
        done = n;
        if (n === 10) controller.abort(new Error("enough"));
      },
    });
    await expect(run).rejects.toThrow("enough");
    expect(done).toBeLessThan(15);
    await expect(runJobs(executors[name]!, task(squares, {}), 2, { signal: controller.signal })).rejects.toThrow(
      "enough",
    );
  });
});

describe("threads", () => {
  it("replace one that died and run its job again", async () => {
    const marker = join(tmpdir(), `gammats-crash-${process.pid}-${performance.now()}`);
    const results = await runJobs(executors.threads!, task(squares, { crash: 5, marker }), 30);
    expect(existsSync(marker)).toBe(true);
    expect(results.map((r) => r[1])).toEqual(Array.from({ length: 30 }, (_, i) => i * i));
  });

  it("give up a job that kills every worker, and say which", async () => {
    await expect(runJobs(executors.threads!, task(squares, { crash: 5 }), 30)).rejects.toThrow(
      /worker of job 5 ended 3 times/,
    );
    expect(await runJobs(executors.threads!, task(squares, {}), 3)).toHaveLength(3);
  });

  it("interrupt a job that never ends", async () => {
    const signal = AbortSignal.timeout(300);
    await expect(runJobs(executors.threads!, task(squares, { forever: 2 }), 8, { signal })).rejects.toThrow();
    expect(await runJobs(executors.threads!, task(squares, {}), 8)).toHaveLength(8);
  });

  it("run several tasks at once", async () => {
    const runs = await Promise.all([1, 2, 3, 4, 5, 6].map(() => runJobs(executors.threads!, task(squares, {}), 12)));
    for (const run of runs) expect(run.map((r) => r[0])).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it("see large arrays of a payload in one memory, and what it is after a change", async () => {
    const buffer = new Float64Array(20000).map((_, i) => i);
    const payload = { views: [buffer, buffer.subarray(5, 15000), buffer.subarray(0, 10)] };
    const sum = (n: number) => (n * (n - 1)) / 2;
    const seen = await runJobs(executors.threads!, task(lookAt, payload), 3);
    expect(seen.map((r) => [...r])).toEqual([
      [1, 20000, sum(20000)],
      [1, 14995, sum(15000) - 10],
      [0, 10, 45],
    ]);
    buffer[1] = 2;
    // another payload is another task, however much of the data is the same
    const [again] = await runJobs(executors.threads!, task(lookAt, { views: [buffer] }), 1);
    expect([...again!]).toEqual([1, 20000, sum(20000) + 1]);
  });

  it("find the datasets of an earlier run as they were left, unless they were changed or others came between", async () => {
    const executor = threadsExecutor({ workers: 1, script: await buildScript("worker.ts") });
    const run = async (...parts: { value: Float64Array }[]) => [
      ...(await runJobs(executor, task(meet, { parts }), 1))[0]!,
    ];
    const [a, b] = [{ value: Float64Array.of(1, 5) }, { value: Float64Array.of(2, 6) }];
    expect(await run(a, b)).toEqual([0, 1, 0, 2]);
    expect(await run(b, a)).toEqual([1, 2, 1, 1]);
    a.value[0] = 3;
    expect(await run(a, b)).toEqual([0, 3, 1, 2]);
    // a thread keeps what its last four tasks need
    for (let k = 0; k < 4; k++) await run(a);
    expect(await run(a, b)).toEqual([1, 3, 0, 2]);
    await executor.close();
  });

  it("say what is wrong with a payload that cannot be sent", async () => {
    const payload = { marker: (() => "") as unknown as string };
    await expect(runJobs(executors.threads!, task(squares, payload), 2)).rejects.toThrow(/could not be cloned/);
  });
});
