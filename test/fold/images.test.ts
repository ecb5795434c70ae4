/** What images of sources are made from, on few pixels: each by its definition. */
import { describe, expect, it } from "vitest";
import { createSubmodel } from "../../src/api/models.js";
import { blend, jetOf, smoothStep } from "../../src/fold/blend.js";
import { blurEach, overlap, psfGrid, reached, withGrids } from "../../src/fold/blur.js";
import { convolvedMaps, createConvolved, setImages } from "../../src/fold/convolved.js";
import { convolveAt } from "../../src/fold/direct.js";
import {
  convolvedExposure,
  convolvedExposureAt,
  exposureWithin,
  maskedExposure,
} from "../../src/fold/masked-exposure.js";
import { fillNarrow, integratedShare, narrowRadius } from "../../src/fold/narrow.js";
import { oversampling } from "../../src/fold/oversampling.js";
import { mapWithin, placeShape } from "../../src/fold/placed.js";
import { createResponses } from "../../src/fold/response.js";
import { seamWarnings } from "../../src/fold/seam.js";
import type { Shape } from "../../src/fold/shape.js";
import { shapeImages } from "../../src/fold/shape-images.js";
import { fillSampled, shapeSampling } from "../../src/fold/shape-sampling.js";
import { corners, cornersOn, multiplyByExposure, pointTemplate } from "../../src/fold/template.js";
import type { PsfKernel } from "../../src/irf/psf-kernel.js";
import { createCache } from "../../src/math/cache.js";
import { type Box, createTransforms } from "../../src/math/convolution.js";
import type { SpatialDeclaration } from "../../src/models/declaration.js";
import { variable } from "../../src/models/jet.js";
import { declarationOf } from "../../src/models/lookup.js";
import { standardModels } from "../../src/models/registry.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { center, image, placeOf, tiny } from "./tiny.js";

const sum = (x: Iterable<number>) => Array.from(x).reduce((a, b) => a + b, 0);
function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what = ""): void {
  expect(found.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(found[k]! - expected[k]!), `${what} ${k}: ${found[k]}, ${expected[k]}`).toBeLessThanOrEqual(
      tolerance,
    );
  }
}

/** Images [n, 5, 5] that are their own under a half turn, each with another reach. */
const psf = (halves: readonly number[]): PsfKernel => {
  const data = halves.flatMap((half, t) =>
    Array.from({ length: 25 }, (_, k) => {
      const [x, y] = [(k % 5) - 2, Math.floor(k / 5) - 2];
      return Math.abs(x) > half || Math.abs(y) > half ? 0 : 1 / (1 + t + 2 * x * x + 3 * y * y + 0.5 * x * y);
    }),
  );
  return { size: 5, half: Int32Array.from(halves), data: Float64Array.from(data) };
};
const grids = (kernel: PsfKernel) => withGrids(kernel, createCache(), "psf", createTransforms());
const pixel = ({ size, data }: PsfKernel, t: number, x: number, y: number) =>
  Math.abs(x) > 2 || Math.abs(y) > 2 ? 0 : data[(t * size + 2 + y) * size + 2 + x]!;

/** The convolution of the pixels in `from` at the pixels in `to`, as its definition stands. */
function convolution(values: Float64Array, width: number, kernel: PsfKernel, t: number, from: Box, to: Box) {
  const out = new Float64Array(values.length);
  for (let y = to.y0; y < to.y1; y++) {
    for (let x = to.x0; x < to.x1; x++) {
      for (let v = from.y0; v < from.y1; v++) {
        for (let u = from.x0; u < from.x1; u++) {
          out[y * width + x]! += values[v * width + u]! * pixel(kernel, t, x - u, y - v);
        }
      }
    }
  }
  return out;
}

const WIDTH = 9;
const HEIGHT = 7;
const numbers = (seed: number) => Float64Array.from({ length: WIDTH * HEIGHT }, (_, k) => 1 + ((seed + 7 * k) % 11));
const within = (values: Float64Array, { x0, x1, y0, y1 }: Box) =>
  values.filter((_, k) => {
    const [x, y] = [k % WIDTH, Math.floor(k / WIDTH)];
    return x >= x0 && x < x1 && y >= y0 && y < y1;
  });

