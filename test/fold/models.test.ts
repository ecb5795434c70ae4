/** Models seen by a dataset of few bins: calibrations, changes with time, regions, shapes that differ with energy, and what is refused. */
import { describe, expect, it } from "vitest";
import type { ContextOptions } from "../../src/api/context.js";
import { compileDataset, npred, npredBackground, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { MapDataset, Psf } from "../../src/datasets/types.js";
import { fitMemory } from "../../src/fold/memory.js";
import { createResponses } from "../../src/fold/response.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { calibration } from "../../src/models/calibration.js";
import { type ParameterInput, skyModel } from "../../src/models/create.js";
import type { SpatialDeclaration } from "../../src/models/declaration.js";
import { standardModels } from "../../src/models/registry.js";
import { gaussianSpatial } from "../../src/models/spatial/gaussian.js";
import { gaussianTemporal } from "../../src/models/temporal/gaussian.js";
import type { Model, Models, SkyModel, Submodel } from "../../src/models/types.js";
import { axisCenters, axisFromBounds } from "../../src/sky/axis.js";
import { wcsGeom, withAxes } from "../../src/sky/geom.js";
import { regionGeom } from "../../src/sky/region-geom.js";
import type { Region, SkyMap } from "../../src/sky/types.js";
import { check } from "../datasets/check-derivatives.js";
import { center, countsByHand, energy, energyTrue, image, placeOf, pointShare, powerLawFlux, tiny } from "./tiny.js";

const INDEX = 2.3;
const AMPLITUDE = 4e-11;
type Values = Record<string, ParameterInput>;

const held = (submodel: Submodel, ...free: string[]): Submodel => ({
  ...submodel,
  parameters: submodel.parameters.map((p) => ({ ...p, frozen: !free.includes(p.name) })),
});
const powerLaw = (...free: string[]) =>
  held(createSubmodel("pl", { index: INDEX, amplitude: AMPLITUDE }, { kind: "spectral" }), ...free);
const spatialOf = (tag: string, values: Values, options: Partial<ContextOptions> = {}) =>
  createSubmodel(tag, values, { kind: "spatial", ...options });
const point = (x = 2.3, y = 1.6) => {
  const { lon, lat } = placeOf(x, y);
  return held(spatialOf("point", { lon_0: lon, lat_0: lat }));
};
const source = (given: Partial<SkyModel> = {}): SkyModel =>
  skyModel({ name: "src", spectral: powerLaw("index", "amplitude"), spatial: point(), ...given });
const of = (...components: Model[]): Models => ({ components });

function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const peak = Math.max(...Array.from(expected, Math.abs));
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(found[k]! - expected[k]!), `${k}: ${found[k]}, ${expected[k]}`).toBeLessThanOrEqual(
      tolerance * peak,
    );
  }
}

const byHand = (dataset: MapDataset, factor: (t: number) => number = () => 1) =>
  countsByHand(dataset, {
    flux: (t) => powerLawFlux(INDEX, AMPLITUDE)(t) * factor(t),
    position: placeOf(2.3, 1.6),
    share: pointShare(2.3, 1.6),
  });

describe("a calibration", () => {
  const dataset = tiny({ edisp: [1, 1] });
  const calibrated = (values: Values, model = source()): Models => ({
    components: [model, fovBackground("tiny", createSubmodel("pl-norm", { norm: 1.2, tilt: 0.3 }))],
    calibration: [calibration(["other"], { area_norm: 7 }), calibration(["tiny"], values)],
  });
  /** Of a power law at E / (1 + z): A E^-index (1 + z)^index / (1 + z). */
  const z = 0.07;
  const shift = (1 + z) ** (INDEX - 1);
  const free = (value: number) => ({ value, frozen: false });

  it.each([
    ["frozen", (value: number) => ({ value, frozen: true })],
    ["free", free],
  ] as const)("that is %s changes area, energies and background", (_, as) => {
    const models = calibrated({ area_norm: as(1.1), energy_scale: as(z), background_norm: as(1.3) });
    expectNear(
      npredSignal(dataset, models).data,
      byHand(dataset, () => 1.1 * shift),
      1e-11,
    );
    const centers = axisCenters(energy);
    const expected = dataset.background!.data.map((b, k) => 1.3 * b * 1.2 * centers[Math.floor(k / 30)]! ** -0.3);
    expectNear(npredBackground(dataset, models).data, expected, 1e-13);
  });

  it("has exact derivatives, each alone and all together", () => {
    const [area, scale, background] = [
      { area_norm: free(1.1) },
      { energy_scale: free(z) },
      { background_norm: free(1.3) },
    ];
    for (const [values, n] of [
      [area, 5 - 1],
      [scale, 5 - 1],
      [background, 5 - 1],
      [{ ...area, ...scale, ...background }, 6],
    ] as [Values, number][]) {
      expect(check(dataset, calibrated(values)).term.n).toBe(n);
    }
    // a background without a model of its own
    const alone = { components: [source()], calibration: [calibration(["tiny"], background)] };
    expect(check(dataset, alone).term.n).toBe(3);
    expectNear(
      npredBackground(dataset, alone).data,
      dataset.background!.data.map((b) => 1.3 * b),
      1e-14,
    );
    const frozen = { components: [source()], calibration: [calibration(["tiny"], { background_norm: 0.4 })] };
    expectNear(
      npredBackground(dataset, frozen).data,
      dataset.background!.data.map((b) => 0.4 * b),
      1e-14,
    );
  });

  it("of a background is refused where there is none", () => {
    const { background: _, ...bare } = dataset;
    const models = (values: Values) => ({ components: [source()], calibration: [calibration(["tiny"], values, "c")] });
    const message =
      '"c.background_norm" on dataset "tiny": the dataset has no background that it could scale; freeze it at 1, or give this dataset a calibration of its own';
    expect(() => npred(bare, models({ background_norm: 1.2 }))).toThrow(message);
    expect(() => compileDataset(bare, models({ background_norm: free(1) }))).toThrow(message);
    expect(npred(bare, models({ area_norm: 2 })).data.some((x) => x > 0)).toBe(true);
  });
});

