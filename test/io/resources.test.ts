/** Models that name files: read, written beside the YAML, and refused where something is wrong. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npred as npredOf, npredSignal } from "../../src/api/datasets.js";
import { estimateFluxPoints } from "../../src/api/estimators.js";
import { fit } from "../../src/api/fit.js";
import { problemsOfModels, readDatasets, readModelsWithFiles, writeDatasets, writeModels } from "../../src/api/io.js";
import { createSubmodel, fluxSources, validateModels } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { createResponses } from "../../src/fold/response.js";
import { type FileAccess, memoryFiles } from "../../src/io/files.js";
import { writeMap } from "../../src/io/map-fits.js";
import { standardRegistry } from "../../src/io/registry.js";
import { readTimeSeries, writeTimeSeries } from "../../src/io/time-series.js";
import { encodeAnalysis } from "../../src/io/yaml/analysis.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import type { XYPointsDataset } from "../../src/kinds/xy-points.js";
import { skyModel } from "../../src/models/create.js";
import type { SpatialDeclaration } from "../../src/models/declaration.js";
import { declarationOf } from "../../src/models/lookup.js";
import { updateParameters } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import type { Models, SkyModel, Submodel, TimeSeries } from "../../src/models/types.js";
import { nodeFiles } from "../../src/node/files.js";
import { axisFromNodes } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import type { MapAxis, SkyMap } from "../../src/sky/types.js";
import { byGammapysRule } from "../datasets/gammapys-rule.js";
import { storedDataset } from "../datasets/stored.js";
import { gammapyData, python } from "../environment.js";
import { fluxPointsDataset } from "../fit/synthetic.js";

const cube = storedDataset<MapDataset>("cube");
const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;

function mapOf(unit: string, axes: readonly MapAxis[] = []): SkyMap {
  // no centre of a pixel of the dataset, 0.1 deg wide, lies on the edge of this map
  const geom = wcsGeom({ center, binsz: 0.13, npix: [12, 10], proj: "TAN", axes });
  const n = axes.reduce((k, axis) => k * axis.nodes.length, 120);
  return { geom, unit, data: Float64Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(i)) };
}
const trueEnergies = axisFromNodes([0.5, 3, 20], { name: "energy_true", unit: "TeV", interp: "log" });
const series: TimeSeries = {
  time: Float64Array.of(0, 0.1, 0.5),
  values: Float64Array.of(1, 0.25, 0.5),
  reference: 55554.9,
};

const template = (map: SkyMap, extra: Record<string, unknown> = {}): Submodel =>
  createSubmodel("TemplateSpatialModel", {}, { extra, resources: { map } });
const powerLaw = createSubmodel("pl", { index: 2.1, amplitude: 3e-12 });
const source = (name: string, parts: Partial<SkyModel>): SkyModel => skyModel({ name, spectral: powerLaw, ...parts });
const point = createSubmodel("point", { lon_0: 83.7, lat_0: 22 });
const curve = createSubmodel("LightCurveTemplateTemporalModel", {}, { resources: { series } });

/** One of each kind, none of them from a file. */
const models: Models = {
  components: [
    source("image", { spatial: template(mapOf("")) }),
    source("cube", { spatial: template(mapOf("", [trueEnergies])) }),
    source("diffuse", {
      spectral: createSubmodel("pl-norm", { norm: 1.1 }),
      spatial: template(mapOf("cm-2 s-1 MeV-1 sr-1", [trueEnergies]), { normalize: false }),
    }),
    source("flare", { spatial: point, temporal: curve }),
    {
      type: "TemplateNPredModel",
      name: "counts/and more",
      spectral: createSubmodel("pl-norm"),
      resources: { map: { ...cube.counts!, data: cube.counts!.data.map((_, i) => i % 3) } },
    },
  ],
};

const options = { prefix: "x", registry: standardRegistry };
const files = (entries: ReadonlyMap<string, Uint8Array>, folder: string) =>
  memoryFiles(Object.fromEntries([...entries].map(([name, bytes]) => [`${folder}/${name}`, bytes])));
