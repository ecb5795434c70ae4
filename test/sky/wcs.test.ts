import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultPoles, makeProjector, separation, skyToPix, type Wcs } from "../../src/sky/index.js";

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
        expect(Math.abs(out[0]! - x) * Math.abs(wcs.cdelt[0])).toBeLessThan(1e-11);
        expect(Math.abs(out[1]! - y) * Math.abs(wcs.cdelt[1])).toBeLessThan(1e-11);
        pixToSky(x, y, out);
        expect(separation(lon, lat, out[0]!, out[1]!)).toBeLessThan(1e-11);
      }
    });
  }

  it("falls back to the poles of Paper II", () => {
    for (const { wcs } of cases.filter((c) => c.wcs.lonpole % 180 === 0)) {
      const poles = defaultPoles(wcs.projection, wcs.crval);
      expect(poles.lonpole).toBe(wcs.lonpole);
      expect(poles.latpole).toBeCloseTo(wcs.latpole, 12);
    }
  });

  it("has no place for the far side of the sky", () => {
    const base = { frame: "icrs", crval: [10, 20], crpix: [1, 1], cdelt: [-1, 1], lonpole: 180, latpole: 0 } as const;
    expect(skyToPix({ ...base, projection: "TAN" }, 190, -20)[0]).toBeNaN();
    expect(skyToPix({ ...base, projection: "SIN" }, 190, 10)[0]).toBeNaN();
    expect(() => makeProjector({ ...base, projection: "HPX" })).toThrow(/HPX.*expected one of/);
  });
});
