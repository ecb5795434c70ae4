import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runJobs } from "../../src/execute/run.js";
import { serialExecutor } from "../../src/execute/serial.js";
import type { TaskKind } from "../../src/execute/types.js";
import { keepingExecutor } from "../../src/node/keep.js";
import { task } from "../execute/tasks.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-keep-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let run: number[] = [];
const halves: TaskKind<{ from: number; stop?: number }, { values: Float64Array }, undefined> = {
  name: "halves",
  prepare:
    ({ from, stop }) =>
    (index) => {
      if (index === stop) throw new Error("stopped");
      run.push(index);
      return { values: Float64Array.of(from, index / 2, Number.NaN) };
    },
};

/** The jobs that are run, and their results, by a new executor as a new process would have it. */
async function jobs(from: number, n: number, version = "1") {
  run = [];
  const executor = keepingExecutor(serialExecutor(), { folder, version });
  return { results: await runJobs(executor, task(halves, { from }), n), run };
}

it("runs what is not kept, and gives the same", async () => {
  const first = await jobs(7, 4);
  expect(first.run).toEqual([0, 1, 2, 3]);
  const more = await jobs(7, 6);
  expect(more.run).toEqual([4, 5]);
  expect(more.results.slice(0, 4)).toEqual(first.results);
  expect(await jobs(7, 6)).toEqual({ results: more.results, run: [] });
});

it("keeps what was done before an error", async () => {
  run = [];
  const executor = keepingExecutor(serialExecutor(), { folder, version: "1" });
  await expect(runJobs(executor, task(halves, { from: 1, stop: 2 }), 4)).rejects.toThrow("stopped");
  const [kept] = await readdir(folder);
  expect((await readdir(join(folder, kept!))).sort()).toEqual(["0.result", "1.result"]);
});

it("takes up nothing of another payload or version, and no damaged result", async () => {
  await jobs(7, 3);
  expect((await jobs(8, 3)).run).toEqual([0, 1, 2]);
  expect((await jobs(7, 3, "2")).run).toEqual([0, 1, 2]);
  for (const task of await readdir(folder)) await writeFile(join(folder, task, "1.result"), "damaged");
  const again = await jobs(7, 3);
  expect(again.run).toEqual([1]);
  expect(again.results[1]).toEqual({ values: Float64Array.of(7, 0.5, Number.NaN) });
});
