/** Sources on spectra of regions: which share of them is seen. */
import { describe, expect, it } from "vitest";
import { compileDataset, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset, Psf } from "../../src/datasets/types.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { gaussianSpatial } from "../../src/models/spatial/gaussian.js";
import type { SkyModel, Submodel } from "../../src/models/types.js";
import { axisCenters, axisFromBounds } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { regionGeom } from "../../src/sky/region-geom.js";
import type { Region, SkyMap } from "../../src/sky/types.js";
import { check } from "../datasets/check-derivatives.js";
import { AMPLITUDE, expectNear, held, INDEX, of, source, spatialOf, type Values } from "./made-sources.js";
import { center, energy, energyTrue, powerLawFlux } from "./tiny.js";

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
