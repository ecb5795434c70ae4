import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  axisFromEdges,
  axisFromNodes,
  cutoutMap,
  downsampleMap,
  fillByCoord,
  getByCoord,
  interpByCoord,
  maskAnd,
  maskNot,
  maskOr,
  parseRegions,
  regionGeom,
  resampleAxis,
  type SkyMap,
  sliceMap,
  stackMaps,
  sumOverAxes,
  wcsGeom,
} from "../../src/sky/index.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/sky.json", import.meta.url), "utf8")).maps;

const energy = axisFromEdges([1, 2, 5, 10], { name: "energy", unit: "TeV", interp: "log" });
const rad = axisFromNodes([0, 0.1, 0.3], { name: "rad", unit: "deg" });
const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const geom = wcsGeom({ center, binsz: 0.2, npix: [5, 4], axes: [rad, energy] });
const map: SkyMap = { geom, unit: "", data: Float64Array.from(oracle.data) };
const [lon, lat, r, e] = [0, 1, 2, 3].map((k) => oracle.points.map((p: number[]) => p[k])) as number[][];
const coords = { lon: lon!, lat: lat!, axes: [r!, e!] };

const small = wcsGeom({ center, binsz: 0.2, npix: 4, axes: [energy] });
const ramp = Float64Array.from({ length: 48 }, (_, k) => k);
const holed: SkyMap = { geom: small, unit: "", data: Float64Array.from(ramp, (v) => (v === 0 ? Number.NaN : v)) };

/** Nulls stand for NaN. 1e-9: values are extrapolated by up to several cells, with slopes of 1 a cell and pixels good to 1e-11. */
function expectClose(found: Float64Array, expected: (number | null)[]) {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, k) => {
    if (value === null) expect(found[k]).toBeNaN();
    else expect(Math.abs(found[k]! - value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
  });
}

describe("maps", () => {
  it("interpolates and looks up as Gammapy", () => {
    expectClose(interpByCoord(map, coords), oracle.interp);
    const positive = { ...map, data: map.data.map(Math.exp) };
    expectClose(interpByCoord(positive, coords, { scale: "log" }), oracle.interp_log);
    expectClose(interpByCoord(map, coords, { fill: -7 }), oracle.interp_fill);
    expectClose(interpByCoord(map, coords, { method: "nearest" }), oracle.interp_nearest);
    expectClose(getByCoord(map, coords), oracle.get);
    expect(() => getByCoord(map, { ...coords, axes: [r!] })).toThrow(/rad, energy/);
  });

  it("fills bins from points", () => {
    const points = { lon: lon!, lat: lat!, axes: [e!] };
    expectClose(fillByCoord(small, points).data, oracle.counts);
    const weighted = fillByCoord(small, points, new Float64Array(lon!.length).fill(2));
    expectClose(
      weighted.data,
      oracle.counts.map((v: number) => 2 * v),
    );
    const circle = regionGeom(parseRegions("icrs;circle(83.63, 22.01, 0.3)"), { axes: [energy] });
    const counts = fillByCoord(circle, { lon: [83.63, 83.63, 0], lat: [22.2, 22.4, 0], axes: [[3, 3, 3]] });
    expect([...counts.data]).toEqual([0, 1, 0]);
  });

  it("downsamples, rebins, sums and slices", () => {
    expectClose(downsampleMap(holed, 2).data, oracle.down);
    expectClose(downsampleMap(holed, 2, { preserveCounts: false }).data, oracle.down_mean);
    const weights = { ...holed, data: ramp.map((v) => v % 5) };
    expectClose(downsampleMap(holed, 2, { preserveCounts: false, weights }).data, oracle.down_weights);
    expectClose(resampleAxis(holed, "energy", [1.9, 9]).data, oracle.resampled);
    expect([...resampleAxis(holed, "energy", [1.9, 9]).geom.axes[0]!.nodes]).toEqual([2, 10]);
    const full: SkyMap = { geom: small, unit: "", data: ramp };
    expect([...downsampleMap(full, 3, { axisName: "energy" }).data]).toEqual([...sumOverAxes(full).data]);
    expect(sumOverAxes(full).data[5]).toBe(5 + 21 + 37);
    expect([...sliceMap(full, "energy", 1, 2).data]).toEqual([...ramp.slice(16, 32)]);
    expect(() => downsampleMap(full, 3)).toThrow(/divisible/);
  });

  it("cuts out, and stacks the cutout back", () => {
    const full: SkyMap = { geom: small, unit: "m2 s", data: ramp };
    const cut = cutoutMap(full, { ...center, lon: 83.9 }, 0.4)!;
    expect(cut.window).toEqual({ x0: 0, y0: 1, nx: 2, ny: 2 });
    expect([...cut.map.data.slice(0, 4)]).toEqual([4, 5, 8, 9]);
    const target: SkyMap = { geom: small, unit: "cm2 s", data: new Float64Array(48) };
    const stacked = stackMaps(target, cut.map);
    expect([stacked.data[4], stacked.data[9], stacked.data[6], stacked.data[20]]).toEqual([4e4, 9e4, 0, 20e4]);
    const mask = { geom: cut.map.geom, data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) };
    expect(stackMaps(target, cut.map, mask).data.reduce((a, b) => a + b)).toBe(4e4);
    const shifted = { ...full, geom: { ...small, wcs: { ...small.wcs, crpix: [2.2, 2.5] as const } } };
    expect(() => stackMaps(full, shifted)).toThrow(/different pixels/);
  });

  it("combines masks", () => {
    const a = { geom: small, data: Uint8Array.from(ramp, (v) => v % 2) };
    const b = { geom: small, data: Uint8Array.from(ramp, (v) => (v < 16 ? 1 : 0)) };
    const sum = (data: Uint8Array) => data.reduce((x, y) => x + y, 0);
    expect([sum(maskAnd(a, b).data), sum(maskOr(a, b).data), sum(maskNot(b).data)]).toEqual([8, 32, 32]);
    expect([...sumOverAxes(b).data]).toEqual(new Array(16).fill(1));
  });
});
