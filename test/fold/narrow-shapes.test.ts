/** Passages from one way to another, and shapes narrower than a pixel. */
import { describe, expect, it } from "vitest";
import { blend, jetOf, smoothStep } from "../../src/fold/blend.js";
import { fillNarrow, integratedShare, narrowRadius } from "../../src/fold/narrow.js";
import { createResponses } from "../../src/fold/response.js";
import type { Shape } from "../../src/fold/shape.js";
import { shapeImages } from "../../src/fold/shape-images.js";
import { fillSampled, shapeSampling } from "../../src/fold/shape-sampling.js";
import { corners } from "../../src/fold/template.js";
import { variable } from "../../src/models/jet.js";
import { expectNear, geom, shapeOf, sum } from "./made-images.js";
import { placeOf, tiny } from "./tiny.js";

describe("a passage from one way to another", () => {
  it("is a polynomial of fifth order between two ends", () => {
    for (const [x, v, g, h] of [
      [1, 0, 0, 0],
      [2, 0, 0, 0],
      [3, 53 / 512, 135 / 512, 45 / 128],
      [4, 0.5, 15 / 32, 0],
      [6, 1, 0, 0],
      [9, 1, 0, 0],
    ] as const) {
      // t^3 (10 - 15 t + 6 t^2) at t = (x - 2) / 4, and its slopes 30 t^2 (1 - t)^2 / 4, 60 t (1 - t) (1 - 2 t) / 16
      const found = smoothStep(variable(1, 0, x), 2, 6);
      expectNear([found.v, found.g[0]!, found.h[0]!], [v, g, h], 1e-15);
    }
  });

  it("of numbers has their derivatives by differences of fourth order", () => {
    // a polynomial: differences of fourth order are exact up to rounding
    const f = (p: Float64Array) => p[0]! ** 2 * p[2]! + 3 * p[1]! * p[2]! - p[2]! ** 2;
    const { v, g, h } = jetOf(f, Float64Array.of(2, 5, 3), [0, 2]);
    expect(v).toBe(12 + 45 - 9);
    expectNear(g, [12, 4 + 15 - 6], 1e-9);
    expectNear(h, [6, 4, 4, -2], 1e-5);
    const zero = jetOf((p) => 3 * p[0]! + p[0]! ** 2, Float64Array.of(0), [0]);
    expectNear([zero.g[0]!, zero.h[0]!], [3, 2], 1e-8);
  });

  it.each([0, 1, 2] as const)("of images with derivatives up to order %s", (order) => {
    // images A = (1 + a)(2 + b), B = a^2 + b, weight w = a b at a = 0.3, b = 0.7, derivatives by a, b, aa, ba, bb
    const [a, b] = [0.3, 0.7];
    const all = {
      a: [(1 + a) * (2 + b), 2 + b, 1 + a, 0, 1, 0],
      b: [a * a + b, 2 * a, 1, 2, 0, 0],
      w: { v: a * b, g: Float64Array.of(b, a), h: Float64Array.of(0, 1, 1, 0) },
    };
    const d = all.b.map((x, i) => x - all.a[i]!) as [number, number, number, number, number, number];
    const mixed = [
      all.a[0]! + a * b * d[0],
      all.a[1]! + b * d[0] + a * b * d[1],
      all.a[2]! + a * d[0] + a * b * d[2],
      all.a[3]! + 2 * b * d[1] + a * b * d[3],
      all.a[4]! + d[0] + b * d[2] + a * d[1] + a * b * d[4],
      all.a[5]! + 2 * a * d[2] + a * b * d[5],
    ];
    const count = [1, 3, 6][order]!;
    const images = (values: readonly number[]) => values.slice(0, count).map((x) => new Float64Array(12).fill(x));
    const [first, second] = [images(all.a), images(all.b)];
    blend(first, second, all.w, order, 4, { x0: 1, x1: 3, y0: 1, y1: 3 });
    first.forEach((image, i) => {
      expectNear(
        image,
        Array.from(image, (_, k) => ([5, 6, 9, 10].includes(k) ? mixed[i]! : all.a[i]!)),
        1e-14,
        `image ${i}`,
      );
    });
  });
});

