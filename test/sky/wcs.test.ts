import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readWcs } from "../../src/io/wcs-fits.js";
import {
  convertFrame,
  defaultPoles,
  makePixelDerivatives,
  makeProjector,
  separation,
  skyToPix,
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

  // turned and skewed ones too, and some in FK4, whose positions hold the E-terms of aberration
  const { cases: headers } = JSON.parse(readFileSync(new URL("../oracle/wcs.json", import.meta.url), "utf8"));
  const others = headers.map(({ header, points }: { header: object; points: number[][] }) => ({
    wcs: readWcs(
      Object.entries(header).map(([key, value]) => ({ key, value })),
      "",
    ),
    points,
  })) as typeof cases;
  const maps = [...cases.map(({ wcs, points }) => ({ wcs, points: points.slice(1) })), ...others].map(
    ({ wcs, points }, k) => ({ wcs: k % 3 === 0 ? { ...wcs, frame: "fk4" as const } : wcs, points }),
  );

  it.each(["icrs", "galactic", "fk4"] as const)("differentiates pixel positions by place in %s", (frame) => {
    const [x, y, place] = [new Float64Array(6), new Float64Array(6), new Float64Array(2)];
    const frames = new Set<string>();
    for (const { wcs, points } of maps) {
      frames.add(wcs.frame);
      const derivatives = makePixelDerivatives(wcs, frame);
      const jets = (lon: number, lat: number) => {
        derivatives(lon, lat, 2, x, y);
        return [...x, ...y];
      };
      for (const point of points as [number, number, number, number][]) {
        convertFrame(point[0], point[1], wcs.frame, frame, place);
        const [lon, lat] = [place[0]!, place[1]!];
        const d = jets(lon, lat);
        // the pixel position itself, to the bit
        convertFrame(lon, lat, frame, wcs.frame, place);
        expect([d[0], d[6]]).toEqual([...skyToPix(wcs, place[0]!, place[1]!)]);
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
            const f = (n: number) => jets(lon + n * dLon, lat + n * dLat)[at + from]!;
            const difference = (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
            expect(Math.abs(d[at + to]! - difference) / size, `${wcs.projection} ${to}`).toBeLessThan(2e-8);
          }
        }
      }
    }
    expect([...frames].sort()).toEqual(["fk4", "galactic", "icrs"]);
  });

  it("differentiates next to the meridian where a map of the whole sky is cut", () => {
    const base = { frame: "galactic", crval: [0, 0], crpix: [180.5, 90.5], cd: [-1, 0, 0, 1] } as const;
    const [x, y] = [new Float64Array(6), new Float64Array(6)];
    for (const projection of ["CAR", "MER", "CEA", "CYP", "SFL", "PAR", "AIT", "MOL"]) {
      const wcs = { ...base, projection, ...defaultPoles({ ...base, projection }) };
      const [near, far] = [179.999, 179].map((lon) => {
        makePixelDerivatives(wcs, "galactic")(lon, 10, 2, x, y);
        return [...x.subarray(1), ...y.subarray(1)];
      }) as [number[], number[]];
      // a degree on they are nearly the same; a difference across the cut would be 360 pixels over its step
      near.forEach((v, k) => void expect(Math.abs(v - far[k]!), projection).toBeLessThan(0.02));
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
