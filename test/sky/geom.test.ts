import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  convertFrame,
  cutout,
  offsetBy,
  pixelCenters,
  positionAngle,
  separation,
  skyToPix,
  solidAngle,
  toOddNpix,
  upsampleGeom,
  type Wcs,
  type WcsGeom,
  wcsGeom,
} from "../../src/sky/index.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/sky.json", import.meta.url), "utf8"));
const out = new Float64Array(2);

/** The same WCS; coordinates and poles to 1e-11 deg, as both sides round in their rotations. */
function expectWcs(found: Wcs, expected: Wcs) {
  expect([found.projection, found.frame, found.lonpole]).toEqual([
    expected.projection,
    expected.frame,
    expected.lonpole,
  ]);
  for (const key of ["crval", "crpix", "cd"] as const) {
    found[key].forEach((value, k) => {
      expect(value).toBeCloseTo(expected[key][k]!, 11);
    });
  }
  expect(found.latpole).toBeCloseTo(expected.latpole, 11);
}

/** Largest difference relative to `scale`; nulls stand for NaN and must match. */
function difference(found: ArrayLike<number>, expected: (number | null)[], scale = 1): number {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  expected.forEach((e, k) => {
    if (e === null) expect(found[k]).toBeNaN();
    else worst = Math.max(worst, Number.isFinite(found[k]) ? Math.abs(found[k]! - e) / scale : Infinity);
  });
  return worst;
}

describe("geometries", () => {
  it.each(["SFL", "ZEA", "CEA", "AIT", "MOL"])(
    "has pixels of one solid angle in %s, which keeps areas, around a pole too",
    (proj) => {
      const center = { lon: 62.8, lat: -89.9, frame: "icrs" } as const;
      const geom = wcsGeom({ center, binsz: 0.02, npix: [8, 14], proj, rotation: 20 });
      const area = ((0.02 * Math.PI) / 180) ** 2;
      // pixels are taken for planar: 1e-8 of them
      for (const value of solidAngle(geom)) expect(value / area).toBeCloseTo(1, 7);
    },
  );

  for (const row of oracle.geoms) {
    const { skydir, frame, ...rest } = row.options;
    const geom = wcsGeom({ ...rest, frame, center: { lon: skydir[0], lat: skydir[1], frame } });
    it(`${geom.wcs.projection} at ${skydir} is made, measured and resampled as in Gammapy`, () => {
      expectWcs(geom.wcs, row.wcs);
      expect(geom.npix).toEqual(row.npix);
      const { lon, lat } = pixelCenters(geom);
      row.lon.flat().forEach((l: number | null, k: number) => {
        if (l === null) expect(lon[k]).toBeNaN();
        else expect(separation(lon[k]!, lat[k]!, l, row.lat.flat()[k])).toBeLessThan(1e-11);
      });
      // Corner separations of small pixels are differences of rounded coordinates on both sides: 1e-10 relative.
      const area = row.solid_angle.flat();
      expect(difference(solidAngle(geom), area, Math.max(...area))).toBeLessThan(1e-10);
      expectWcs(upsampleGeom(geom, 2).wcs, row.up);
      const odd = toOddNpix(geom, 3.3);
      expectWcs(odd.wcs, row.odd.wcs);
      expect(odd.npix[0]).toBe(row.odd.npix);
    });
  }

  it("puts the Crab of the 3FHL file at pixel 24.499999999967", () => {
    const wcs: Wcs = oracle.fermi.wcs;
    convertFrame(83.63310241699219, 22.019899368286133, "icrs", "galactic", out);
    skyToPix(wcs, out[0]!, out[1]!, out);
    expect(out[0]).toBeCloseTo(24.499999999967, 11);
    // 1e-12 deg at 0.1 deg a pixel.
    expect(difference(out, oracle.fermi.pix)).toBeLessThan(1e-11);
    const geom: WcsGeom = { kind: "wcs", wcs, npix: [50, 40], axes: [] };
    const area = solidAngle(geom);
    oracle.fermi.solid_angle.forEach((row: number[], j: number) => {
      for (const [i, v] of row.entries()) expect(area[13 * j * 50 + 17 * i]! / v).toBeCloseTo(1, 10);
    });
  });

  it("cuts out the same pixels, ties included", () => {
    const geom: WcsGeom = { kind: "wcs", wcs: oracle.fermi.wcs, npix: [50, 40], axes: [] };
    for (const [lon, lat, width, odd, minNpix, ...window] of oracle.fermi.cutouts) {
      const cut = cutout(geom, { lon, lat, frame: "icrs" }, width, { oddNpix: odd === 1, minNpix });
      const { x0, y0, nx, ny } = cut!.window;
      expect([lon, lat, width, odd, minNpix, x0, y0, nx, ny]).toEqual([lon, lat, width, odd, minNpix, ...window]);
    }
    expect(cutout(geom, { lon: 0, lat: 0, frame: "icrs" }, 1)).toBeNull();
  });
});

describe("frames", () => {
  it("converts, measures and offsets as Astropy", () => {
    for (const [lon, lat, l, b, ra, dec, sep, angle, oLon, oLat] of oracle.frames as number[][]) {
      convertFrame(lon!, lat!, "icrs", "galactic", out);
      expect(separation(out[0]!, out[1]!, l!, b!)).toBeLessThan(1e-12);
      convertFrame(lon!, lat!, "galactic", "icrs", out);
      expect(separation(out[0]!, out[1]!, ra!, dec!)).toBeLessThan(1e-12);
      const other = oracle.frames[oracle.frames.length - 1 - oracle.frames.findIndex((r: number[]) => r[0] === lon)];
      expect(separation(lon!, lat!, other[0], other[1])).toBeCloseTo(sep!, 11);
      expect(positionAngle(lon!, lat!, other[0], other[1])).toBeCloseTo(angle!, 10);
      const moved = offsetBy({ lon: lon!, lat: lat!, frame: "icrs" }, 2 * lat!, lon! / 3);
      expect(separation(moved.lon, moved.lat, oLon!, oLat!)).toBeLessThan(1e-11);
    }
    // astropy: SkyCoord(83.63, 22.01, frame="fk5", unit="deg").icrs
    convertFrame(83.63, 22.01, "fk5", "icrs", out);
    expect(out[0]).toBeCloseTo(83.62999237548185, 12);
    expect(out[1]).toBeCloseTo(22.01000521319671, 12);
  });
});