async function again(entries: ReadonlyMap<string, Uint8Array>): Promise<Models> {
  const text = new TextDecoder().decode(entries.get("x_models.yaml"));
  return (await readModelsWithFiles(text, "e/x_models.yaml", files(entries, "e"))).models;
}

describe("data of models", () => {
  it("are written beside the YAML and read again", async () => {
    const entries = encodeAnalysis({ datasets: [], models }, options);
    expect([...entries.keys()]).toEqual([
      "x_datasets.yaml",
      ...["image_map.fits", "cube_map.fits", "diffuse_map.fits", "flare_series.fits", "counts_and_more_map.fits"],
      "x_models.yaml",
    ]);
    const read = await again(entries);
    expect(read.components.map((m) => m.type)).toEqual(models.components.map((m) => m.type));
    expect(npredSignal(cube, read).data).toEqual(npredSignal(cube, models).data);
    // and once more, in place and anew
    const text = new TextDecoder().decode(entries.get("x_models.yaml"));
    for (const original of [{ text: { models: text } }, {}]) {
      const next = encodeAnalysis({ datasets: [], models: read }, { ...options, ...original });
      expect([...next.keys()]).toEqual([...entries.keys()]);
      expect(new TextDecoder().decode(next.get("x_models.yaml"))).toBe(text);
    }
  });

  it("are plain: a copy for a worker predicts the same", () => {
    expect(npredSignal(cube, structuredClone(models)).data).toEqual(npredSignal(cube, models).data);
  });

  it("stay where they are found from anywhere, and never leave the folder", async () => {
    const named = (filename: string): Models => ({
      components: [
        source("a", { spatial: template(mapOf(""), { filename }) }),
        source("b", { spatial: point, temporal: { ...curve, extra: { filename } } }),
      ],
    });
    const fileOf = (text: string) => [...text.matchAll(/filename: (.*)/g)].map((match) => match[1]);
    const written = (all: Models) => {
      const entries = encodeAnalysis({ datasets: [], models: all }, options);
      const text = new TextDecoder().decode(entries.get("x_models.yaml"));
      return [fileOf(text), [...entries.keys()].filter((name) => name.endsWith("fits"))];
    };
    for (const filename of ["$GAMMAPY_DATA/x.fits", "/data/x.fits"]) {
      expect(written(named(filename))).toEqual([[filename, filename], []]);
    }
    for (const filename of ["../../x.fits", "sub/x.fits", "sub\\x.fits"]) {
      const [first] = named(filename).components;
      expect(written({ components: [first!] })).toEqual([["x.fits"], ["x.fits"]]);
    }
    const [first] = named("../..").components;
    expect(written({ components: [first!] })).toEqual([["a_map.fits"], ["a_map.fits"]]);
    // one name for two different things
    expect(() => written(named("x.fits"))).toThrow(/the models "a" and "b" both name a file x.fits/);
    const shared = template(mapOf(""), { filename: "x.fits" });
    const both = { components: [source("a", { spatial: shared }), source("b", { spatial: shared })] };
    expect(written(both)).toEqual([["x.fits", "x.fits"], ["x.fits"]]);
  });

  it("need a file where a text alone is written", () => {
    expect(() => writeModels(models)).toThrow(/TemplateSpatialModel: its map has no file; name one as extra.filename/);
  });

  it("keep their times in a file of series", () => {
    const { time, reference } = readTimeSeries(writeTimeSeries(series));
    expect([...time]).toEqual([...series.time]);
    expect(Math.abs(reference - series.reference)).toBeLessThan(1e-11);
  });
});