describe("a convolution with the psf", () => {
  const whole = { x0: 0, x1: WIDTH, y0: 0, y1: HEIGHT };
  const boxes: [string, Box, Box][] = [
    ["of all by all", whole, whole],
    ["of some for others", { x0: 1, x1: 5, y0: 2, y1: 7 }, { x0: 2, x1: 8, y0: 0, y1: 6 }],
    ["of one pixel", { x0: 4, x1: 5, y0: 3, y1: 4 }, whole],
  ];

  it.each(boxes)("of images, transformed by twos, is that by its definition: %s", (_, from, to) => {
    for (const halves of [[2, 1, 0, 2, 1], [2, 2], [1]]) {
      const kernel = psf(halves);
      // the third image has one pixel, and is summed directly
      const images = halves.map((_, t) => (t === 2 ? numbers(t).map((x, k) => (k === 31 ? x : 0)) : numbers(t)));
      const out = halves.map(() => new Float64Array(WIDTH * HEIGHT));
      blurEach(
        (t) => images[t]!,
        grids(kernel),
        { width: WIDTH, from, to },
        (t) => out[t]!,
      );
      out.forEach((found, t) => {
        const inside = reached(from, halves[t]!, to);
        const expected = convolution(images[t]!, WIDTH, kernel, t, from, to);
        expectNear(within(found, inside), within(expected, inside), 1e-12, `image ${t}`);
      });
    }
  });

  it("of sparse images keeps zeros that are exact", () => {
    const kernel = psf([1, 1]);
    const one = new Float64Array(WIDTH * HEIGHT);
    one[3 * WIDTH + 4] = 2;
    const out = [0, 1].map(() => new Float64Array(WIDTH * HEIGHT).fill(Number.NaN));
    blurEach(
      () => one,
      grids(kernel),
      { width: WIDTH, from: whole, to: whole },
      (t) => out[t]!,
    );
    expect(out.map((x) => x.filter((v) => v !== 0).length)).toEqual([9, 9]);
    expect(out[1]![3 * WIDTH + 4]).toBe(2 * pixel(kernel, 1, 0, 0));
  });

  it("at one pixel, of one image and of several", () => {
    const kernel = psf([2, 1]);
    const box = { x0: 1, x1: 8, y0: 0, y1: 6 };
    for (const count of [1, 2, 3]) {
      const images = Array.from({ length: count }, (_, i) => numbers(3 * i));
      const sums = new Float64Array(count + 1);
      for (const t of [0, 1]) {
        for (const [x, y] of [
          [4, 3],
          [0, 0],
          [8, 6],
        ] as const) {
          convolveAt({ images, width: WIDTH, box, psf: kernel }, count, t, x, y, sums);
          const expected = images.map((one) => convolution(one, WIDTH, kernel, t, box, whole)[y * WIDTH + x]!);
          expectNear(sums.subarray(0, count), expected, 1e-12);
        }
      }
    }
  });

  it("of a source is made when it saves time, and again for other images", () => {
    const kernel = psf([2, 1]);
    const blurring = grids(kernel);
    const c = createConvolved(2);
    const box = { x0: 1, x1: 8, y0: 1, y1: 6 };
    const take = (seed: number, count: number) => {
      const images = Array.from({ length: count }, (_, i) => numbers(seed + i));
      setImages(c, { images, width: WIDTH, box, psf: blurring, limit: whole }, count);
      return images;
    };
    for (const [seed, count] of [
      [1, 1],
      [2, 3],
      [5, 2],
    ] as const) {
      const images = take(seed, count);
      for (const t of [0, 1]) {
        // one pixel after the other costs as much as a transform after so many
        const { cost } = psfGrid(blurring, kernel.half[t]!, box, reached(box, kernel.half[t]!, whole));
        const each = count * overlap(kernel, t, box);
        const until = Math.floor((cost * Math.ceil(count / 2)) / each);
        let asked = 0;
        while (convolvedMaps(c, t, 1) === undefined) asked++;
        expect(asked).toBe(until);
        const inside = reached(box, kernel.half[t]!, whole);
        convolvedMaps(c, t, 1)!
          .slice(0, count)
          .forEach((found, i) => {
            const expected = convolution(images[i]!, WIDTH, kernel, t, box, whole);
            expectNear(within(found, inside), within(expected, inside), 1e-11, `image ${i}`);
          });
      }
    }
  });

  it("of a source is not negative, of a derivative it may be", () => {
    const source = (signed: boolean) => {
      const c = createConvolved(1, signed);
      const images = [numbers(0).map((x) => 5 - x)];
      setImages(c, { images, width: WIDTH, box: whole, psf: grids(psf([2])), limit: whole }, 1);
      return convolvedMaps(c, 0, 1e6)![0]!;
    };
    const expected = convolution(
      numbers(0).map((x) => 5 - x),
      WIDTH,
      psf([2]),
      0,
      whole,
      whole,
    );
    expect(Math.min(...expected)).toBeLessThan(-1);
    expectNear(source(true), expected, 1e-12);
    expectNear(
      source(false),
      expected.map((x) => Math.max(x, 0)),
      1e-12,
    );
  });

  it("without a psf is the image, and nothing where there is none", () => {
    const c = createConvolved(1);
    expect(convolvedMaps(c, 0, 1)).toBeUndefined();
    const images = [numbers(0)];
    setImages(c, { images, width: WIDTH, box: whole, psf: null, limit: whole }, 1);
    expect(convolvedMaps(c, 0, 1)).toBe(images);
  });

  it("reaches over so many pixels", () => {
    const limit = { x0: 0, x1: 6, y0: 0, y1: 5 };
    expect(reached({ x0: 1, x1: 3, y0: 2, y1: 4 }, 1, limit)).toEqual({ x0: 0, x1: 4, y0: 1, y1: 5 });
    expect(reached({ x0: 1, x1: 5, y0: 1, y1: 4 }, 2, limit)).toEqual(limit);
    expect(overlap(psf([2, 1]), 0, { x0: 1, x1: 4, y0: 0, y1: 9 })).toBe(3 * 5);
    expect(overlap(psf([2, 1]), 1, { x0: 1, x1: 9, y0: 4, y1: 6 })).toBe(3 * 2);
  });
});

