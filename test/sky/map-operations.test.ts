import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  axisFromEdges,
  cutoutMap,
  downsampleMap,
  interpolateMap,
  interpolateMask,
  type MaskMap,
  nPix,
  parseRegions,
  regionImage,
  regionMask,
  regionWeights,
  reprojectMap,
  resampleAxis,
  type SkyMap,
  smoothMap,
  stackMaps,
  sumInRegion,
  sumOverAxes,
  upsampleMap,
  type Wcs,
  type WcsGeom,
  wcsGeom,
} from "../../src/sky/index.js";

/** The output of test/oracle/maps.py. */
const oracle = JSON.parse(readFileSync(new URL("../oracle/maps.json", import.meta.url), "utf8"));
type Numbers = readonly (number | null)[];

const energy = axisFromEdges([1, 2, 5, 10], { name: "energy", unit: "TeV", interp: "log" });
const fine = axisFromEdges([1.2, 1.7, 3, 4.5, 8, 14], { name: "energy", unit: "TeV", interp: "log" });
const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const geom = wcsGeom({ center, binsz: 0.2, npix: [12, 10], proj: "TAN", rotation: -35, axes: [energy] });
const other = wcsGeom({ center, binsz: 0.15, npix: [17, 14], frame: "galactic" });
const withAxis = (axis = energy): WcsGeom => ({ ...other, axes: [axis] });
const numbers = (x: Numbers) => Float64Array.from(x, (v) => v ?? Number.NaN);
const map: SkyMap = { geom, unit: "cm2 s", data: numbers(oracle.values) };
const counts: SkyMap = { geom, unit: "", data: numbers(oracle.counts) };
const mask: MaskMap = { geom, data: Uint8Array.from(numbers(oracle.mask)) };
const sum = (data: ArrayLike<number>) => Array.from(data).reduce((a, b) => a + b, 0);
const some = (data: ArrayLike<number>) => Array.from(data).filter((_, i) => i % 7 === 0);

/** Nulls stand for NaN; `tolerance` relative to the largest value. */
function expectClose(found: ArrayLike<number>, expected: Numbers, tolerance = 1e-9) {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...expected.map((v) => Math.abs(v ?? 0)));
  const bad = expected.findIndex((v, i) =>
    v === null ? !Number.isNaN(found[i]) : !(Math.abs(found[i]! - v) <= tolerance * scale),
  );
  expect([bad, found[bad]]).toEqual([-1, bad < 0 ? undefined : expected[bad]]);
}

function expectWcs({ wcs, npix }: WcsGeom, expected: Pick<Wcs, "cd" | "crpix" | "crval"> & { npix: number[] }) {
  expect([...npix]).toEqual(expected.npix);
  for (const key of ["cd", "crpix", "crval"] as const) {
    for (const [k, value] of wcs[key].entries()) expect(value).toBeCloseTo(expected[key][k]!, 11);
  }
}

