import { describe, expect, it } from "vitest";
import {
  axisFromEdges,
  contains,
  describePixels,
  imageGeom,
  imageShape,
  nPix,
  parseRegions,
  pixelCenters,
  pixelsOf,
  regionGeom,
  rotatedSteps,
  samePixels,
  separation,
  shape,
  size,
  solidAngle,
  wcsGeom,
} from "../../src/sky/index.js";

const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const energy = axisFromEdges([1, 2, 5], { name: "energy", unit: "TeV", interp: "log" });
const turned = wcsGeom({ center, binsz: [0.1, 0.1], npix: [7, 5], proj: "TAN", rotation: 33, axes: [energy] });
const circle = regionGeom(parseRegions("icrs;circle(83.63, 22.01, 0.3)"), { axes: [energy] });
const nowhere = regionGeom([], { axes: [energy] });

describe("pixels", () => {
  it("are counted in all geometries alike", () => {
    expect([turned, circle, nowhere].map(nPix)).toEqual([35, 1, 1]);
    expect([turned, circle].map(imageShape)).toEqual([
      [5, 7],
      [1, 1],
    ]);
    expect([turned, circle].map(shape)).toEqual([
      [2, 5, 7],
      [2, 1, 1],
    ]);
    expect([turned, circle].map(size)).toEqual([70, 2]);
    expect(describePixels(turned)).toBe("7 x 5 pixels of a TAN image");
    expect(() => imageGeom(circle, "blur")).toThrow(/blur: found one region, expected an image/);
  });

  it("hold their middles, and nothing beyond the map", () => {
    const pixels = pixelsOf(turned);
    const { lon, lat } = pixelCenters(turned);
    lon.forEach((l, i) => {
      expect(pixels.indexOf(l, lat[i]!)).toBe(i);
    });
    expect(pixels.indexOf(83.63, 22.5)).toBe(-1);
    // the far side of a tangential map
    expect(pixels.indexOf(263.63, -22.01)).toBe(-1);
    expect(contains(turned, center)).toBe(true);
    expect(contains(circle, { ...center, lat: 22.3 })).toBe(true);
    expect(contains(circle, { ...center, lat: 22.32 })).toBe(false);
    expect(contains(nowhere, center)).toBe(true);
  });

  it("cover the sky", () => {
    const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);
    // the planar triangles of Gammapy: what they miss falls with the square of the size of pixels
    const missing = (binsz: number) => 1 - sum(solidAngle(wcsGeom({ binsz }))) / (4 * Math.PI);
    expect(Math.abs(missing(4))).toBeLessThan(1e-3);
    expect(missing(4) / missing(1)).toBeCloseTo(16, 0);
    expect(solidAngle(circle)[0]! / (Math.PI * (0.3 * (Math.PI / 180)) ** 2)).toBeCloseTo(1, 4);
    expect(solidAngle(nowhere)[0]).toBeNaN();
    // a turn does not change areas: squares of the tangent plane, smaller by cos^3 of their distance, and by planar triangles (1.4e-6 for 0.1 deg)
    const area = solidAngle(turned);
    const { lon, lat } = pixelCenters(turned);
    area.forEach((a, i) => {
      const d = (separation(center.lon, center.lat, lon[i]!, lat[i]!) * Math.PI) / 180;
      expect(a / ((0.1 * Math.PI) / 180) ** 2 / Math.cos(d) ** 3).toBeCloseTo(1, 5);
    });
  });

  it("know their neighbours", () => {
    const pixels = pixelsOf(turned);
    const { lon, lat } = pixelCenters(turned);
    const out = new Int32Array(8);
    lon.forEach((l, i) => {
      const near = [...lon.keys()].filter((k) => k !== i && separation(l, lat[i]!, lon[k]!, lat[k]!) < 0.15);
      expect([...out.subarray(0, pixels.neighbours(i, out))].sort((a, b) => a - b)).toEqual(near);
    });
    expect(pixelsOf(circle).neighbours(0, out)).toBe(0);
  });

  it("interpolate linear functions exactly, inside and outside", () => {
    const pixels = pixelsOf(turned);
    const out = { index: new Int32Array(4), weight: new Float64Array(4) };
    const [a, b, c, d] = turned.wcs.cd;
    // offsets in the plane are linear in pixels, and near the reference point those on the sky to 1e-4 of a deg
    for (const [east, north] of [
      [0.03, -0.12],
      [0.0, 0.0],
      [0.4, 0.35],
    ] as const) {
      const lat = center.lat + north;
      const lon = center.lon + east / Math.cos((lat * Math.PI) / 180);
      const n = pixels.interpolation(lon, lat, out);
      let [sum, x, y] = [0, 0, 0];
      for (let k = 0; k < n; k++) {
        const [i, j] = [(out.index[k]! % 7) - 3, Math.floor(out.index[k]! / 7) - 2];
        sum += out.weight[k]!;
        x += out.weight[k]! * (a * i + b * j);
        y += out.weight[k]! * (c * i + d * j);
      }
      expect(sum).toBeCloseTo(1, 12);
      expect(Math.hypot(x - east, y - north)).toBeLessThan(2e-3 * Math.hypot(east, north) + 1e-12);
    }
    expect(pixels.interpolation(263.63, -22.01, out)).toBe(0);
    expect([...pixels.middle.index]).toEqual([17]);
  });

  it("find the nearest valid one", () => {
    const pixels = pixelsOf(turned);
    const { lon, lat } = pixelCenters(turned);
    const valid = (i: number) => i % 3 === 0;
    for (const place of [center, { ...center, lat: 22.15 }, { lon: 85, lat: 22.01, frame: "icrs" } as const]) {
      const distances = Array.from(lon, (l, i) =>
        valid(i) ? separation(place.lon, place.lat, l, lat[i]!) : Number.POSITIVE_INFINITY,
      );
      const found = pixels.nearest(place, valid);
      // beyond the map the nearest pixel of the edge comes first, if it is valid
      if (contains(turned, place)) expect(found).toBe(distances.indexOf(Math.min(...distances)));
      expect(valid(found)).toBe(true);
    }
    expect(pixels.nearest(null, () => true)).toBe(17);
  });

  it("are the same where their places are", () => {
    expect(samePixels(turned, { ...turned, axes: [] })).toBe(true);
    const { wcs } = turned;
    for (const other of [
      { ...wcs, cd: [-0.1, 0, 0, 0.1] as const },
      // a turn of 0.01 deg
      { ...wcs, cd: rotatedSteps(-0.1, 0.1, 33.01) },
      { ...wcs, lonpole: 170 },
      { ...wcs, crpix: [4.5, 3] as const },
      { ...wcs, frame: "fk5" as const },
    ]) {
      expect(samePixels(turned, { ...turned, wcs: other })).toBe(false);
    }
    expect(samePixels(turned, circle)).toBe(false);
  });
});
