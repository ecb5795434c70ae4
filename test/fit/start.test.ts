/** Start values for what a text of a model leaves open. */
import { describe, expect, it } from "vitest";
import { asimov } from "../../src/api/datasets.js";
import { fit } from "../../src/api/fit.js";
import { modelsForData, parseModel } from "../../src/api/model-texts.js";
import type { Dataset, MapDataset } from "../../src/datasets/types.js";
import type { SkyModel } from "../../src/models/types.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { parseRegions } from "../../src/sky/region-text.js";
import type { RegionGeom } from "../../src/sky/types.js";
import { fluxPointsDataset, onOffDataset, spectrumDataset } from "./synthetic.js";

function start(datasets: readonly Dataset[], text: string, options: Parameters<typeof modelsForData>[2] = {}) {
  const notes: string[] = [];
  const models = modelsForData(datasets, text, { ...options, onNote: (note) => notes.push(note) });
  const { spectral, spatial } = models.components[0] as SkyModel;
  const value = (name: string) =>
    [...spectral.parameters, ...(spatial?.parameters ?? [])].find((p) => p.name === name)!;
  return { models, notes, value: (name: string) => value(name).value, parameter: value };
}

const made = (dataset: MapDataset, amplitude: number, index = 2) =>
  asimov(dataset, parseModel(`pl(index=${index}, amplitude=${amplitude})`));

describe("norms that nobody gave", () => {
  // an exposure that makes the counts the same
  it.each([1e-25, 1e-12, 3e-5, 1e6])("match counts of an amplitude of %d", (amplitude) => {
    const dataset = made(spectrumDataset("a", { exposure: 3e13 / (amplitude / 1e-12) }), amplitude);
    // two digits
    expect(start([dataset], "pl").value("amplitude") / amplitude).toBeCloseTo(1, 1);
    expect(start([dataset], "pl + ecpl(amplitude=0)").value("amplitude") / amplitude).toBeCloseTo(1, 1);
    const { value } = start([dataset], "pl + pl");
    expect((value("amplitude") + value("amplitude_2")) / amplitude).toBeCloseTo(1, 1);
  });

  it("match ON/OFF counts and flux points", () => {
    const empty = onOffDataset("b");
    // ON counts: the share of the background, and a source
    const off = empty.countsOff!.data.map((n) => n / 5);
    const signal = made(spectrumDataset("a", { background: 0 }), 4e-12).counts!.data;
    const dataset = { ...empty, counts: { ...empty.counts!, data: off.map((b, i) => Math.round(b + signal[i]!)) } };
    expect(start([dataset], "pl").value("amplitude") / 4e-12).toBeCloseTo(1, 0);
    expect(start([fluxPointsDataset("c", (e) => 7e-9 * e ** -2)], "pl").value("amplitude")).toBe(7e-9);
  });

  it("are the size of an error where the data show no source, and above zero", () => {
    const empty = spectrumDataset("a");
    const counts = { ...empty.counts!, data: empty.background!.data.map((b) => Math.round(0.9 * b)) };
    const dataset: MapDataset = { ...empty, counts };
    const { models, value } = start([dataset], "pl");
    const { parameters } = fit([dataset], models);
    const amplitude = parameters.find((p) => p.name === "amplitude")!;
    expect(value("amplitude")).toBeGreaterThan(0);
    expect(value("amplitude")).toBeLessThan(10 * amplitude.error);
  });

  it("are not touched where they are given", () => {
    const dataset = made(spectrumDataset("a"), 1e-12);
    expect(start([dataset], "pl(amplitude=5e-12)").value("amplitude")).toBe(5e-12);
    expect(start([dataset], "pl(amplitude=5e-12)").notes).toEqual([]);
  });
});

