/** Convolutions with a psf and the exposure that a mask sees, on few pixels: each by its definition. */
import { describe, expect, it } from "vitest";
import { blurEach, overlap, psfGrid, reached } from "../../src/fold/blur.js";
import { convolvedMaps, createConvolved, setImages } from "../../src/fold/convolved.js";
import { convolveAt } from "../../src/fold/direct.js";
import {
  convolvedExposure,
  convolvedExposureAt,
  exposureWithin,
  maskedExposure,
} from "../../src/fold/masked-exposure.js";
import type { Box } from "../../src/math/convolution.js";
import { convolution, expectNear, grids, HEIGHT, numbers, pixel, psf, WIDTH, within } from "./made-images.js";

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
