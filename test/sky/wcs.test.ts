import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readWcs } from "../../src/io/wcs-fits.js";
import {
  defaultPoles,
  determinant,
  makeProjector,
  separation,
  skyToPix,
  skyToPixDerivatives,
  type Wcs,
} from "../../src/sky/index.js";

const file = process.env.GAMMATS_SKY_ORACLE ?? new URL("../oracle/sky.json", import.meta.url);
const oracle = JSON.parse(readFileSync(file, "utf8"));
const out = new Float64Array(2);

describe("projections", () => {
  const cases = oracle.wcs as { wcs: Wcs; points: number[][] }[];
  for (const [k, { wcs, points }] of cases.entries()) {
    it(`${wcs.projection} ${k} agrees with wcslib and inverts itself`, () => {
      const { skyToPix, pixToSky } = makeProjector(wcs);

      for (const [lon, lat, x, y] of points as [number, number, number, number][]) {
        skyToPix(lon, lat, out);
        // 1e-11 deg in the plane.
        expect(Math.abs(out[0]! - x) * Math.abs(wcs.cd[0])).toBeLessThan(1e-11);
        expect(Math.abs(out[1]! - y) * Math.abs(wcs.cd[3])).toBeLessThan(1e-11);
        pixToSky(x, y, out);
        expect(separation(lon, lat, out[0]!, out[1]!)).toBeLessThan(1e-11);
      }
    });
  }

  it("differentiates pixel positions", () => {
    const value = (wcs: Wcs, lon: number, lat: number, at: number) => skyToPixDerivatives(wcs, lon, lat)[at]!;
    // turned and skewed ones too
    const { cases: headers } = JSON.parse(readFileSync(new URL("../oracle/wcs.json", import.meta.url), "utf8"));
    const others = headers.map(({ header, points }: { header: object; points: number[][] }) => ({
      wcs: readWcs(
        Object.entries(header).map(([key, value]) => ({ key, value })),
        "",
      ),
      points,
    })) as typeof cases;
    const all = [...cases.map(({ wcs, points }) => ({ wcs, points: points.slice(1) })), ...others];
    for (const { wcs, points } of all) {
      for (const [lon, lat, x, y] of points as [number, number, number, number][]) {
        const d = skyToPixDerivatives(wcs, lon, lat);
        const scale = 1 / Math.abs(determinant(wcs.cd)) ** 0.5;
        expect(Math.abs(d[0]! - x) / scale).toBeLessThan(1e-11);
        expect(Math.abs(d[6]! - y) / scale).toBeLessThan(1e-11);
        // Each derivative against the five-point difference of the order below, h = 0.01 deg; 2e-8 of the size of the derivatives leaves room for h^4 where they grow, towards rims and poles.
        const h = 0.01;
        const size = Math.max(...d.map((v, k) => (k % 6 === 0 ? 0 : Math.abs(v))));
        for (const at of [0, 6]) {
          for (const [to, from, dLon, dLat] of [
            [1, 0, h, 0],
            [2, 0, 0, h],
            [3, 1, h, 0],
            [4, 1, 0, h],
            [4, 2, h, 0],
            [5, 2, 0, h],
          ] as const) {
            const f = (n: number) => value(wcs, lon + n * dLon, lat + n * dLat, at + from);
            const difference = (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
            expect(Math.abs(d[at + to]! - difference) / size).toBeLessThan(2e-8);
          }
        }
      }
    }
  });

  it("falls back to the poles of Paper II", () => {
    for (const { wcs } of cases.filter((c) => c.wcs.lonpole % 180 === 0)) {
      const poles = defaultPoles(wcs);
      expect(poles.lonpole).toBe(wcs.lonpole);
      expect(poles.latpole).toBeCloseTo(wcs.latpole, 12);
    }
  });

  it("has no place for the far side of the sky", () => {
    const base = {
      frame: "icrs",
      crval: [10, 20],
      crpix: [1, 1],
      cd: [-1, 0, 0, 1],
      lonpole: 180,
      latpole: 0,
    } as const;
    expect(skyToPix({ ...base, projection: "TAN" }, 190, -20)[0]).toBeNaN();
    expect(skyToPix({ ...base, projection: "SIN" }, 190, 10)[0]).toBeNaN();
    expect(() => makeProjector({ ...base, projection: "HPX" })).toThrow(/HPX.*expected one of/);
  });
});