describe("operations on a turned map, as Gammapy", () => {
  it("are on its geometries", () => {
    expectWcs(geom, oracle);
    expectWcs(other, oracle.other);
  });

  it("cut out, and stack", () => {
    const position = { lon: 83.9, lat: 22.3, frame: "icrs" } as const;
    const part = cutoutMap(map, position, [1.03, 0.77])!;
    expectWcs(part.map.geom as WcsGeom, oracle.cutout);
    expectClose(part.map.data, oracle.cutout.data);
    expectWcs(cutoutMap(map, position, 0.9, { oddNpix: true })!.map.geom as WcsGeom, oracle.cutout_odd);
    const weights = { geom: part.map.geom, data: Uint8Array.from(numbers(oracle.stacked.weights)) };
    expectClose(stackMaps(counts, { ...part.map, unit: "" }, weights).data, oracle.stacked.data);
    expect(() => stackMaps(counts, { ...counts, geom: withAxis() })).toThrow(/Maps on different pixels/);
  });

  it("sample coarser and finer", () => {
    const down = downsampleMap(counts, 2);
    expectWcs(down.geom as WcsGeom, oracle.down);
    expectClose(down.data, oracle.down.data);
    expectClose(downsampleMap(map, 2, { preserveCounts: false }).data, oracle.down_mean.data);
    const up = upsampleMap(counts, 2);
    expectWcs(up.geom as WcsGeom, oracle.up);
    // ours are scaled so that sums stay: planar triangles of solid angles differ by 1e-6
    expectClose(some(up.data), oracle.up.data, 1e-5);
    expect(sum(up.data) / sum(counts.data)).toBeCloseTo(1, 12);
    expectClose(downsampleMap(up, 2).data, oracle.counts, 1e-12);
    expectClose(some(upsampleMap(map, 3, { preserveCounts: false }).data), oracle.up_values);
    const linear = { preserveCounts: false, method: "linear" } as const;
    expectClose(some(upsampleMap(map, 2, linear).data), oracle.up_linear);
    expectClose(some(upsampleMap(counts, 2, { axisName: "energy" }).data), oracle.up_energy);
    expectClose(some(upsampleMap(map, 2, { ...linear, axisName: "energy" }).data), oracle.up_energy_linear);
  });

  it("interpolate", () => {
    expectClose(some(interpolateMap(map, withAxis(fine)).data), oracle.interp);
    const options = { scale: "log", fill: Number.NaN } as const;
    expectClose(some(interpolateMap(map, withAxis(fine), options).data), oracle.interp_log);
    expectClose(some(interpolateMap(counts, withAxis(), { preserveCounts: true }).data), oracle.interp_counts);
    expectClose(some(interpolateMask(mask, withAxis()).data), oracle.interp_mask);
    expect(() => interpolateMap(map, other)).toThrow(/axes \(energy\) cannot be brought to \(\)/);
  });

  it("sum over axes, and into coarser bins", () => {
    const holed = { ...map, data: map.data.slice() };
    holed.data[3 * 12 + 4] = Number.NaN;
    expectClose(sumOverAxes(holed).data, oracle.sum);
    expectClose(resampleAxis(map, "energy", [2, 10]).data, oracle.resampled);
    expect(resampleAxis(holed, "energy", [1, 10]).data[3 * 12 + 4]).toBeNaN();
    expect(sum(sumOverAxes(counts).data)).toBe(sum(counts.data));
  });

  it("smooth", () => {
    expectClose(smoothMap(map, 0.27).data, oracle.gauss);
    expectClose(smoothMap(map, 0.47, { kernel: "disk" }).data, oracle.disk);
  });

  for (const row of oracle.regions) {
    it(`mask and sum in ${row.text}`, () => {
      const regions = parseRegions(row.text);
      expect([...regionImage({ ...geom, axes: [] }, regions)].join("")).toBe(row.mask);
      expect(regionMask(geom, regions).data.length).toBe(360);
      const total = sumInRegion(counts, regions);
      expectClose(total.data, row.sum);
      expect([total.geom.kind, total.geom.axes]).toEqual(["region", [energy]]);
      if (row.weights === undefined) return;
      expectClose(sumInRegion(counts, regions, { weights: mask }).data, row.masked);
      expectClose(regionWeights({ ...geom, axes: [] }, regions), row.weights, 1e-6);
      const shares = sumInRegion(counts, regions, { pixels: "shares" }).data;
      shares.forEach((x, r) => {
        const inside = row.weights.reduce((s: number, w: number, i: number) => s + w * counts.data[r * 120 + i]!, 0);
        expect(x).toBeCloseTo(inside, 3);
      });
    });
  }
});

