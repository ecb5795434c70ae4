/** A kind of dataset and a file format of a user's work wherever files are read and written. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { fit } from "../../../src/api/fit.js";
import { readDatasets, writeDatasets } from "../../../src/api/io.js";
import { memoryFiles } from "../../../src/io/files.js";
import { standardRegistry } from "../../../src/io/registry.js";
import { extendRegistry } from "../../../src/kinds/additions.js";
import { createEngine } from "../../../web/src/engine.js";
import { gammats } from "../../cli/run.js";
import additions from "./own.mjs";

const registry = extendRegistry(standardRegistry, additions);
const plugin = ["--plugin", fileURLToPath(new URL("./own.mjs", import.meta.url))];

// dnde = 3e-12 E^-2.5 at four energies, to the last digit that is written
const energies = [0.5, 1, 2, 8];
const rows = energies.map((e) => `${e} ${3e-12 * e ** -2.5} ${1e-13 * e ** -2.5}\n`).join("");
const TEXT = `# photometry: energy [TeV], dnde [cm-2 s-1 TeV-1], error\n${rows}`;
const DATASETS = "datasets:\n- name: optical\n  type: PhotometryDataset\n  filename: optical.txt\n";
const MODELS = `components:
- name: source
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index, value: 2.0}
    - {name: amplitude, value: 1.0e-12, unit: cm-2 s-1 TeV-1}
    - {name: reference, value: 1.0, unit: TeV, frozen: true}
`;

const encode = (text: string) => new TextEncoder().encode(text);
const given = () => ({
  "optical.txt": encode(TEXT),
  "x_datasets.yaml": encode(DATASETS),
  "x_models.yaml": encode(MODELS),
});

const folder = mkdtempSync(join(tmpdir(), "gammats-own-"));
const path = (name: string) => join(folder, name);
for (const [name, bytes] of Object.entries(given())) writeFileSync(path(name), bytes);
afterAll(() => rmSync(folder, { recursive: true }));

/** What a fit has to find again: it is what the numbers were made from. */
function expectTruth(parameters: readonly { readonly name: string; readonly value: number | null }[]): void {
  const value = (name: string) => parameters.find((p) => p.name === name)!.value;
  expect(value("index")).toBeCloseTo(2.5, 6);
  expect(value("amplitude")! / 3e-12).toBeCloseTo(1, 6);
}

it("datasets.yaml, by functions: read, fitted, written and read again", async () => {
  const files = memoryFiles(given());
  const { datasets, models } = await readDatasets("x_datasets.yaml", files, { modelsPath: "x_models.yaml", registry });
  expect(datasets).toMatchObject([{ type: "PhotometryDataset", name: "optical", energy: Float64Array.from(energies) }]);
  expectTruth(fit(datasets, models!, { registry }).parameters);
  const written = await writeDatasets({ datasets }, files, { folder: "out", prefix: "y", registry });
  expect(written).toEqual(["out/optical.txt", "out/y_datasets.yaml"]);
  expect(new TextDecoder().decode(files.entries.get("out/optical.txt"))).toBe(TEXT);
  expect((await readDatasets("out/y_datasets.yaml", files, { registry })).datasets).toEqual(datasets);
  await expect(readDatasets("x_datasets.yaml", files)).rejects.toThrow(
    /x_datasets\.yaml:3 datasets\[0\]: unknown dataset type "PhotometryDataset"/,
  );
});

it("gammats info and validate, of the file and of what names it", async () => {
  const { json } = await gammats(["info", path("optical.txt"), path("x_datasets.yaml"), ...plugin, "--json"]);
  expect(json()).toMatchObject([
    { kind: "photometry", about: "photometry (text)", datasets: [{ name: "optical", nBins: 4 }] },
    { kind: "datasets-yaml", datasets: [{ type: "PhotometryDataset", nBins: 4 }], problems: [] },
  ]);
  expect((await gammats(["info", path("optical.txt"), ...plugin])).stdout).toContain("Number of energies");
  const all = ["optical.txt", "x_datasets.yaml", "x_models.yaml"].map(path);
  expect((await gammats(["validate", ...all, ...plugin])).stdout).toBe("3 files, no problems\n");
  writeFileSync(path("bad.txt"), TEXT.replace("\n1 ", "\n-1 "));
  const { status, stdout } = await gammats(["validate", path("bad.txt"), ...plugin]);
  expect([status, stdout]).toEqual([2, expect.stringMatching(/bad\.txt:3: found "-1 .*", expected three numbers/)]);
  // without it: what the file looks like
  const other = await gammats(["validate", path("optical.txt")]);
  expect(other.stdout).toMatch(/optical\.txt: found a text that begins with "# photometry: energy/);
});

it("gammats fit, convert and simulate", async () => {
  const analysis = [path("x_datasets.yaml"), path("x_models.yaml")];
  const fitted = await gammats(["fit", ...analysis, "--out", path("fitted"), ...plugin, "--json"]);
  expectTruth(fitted.json().parameters);
  expect(readFileSync(path("fitted/optical.txt"), "utf8")).toBe(TEXT);
  const converted = await gammats(["convert", ...analysis, "--out", path("new/z_datasets.yaml"), ...plugin, "--json"]);
  expect(converted.json().files).toEqual(
    ["optical.txt", "z_datasets.yaml", "z_models.yaml"].map((n) => path(`new/${n}`)),
  );
  const again = ["convert", path("optical.txt"), "--out", path("again.txt"), "--format", "photometry", ...plugin];
  expect((await gammats(again)).stderr).toBe("");
  expect(readFileSync(path("again.txt"), "utf8")).toBe(TEXT);
  const wrong = await gammats(["convert", path("optical.txt"), "--out", path("w.fits"), "--format", "ogip", ...plugin]);
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringMatching(/format ogip hold no PhotometryDataset/)]);
  const drawn = await gammats(["simulate", ...analysis, "--seed", "1", "--out", path("drawn"), ...plugin]);
  expect(drawn.stderr).toBe("");
  expect(readFileSync(path("drawn/optical.txt"), "utf8")).toMatch(/^# photometry/);
});

it("the page, named by a datasets.yaml and alone", async () => {
  const files = Object.entries(given());
  const engine = createEngine(() => {}, registry);
  await engine.open(files);
  expectTruth((await engine.fit("newton")).parameters.map(({ id, value }) => ({ name: id.split(".")[1]!, value })));
  const alone = await createEngine(() => {}, registry).open(files.slice(0, 1));
  expect(alone.datasets).toMatchObject([{ name: "optical", type: "PhotometryDataset", bins: 4 }]);
});

it("is refused where it is no declaration", () => {
  const extend = (formats: unknown) => () => extendRegistry(standardRegistry, { formats } as never, "plugin x.mjs");
  expect(extend([{ name: "x" }])).toThrow(/plugin x\.mjs\.formats\[0\]: the file format "x" has no function sniff/);
  expect(extend([{ sniff: () => 3 }])).toThrow(/plugin x\.mjs\.formats\[0\]: expected a file format with a name/);
  expect(extend({})).toThrow(/plugin x\.mjs\.formats: found object, expected a list/);
});
