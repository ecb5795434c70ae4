/** Every file that a command needs is read once. */
import type * as fs from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { fermi, gammats, hawc, spectra, temporaryFolder } from "./run.js";

const reads: string[] = [];
vi.mock("node:fs/promises", async (original) => {
  const actual = await original<typeof fs>();
  const open = ((path: string, flags: string | number, ...more: []) => {
    // what is written has names of flags
    if (typeof flags === "number") reads.push(path);
    return actual.open(path, flags, ...more);
  }) as typeof fs.open;
  return { ...actual, open };
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  const runs = [23523, 23526].map((run) => `${spectra}/pha_obs${run}.fits`);
  // a spectrum as OGIP files, and a datasets.yaml that names it
  await gammats(["stack", ...runs, "--name", "HESS", "--out", folder.path("pha.fits"), "--format", "ogip"]);
  const { writeFile } = await import("node:fs/promises");
  const entry = "- name: HESS\n  type: SpectrumDatasetOnOff\n  filename: pha.fits\n";
  await writeFile(folder.path("d.yaml"), `datasets:\n${entry}`);
});
afterAll(() => folder.remove());
beforeEach(() => {
  reads.length = 0;
});

const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];
const pha = `${spectra}/pha_obs23523.fits`;

it.each([
  ["info, a spectrum", ["info", pha], 4],
  ["info, datasets", ["info", analysis[0]!], 2],
  ["info, a datasets.yaml that names a spectrum", ["info", "d.yaml"], 5],
  ["validate", ["validate", ...analysis, hawc], 4],
  ["stack", ["stack", pha, "--out", "stacked.fits"], 4],
  ["convert, a spectrum", ["convert", pha, "--out", "run.fits"], 4],
  ["convert, an analysis", ["convert", ...analysis, "--out", "new/x_datasets.yaml"], 3],
  ["plot", ["plot", ...analysis, "--out", "pictures"], 3],
  ["plot, flux points", ["plot", analysis[1]!, hawc, "--out", "sed.svg"], 2],
  ["fit", ["fit", ...analysis], 3],
])("%s", async (_, argv, count) => {
  const own = /^(d\.yaml|stacked\.fits|run\.fits|new\/.*|pictures|sed\.svg)$/;
  const { status, stderr } = await gammats(argv.map((arg) => (own.test(arg) ? folder.path(arg) : arg)));
  expect([status, stderr]).toEqual([0, ""]);
  expect(new Set(reads).size).toBe(count);
  expect(reads.length, reads.join("\n")).toBe(count);
});
