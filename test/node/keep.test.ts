import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runJobs } from "../../src/execute/run.js";
import { serialExecutor } from "../../src/execute/serial.js";
import type { TaskKind } from "../../src/execute/types.js";
import { keepingExecutor } from "../../src/node/keep.js";
import { sealed } from "../../src/node/sealed.js";
import { task } from "../execute/tasks.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-keep-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let run: number[] = [];
let notes: string[] = [];
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
  notes = [];
  const executor = keepingExecutor(serialExecutor(), { folder, version, onNote: (note) => notes.push(note) });
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

it("names a folder in the place of a result once, and does not take it for one", async () => {
  await jobs(7, 1);
  const [kept] = await readdir(folder);
  const path = join(folder, kept!, "0.result");
  await rm(path);
  await mkdir(path);
  await expect(jobs(7, 1)).rejects.toThrow(/this is a folder/);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toContain("this is a folder");
  expect(notes[0]!.split(path)).toHaveLength(2);
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

/** The files of the one task there is, by job. */
async function kept() {
  const [name] = await readdir(folder);
  return (index: number) => join(folder, name!, `${index}.result`);
}

it("computes again what is damaged anywhere, and says it once", async () => {
  const { results } = await jobs(7, 2);
  const path = (await kept())(1);
  const whole = await readFile(path);
  // each byte in turn: label, line end and data
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 1 << (at % 8);
    await writeFile(path, flipped);
    expect([at, (await jobs(7, 2)).run]).toEqual([at, [1]]);
    expect(notes).toEqual([
      expect.stringMatching(/1\.result: this is not the result that belongs here: .*it is computed again/),
    ]);
  }
  for (const end of [0, 1, 100, whole.length - 1]) {
    await writeFile(path, whole.subarray(0, end));
    expect((await jobs(7, 2)).run).toEqual([1]);
  }
  expect((await jobs(7, 2)).results).toEqual(results);
  expect(notes).toEqual([]);
});

it("says once that many are of other jobs, tasks and versions, whole as they are", async () => {
  const { results } = await jobs(7, 6);
  const path = await kept();
  const label = JSON.parse((await readFile(path(0), "utf8")).split("\n")[0]!);
  const value = { values: Float64Array.of(0, 0, 0) };
  await cp(path(1), path(0));
  await writeFile(path(1), sealed({ ...label, index: 1, gammats: "0" }, value));
  await writeFile(path(2), sealed({ ...label, index: 2, task: "0".repeat(32) }, value));
  await writeFile(path(3), sealed({ ...label, index: 3, kind: "thirds" }, value));
  // whole and of this job, but no plain data
  await writeFile(path(4), sealed({ ...label, index: 4 }, { values: new Error("what is this") }));
  await rm(path(5));
  await mkdir(path(5));
  const again = jobs(7, 5);
  expect((await again).results).toEqual(results.slice(0, 5));
  expect((await again).run).toEqual([0, 1, 2, 3, 4]);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/0\.result: .* it is of index 1, expected 0/);
});