describe("exposure that a mask sees", () => {
  const [width, height] = [4, 3];
  const exposure = Float64Array.from({ length: 24 }, (_, k) => 1 + k);
  const edisp = { nTrue: 2, nReco: 2, data: Float64Array.of(0.5, 0.25, 0, 2) };
  // with pixels of all sides of each window
  const mask = [Int32Array.of(0, 5, 7), Int32Array.of(0, 2, 4, 5, 11)];
  /** By true energy, on the map. */
  const expected = (t: number, x: number, y: number) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    const k = y * width + x;
    const share = mask.reduce((s, pixels, r) => s + (pixels.includes(k) ? edisp.data[t * 2 + r]! : 0), 0);
    return share * exposure[t * 12 + k]!;
  };

  it.each([[{ x0: 0, y0: 0, nx: 4, ny: 3 }], [{ x0: 1, y0: 1, nx: 2, ny: 2 }], [{ x0: -1, y0: -2, nx: 7, ny: 6 }]])(
    "lies on the window %o",
    (window) => {
      const { x0, y0, nx, ny } = window;
      const out = new Float64Array(2 * nx * ny).fill(Number.NaN);
      maskedExposure(mask, edisp, exposure, width, window, out);
      out.forEach((value, k) => {
        expect(value).toBe(expected(Math.floor(k / (nx * ny)), (k % nx) + x0, (Math.floor(k / nx) % ny) + y0));
      });
    },
  );

  it("of one energy bin is the exposure itself", () => {
    const out = new Float64Array(24).fill(9);
    exposureWithin(mask[0]!, exposure, 12, out);
    expect([...out]).toEqual(Array.from(exposure, (x, k) => ([0, 5, 7].includes(k % 12) ? x : 0)));
  });

  it("by the pixel that a unit of flux comes from is the transposed convolution, on the map and beside it", () => {
    const kernel = psf([2, 1]);
    const masked = Float64Array.of(...numbers(1), ...numbers(4));
    const whole = { x0: 0, x1: WIDTH, y0: 0, y1: HEIGHT };
    const out = new Float64Array(masked.length);
    convolvedExposure(masked, grids(kernel), { width: WIDTH, from: whole, to: whole }, out);
    for (const t of [0, 1]) {
      for (let y = -3; y < HEIGHT + 3; y++) {
        for (let x = -3; x < WIDTH + 3; x++) {
          let sum = 0;
          for (let v = 0; v < HEIGHT; v++) {
            for (let u = 0; u < WIDTH; u++) {
              sum += masked[(t * HEIGHT + v) * WIDTH + u]! * pixel(kernel, t, u - x, v - y);
            }
          }
          const found = convolvedExposureAt(masked, kernel, t, x, y, [WIDTH, HEIGHT]);
          expect(Math.abs(found - sum)).toBeLessThan(1e-12);
          const isOnMap = x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT;
          if (isOnMap) expect(Math.abs(out[(t * HEIGHT + y) * WIDTH + x]! - sum)).toBeLessThan(1e-11);
          const alone = convolvedExposureAt(masked, null, t, x, y, [WIDTH, HEIGHT]);
          expect(alone).toBe(isOnMap ? masked[(t * HEIGHT + y) * WIDTH + x]! : 0);
        }
      }
    }
  });
});

