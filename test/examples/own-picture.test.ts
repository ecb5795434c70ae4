/** The worked example of CONTRIBUTING, run as it stands there: residuals of counts by energy. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { writeDatasets } from "../../src/api/io.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { nodeFiles } from "../../src/node/files.js";
import { axisFromBounds } from "../../src/sky/axis.js";
import type { SkyMap } from "../../src/sky/types.js";
import { temporaryFolder } from "../cli/run.js";
import { expectQuoted } from "./quoted.js";

const FILE = "examples/own-picture.mjs";
const oracle = JSON.parse(readFileSync("test/oracle/extensions.json", "utf8")).picture as Readonly<
  Record<"counts" | "background" | "sigma", number[]>
>;

const map = (data: readonly number[]): SkyMap => {
  const axes = [axisFromBounds(1, 10, data.length, { name: "energy", unit: "TeV", interp: "log" })];
  return { geom: { kind: "region", regions: [], wcs: null, axes }, unit: "", data: Float64Array.from(data) };
};

it("is the file that CONTRIBUTING quotes", () => {
  expectQuoted(FILE);
});

it("draws the residuals that scipy has", async () => {
  const folder = await temporaryFolder();
  const dataset: MapDataset = {
    type: "SpectrumDataset",
    name: "run",
    counts: map(oracle.counts),
    background: map(oracle.background),
  };
  const background = fovBackground("run", createSubmodel("pl-norm", { norm: 1, tilt: { value: 0, frozen: true } }));
  const given = { datasets: [dataset], models: { components: [background] } };
  await writeDatasets(given, nodeFiles(), { folder: folder.path("in"), prefix: "x" });
  const paths = ["in/x_datasets.yaml", "in/x_models.yaml", "r.svg", "r.png"].map((name) => folder.path(name));
  const { stdout } = await promisify(execFile)(process.execPath, [FILE, ...paths]);
  const printed = [...stdout.matchAll(/^run \S+ TeV: (\S+) sigma$/gm)].map((match) => Number(match[1]));
  expect(printed).toEqual(oracle.sigma.map((x) => Number(x.toFixed(3))));
  const svg = readFileSync(folder.path("r.svg"), "utf8");
  expect(svg).toMatch(/^<svg[\s\S]*Residuals of the fit/);
  // the signature of PNG
  expect([...readFileSync(folder.path("r.png")).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  await folder.remove();
});