describe("models of counts", () => {
  const dataset = tiny();
  const counts = (unit: string, length = 60): Model => ({
    type: "TemplateNPredModel",
    name: "map",
    spectral: createSubmodel("pl-norm", { norm: 3, tilt: 0.5 }, { kind: "spectral" }),
    resources: {
      map: { geom: image(energy), unit, data: Float64Array.from({ length }, (_, k) => 1 + (k % 7)) },
    },
  });

  it("are a map times a factor at the centre of each energy", () => {
    const centers = axisCenters(energy);
    const expected = Array.from({ length: 60 }, (_, k) => 3 * (1 + (k % 7)) * centers[Math.floor(k / 30)]! ** -0.5);
    expectNear(npredSignal(dataset, of(counts(""))).data, expected, 1e-14);
    check(dataset, of(counts("")));
  });

  it("are refused where they do not fit", () => {
    expect(() => npred(dataset, of(counts("", 30)))).toThrow(
      'model "map": its map holds 30 bins, dataset "tiny" has 60; give the map on the dataset\'s geometry',
    );
    expect(() => npred(dataset, of(counts("cm2")))).toThrow(/model "map", map of counts/);
    const background = fovBackground("tiny");
    expect(() => npred(dataset, of(background, background))).toThrow(
      'dataset "tiny": two background models, "tiny-bkg" and another; leave one',
    );
    const { background: _, ...bare } = dataset;
    expect(() => npred(bare, of(background))).toThrow(
      'dataset "tiny": model "tiny-bkg" scales its background, but the dataset has none; add a background map or remove the model',
    );
    const { exposure: __, ...blind } = dataset;
    expect(() => npred(blind, of(source()))).toThrow(
      'dataset "tiny": no exposure, so model "src" cannot be folded; add an exposure map to the dataset',
    );
    expect(() => npred(dataset, of(source({ applyIrf: { exposure: false, psf: true, edisp: true } })))).toThrow(
      'model "src": found apply_irf with exposure: false, expected true: fluxes (cm-2 s-1 TeV-1) without an exposure are no counts',
    );
    const { spatial: ___, ...nowhere } = source();
    expect(() => npred(dataset, of(nowhere))).toThrow(
      'model "src" on dataset "tiny": found no spatial model, expected one, as the dataset has 6 x 5 pixels',
    );
  });

  it("are folded without parts of the instrument on request", () => {
    const full = tiny({ psf: [2, 2], edisp: [2, 2] });
    for (const [psf, edisp] of [
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const { psf: p, edisp: e, ...bare } = full;
      const less = { ...bare, ...(psf && { psf: p! }), ...(edisp && { edisp: e! }) };
      for (const free of [[], ["lon_0", "lat_0"]]) {
        const model = source({ spatial: held(point(), ...free), applyIrf: { exposure: true, psf, edisp } });
        expectNear(npredSignal(full, of(model)).data, byHand(less), 1e-12);
      }
    }
  });
});

describe("a source that changes with time", () => {
  // 0 to 0.5 days, nothing, 1 to 2.5 days after MJD 55000: 2 days, whose mean is (0.5 0.25 + 1.5 1.75) / 2 = 1.375
  const gti = {
    start: Float64Array.of(0, 43200, 86400),
    stop: Float64Array.of(43200, 43200, 2.5 * 86400),
    reference: 55000,
    timeScale: "tt",
  };
  const dataset = { ...tiny(), gti };
  const linear = (scale: string, ...free: string[]) => ({
    ...held(createSubmodel("linear", { alpha: 40, beta: 3, t_ref: 54999 }, { kind: "temporal" }), ...free),
    ...(scale !== "" && { extra: { scale } }),
  });

  it.each([
    ["tt", 0],
    ["tai", -32.184],
    // 24 leap seconds since 1972 and 10 before
    ["utc", -32.184 - 34],
    ["", -32.184 - 34],
  ])("has the mean over the good times, of a model in %s", (scale, seconds) => {
    // days since MJD 0 have eleven digits behind the point
    const expected = 40 + 3 * (1 + 1.375 + seconds / 86400);
    const frozen = npredSignal(dataset, of(source({ temporal: linear(scale) }))).data;
    expectNear(
      frozen,
      byHand(dataset, () => expected),
      1e-11,
    );
    const free = npredSignal(dataset, of(source({ temporal: linear(scale, "alpha", "beta") }))).data;
    expectNear(
      free,
      byHand(dataset, () => expected),
      1e-11,
    );
  });

  it("has exact derivatives, and those by differences of a model that has none", () => {
    const all = [["alpha"], ["beta", "t_ref"], ["alpha", "beta", "t_ref"]];
    for (const free of all) {
      const n = free.length + 2;
      expect(check(dataset, of(source({ temporal: linear("tt", ...free) }))).term.n).toBe(n);
    }
    const { derivatives: _, ...bare } = gaussianTemporal;
    const registry = extendRegistry(likelihoodRegistry, { temporal: [{ ...bare, type: "Pulse", tag: "pulse" }] });
    const pulse = (tag: string) =>
      held(
        createSubmodel(tag, { t_ref: 55001, sigma: { value: 2, unit: "d" } }, { kind: "temporal", registry }),
        "t_ref",
        "sigma",
      );
    const [known, found] = ["gauss", "pulse"].map((tag) => {
      const { term } = compileDataset(dataset, of(source({ temporal: pulse(tag) })), { registry });
      const [g, h] = [new Float64Array(4), new Float64Array(16)];
      const x = Float64Array.of(INDEX, AMPLITUDE, 55001, 2);
      return [term.hessian(x, g, h), ...g, ...h];
    });
    known!.forEach((x, i) => {
      // extrapolated differences are good to 1e-7
      expect(Math.abs(found![i]! - x)).toBeLessThanOrEqual(1e-6 * Math.abs(x) + 1e-6);
    });
  });

  it("is one without its times, and refused where there are none", () => {
    const { gti: _, ...timeless } = dataset;
    for (const one of [timeless, { ...dataset, gti: { ...gti, start: gti.start.slice(3), stop: gti.stop.slice(3) } }]) {
      expect(() => npredSignal(one, of(source({ temporal: linear("tt") })))).toThrow(
        'dataset "tiny" and model "src": the source changes with time (LinearTemporalModel), but the dataset has no good time intervals (GTI); give it some, or take the temporal model away',
      );
      const constant = createSubmodel("const", {}, { kind: "temporal" });
      expectNear(npredSignal(one, of(source({ temporal: constant }))).data, byHand(dataset), 1e-12);
    }
  });
});

describe("a spectrum", () => {
  const SIGMA = 0.05;
  const rad = axisFromBounds(0, 0.4, 400, { name: "rad", unit: "deg" });
  const psf: Psf = {
    map: {
      geom: wcsGeom({ center, binsz: 180, npix: 1, axes: [rad, energyTrue] }),
      unit: "sr-1",
      data: Float64Array.from({ length: 1200 }, (_, k) => {
        const r = axisCenters(rad)[k % 400]!;
        return Math.exp(-0.5 * (r / SIGMA) ** 2) / (2 * Math.PI * ((SIGMA * Math.PI) / 180) ** 2);
      }),
    },
  };
  const circle: Region = { shape: "circle", center, radius: 0.1 };
  const square: Region = { shape: "rectangle", center, width: 0.2, height: 0.2, angle: 0 };
  function spectrum(regions: readonly Region[], given: Partial<MapDataset> = {}): MapDataset {
    const map = (axes: readonly Parameters<typeof axisCenters>[0][], unit: string, data: number[]): SkyMap => ({
      geom: { ...regionGeom(regions), axes },
      unit,
      data: Float64Array.from(data),
    });
    return {
      type: "SpectrumDataset",
      name: "spec",
      counts: map([energy], "", [3, 1]),
      background: map([energy], "", [0.5, 0.2]),
      exposure: map([energyTrue], "cm2 s", [1e12, 2e12, 3e12]),
      ...given,
    };
  }
  const at = (d: number, tag = "point", values: Values = {}, ...free: string[]) =>
    held(spatialOf(tag, { lon_0: center.lon, lat_0: center.lat + d, ...values }), ...free);
  /** Share of what a dataset without regions counts. */
  function shareOf(dataset: MapDataset, spatial: Submodel): number {
    const sum = (d: MapDataset, given: Partial<SkyModel>) =>
      npredSignal(d, of(source(given))).data.reduce((a, b) => a + b);
    return sum(dataset, { spatial }) / sum(spectrum([]), { spatial });
  }
  const gauss = (sigma: number) => 1 - Math.exp(-0.5 * (0.1 / sigma) ** 2);

  it("without regions sees all of a source, by the formula", () => {
    const { data } = npredSignal(spectrum([]), of(source({ spatial: at(40) })));
    const flux = powerLawFlux(INDEX, AMPLITUDE);
    const overlap = (t: number, r: number) => {
      const [a, b] = [energyTrue.nodes, energy.nodes];
      return Math.max(0, Math.min(a[t + 1]!, b[r + 1]!) - Math.max(a[t]!, b[r]!)) / (a[t + 1]! - a[t]!);
    };
    const expected = [0, 1].map((r) =>
      [0, 1, 2].reduce((sum, t) => sum + flux(t) * [1e12, 2e12, 3e12][t]! * overlap(t, r), 0),
    );
    expectNear(data, expected, 1e-12);
    check(spectrum([]), of(source({ spatial: at(0) })));
  });

  it("of a circle has the containment of a point", () => {
    // rings of 0.001 deg
    expect(shareOf(spectrum([circle], { psf }), at(0))).toBeCloseTo(gauss(SIGMA), 4);
    expect(shareOf(spectrum([circle], { psf }), at(0.6))).toBe(0);
    // in the plane: the Rice distribution, by a sum over the circle
    let sum = 0;
    const n = 400;
    for (let k = 0; k < n * n; k++) {
      const [x, y] = [(2 * ((k % n) + 0.5)) / n - 1, (2 * (Math.floor(k / n) + 0.5)) / n - 1];
      if (x * x + y * y < 1) sum += Math.exp((-0.5 * ((0.1 * x) ** 2 + (0.1 * y - 0.07) ** 2)) / SIGMA ** 2);
    }
    const rice = (sum * (0.2 / n) ** 2) / (2 * Math.PI * SIGMA ** 2);
    expect(Math.abs(shareOf(spectrum([circle], { psf }), at(0.07)) - rice)).toBeLessThan(1e-3);
  });

  it("of other regions and of extended sources has what lies on their pixels", () => {
    // pixels of a twentieth of the radius; the psf cut at 99.9 % of its events
    const erf = 0.95449974; // of a Gaussian within 2 sigma
    expect(Math.abs(shareOf(spectrum([square], { psf }), at(0)) - erf ** 2)).toBeLessThan(3e-3);
    expect(Math.abs(shareOf(spectrum([circle]), at(0, "gauss", { sigma: 0.08 })) - gauss(0.08))).toBeLessThan(3e-3);
    const both = Math.hypot(SIGMA, 0.08);
    expect(Math.abs(shareOf(spectrum([circle], { psf }), at(0, "gauss", { sigma: 0.08 })) - gauss(both))).toBeLessThan(
      3e-3,
    );
    const without = { ...source({ spatial: at(0, "gauss", { sigma: 0.08 }) }), name: "src" };
    const applyIrf = { exposure: true, psf: false, edisp: true };
    const found = npredSignal(spectrum([circle], { psf }), of({ ...without, applyIrf })).data;
    expectNear(found, npredSignal(spectrum([circle]), of(without)).data, 1e-12);
  });

  it("sees nothing at true energies without exposure", () => {
    const full = spectrum([square], { psf });
    const blind: MapDataset = {
      ...full,
      exposure: { ...full.exposure!, data: Float64Array.of(0, 2e12, 3e12) },
    };
    const [all, some] = [full, blind].map((d) => npredSignal(d, of(source({ spatial: at(0) }))).data) as [
      Float64Array,
      Float64Array,
    ];
    expect(some[0]!).toBeLessThan(all[0]!);
    expect(some[1]! / all[1]!).toBeCloseTo(1, 12);
  });

  it("has a point in full or not at all without a psf, and says what it does not see", () => {
    const warnings = (dataset: MapDataset, spatial: Submodel) =>
      compileDataset(dataset, of(source({ spatial }))).warnings;
    for (const [d, share] of [
      [0.099, 1],
      [0.101, 0],
    ] as const) {
      expect(shareOf(spectrum([circle]), at(d))).toBe(share);
      expect(shareOf(spectrum([{ ...circle, center: { ...center, lat: 23 } }, circle]), at(d))).toBe(share);
    }
    expect(warnings(spectrum([circle]), at(0))).toEqual([]);
    expect(warnings(spectrum([circle]), at(0.2))).toEqual([
      'source "src" lies outside the region of dataset "spec" and adds nothing',
    ]);
    expect(warnings(spectrum([circle]), at(0.05, "point", {}, "lat_0"))).toEqual([
      'dataset "spec" has no psf, so source "src" counts there in full or not at all, by its place at the start of the fit: the place is free, and this dataset does not measure it',
    ]);
    expect(warnings(spectrum([circle], { psf }), at(0.9, "point", {}, "lat_0"))).toEqual([
      'source "src" lies outside the region of dataset "spec" at the start of the fit and adds nothing',
    ]);
    expect(warnings(spectrum([circle], { psf }), at(0.05, "point", {}, "lat_0"))).toEqual([]);
  });

  it("is refused with a psf and a region without an area", () => {
    const spot: Region = { shape: "point", center };
    expect(shareOf(spectrum([spot]), at(3))).toBe(1);
    expect(() => shareOf(spectrum([spot], { psf }), at(0))).toThrow(
      'model "src" on dataset "spec": found a psf and a region that is a point, expected one with an area, which holds a share of the events; give the spectrum its region, or remove the psf and correct the exposure for containment',
    );
  });

  it("measures a place that is free: counts there, and slopes over a pixel of the region", () => {
    const dataset = spectrum([circle], { psf });
    for (const free of [["lat_0"], ["lon_0", "lat_0"]]) {
      const { term } = compileDataset(dataset, of(source({ spatial: at(0.05, "point", {}, ...free) })));
      const x = Float64Array.of(INDEX, AMPLITUDE, ...(free.length > 1 ? [center.lon] : []), center.lat + 0.07);
      const still = (d: number) => compileDataset(dataset, of(source({ spatial: at(d) }))).term;
      const value = (d: number) => still(d).value(Float64Array.of(INDEX, AMPLITUDE));
      expect(term.value(x)).toBeCloseTo(value(0.07), 10);
      const g = new Float64Array(term.n);
      term.gradient(x, g);
      const [h, last] = [0.005, term.n - 1];
      const [low, high] = [value(0.07 - h), value(0.07 + h)];
      // central differences with that step of the shares, not of the statistic: (step / width)^2 / 6 of each other
      expect(Math.abs(g[last]! / ((high - low) / (2 * h)) - 1)).toBeLessThan(0.02);
      const [g2, hessian] = [new Float64Array(term.n), new Float64Array(term.n ** 2)];
      term.hessian(x, g2, hessian);
      const bend = (high + low - 2 * value(0.07)) / h ** 2;
      expect(Math.abs(hessian[last * term.n + last]! / bend - 1)).toBeLessThan(0.05);
      // beside the middle the share does not change with longitude
      if (free.length > 1) expect(Math.abs(g[2]!)).toBeLessThan(1e-3 * Math.abs(g[3]!));
    }
  });

  it("refuses what is a map of flux", () => {
    const registry = extendRegistry(likelihoodRegistry, {
      spatial: [{ ...gaussianSpatial, type: "Flux", tag: "flux", flux: true }],
    });
    const spatial = held(createSubmodel("flux", {}, { kind: "spatial", registry }));
    expect(() => npredSignal(spectrum([]), of(source({ spatial })), { registry })).toThrow(
      'model "src" on dataset "spec": its shape is a map of flux, and only datasets with images can tell what they see of it; limit it to those by datasets_names',
    );
  });
});

/** A Gaussian whose width is sigma E^-slope. */
function shrinking(slope: number): SpatialDeclaration {
  const scaled = (p: Float64Array, e: number) => p.map((x, i) => (i === 2 ? x * e ** -slope : x));
  return {
    ...gaussianSpatial,
    type: "Shrinking",
    tag: "shrinking",
    energyDependent: true,
    evaluate: (lon, lat, p, e) => gaussianSpatial.evaluate(lon, lat, scaled(p, e!)),
    derivatives(lon, lat, p, g, h, e) {
      const value = gaussianSpatial.derivatives!(lon, lat, scaled(p, e!), g, h);
      const factor = e! ** -slope;
      g[2]! *= factor;
      for (let i = 0; i < 5; i++) {
        h[10 + i]! *= factor;
        h[5 * i + 2]! *= factor;
      }
      return value;
    },
  };
}

describe("a shape that differs with energy", () => {
  const registry = extendRegistry(likelihoodRegistry, { spatial: [shrinking(0.2)] });
  const { lon, lat } = placeOf(2.3, 1.6);
  const shape = (tag: string, sigma: number, ...free: string[]) =>
    held(createSubmodel(tag, { lon_0: lon, lat_0: lat, sigma }, { kind: "spatial", registry }), ...free);
  const FREE = ["lon_0", "lat_0", "sigma"];

  it.each([
    ["without psf and energy dispersion", {}],
    ["with ones that differ from place to place", { psf: [2, 2], edisp: [2, 2] }],
    ["with a psf that does", { psf: [2, 1] }],
    ["with an energy dispersion that does", { edisp: [1, 2] }],
  ] as const)("is that of each true energy, frozen and free, with derivatives: %s", (_, options) => {
    const dataset = tiny(options);
    const expected = new Float64Array(60);
    axisCenters(energyTrue).forEach((e, t) => {
      const data = dataset.exposure!.data.map((x, k) => (Math.floor(k / 30) === t ? x : 0));
      const one = { ...dataset, exposure: { ...dataset.exposure!, data } };
      const model = source({ spatial: shape("gauss", 0.6 * e ** -0.2) });
      npredSignal(one, of(model)).data.forEach((x, k) => {
        expected[k]! += x;
      });
    });
    for (const free of [[], FREE, ["lat_0"]]) {
      const found = npredSignal(dataset, of(source({ spatial: shape("shrinking", 0.6, ...free) })), { registry }).data;
      // so wide that pixels have one sample each; each cut at 5 of its own sigma: 4e-6 beyond
      expectNear(found, expected, 1e-5);
      if (free.length > 0) {
        const all = of(source({ spatial: shape("shrinking", 0.31, ...free) }));
        expect(check(dataset, all, { registry }).term.n).toBe(2 + free.length);
      }
    }
    const beside = held(
      createSubmodel("shrinking", { lon_0: lon, lat_0: lat + 9, sigma: 0.1 }, { kind: "spatial", registry }),
      ...FREE,
    );
    expect(npredSignal(dataset, of(source({ spatial: beside })), { registry }).data.every((x) => x === 0)).toBe(true);
  });

  it("without derivatives of its own has them by differences", () => {
    const { derivatives: _, ...bare } = gaussianSpatial;
    const own = extendRegistry(likelihoodRegistry, { spatial: [{ ...bare, type: "Bare", tag: "bare" }] });
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    const x = Float64Array.of(INDEX, AMPLITUDE, lon, lat, 0.31);
    const [known, found] = ["gauss", "bare"].map((tag) => {
      const spatial = held(
        createSubmodel(tag, { lon_0: lon, lat_0: lat, sigma: 0.3 }, { kind: "spatial", registry: own }),
        ...FREE,
      );
      const { term } = compileDataset(dataset, of(source({ spatial })), { registry: own });
      const [g, h] = [new Float64Array(5), new Float64Array(25)];
      return { value: term.hessian(x, g, h), g, h };
    });
    expect(found!.value / known!.value).toBeCloseTo(1, 12);
    // differences of fourth order leave 1e-9 of a first derivative, and 1e-6 of a second one
    const size = (i: number) => Math.sqrt(Math.abs(known!.h[6 * i]!));
    for (let i = 0; i < 5; i++) {
      expect(Math.abs(found!.g[i]! - known!.g[i]!)).toBeLessThan(1e-6 * size(i));
      for (let j = 0; j < 5; j++) {
        expect(Math.abs(found!.h[5 * i + j]! - known!.h[5 * i + j]!)).toBeLessThan(1e-4 * size(i) * size(j));
      }
    }
  });
});

describe("a source of free place and size", () => {
  it("has exact derivatives by all that a disk with a soft edge has", () => {
    const { lon, lat } = placeOf(2.3, 1.6);
    const spatial = createSubmodel(
      "disk",
      { lon_0: lon, lat_0: lat, r_0: 0.17, e: 0.4, phi: 30, edge_width: 0.3 },
      { kind: "spatial" },
    );
    const all = held(spatial, "lon_0", "lat_0", "r_0", "e", "phi", "edge_width");
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    expect(check(dataset, of(source({ spatial: all }))).term.n).toBe(8);
  });

  it.each([0.02, 0.037])("has exact derivatives, a Gaussian of %s deg, narrower than a pixel", (sigma) => {
    const { lon, lat } = placeOf(2.3, 1.6);
    const spatial = held(
      createSubmodel("gauss", { lon_0: lon, lat_0: lat, sigma }, { kind: "spatial" }),
      "lon_0",
      "lat_0",
      "sigma",
    );
    // its size enters by differences whose rounding, 1e-13 of a slope, is divided by the step of 1e-5
    const precision = { tolerance: 2e-5, positionStep: 2e-4 };
    check(tiny({ psf: [2, 2] }), of(source({ spatial })), { precision });
  });
});

describe("the response of a dataset", () => {
  it("is made once, and anew where the dataset was changed in place", () => {
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    const responses = createResponses();
    const first = responses.of(dataset);
    expect(responses.of(dataset)).toBe(first);
    expect(responses.of({ ...dataset })).not.toBe(first);
    const before = first.exposure[0]!;
    dataset.exposure!.data[0]! *= 2;
    const second = responses.of(dataset);
    expect(second).not.toBe(first);
    expect([first.exposure[0], second.exposure[0]]).toEqual([before, 2 * before]);
    const trusting = createResponses({ immutable: true });
    const kept = trusting.of(dataset);
    dataset.exposure!.data[0]! *= 2;
    expect(trusting.of(dataset)).toBe(kept);
    expect(kept.exposure).toBe(dataset.exposure!.data);
  });

  it("says what it holds by owner, until it is cleared", () => {
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    const responses = createResponses();
    const response = responses.of(dataset);
    expect(responses.held()).toEqual([]);
    response.psf(center);
    response.edisp(center, true);
    response.arrays("numbers").get([1], () => new Float64Array(5));
    const template = { x0: 0, y0: 0, nx: 1, ny: 1, data: new Float64Array(3) };
    response.templates.get([1], () => template);
    const bytes = (owner: string) => responses.held().find((h) => h.owner === owner)?.bytes;
    expect([bytes("numbers of tiny"), bytes("templates of tiny")]).toEqual([40, 24]);
    // four pixels around the place, of 3 x 2 numbers
    expect(bytes("energy dispersion of tiny")).toBe(4 * 48);
    expect(bytes("psf of tiny")).toBeGreaterThan(0);
    responses.clear();
    expect(responses.held()).toEqual([]);
    expect(responses.of(dataset)).not.toBe(response);
  });

  it("takes responses of the nearest pixel by the reference's rule", () => {
    const dataset = tiny({ edisp: [2, 2] });
    const [nearest, between] = (["gammapy", "continuous"] as const).map((irfs) =>
      createResponses({ irfs }).of(dataset).edisp(placeOf(2.9, 2.3), true),
    );
    // the middle of the map lies between four pixels: this place is nearest to the last, whose share is 0.6 (1 + 0.1 - 0.15)
    const found = [nearest!.data[0]!, between!.data[0]!];
    const candidates = [0, 1].flatMap((x) => [0, 1].map((y) => 0.6 * (1 + 0.1 * x - 0.15 * y)));
    expect(candidates.some((c) => Math.abs(found[0]! - c) < 1e-14)).toBe(true);
    expect(candidates.every((c) => Math.abs(found[1]! - c) > 1e-3)).toBe(true);
    const { data } = createResponses().of(dataset).edisp(null, true);
    expect(data[0]).toBeCloseTo(candidates.reduce((a, b) => a + b) / 4, 13);
  });

  it("is refused where its parts do not fit", () => {
    const dataset = tiny({ edisp: [1, 1] });
    const geom = wcsGeom({ center, binsz: 0.1, npix: [5, 5], proj: "TAN", axes: [energyTrue] });
    const exposure = { ...dataset.exposure!, geom, data: new Float64Array(75) };
    expect(() => createResponses().of({ ...dataset, exposure })).toThrow(
      'dataset "tiny": exposure has 5 x 5 pixels of a TAN image, counts have 6 x 5 pixels of a TAN image; both need the same image geometry',
    );
    const short = { ...dataset.exposure!, geom: withAxes(image(), [{ ...energy, name: "energy_true" }]) };
    expect(() => createResponses().of({ ...dataset, exposure: short })).toThrow(
      'dataset "tiny": edisp has 3 true-energy bins, exposure has 2; both need the same energy_true axis',
    );
    const { counts: _, background: __, maskSafe: ___, ...nothing } = dataset;
    expect(() => createResponses().of(nothing)).toThrow(
      'dataset "tiny": neither counts nor background; a fit needs counts',
    );
  });
});

describe("values of an instrument that mean nothing", () => {
  const change = (map: SkyMap, values: Record<number, number>): SkyMap => ({
    ...map,
    data: map.data.map((x, k) => values[k] ?? x),
  });
  const response = (given: Partial<MapDataset>) =>
    createResponses().of({ ...tiny({ psf: [2, 2], edisp: [2, 2] }), ...given });

  it("are taken as 0 where they may be, and it is said", () => {
    const { exposure, background } = tiny();
    const blind = response({ exposure: change(exposure!, { 3: Number.NaN, 70: Number.NaN }) });
    expect([blind.exposure[3], blind.exposure[70], blind.exposure[4]]).toEqual([0, 0, exposure!.data[4]]);
    expect(blind.warnings).toEqual(['dataset "tiny": the exposure is NaN in 2 of 90 bins, which count as not seen']);
    // bins 2 and 9 are not in the fit
    const negative = response({ background: change(background!, { 1: -2, 2: -1, 5: -1e-9, 9: Number.NaN }) });
    expect([1, 2, 5, 9, 10].map((k) => negative.background![k])).toEqual([0, 0, 0, 0, background!.data[10]]);
    expect(negative.warnings).toEqual([
      'dataset "tiny": the background is negative in 2 bins of the fit, where it counts as 0',
    ]);
    expect(response({}).warnings).toEqual([]);
    expect(response({ background: change(background!, { 2: -1 }) }).warnings).toEqual([]);
  });

  it.each([
    [
      "exposure",
      31,
      -1,
      "energy_true bin 1 (2 to 5 TeV), pixel 1; expected a number of at least 0: make the dataset again, or set it to 0 there",
    ],
    [
      "exposure",
      61,
      Number.POSITIVE_INFINITY,
      "energy_true bin 2 (5 to 12 TeV), pixel 1; expected a number of at least 0",
    ],
    [
      "background",
      34,
      Number.NaN,
      "energy bin 1 (2.5 to 10 TeV), pixel 4, which is in the fit; leave such bins out by the mask, or make the background again",
    ],
    ["background", 3, Number.POSITIVE_INFINITY, "energy bin 0 (1 to 2.5 TeV), pixel 3, which is in the fit"],
  ] as const)("are refused: %s", (what, at, value, message) => {
    expect(() => response({ [what]: change(tiny()[what]!, { [at]: value }) })).toThrow(
      `dataset "tiny": the ${what} is ${value} in ${message}`,
    );
  });

  it("of a spectrum are named by their energy alone", () => {
    const spectrum = (map: SkyMap): SkyMap => ({
      ...map,
      geom: { ...regionGeom([]), axes: map.geom.axes },
      data: Float64Array.of(1, -2, 3).subarray(0, map.geom.axes[0] === energy ? 2 : 3),
    });
    const { counts, exposure } = tiny();
    const given: MapDataset = {
      type: "SpectrumDataset",
      name: "spec",
      counts: spectrum(counts!),
      exposure: spectrum(exposure!),
    };
    expect(() => createResponses().of(given)).toThrow(
      'dataset "spec": the exposure is -2 in energy_true bin 1 (2 to 5 TeV); expected',
    );
  });

  it("are refused in psf and energy dispersion where something is seen", () => {
    const full = tiny({ psf: [1, 1], edisp: [1, 1] });
    const place = (given: Partial<MapDataset>) => {
      const { edisp, psf } = createResponses().of({ ...full, ...given });
      return [psf(center)!, edisp(center, true)] as const;
    };
    // entry 1 of true energy 1: 12 rings of the psf, 2 energies of the dispersion
    for (const [what, at] of [
      ["psf", 13],
      ["edisp", 3],
    ] as const) {
      for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
        const given = { [what]: { map: change(full[what]!.map, { [at]: bad }) } };
        expect(() => place(given)).toThrow(
          `dataset "tiny": the ${what} is ${bad} in energy_true bin 1 (2 to 5 TeV), where the instrument sees; expected a number of at least 0: make the dataset again, or leave these energies out`,
        );
        const blind = full.exposure!.data.map((x, k) => (Math.floor(k / 30) === 1 ? 0 : x));
        expect(() => place({ ...given, exposure: { ...full.exposure!, data: blind } })).not.toThrow();
      }
      // what rounding leaves
      const little = { [what]: { map: change(full[what]!.map, { [at]: -1e-8 }) } };
      expect(() => place(little)).not.toThrow();
    }
  });
});