describe("a template", () => {
  it("shares a point among four pixels", () => {
    expectNear(
      corners(3.25, -1.5).flatMap(({ x, y, weight }) => [x, y, weight]),
      [3, -2, 0.375, 4, -2, 0.125, 3, -1, 0.375, 4, -1, 0.125],
      1e-15,
    );
    expect(cornersOn(3.25, 1.5, undefined)).toEqual(corners(3.25, 1.5));
    expect(cornersOn(Number.NaN, 1, 8)).toEqual([]);
    // once around the sky, on either side
    expect(cornersOn(3.25, 1.5, 8)).toEqual(
      [-5, 3, 11].flatMap((x) => corners(3.25, 1.5).map((c) => ({ ...c, x: c.x - 3 + x }))),
    );
  });

  it.each([
    ["in the middle", 4.3, 2.6],
    ["at an edge", 8, 0.2],
    ["beside the map", -1.4, 7.3],
    ["far away", 30, 3],
  ])("of a point %s is the psf around its pixels times the exposure", (_, px, py) => {
    const exposure = Float64Array.of(...numbers(1), ...numbers(4));
    for (const kernel of [psf([2, 1]), null]) {
      const { x0, y0, nx, ny, data } = pointTemplate(corners(px, py), kernel, exposure, WIDTH, HEIGHT);
      const onMap = new Float64Array(2 * WIDTH * HEIGHT);
      data.forEach((value, k) => {
        const [x, y, t] = [x0 + (k % nx), y0 + (Math.floor(k / nx) % ny), Math.floor(k / (nx * ny))];
        expect(x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT).toBe(true);
        onMap[(t * HEIGHT + y) * WIDTH + x] = value;
      });
      const share = (x: number, y: number, t: number) =>
        sum(
          corners(px, py).map(
            (c) => c.weight * (kernel ? pixel(kernel, t, x - c.x, y - c.y) : Number(x === c.x && y === c.y)),
          ),
        );
      const expected = exposure.map(
        (e, k) => e * share(k % WIDTH, Math.floor(k / WIDTH) % HEIGHT, Math.floor(k / (WIDTH * HEIGHT))),
      );
      expectNear(onMap, expected, 1e-13);
      if (px === 30) expect([nx, ny, data.length]).toEqual([0, 0, 0]);
    }
  });

  it("takes the exposure of its pixels, and what is off the map as it was", () => {
    const exposure = Float64Array.from({ length: 24 }, (_, k) => 10 + k);
    const data = new Float64Array(2 * 6 * 5).fill(1);
    multiplyByExposure(data, 1, { x0: -1, y0: -1, nx: 6, ny: 5 }, exposure, 4, 3);
    const expected = Array.from(data, (_, k) => {
      const [x, y] = [(k % 6) - 1, (Math.floor(k / 6) % 5) - 1];
      return k < 30 || x < 0 || y < 0 || x >= 4 || y >= 3 ? 1 : 10 + 12 + y * 4 + x;
    });
    expect([...data]).toEqual(expected);
  });

  it("knows the part of a window that is on the map", () => {
    const map = wcsGeom({ npix: [6, 5], binsz: 0.1 });
    expect(mapWithin({ x0: -2, y0: 1, nx: 9, ny: 9 }, map)).toEqual({ x0: 2, x1: 8, y0: 0, y1: 4 });
    expect(mapWithin({ x0: 1, y0: -3, nx: 2, ny: 4 }, map)).toEqual({ x0: 0, x1: 2, y0: 3, y1: 4 });
  });
});

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

