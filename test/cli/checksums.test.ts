import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findHdu, readFits } from "../../src/fits/index.js";
import { type Folder, gammats, spectra, temporaryFolder } from "./run.js";

let folder: Folder;
const CHANGED = /pha_obs23523\.fits: HDU 1 \(SPECTRUM\): the data have changed since they were written/g;

beforeAll(async () => {
  folder = await temporaryFolder();
  for (const name of await readdir(spectra)) await copyFile(`${spectra}/${name}`, folder.path(name));
  const path = folder.path("pha_obs23523.fits");
  const bytes = await readFile(path);
  // one more count in channel 60: the last byte of COUNTS, the second column of 4 bytes in rows of 18
  const start = bytes.indexOf("END     ", bytes.indexOf("XTENSION= 'BINTABLE'"));
  bytes[Math.ceil(start / 2880) * 2880 + 60 * 18 + 7]! += 1;
  await writeFile(path, bytes);
  expect(findHdu(readFits(bytes), "SPECTRUM", path)).toBeDefined();
  const entry = "{name: run, type: SpectrumDatasetOnOff, filename: pha_obs23523.fits}";
  await writeFile(folder.path("d.yaml"), `datasets:\n- ${entry}\n`);
  await writeFile(
    folder.path("m.yaml"),
    "components:\n- {name: s, type: SkyModel, spectral: {type: pl, parameters: [{name: index, value: 2.5}]}}\n",
  );
});
afterAll(() => folder.remove());

it.each([
  ["info", ["pha_obs23523.fits"]],
  ["stack", ["pha_obs23523.fits", "pha_obs23526.fits"]],
  ["info", ["d.yaml"]],
  ["flux-points", ["d.yaml", "m.yaml", "--edges", "1 TeV,10 TeV"]],
])("%s says, once, which HDU of a file is not what its checksum says", async (command, args) => {
  const run = await gammats([command, ...args.map((arg) => (/\.(fits|yaml)$/.test(arg) ? folder.path(arg) : arg))]);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stderr.match(CHANGED), run.stderr).toHaveLength(1);
});

it("of files that are whole nothing is said", async () => {
  expect((await gammats(["info", folder.path("pha_obs23526.fits")])).stderr).toBe("");
});

it("validate counts it among the problems", async () => {
  const run = await gammats(["validate", folder.path("pha_obs23523.fits")]);
  expect([run.status, run.stderr]).toEqual([2, ""]);
  expect(run.stdout.match(CHANGED)).toHaveLength(1);
});