it("templates of one map are folded once, whatever else changes", () => {
  const responses = createResponses();
  const templates = () => responses.held().find(({ owner }) => owner === "templates of cube")?.entries;
  const map = mapOf("");
  const at = (name: string, m: SkyMap, values: Record<string, number> = {}) => ({
    components: [source(name, { spatial: createSubmodel("TemplateSpatialModel", values, { resources: { map: m } }) })],
  });
  npredSignal(cube, at("a", map), { responses });
  npredSignal(cube, updateParameters(at("b", map), { "b.index": 3 }), { responses });
  expect(templates()).toBe(1);
  npredSignal(cube, at("a", map, { lon_0: 83.7 }), { responses });
  npredSignal(cube, at("a", mapOf("")), { responses });
  expect(templates()).toBe(3);
});

describe("what is wrong with data of models is said with the place", () => {
  const yaml = (spatial: string, spectral = "{type: pl}") =>
    `components:\n- name: a\n  type: SkyModel\n  spectral: ${spectral}\n  spatial:\n    type: TemplateSpatialModel\n${spatial}`;
  const read = (text: string, map: SkyMap | Uint8Array = mapOf("")) =>
    readModelsWithFiles(
      text,
      "d/m.yaml",
      memoryFiles({ "d/map.fits": map instanceof Uint8Array ? map : writeMap(map) }),
    );

  it("all files that are missing, with what to do", async () => {
    const text = `${yaml("    filename: none.fits\n")}- name: b\n  type: SkyModel\n  spectral: {type: pl}\n  temporal: {type: LightCurveTemplateTemporalModel, filename: $X/c.fits}\n`;
    await expect(read(text)).rejects.toThrow(
      /m.yaml: 2 problems\n.*m.yaml:7 components\[0\].spatial.filename: no file "none.fits" \(looked for d\/none.fits, none.fits\).*\n.*m.yaml:11 components\[1\].temporal.filename: .* needs the environment variable X/,
    );
    expect(problemsOfModels(text).join("\n")).toContain(
      'models.yaml:7 components[0].spatial.filename: the map "none.fits" was not read',
    );
  });

  it.each([
    ["", /m.yaml:6 components\[0\].spatial: the key filename is missing; it names the file: surface brightness/],
    ["    filename: map.fits\n    normalise: true\n", /m.yaml:8 .*unknown key "normalise"; did you mean "normalize"/],
    [
      "    filename: map.fits\n    normalize: 3\n",
      /m.yaml:6 components\[0\].spatial: .*normalize is 3, expected true or false/,
    ],
    [
      "    filename: map.fits\n    frame: galactic\n",
      /m.yaml:5 .*found the frame galactic, but the data of the model are in icrs/,
    ],
  ])("%j", async (text, message) => {
    await expect(read(yaml(text))).rejects.toThrow(message);
  });

  it("maps that are none of brightness", async () => {
    const named = yaml("    filename: map.fits\n    normalize: false\n");
    await expect(read(named, mapOf("kg"))).rejects.toThrow(/TemplateSpatialModel: its map: .*kg/);
    const energy = { ...trueEnergies, name: "energy" };
    await expect(read(named, mapOf("", [energy]))).rejects.toThrow(
      /its map has the axes energy, expected none or energy_true/,
    );
    await expect(read(named, cube.exposure!)).rejects.toThrow(/cm2 s/);
    await expect(read(named, new Uint8Array(10))).rejects.toThrow(/d\/map.fits: /);
    // a map of flux needs a factor, one of shares a flux
    const flux = mapOf("cm-2 s-1 TeV-1 sr-1");
    await expect(read(named, flux)).rejects.toThrow(
      /PowerLawSpectralModel is a flux, a TemplateSpatialModel, as its map is one of flux, needs a factor/,
    );
    expect(
      (await read(yaml("    filename: map.fits\n    normalize: false\n", "{type: pl-norm}"), flux)).models.components,
    ).toHaveLength(1);
    await expect(read(yaml("    filename: map.fits\n", "{type: pl-norm}"), flux)).rejects.toThrow(
      /is a factor, a SkyModel needs a flux/,
    );
  });

  it("series that are none", async () => {
    const at = (column: Partial<TimeSeries>) => () =>
      readTimeSeries(writeTimeSeries({ ...series, ...column }), { where: "c.fits" });
    expect(at({ time: Float64Array.of(0, 2, 1) })).toThrow(
      /c.fits: HDU TIME_SERIES: row 3: TIME is 1, expected more than in the row before/,
    );
    expect(at({ values: Float64Array.of(0, Number.NaN, 1) })).toThrow(/row 2: NORM is NaN/);
    expect(() => readTimeSeries(writeMap(mapOf("")), { where: "c.fits" })).toThrow(/c.fits: no table|no column "TIME"/);
    const energyDependent = { ...curve, extra: { filename: "c.fits", format: "map" } };
    expect(validateModels([source("a", { spatial: point, temporal: energyDependent })])[0]!.message).toMatch(
      /the format "map" is not read/,
    );
  });

  it("in memory: a model without its map, or in another frame", () => {
    expect(() => createSubmodel("TemplateSpatialModel")).toThrow(
      /it needs a map \(surface brightness.*name its file as filename, or give resources.map/,
    );
    expect(() =>
      createSubmodel("TemplateSpatialModel", {}, { resources: { map: mapOf("") }, frame: "galactic" }),
    ).toThrow(/its data are in icrs/);
  });
});

it("a model of one's own gets what its declaration asks for, from the key that it names", async () => {
  const mine: SpatialDeclaration = {
    ...declarationOf("ConstantSpatialModel", "spatial", standardModels),
    type: "MineSpatialModel",
    tag: "mine",
    resources: { picture: { kind: "map", from: "picture_file", about: "a picture" } },
    extra: { factor: "a number" },
    bind: ({ extra, resources }) => ({
      ...mine,
      evaluate: () => (extra!.factor as number) * (resources!.picture as SkyMap).data[0]!,
    }),
  };
  const registry = extendRegistry(standardRegistry, { spatial: [mine] });
  const picture = mapOf("");
  const spatial = createSubmodel("mine", {}, { registry, extra: { factor: 2 }, resources: { picture } });
  const all: Models = { components: [source("a b", { spatial })] };
  const entries = encodeAnalysis({ datasets: [], models: all }, { prefix: "x", registry });
  const text = new TextDecoder().decode(entries.get("x_models.yaml"));
  expect(text).toContain("factor: 2\n");
  expect(text).toContain("picture_file: a_b_picture.fits\n");
  const read = await readModelsWithFiles(text, "e/x_models.yaml", files(entries, "e"), { registry });
  expect(npredSignal(cube, read.models, { registry }).data).toEqual(npredSignal(cube, all, { registry }).data);
  expect(npredSignal(cube, all, { registry }).data[0]).toBeGreaterThan(0);
  await expect(
    readModelsWithFiles(text.replace("a_b_picture", "none"), "m.yaml", memoryFiles(), { registry }),
  ).rejects.toThrow(/m.yaml:\d+ components\[0\].spatial.picture_file: no file "none.fits"/);
});

it("sources on a map of flux have no spectrum of their own", () => {
  expect(fluxSources(models).map(({ name }) => name)).toEqual(["image", "cube", "flare"]);
  expect(() => estimateFluxPoints([cube], models, { source: "diffuse", energyEdges: [1, 10] })).toThrow(
    /flux points: the spectrum of "diffuse" \(PowerLawNormSpectralModel\) is a factor on its map of flux/,
  );
});

it("a map of flux is for images: spectra and flux points refuse it by name", () => {
  const diffuse = { components: models.components.filter((m) => m.name === "diffuse") };
  const message = /model "diffuse" on dataset "(onoff|points|optical)": its shape is a map of flux.*datasets_names/;
  expect(() => npredSignal(storedDataset("onoff"), diffuse)).toThrow(message);
  const points = fluxPointsDataset("points", (e) => 1e-11 * e ** -2);
  expect(() => fit([points], diffuse)).toThrow(message);
  const optical: XYPointsDataset = {
    ...{ type: "XYPointsDataset", name: "optical", energy: Float64Array.of(1), energyErr: Float64Array.of(0.1) },
    ...{ dnde: Float64Array.of(1e-11), dndeErr: Float64Array.of(1e-12) },
  };
  expect(() => fit([optical], diffuse)).toThrow(message);
  expect(() => npredOf(points, diffuse)).toThrow(
    /dataset "points": the spectrum of "diffuse".*is a factor on its map of flux/,
  );
});

const inGammapy = `
import json, sys, numpy as np
from gammapy.datasets import Datasets
from gammapy.modeling.models import Models
from astropy.time import Time
datasets = Datasets.read(sys.argv[1], sys.argv[2])
out = {"npred": {}, "norms": {}}
for model in datasets.models:
    d = datasets[0].copy(name=datasets[0].name)
    temporal = getattr(model, "temporal_model", None)
    if temporal is not None:
        out["norms"][model.name] = [float(x) for x in temporal(Time([55554.95, 55555.2], format="mjd", scale="utc")).value]
        model.temporal_model = None
    d.models = Models([model])
    out["npred"][model.name] = [float(x) for x in d.npred_signal().data.sum(axis=(1, 2))]
print(json.dumps(out))
`;

describe.runIf(python !== null)("Gammapy", () => {
  let folder: string;
  const disk: FileAccess = nodeFiles();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gammats-resources-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function compare(dataset: MapDataset, all: Models, noise: number) {
    await writeDatasets({ datasets: [dataset], models: all }, disk, { folder, prefix: "x", overwrite: true });
    const paths = ["datasets", "models"].map((name) => join(folder, `x_${name}.yaml`));
    const theirs = JSON.parse(execFileSync(python!, ["-W", "ignore", "-c", inGammapy, ...paths], { encoding: "utf8" }));
    for (const model of all.components) {
      const alone: Models = { components: [{ ...model, temporal: undefined } as never] };
      const ours = npredSignal(dataset, alone, byGammapysRule()).data;
      const n = ours.length / theirs.npred[model.name].length;
      theirs.npred[model.name].forEach((expected: number, r: number) => {
        const sum = ours.subarray(r * n, (r + 1) * n).reduce((s, x) => s + x, 0);
        expect(Math.abs(sum - expected), `${model.name}, bin ${r}: ${sum}, expected ${expected}`).toBeLessThan(
          5e-7 * expected + noise,
        );
      });
    }
    return { theirs, read: await readDatasets(paths[0]!, disk, { modelsPath: paths[1]! }) };
  }

  it("opens what we write, and predicts the same counts from it", async () => {
    const { theirs, read } = await compare(cube, models, 1e-5);
    // 0.05 d and 0.3 d after the reference, between 1 and 0.25, 0.25 and 0.5
    expect(theirs.norms.flare[0]).toBeCloseTo(0.625, 9);
    expect(theirs.norms.flare[1]).toBeCloseTo(0.375, 9);
    expect(npredSignal(cube, read.models!).data).toEqual(npredSignal(cube, models).data);
  });

  it.runIf(gammapyData !== null)("predicts the same diffuse emission in the Fermi-LAT map of the Crab", async () => {
    const path = (name: string) => `${gammapyData}/fermi-3fhl-crab/Fermi-LAT-3FHL${name}`;
    const { datasets } = await readDatasets(path("_datasets.yaml"), disk);
    const yaml = `components:
- name: diffuse
  type: SkyModel
  spectral: {type: PowerLawNormSpectralModel, parameters: [{name: norm, value: 1.1}]}
  spatial: {type: TemplateSpatialModel, frame: galactic, filename: ${path("_iem.fits")}, normalize: false}
`;
    const diffuse = (await readModelsWithFiles(yaml, "m.yaml", disk)).models;
    const sum = npredSignal(datasets[0] as MapDataset, diffuse).data.reduce((s, x) => s + x, 0);
    expect(sum).toBeGreaterThan(100);
    // logarithms of the map are float32 there: 1e-7 of ln(1e-16)
    await compare(datasets[0] as MapDataset, diffuse, 1e-5 * sum);
  });
});