function shapeOf(tag: string): Shape {
  const declaration = declarationOf(createSubmodel(tag, {}, { kind: "spatial" }), "spatial", standardModels);
  return { declaration, frame: "icrs", lon: 0, lat: 1, key: [declaration] };
}
const geom = image();

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

describe("the pixels that are sampled", () => {
  /** Where a Gaussian of 0.034 deg (five of them: 0.17) is sampled, around pixel (2.3, 1.6). */
  const boxOf = (sampling: "gammapy" | undefined, samples: number) => {
    const { lon, lat } = placeOf(2.3, 1.6);
    const plain = shapeOf("gauss");
    const shape: Shape = { ...plain, declaration: { ...plain.declaration, ...(sampling && { sampling }) } };
    const of = shapeSampling(shape, [], createResponses().of(tiny()));
    const wide = image();
    return fillSampled(of, Float64Array.of(lon, lat, 0.034, 0, 0, 0), wide, 0, samples, [new Float64Array(30)]);
  };

  it("hold its radius and a pixel on either side, by the reference's rule the radius alone", () => {
    // 2 (1.7 + 1) = 5.4 and 2 1.7 = 3.4 pixels, rounded to 5 and 3 around pixel (2, 2)
    expect(boxOf(undefined, 3)).toEqual({ x0: 0, x1: 5, y0: 0, y1: 5 });
    expect(boxOf("gammapy", 3)).toEqual({ x0: 1, x1: 4, y0: 1, y1: 4 });
    // one sample a pixel: all of the map
    expect(boxOf(undefined, 1)).toEqual({ x0: 0, x1: 6, y0: 0, y1: 5 });
  });
});

describe("the window of a source", () => {
  it("holds its radius and the larger of 0.1 deg and a pixel on either side, in odd numbers of pixels", () => {
    // five times 0.11 deg: 2 (0.55 + 0.2) / 0.2 = 7.5, 2 (0.55 + 0.1) / 0.05 = 26
    for (const [binsz, expected] of [
      [0.2, 9],
      [0.05, 27],
    ] as const) {
      const wide = wcsGeom({ center, binsz, npix: 61, proj: "TAN" });
      const of = shapeSampling(shapeOf("gauss"), [], createResponses().of(tiny()));
      const p = Float64Array.of(center.lon, center.lat, 0.11, 0, 0, 0);
      const { window } = placeShape(of, p, wide, null, 0)!;
      const first = 30 - (expected - 1) / 2;
      expect(window).toEqual({ x0: first, y0: first, nx: expected, ny: expected });
    }
  });
});

