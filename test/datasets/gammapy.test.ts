import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { disk, runPython } from "../io/disk.js";
import { checkCase, checkInfo, checkSlice, checkStack, type Expected, type Files, modelsOf, open } from "./oracle.js";
import { stored, storedBytes } from "./stored.js";

const oracle = (name: string) => fileURLToPath(new URL(`../oracle/${name}`, import.meta.url));

function suite(expected: Expected, files: Files): void {
  it.each(expected.cases.map((c) => [c.name, c] as const))("%s", async (_, c) => {
    checkCase(await open(files, c.dataset), c);
  });
  it.each(expected.slices.map((s) => [s.dataset, s] as const))("slice %s", async (name, s) => {
    checkSlice(await open(files, name), modelsOf(expected.info[name]!.models), s);
  });
  it.each(Object.entries(expected.info))("summary of %s", async (name, info) => {
    checkInfo(await open(files, name), info);
  });
  it.each(Object.entries(expected.stacks))("stack %s", async (kind, values) => {
    checkStack([await open(files, `stack-${kind}-one`, "one"), await open(files, `stack-${kind}-two`, "two")], values);
  });
}

describe("stored datasets of Gammapy 2.1", () => {
  suite(stored, async (stem) => storedBytes(stem));
});

describe.runIf(process.env.GAMMATS_PYTHON)("datasets that Gammapy writes now", () => {
  if (!process.env.GAMMATS_PYTHON) return;
  const folder = mkdtempSync(join(tmpdir(), "gammats-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  runPython(oracle("datasets.py"), folder, "20");
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
  it("are many", () => {
    expect(expected.cases.length).toBeGreaterThan(40);
  });
  suite(expected, (stem) => disk.read(join(folder, `${stem}.fits`)));
});