describe("memory of a fit", () => {
  const registry = standardModels;
  const dataset = tiny();
  // counts are 0 in 12 of the 60 bins
  const filled = dataset.counts!.data.filter((x) => x > 0).length;
  const needs = (model: Model, data: MapDataset = dataset) =>
    Object.fromEntries(fitMemory(data, [model], registry).map(({ what, bytes }) => [what, bytes]));
  const sky = (spatial: Submodel) => source({ spatial });

  it("is that of bins, templates and rows", () => {
    expect(filled).toBe(48);
    expect(needs(fovBackground("tiny"))).toEqual({ "mask and counts in it": 13 * 60, 'rows of "tiny-bkg"': 8 * 48 });
    // a still point: 2 * 0.1 / 0.1 + 3 pixels across
    expect(needs(sky(point()))).toEqual({
      "mask and counts in it": 780,
      'templates of "src"': 8 * 3 * 25,
      'rows of "src"': 8 * 3 * 48,
    });
    // free: four images of all pixels
    expect(needs(sky(held(point(), "lat_0")))).toEqual({
      "mask and counts in it": 780,
      'templates of "src"': 8 * 3 * 30 * 4,
      'rows of "src"': 8 * 3 * 48 * 4,
    });
    const gauss = (...free: string[]) => held(spatialOf("gauss", { sigma: 0.01 }), ...free);
    // 2 * (0.05 + 0.1) / 0.1 + 3 = 6 pixels, of 6 x 5
    expect(needs(sky(gauss()))['templates of "src"']).toBeCloseTo(8 * 3 * 30, 8);
    // value, two slopes and four of mask and weights
    expect(needs(sky(gauss("lon_0", "lat_0")))).toMatchObject({
      'templates of "src"': expect.closeTo(8 * 3 * 30 * 7, 8),
      'rows of "src"': expect.closeTo(8 * 3 * 48 * 7, 8),
    });
    // the psf of 0.24 deg: 2.4 pixels on either side of the map, and in the width
    const blurred = tiny({ psf: [1, 1] });
    expect(needs(sky(gauss()), blurred)['templates of "src"']).toBeCloseTo(8 * 3 * (6 + 4.8) * (5 + 4.8), 8);
    expect(needs(sky(point()), blurred)['templates of "src"']).toBeCloseTo(8 * 3 * 9.8 * 9.8, 8);
    const constant = spatialOf("const", {});
    expect(needs(sky(constant))['templates of "src"']).toBe(8 * 3 * 30);
  });

  it("of a shape without an end is that of all pixels", () => {
    const own = extendRegistry(likelihoodRegistry, {
      spatial: [{ ...gaussianSpatial, type: "Endless", tag: "endless", global: true }],
    });
    const endless = held(createSubmodel("endless", { sigma: 1e-3 }, { kind: "spatial", registry: own }));
    const found = fitMemory(dataset, [sky(endless)], own).find(({ what }) => what.startsWith("templates"));
    expect(found!.bytes).toBe(8 * 3 * 30);
  });

  it("of rows that a still source does not reach is none", () => {
    const wide = { ...dataset, counts: { ...dataset.counts!, data: new Float64Array(60).fill(1) } };
    // 25 pixels of 2 energies
    expect(needs(sky(point()), wide)['rows of "src"']).toBe(8 * 3 * 50);
    const { counts: _, ...none } = dataset;
    expect(fitMemory(none, [source()], registry)).toEqual([]);
    const { exposure: __, ...blind } = dataset;
    expect(needs(sky(point()), blind)['templates of "src"']).toBe(0);
  });
});