describe("a fit from nothing but a word", () => {
  it.each([
    ["pl", 2],
    ["pl", 1.2],
    ["pl", 4],
    ["lp", 2.5],
    ["ecpl", 2],
  ])("%s finds an index of %d", (text, index) => {
    const dataset = made(spectrumDataset("a", { exposure: 3e15 }), 1e-12, index);
    const result = fit([dataset], start([dataset], text).models);
    expect(result.success, result.message).toBe(true);
    // exact data of the model: the energy of lp's alpha makes no difference without curvature
    const found = result.parameters.find((p) => p.name === (text === "lp" ? "alpha" : "index"))!;
    expect(Math.abs(found.value - index)).toBeLessThan(1e-2 * Math.max(found.error, 1e-3));
  });
});

describe("what the data say of a source", () => {
  const dataset = made(spectrumDataset("a"), 1e-12);

  it("energies move into the data, but those that are given", () => {
    const low = fluxPointsDataset("low", (e) => 1e-12 * e ** -2);
    const scaled = {
      ...low,
      points: { ...low.points, energy: { ...low.points.energy, nodes: low.points.energy.nodes.map((e) => e * 1e-6) } },
    };
    const { value, notes } = start([scaled], "lp");
    // the logarithmic middle of 0.3 to 30 MeV, to one digit
    expect(value("reference")).toBe(3e-6);
    expect(notes.join()).toContain("reference = 0.000003 TeV");
    expect(start([scaled], "lp(reference=1 TeV)").value("reference")).toBe(1);
    expect(start([low], "pl").value("reference")).toBe(1);
    // an amplitude that is given is that at the default reference
    const given = start([scaled], "lp(amplitude=1e-12)");
    expect([given.value("reference"), given.value("amplitude")]).toEqual([10, 1e-12]);
    // a break is no such energy
    expect(start([scaled], "bpl(amplitude=1e-12)").value("ebreak")).toBe(3e-6);
  });

  it("a shape is at the region, the object or the middle of the map, and held", () => {
    const geom: RegionGeom = {
      kind: "region",
      regions: parseRegions("galactic; circle(10, 20, 0.1)"),
      wcs: null,
      axes: dataset.counts!.geom.axes,
    };
    const inRegion: MapDataset = { ...dataset, name: "region", counts: { ...dataset.counts!, geom } };
    const named: MapDataset = { ...dataset, name: "named", meta: { RA_OBJ: 83, DEC_OBJ: 22 } };
    const options = { shape: "gauss(sigma=0.1)" };
    const found = start([named, inRegion], "pl(amplitude=1e-12)", options);
    expect(found.notes[0]).toBe(
      '"source": placed at 10, 20 deg (galactic), the centre of the region of "region", and held there',
    );
    expect([found.value("lon_0"), found.parameter("lon_0").frozen]).toEqual([10, true]);
    expect(start([named], "pl(amplitude=1e-12)", options).notes[0]).toContain(
      '83, 22 deg (icrs), RA_OBJ, DEC_OBJ of "named"',
    );
    expect(() => start([dataset], "pl(amplitude=1e-12)", options)).toThrow('"source": it has a shape and no place');
    expect(start([dataset], "pl(amplitude=1e-12)").models.components[0]).not.toHaveProperty("spatial");
  });

  it("a size that fills the map becomes a part of it", () => {
    const geom = wcsGeom({
      center: { lon: 5, lat: 6, frame: "icrs" },
      binsz: 0.1,
      npix: 40,
      axes: dataset.counts!.geom.axes,
    });
    const n = 1600 * 20;
    const map = (unit: string, value: number) => ({ geom, unit, data: new Float64Array(n).fill(value) });
    const image: MapDataset = {
      type: "MapDataset",
      name: "image",
      counts: map("", 1),
      background: map("", 1),
      exposure: {
        ...map("cm2 s", 1e12),
        geom: { ...geom, axes: dataset.exposure!.geom.axes },
        data: new Float64Array(1600 * 50).fill(1e12),
      },
    };
    const { value, models } = start([image], "pl(amplitude=1e-12)", { shape: "gauss" });
    // a tenth of 4 deg
    expect(value("sigma")).toBe(0.4);
    expect([value("lon_0"), value("lat_0")]).toEqual([5, 6]);
    expect(models.components[1]).toMatchObject({ type: "FoVBackgroundModel", datasetsNames: ["image"] });
  });
});