describe("a shape narrower than a pixel", () => {
  /** The bilinear share of a point in the pixel at distance d, averaged over a Gaussian of variance v: by Simpson's rule. */
  function rounded(d: number, v: number): number {
    const sigma = Math.sqrt(v);
    const n = 4000;
    let total = 0;
    for (let k = 0; k <= n; k++) {
      const z = -8 + (16 * k) / n;
      const weight = ((k === 0 || k === n ? 1 : k % 2 === 1 ? 4 : 2) * 16) / n / 3;
      total += weight * Math.max(0, 1 - Math.abs(d - sigma * z)) * Math.exp(-0.5 * z * z);
    }
    return total / Math.sqrt(2 * Math.PI);
  }
  /** A quarter of the variance rounds kinks, the rest is in second differences. */
  const along = (d: number, v: number) =>
    rounded(d, v / 4) + (3 / 8) * v * (rounded(d - 1, v / 4) + rounded(d + 1, v / 4) - 2 * rounded(d, v / 4));

  const [x, y] = [2.3, 1.6];
  const at = (tag: string, ...size: number[]) => {
    const { lon, lat } = placeOf(x, y);
    return { shape: shapeOf(tag), p: Float64Array.of(lon, lat, ...size) };
  };
  const filled = (shape: Shape, p: Float64Array, free: readonly number[], order: 0 | 1 | 2) => {
    const n = free.length;
    const count = order === 0 ? 1 : order === 1 ? 1 + n : 1 + n + (n * (n + 1)) / 2;
    const images = Array.from({ length: count }, () => new Float64Array(30));
    return { images, box: fillNarrow(shape, p, geom, free, order, images) };
  };

  it("is a point with its variance along rows and columns", () => {
    // pixels are 0.1 deg: variances 0.04 and, of an ellipse from north to south, 0.04 and 0.04 (1 - e^2)
    for (const [e, phi, vx, vy] of [
      [0, 0, 0.04, 0.04],
      [0.6, 0, 0.04 * 0.64, 0.04],
      [0.6, 90, 0.04, 0.04 * 0.64],
    ] as const) {
      const { shape, p } = at("gauss", 0.02, e, phi, 0);
      const { images, box } = filled(shape, p, [], 0);
      expect(box).toEqual({ x0: 0, x1: 6, y0: 0, y1: 5 });
      const expected = Array.from({ length: 30 }, (_, k) => along((k % 6) - x, vx) * along(Math.floor(k / 6) - y, vy));
      // one pixel of the tangential plane beside the centre is longer by 1e-6; Simpson's rule over kinks
      expectNear(images[0]!, expected, 1e-5);
    }
  });

  it("is a point without any", () => {
    const { shape, p } = at("gauss", 0, 0, 0, 0);
    const { images } = filled(shape, p, [], 0);
    const expected = new Float64Array(30);
    for (const c of corners(x, y)) expected[c.y * 6 + c.x] = c.weight;
    expectNear(images[0]!, expected, 1e-12);
  });

  it("reaches three pixels to either side, of those on the map", () => {
    const { shape } = at("gauss", 0.02, 0, 0, 0);
    const boxAt = (u: number, v: number) => {
      const { lon, lat } = placeOf(u, v);
      return filled(shape, Float64Array.of(lon, lat, 0.01, 0, 0, 0), [], 0).box;
    };
    expect(boxAt(1.2, -0.5)).toEqual({ x0: 0, x1: 5, y0: 0, y1: 3 });
    expect(boxAt(6.5, 3.5)).toEqual({ x0: 4, x1: 6, y0: 1, y1: 5 });
    const nowhere = filled(shape, Float64Array.of(Number.NaN, 0, 0.01, 0, 0, 0), [], 0).box;
    expect([nowhere.x0, nowhere.x1]).toEqual([0, 0]);
  });

  it("has the derivatives of its image by place and size", () => {
    const { shape, p } = at("gauss", 0.02, 0, 0, 0);
    const free = [0, 1, 2];
    const here = filled(shape, p, free, 2).images;
    expect(filled(shape, p, free, 1).images.map((i) => [...i])).toEqual(here.slice(0, 4).map((i) => [...i]));
    free.forEach((parameter, a) => {
      const h = 2e-4;
      const moved = [-2, -1, 1, 2].map((k) => {
        const q = p.slice();
        q[parameter]! += k * h;
        return filled(shape, q, free, 1).images;
      });
      const slope = (i: number, k: number) =>
        (8 * (moved[2]![i]![k]! - moved[1]![i]![k]!) - (moved[3]![i]![k]! - moved[0]![i]![k]!)) / (12 * h);
      for (let k = 0; k < 30; k++) {
        // differences of fourth order over a hundredth of the width
        expect(Math.abs(here[1 + a]![k]! - slope(0, k))).toBeLessThan(1e-5 * 10);
        for (let b = 0; b < 3; b++) {
          const [high, low] = [Math.max(a, b), Math.min(a, b)];
          const second = here[4 + (high * (high + 1)) / 2 + low]![k]!;
          expect(Math.abs(second - slope(1 + b, k))).toBeLessThan(1e-4 * 200);
        }
      }
    });
  });

  it("is integrated over pixels from half a pixel on, and a point up to a tenth", () => {
    const share = (tag: string, ...size: number[]) => {
      const { shape, p } = at(tag, ...size);
      return integratedShare(shape, p, geom, []);
    };
    expect(share("gauss", 0.0099, 0, 0, 0)).toBe(0);
    expect(share("gauss", 0.0501, 0, 0, 0)).toBe(1);
    expect(share("point")).toBe(1);
    expect(share("gauss", Number.NaN, 0, 0, 0)).toBe(1);
    const half = share("gauss", 0.1 * Math.sqrt(0.13), 0, 0, 0);
    // half way between variances of 0.01 and 0.25
    expect(typeof half === "number" ? half : half.v).toBeCloseTo(0.5, 4);
    const { shape, p } = at("gauss", 0.03, 0, 0, 0);
    // four pixels
    expect(narrowRadius(shape, p, geom)).toBeCloseTo(0.4, 12);
    expect(narrowRadius(shape, at("gauss", 0.06, 0, 0, 0).p, geom)).toBe(0);
    const sharp = { ...shape, declaration: { ...shape.declaration, sampling: "gammapy" as const } };
    expect(integratedShare(sharp, p, geom, [])).toBe(1);
  });

  it("passes into the integral by that share", () => {
    const response = createResponses().of(tiny());
    for (const sigma of [0.02, 0.037, 0.085]) {
      const { shape, p } = at("gauss", sigma, 0, 0, 0);
      const sampling = shapeSampling(shape, [], response);
      const narrow = filled(shape, p, [], 0).images[0]!;
      const sampled = [new Float64Array(30)];
      // three samples in a sigma; none of these lies where one number passes to the next
      fillSampled(sampling, p, geom, 0, Math.ceil(0.3 / sigma), sampled);
      const variance = (sigma / 0.1) ** 2;
      const t = Math.min(Math.max((variance - 0.01) / 0.24, 0), 1);
      const w = t ** 3 * (10 - 15 * t + 6 * t * t);
      const { images } = shapeImages(sampling, p, geom, 0);
      const expected = sampled[0]!.map((s, k) => w * s + (1 - w) * narrow[k]!);
      // the curvature of the plane makes pixels longer by 1e-6
      expectNear(images[0]!, expected, 1e-5);
      // a passage with one more sample is another
      expect(sum(images[0]!)).toBeGreaterThan(0.9);
    }
  });
});