describe("samples along a pixel", () => {
  const declaration = (size: (p: Float64Array) => number | undefined, given: Partial<SpatialDeclaration> = {}) =>
    ({ ...shapeOf("gauss").declaration, binSizeMin: size, ...given }) as SpatialDeclaration;
  const at = (u: number, given: Partial<SpatialDeclaration> = {}) =>
    oversampling(
      declaration((p) => p[0]!, given),
      Float64Array.of(1 / u),
      1,
      [0],
    );

  it("are as many as the reference's, and a mix where one number passes to the next", () => {
    expect(at(0.5)).toEqual({ factor: 1 });
    expect(at(2.5)).toEqual({ factor: 3 });
    // the last tenth before 3 begins at 3 / 1.1
    expect(at(2.72).more).toBeUndefined();
    const { factor, more } = at(2.8);
    expect(factor).toBe(3);
    const t = (2.8 - 3 / 1.1) / (3 - 3 / 1.1);
    expect(more!.v).toBeCloseTo(t ** 3 * (10 - 15 * t + 6 * t * t), 10);
    // by the size s, u = 1 / s: dt/ds = -u^2 / width
    const slope = (30 * t * t * (1 - t) ** 2 * -(2.8 ** 2)) / (3 - 3 / 1.1);
    expect(more!.g[0]! / slope).toBeCloseTo(1, 7);
    // from 11 on the tenth is longer than from one number to the next
    expect(at(12.01).more!.v).toBeLessThan(1e-3);
    expect(at(12.01).factor).toBe(13);
  });

  it("are 1 of a shape without a size, and limited", () => {
    expect(
      oversampling(
        declaration(() => undefined),
        Float64Array.of(1),
        1,
        [],
      ),
    ).toEqual({ factor: 1 });
    expect(at(199.5, { sampling: "gammapy" })).toEqual({ factor: 200 });
    expect(at(200)).toEqual({ factor: 200 });
    expect(at(-3)).toEqual({ factor: 200 });
    expect(at(Number.NaN)).toEqual({ factor: 200 });
    expect(at(2.9, { sampling: "gammapy" })).toEqual({ factor: 3 });
    const { derivatives: _, ...bare } = shapeOf("gauss").declaration;
    expect(
      oversampling({ ...bare, binSizeMin: (p) => p[0]! } as SpatialDeclaration, Float64Array.of(1 / 2.9), 1, [0]),
    ).toEqual({ factor: 3 });
  });
});

describe("the seam of a map of the whole sky", () => {
  const sky = wcsGeom({ npix: [36, 18], binsz: 10, center: { lon: 0, lat: 0, frame: "galactic" } });
  const at = (lon: number, lat: number, sigma: number, map = sky) => {
    const shape: Shape = { ...shapeOf("gauss"), frame: "galactic" };
    return seamWarnings(shape, Float64Array.of(lon, lat, sigma, 0, 0, 0), map, "src", "all");
  };

  it("cuts a source that reaches over it, and it is said", () => {
    // five sigma: 15 deg
    expect(at(160, 0, 3)).toEqual([]);
    expect(at(-160, 0, 3)).toEqual([]);
    for (const lon of [166, -166]) {
      expect(at(lon, 0, 3)).toEqual([
        'source "src" reaches over the seam of the map of the whole sky of dataset "all", where it is cut: what lies on the other side is not predicted; take a map whose edge is elsewhere, or cut the sky in parts',
      ]);
    }
    // 15 deg are 30 deg of longitude at 60 deg
    expect(at(152, 60, 3)).toHaveLength(1);
    expect(at(148, 60, 3)).toEqual([]);
  });

  it("is none of a smaller map, of a point, and of a source without a place", () => {
    expect(
      at(166, 0, 3, wcsGeom({ npix: [35, 18], binsz: 10, center: { lon: 0, lat: 0, frame: "galactic" } })),
    ).toEqual([]);
    const point: Shape = { ...shapeOf("point"), frame: "galactic" };
    expect(seamWarnings(point, Float64Array.of(179.9, 0), sky, "src", "all")).toEqual([]);
    const constant: Shape = { ...shapeOf("const"), lon: -1, lat: -1 };
    expect(seamWarnings(constant, Float64Array.of(1), sky, "src", "all")).toEqual([]);
  });
});