describe("reprojection by areas", () => {
  it("shares out counts as points in them fall", () => {
    const { data } = reprojectMap(counts, other, { preserveCounts: true });
    // 40 x 40 points a pixel: each of the lines that cross one is off by up to a fortieth of a pixel with 10 counts at most
    expectClose(data, oracle.overlap, 0.03);
    expect(sum(data) / sum(oracle.overlap)).toBeCloseTo(1, 3);
    const mean = reprojectMap(map, other, { preserveCounts: false }).data;
    expectClose(mean, oracle.overlap_mean, 0.03);
  });

  it("has the sum of Gammapy, whose pixels within the map give some of theirs to those at its edge", () => {
    const { data } = reprojectMap(counts, other, { preserveCounts: true });
    expect(sum(data) / sum(oracle.reprojected)).toBeCloseTo(1, 3);
    const covered = reprojectMap({ ...counts, data: counts.data.map(() => 1) }, other, { preserveCounts: true }).data;
    const whole = Math.max(...covered);
    const ratios = Array.from(data, (x, i) => x / oracle.reprojected[i]).filter((_, i) => covered[i]! > 0.99 * whole);
    expect(ratios.length).toBeGreaterThan(500);
    expect(Math.max(...ratios) / Math.min(...ratios)).toBeLessThan(1.03);
    expect(Math.min(...ratios)).toBeGreaterThan(1.07);
  });

  it("keeps sums and means", () => {
    const large = wcsGeom({ center, binsz: 0.17, npix: 30, proj: "AIT", rotation: -20 });
    for (const target of [large, { ...large, wcs: { ...large.wcs, cd: [0.3, 0.1, 0, 0.2] as const } }]) {
      expect(sum(reprojectMap(counts, target, { preserveCounts: true }).data) / sum(counts.data)).toBeCloseTo(1, 12);
      const flat = { ...map, data: new Float64Array(map.data.length).fill(3) };
      const { data } = reprojectMap(flat, target, { preserveCounts: false, fill: Number.NaN });
      for (const value of data) expect(Number.isNaN(value) || Math.abs(value - 3) < 1e-12).toBe(true);
    }
    expectClose(reprojectMap(counts, { ...geom, axes: [] }, { preserveCounts: true }).data, oracle.counts, 1e-9);
  });

  it("goes over the edge of maps of the whole sky", () => {
    // a map around the longitude at which the other one begins and ends
    const small = wcsGeom({ center: { lon: 180, lat: 40, frame: "galactic" }, binsz: 0.5, npix: 20, proj: "TAN" });
    const ones: SkyMap = { geom: small, unit: "", data: new Float64Array(400).fill(1) };
    for (const proj of ["CAR", "AIT", "MOL"]) {
      const sky = wcsGeom({ frame: "galactic", binsz: 2, proj, center: { lon: 0, lat: 0, frame: "galactic" } });
      const { data } = reprojectMap(ones, sky, { preserveCounts: true });
      expect(sum(data)).toBeCloseTo(400, 2);
      // half of it at either end of the rows
      expect(sum(data.filter((_, i) => i % sky.npix[0] < sky.npix[0] / 2))).toBeCloseTo(200, 0);
      expect(Math.max(...data)).toBeLessThan(20);
    }
  });
});

describe("smoothing", () => {
  it("keeps the sum where the image is mirrored, and constants where the kernel is cut", () => {
    expect(sum(smoothMap(counts, 0.35).data) / sum(counts.data)).toBeCloseTo(1, 12);
    const flat = { ...map, data: new Float64Array(map.data.length).fill(2) };
    for (const kernel of ["gauss", "disk"] as const) {
      for (const value of smoothMap(flat, 0.35, { kernel, edges: "cut" }).data) expect(value).toBeCloseTo(2, 12);
    }
    expect(() => smoothMap(map, 0)).toThrow(/width is 0 deg/);
  });

  it("leaves out what has no value", () => {
    const holed = { ...map, data: new Float64Array(map.data.length).fill(2) };
    holed.data[5 * 12 + 6] = Number.NaN;
    const { data } = smoothMap(holed, 0.3);
    data.forEach((value, i) => {
      if (i === 5 * 12 + 6) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(2, 12);
    });
  });

  it("is round on the sky, on pixels of any form", () => {
    const skewed: WcsGeom = {
      ...geom,
      axes: [],
      npix: [61, 61],
      wcs: { ...geom.wcs, crpix: [31, 31], cd: [-0.05, 0.02, 0.01, 0.03] },
    };
    const point: SkyMap = { geom: skewed, unit: "", data: new Float64Array(nPix(skewed)) };
    point.data[30 * 61 + 30] = 1;
    const [a, b, c, d] = skewed.wcs.cd;
    for (const kernel of ["gauss", "disk"] as const) {
      const { data } = smoothMap(point, 0.15, { kernel });
      let [xx, xy, yy] = [0, 0, 0];
      data.forEach((value, k) => {
        const [i, j] = [(k % 61) - 30, Math.floor(k / 61) - 30];
        const [x, y] = [a * i + b * j, c * i + d * j];
        xx += value * x * x;
        xy += value * x * y;
        yy += value * y * y;
      });
      // of a disk a quarter of the radius in square; pixels of 0.0017 deg2 make its rim uncertain
      const variance = kernel === "gauss" ? 0.15 ** 2 : 0.15 ** 2 / 4;
      expect(Math.abs(xx / variance - 1)).toBeLessThan(kernel === "gauss" ? 0.005 : 0.1);
      expect(Math.abs(yy / variance - 1)).toBeLessThan(kernel === "gauss" ? 0.005 : 0.1);
      expect(Math.abs(xy / variance)).toBeLessThan(kernel === "gauss" ? 0.005 : 0.1);
    }
  });
});
