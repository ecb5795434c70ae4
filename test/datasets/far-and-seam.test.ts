/** Points where a projection ends: on its far side, and where a map of the whole sky joins itself. */
import { describe, expect, it } from "vitest";
import { compileDataset, npredSignal } from "../../src/api/datasets.js";
import { estimateTsMap } from "../../src/api/estimators.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import { allParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { wcsGeom, withAxes } from "../../src/sky/geom.js";
import { nPix, pixelsOf } from "../../src/sky/pixels.js";
import type { SkyMap, WcsGeom } from "../../src/sky/types.js";
import { storedDataset } from "./stored.js";

const point = (lon: number, lat: number): Models => ({
  components: [
    skyModel({
      name: "src",
      spectral: createSubmodel("pl", { index: 2, amplitude: 1e-12 }),
      spatial: createSubmodel("point", { lon_0: lon, lat_0: lat }, { kind: "spatial" }),
    }),
  ],
});

const sum = (data: Float64Array) => data.reduce((a, b) => a + b, 0);

/** Total and gradient of a free source, and the total of a frozen one. */
function totals(dataset: MapDataset, lon: number, lat: number) {
  const models = point(lon, lat);
  const { term, parameters, total } = compileDataset(dataset, models);
  const entries = allParameters(models);
  const p = Float64Array.from(parameters, (q) => entries[q.entry]!.parameter.value * q.factor);
  const gradient = new Float64Array(term.n);
  const value = term.gradient(p, gradient);
  return { free: total(p), frozen: sum(npredSignal(dataset, models).data), value, gradient };
}

describe("a point on the far side of a TAN projection", () => {
  it("brings nothing, free or frozen, and no number is NaN", () => {
    const { free, frozen, value, gradient } = totals(
      { ...storedDataset<MapDataset>("cube"), background: undefined } as MapDataset,
      83.63 + 180,
      -22,
    );
    expect(free).toBe(0);
    expect(frozen).toBe(0);
    expect(value).not.toBeNaN();
    gradient.forEach((g) => {
      expect(g).not.toBeNaN();
    });
  });
});

/** All of the sky in pixels of 2 deg, with an exposure of one for each. */
function allSky(psf: boolean, binsz = 2): MapDataset {
  const energy = axisFromEnergyBounds(1, 10, 1);
  const plane = wcsGeom({ npix: [360 / binsz, 180 / binsz], binsz, proj: "CAR", frame: "icrs" });
  const map = (axis: typeof energy, value: number, unit: string): SkyMap => {
    const geom = withAxes(plane, [axis]);
    return { geom, unit, data: new Float64Array(nPix(geom)).fill(value) };
  };
  const cube = storedDataset<MapDataset>("cube");
  const n = nPix(cube.psf!.map.geom);
  const [rad] = cube.psf!.map.geom.axes;
  const energyTrue = { ...energy, name: "energy_true" };
  const one = wcsGeom({ npix: [1, 1], binsz: 180, proj: "CAR", frame: "icrs" });
  const profile = new Float64Array(rad!.nodes.length - 1).map((_, k) => Math.exp(-0.5 * (k / 4) ** 2));
  const wide = { ...rad!, nodes: rad!.nodes.map((x) => x * 10) };
  expect(n).toBeGreaterThan(1);
  return {
    type: "MapDataset",
    name: "sky",
    counts: map(energy, 0, ""),
    exposure: map(energyTrue, 1e14, "cm2 s"),
    ...(psf && { psf: { map: { geom: withAxes(one, [wide, energyTrue]), unit: "sr-1", data: profile } } }),
  } as MapDataset;
}

describe("a point at the seam of a map of the whole sky", () => {
  it.each([false, true])("brings as much as anywhere, free and frozen (psf: %s)", (psf) => {
    const dataset = allSky(psf);
    const { free: expected } = totals(dataset, 40.3, 0.7);
    expect(expected).toBeGreaterThan(10);
    for (const lon of [179.2, 179.999, 180, 180.4, 182.9]) {
      const { free, frozen } = totals(dataset, lon, 0.7);
      // sums in another order
      expect(free / expected).toBeCloseTo(1, 12);
      expect(frozen / expected).toBeCloseTo(1, 12);
    }
  });
});

describe("a map of test statistics", () => {
  const filled = (dataset: MapDataset, counts: number): MapDataset => {
    const map = dataset.counts!;
    const value = (x: number) => ({ ...map, data: new Float64Array(map.data.length).fill(x) });
    return { ...dataset, counts: value(counts), background: value(1) };
  };

  it("has no seam where the map of the whole sky has one", () => {
    const { geom, data } = estimateTsMap([filled(allSky(true, 5), 2)], { components: [] }).maps.ts;
    const [nx, ny] = (geom as WcsGeom).npix;
    for (const y of [ny / 2, ny / 2 - 3]) {
      const middle = data[y * nx + nx / 2]!;
      // more than of one pixel alone, 2 (2 ln 2 - 1): the psf reaches others
      expect(middle).toBeGreaterThan(0.8);
      // the same data at all longitudes, summed in another order
      for (const x of [0, 1, 2, nx - 2, nx - 1]) expect(data[y * nx + x]! / middle).toBeCloseTo(1, 9);
    }
  });

  it("does not see a source in a map on whose far side it is", () => {
    const cube = { ...storedDataset<MapDataset>("cube"), background: undefined } as MapDataset;
    const { geom } = cube.counts!;
    const counts = { geom, unit: "", data: new Float64Array(cube.counts!.data.length).fill(1) };
    const here = allSky(false, 10);
    const far: MapDataset = { ...cube, name: "far", counts };
    const alone = estimateTsMap([filled(here, 2)], { components: [] }).maps.ts;
    const both = estimateTsMap([filled(here, 2), far], { components: [] }).maps.ts;
    // opposite to (83.63, 22.01)
    const pixel = pixelsOf(alone.geom).indexOf(263.63, -22.01);
    expect(both.data[pixel]! / alone.data[pixel]!).toBeCloseTo(1, 9);
  });
});

describe("an extended source at the seam", () => {
  const disk = (lon: number): Models => ({
    components: [
      skyModel({
        name: "wide",
        spectral: createSubmodel("pl", { index: 2, amplitude: 1e-12 }),
        spatial: createSubmodel("disk", { lon_0: lon, lat_0: 0.7, r_0: 6 }, { kind: "spatial" }),
      }),
    ],
  });

  it("is cut, and the fit says so", () => {
    const dataset = allSky(false);
    const whole = sum(npredSignal(dataset, disk(100)).data);
    expect(compileDataset(dataset, disk(100)).warnings).toEqual([]);
    expect(sum(npredSignal(dataset, disk(178)).data) / whole).toBeLessThan(0.9);
    expect(compileDataset(dataset, disk(178)).warnings).toEqual([
      expect.stringMatching(/^source "wide" reaches over the seam of the map of the whole sky of dataset "sky"/),
    ]);
  });
});
