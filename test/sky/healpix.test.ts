import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { interpolateOnRings, renumbered } from "../../src/sky/healpix/rings.js";
import { anglesOf, indexOfAngles, pixelCount } from "../../src/sky/healpix/scheme.js";
import { pixelsOf } from "../../src/sky/pixels.js";
import type { HealpixGeom } from "../../src/sky/types.js";

interface Case {
  nside: number;
  nested: boolean;
  pixels: number[];
  theta: number[];
  lon: number[];
  neighbours: number[][];
  directions: [number[], number[]];
  index: number[];
  four: number[][];
  weights: number[][];
}

/** Made by test/oracle/healpix.py (healpy). */
const cases: Case[] = JSON.parse(readFileSync(new URL("../oracle/healpix.json", import.meta.url), "utf8"));
const geomOf = ({ nside, nested }: Case, pixels: number[] | null = null): HealpixGeom => ({
  kind: "healpix",
  nside,
  nested,
  frame: "icrs",
  pixels: pixels && Int32Array.from(pixels),
  axes: [],
});

describe.each(cases)("HEALPix of nside $nside, nested $nested, is healpy's", (c) => {
  const out = new Float64Array(2);

  it("in the middles of pixels", () => {
    c.pixels.forEach((pixel, i) => {
      anglesOf(c, pixel, out);
      expect(out[0]).toBeCloseTo(c.theta[i]!, 13);
      // of pixels beside a pole longitudes are known to rounding over sin theta
      expect(Math.abs(out[1]! - c.lon[i]!)).toBeLessThan(1e-14 / Math.sin(c.theta[i]!));
    });
  });

  it("in the pixel of a direction, and of each middle", () => {
    const [theta, lon] = c.directions;
    expect(theta.map((t, i) => indexOfAngles(c, t, lon[i]!))).toEqual(c.index);
    expect(c.pixels.map((_, i) => indexOfAngles(c, c.theta[i]!, c.lon[i]!))).toEqual(c.pixels);
  });

  it("in neighbours", () => {
    if (pixelCount(c.nside) > 2e6) return;
    const { neighbours } = pixelsOf(geomOf(c));
    const found = new Int32Array(8);
    for (const [i, pixel] of c.pixels.entries()) {
      const n = neighbours(pixel, found);
      expect([pixel, ...found.subarray(0, n)]).toEqual([pixel, ...c.neighbours[i]!]);
    }
  });

  it("in the four pixels of an interpolation and their weights", () => {
    const [theta, lon] = c.directions;
    const four = { index: new Int32Array(4), weight: new Float64Array(4) };
    for (let i = 0; i < theta.length; i++) {
      interpolateOnRings(c.nside, theta[i]!, lon[i]!, four);
      const numbers = Array.from(four.index, (k) =>
        c.nested ? renumbered({ nside: c.nside, nested: false }, k, out) : k,
      );
      const found = new Map<number, number>();
      for (const [j, k] of numbers.entries()) found.set(k, (found.get(k) ?? 0) + four.weight[j]!);
      const expected = new Map<number, number>();
      for (const [j, k] of c.four[i]!.entries()) expected.set(k, (expected.get(k) ?? 0) + c.weights[i]![j]!);
      // weights are distances of rings over their spacing, which is 1 / nside
      for (const [k, w] of expected) expect(Math.abs((found.get(k) ?? 0) - w)).toBeLessThan(1e-14 * c.nside + 1e-13);
    }
  });
});

describe("maps of a part of the sky", () => {
  it("know where their pixels are, and interpolate between those that they have", () => {
    const numbers = [7, 3, 20];
    const pixels = pixelsOf(geomOf({ nside: 4, nested: false } as Case, numbers));
    const out = new Float64Array(2);
    expect(pixels.nPix).toBe(3);
    for (let i = 0; i < 3; i++) {
      pixels.center(i, out);
      expect(pixels.indexOf(out[0]!, out[1]!)).toBe(i);
    }
    expect(pixels.indexOf(0, -80)).toBe(-1);
    expect(pixels.solidAngles()[0]! * pixelCount(4)).toBeCloseTo(4 * Math.PI, 12);
    const weights = { index: new Int32Array(4), weight: new Float64Array(4) };
    pixels.center(2, out);
    const n = pixels.interpolation(out[0]!, out[1]!, weights);
    expect(weights.weight.subarray(0, n).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
    expect(pixels.interpolation(0, -80, weights)).toBe(0);
    const far = pixels.nearest({ lon: 0, lat: -80, frame: "icrs" }, (i) => i !== 2);
    expect(far).not.toBe(2);
  });

  it("lie in another order and numbering where the sky is the same", () => {
    const [ring, nested] = [
      { nside: 8, nested: false },
      { nside: 8, nested: true },
    ];
    const out = new Float64Array(2);
    const back = Array.from({ length: pixelCount(8) }, (_, i) => renumbered(nested, renumbered(ring, i, out), out));
    expect(back).toEqual(Array.from({ length: pixelCount(8) }, (_, i) => i));
  });
});
