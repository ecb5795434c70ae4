/** The worked example of CONTRIBUTING, run as it stands there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { gammats, hawc } from "../cli/run.js";
import { expectQuoted } from "./quoted.js";

const FILE = "examples/own-format.mjs";
const plugin = ["--plugin", FILE];
const folder = mkdtempSync(join(tmpdir(), "gammats-format-"));
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

// dnde = 2e-11 E^-2.5, 10 % errors
const rows = [0.5, 1, 4].map((e) => `${e} ${2e-11 * e ** -2.5} ${2e-12 * e ** -2.5}`);
const TEXT = `# e [TeV], dnde [cm-2 s-1 TeV-1], error of dnde\n${rows.join("\n")}\n`;
const DATASETS = "datasets:\n- {name: mine, type: FluxPointsDataset, filename: points.txt}\n";
const MODELS = `components:
- name: source
  type: SkyModel
  spectral: {type: pl, parameters: [{name: index, value: 2.0}, {name: amplitude, value: 1.0e-12, unit: cm-2 s-1 TeV-1}]}
`;
writeFileSync(path("points.txt"), TEXT);
writeFileSync(path("x_datasets.yaml"), DATASETS);
writeFileSync(path("x_models.yaml"), MODELS);

it("is the file that CONTRIBUTING quotes", () => {
  expectQuoted(FILE);
});

it("reads, describes, checks and draws", async () => {
  const [info] = (await gammats(["info", path("points.txt"), ...plugin, "--json"])).json();
  expect(info).toMatchObject({ kind: "columns", datasets: [{ name: "points", nBins: 3 }] });
  writeFileSync(path("bad.txt"), TEXT.replace("\n1 ", "\n0 "));
  const { status, stdout } = await gammats(["validate", path("bad.txt"), path("points.txt"), ...plugin]);
  expect([status, stdout]).toEqual([
    2,
    expect.stringMatching(/^problem: .*bad\.txt:3: found "0 2e-11 2e-12", expected three/),
  ]);
});

it("is fitted from a datasets.yaml", async () => {
  const analysis = [path("x_datasets.yaml"), path("x_models.yaml")];
  const { json } = await gammats(["fit", ...analysis, ...plugin, "--json"]);
  const value = (name: string) => json().parameters.find((p: { name: string }) => p.name === name).value;
  expect(value("index")).toBeCloseTo(2.5, 6);
  expect(value("amplitude") / 2e-11).toBeCloseTo(1, 6);
});

it("is written where it is asked for, and read again; else FITS is", async () => {
  const convert = (from: string, to: string, ...more: string[]) =>
    gammats(["convert", from, "--out", path(to), ...more, ...plugin]);
  expect((await convert(path("points.txt"), "again.txt", "--format", "columns")).stderr).toBe("");
  expect(readFileSync(path("again.txt"), "utf8")).toBe(TEXT);
  expect((await convert(path("points.txt"), "points.fits")).stderr).toBe("");
  expect((await convert(hawc, "hawc.txt", "--format", "columns")).stderr).toBe("");
  const kinds = (await gammats(["info", path("points.fits"), path("hawc.txt"), ...plugin, "--json"])).json();
  expect(kinds.map((file: { kind: string }) => file.kind)).toEqual(["flux-points", "columns"]);
});
