/** gammats models: what is shown of each model can be used. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModels } from "../../src/api/io.js";
import { parseModel } from "../../src/api/model-texts.js";
import { validateModels } from "../../src/api/models.js";
import { bindExample } from "../../src/cli/model-binding.js";
import { modelPicture } from "../../src/cli/model-picture.js";
import { modelOption, modelSnippet } from "../../src/cli/model-snippet.js";
import { readMap } from "../../src/io/map-fits.js";
import { standardModels } from "../../src/models/registry.js";
import type { SkyModel } from "../../src/models/types.js";
import { wcsGeom } from "../../src/sky/index.js";
import { tableOf } from "../io/table-model-files.js";
import { gammats, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const oracle = JSON.parse(readFileSync(new URL("../oracle/spectra.json", import.meta.url), "utf8"));
const geom = wcsGeom({ npix: [3, 3], binsz: 0.5 });
const width = {
  name: "width",
  unit: "deg",
  interp: "lin",
  nodeType: "center",
  nodes: Float64Array.of(0.1, 0.2),
} as const;
/** Files that the examples name, by the model that works on them. */
const filesOf = (type: string) => ({
  map: {
    "template.fits":
      type === "TemplateSpatialModel"
        ? { geom, unit: "sr-1", data: new Float64Array(9).fill(1) }
        : type === "TemplateNDSpatialModel"
          ? { geom: { ...geom, axes: [width] }, unit: "sr-1", data: new Float64Array(18).fill(1) }
          : readMap(new Uint8Array(Buffer.from(oracle.template.fits, "base64")), { where: "template.fits" }),
  },
  "spectral-table": {
    "$GAMMAPY_DATA/ebl/ebl_dominguez11.fits.gz": {
      energy: Float64Array.of(0.1, 1),
      param: Float64Array.of(0, 1),
      values: Float64Array.of(1, 1, 0.9, 0.1),
    },
  },
  "table-model": { "table.fits": tableOf(type === "TableSpectralModel", [1e-9, 2e-9, 4e-9]) },
  "time-series": {
    "light-curve.fits": { time: Float64Array.of(0, 1), values: Float64Array.of(1, 2), reference: 55555 },
  },
  "phase-curve": { "phase-curve.fits": { phase: Float64Array.of(0, 0.5, 1), values: Float64Array.of(1, 2, 1) } },
});

const all = (["spectral", "spatial", "temporal", "priors"] as const).flatMap((key) =>
  standardModels[key].map(
    (declaration) =>
      [declaration.type, key, bindExample(key === "priors" ? "prior" : key, declaration, standardModels)] as const,
  ),
);

describe.each(all)("%s (%s)", (type, key, model) => {
  it("has a YAML that can be read and used, with all of its parameters", () => {
    const { models } = readModels(modelSnippet(model), { resources: filesOf(type) });
    expect(validateModels(models)).toEqual([]);
    const source = models.components[0] as SkyModel;
    if (key === "priors") {
      expect(source.spectral.parameters[0]!.prior?.type).toBe(type);
      return;
    }
    const found = source[key]!;
    expect([found.type, ...Object.values(found.parts ?? {}).map((part) => part.type)]).toContain(type);
    const names = found.parameters.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(
        Object.keys(model.parameters).map((name) => (model.isNorm && names.includes(`${name}_2`) ? `${name}_2` : name)),
      ),
    );
  });

  it("has an option that can be read", () => {
    const option = modelOption(model);
    const [, name, text] = /^--(model|shape) "(.*)"$/.exec(option ?? "") ?? [];
    if (option === undefined) return;
    const resources = Object.assign({}, ...Object.values(filesOf(type)));
    const read = name === "model" ? parseModel(text!, { resources }) : parseModel("pl", { shape: text!, resources });
    const source = read.components[0] as SkyModel;
    const { spectral, spatial } = source;
    expect([spectral.type, spatial?.type, ...Object.values(spectral.parts ?? {}).map((part) => part.type)]).toContain(
      type,
    );
  });

  it("has a picture, where it has a shape of its own", () => {
    const none = model.bound === undefined || ("point" in model.declaration && model.declaration.point === true);
    if (none) expect(() => modelPicture(model, {})).toThrow(type);
    else expect(modelPicture(model, {})).toMatch(/^<svg[\s\S]*<path[\s\S]*<\/svg>\s*$/);
  });
});

it("shows formula, parameters, option and YAML of one, and draws it", async () => {
  const svg = folder.path("lp.svg");
  const { status, stdout } = await gammats(["models", "lp", "--plot", svg]);
  expect(status).toBe(0);
  expect(stdout).toContain("\\phi_0");
  expect(stdout).toContain('--model "lp"');
  expect(stdout).toContain("- {name: alpha, value: 2.0}  # ");
  expect(await readFile(svg, "utf8")).toMatch(/^<svg/);
  const { yaml } = (await gammats(["models", "ic", "--json"])).json();
  expect(() => readModels(yaml)).not.toThrow();
  expect((await gammats(["models", "--plot", svg])).status).toBe(2);
});

it("shows spectra with names", async () => {
  const { stdout } = await gammats(["models", "crab-hegra"]);
  expect(stdout).toContain("pl(amplitude=2.83e-11, index=2.62)");
  expect(stdout).toContain("value: 2.62");
  expect((await gammats(["models", "crab-hegraa"])).stderr).toContain('did you mean "crab-hegra"');
});
