/** Background rates at the outer edges of their table. */
import { expect, it } from "vitest";
import { backgroundRate, preparedBackground } from "../../src/irf/tables/background.js";
import type { BackgroundTable } from "../../src/irf/tables/types.js";
import { axisFromBounds, axisFromEdges } from "../../src/sky/axis.js";

const energy = axisFromEdges(Float32Array.of(0.1, 1, 10), { name: "energy", unit: "TeV", interp: "log" });
const lon = axisFromBounds(-2, 2, 4, { name: "fov_lon", unit: "deg" });
const lat = axisFromBounds(-2, 2, 4, { name: "fov_lat", unit: "deg" });
const tiny = 1.1754943508222875e-38;

function rate(value: (e: number, x: number, y: number) => number, e: number, x: number, y: number): number {
  const data = Float64Array.from({ length: 32 }, (_, k) => value(k >> 4, (k >> 2) & 3, k & 3));
  const table: BackgroundTable = {
    table: { axes: [energy, lon, lat], unit: "s-1 TeV-1 sr-1", data },
    tiny,
    alignment: "radec",
  };
  const fov = { lon: Float64Array.of(x), lat: Float64Array.of(y), offset: Float64Array.of(Math.hypot(x, y)) };
  return backgroundRate(preparedBackground(table), [e], fov)[0]!;
}

it("is extrapolated from two centres to the edge", () => {
  // ln of the rate falls by 1 a degree
  const falling = (_: number, x: number) => Math.exp(-x);
  expect(rate(falling, 1, 1.9, 0) / Math.exp(-3.4)).toBeCloseTo(1, 12);
  expect(rate(falling, 1, 2.1, 0)).toBe(0);
});

it("stays what it is in the outer bin where the next one is 0", () => {
  const border = (_: number, x: number) => (x === 3 ? 7 : 0);
  expect(rate(border, 1, 1.5, 0.2)).toBeCloseTo(7, 9);
  // a line through ln 1e-38 and ln 7 would say 1e19 here
  expect(rate(border, 1, 2, 0.2)).toBeCloseTo(7, 9);
  const corner = (_: number, x: number, y: number) => (x === 3 && y === 3 ? 7 : 0);
  expect(rate(corner, 1, 2, 2)).toBeCloseTo(7, 9);
});

it("is there at an edge that float32 has moved by its last digit", () => {
  expect(energy.nodes[0]).toBeGreaterThan(0.1);
  expect(rate(() => 3, 0.1, 0, 0)).toBeCloseTo(3, 12);
  expect(rate(() => 3, 0.0999, 0, 0)).toBe(0);
});
