/** Images and psfs on few pixels, and their convolution by its definition. */
import { expect } from "vitest";
import { createSubmodel } from "../../src/api/models.js";
import { withGrids } from "../../src/fold/blur.js";
import type { Shape } from "../../src/fold/shape.js";
import type { PsfKernel } from "../../src/irf/psf-kernel.js";
import { createCache } from "../../src/math/cache.js";
import { type Box, createTransforms } from "../../src/math/convolution.js";
import { declarationOf } from "../../src/models/lookup.js";
import { standardModels } from "../../src/models/registry.js";
import { image } from "./tiny.js";

export const sum = (x: Iterable<number>) => Array.from(x).reduce((a, b) => a + b, 0);
export function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what = ""): void {
  expect(found.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(found[k]! - expected[k]!), `${what} ${k}: ${found[k]}, ${expected[k]}`).toBeLessThanOrEqual(
      tolerance,
    );
  }
}

/** Images [n, 5, 5] that are their own under a half turn, each with another reach. */
export const psf = (halves: readonly number[]): PsfKernel => {
  const data = halves.flatMap((half, t) =>
    Array.from({ length: 25 }, (_, k) => {
      const [x, y] = [(k % 5) - 2, Math.floor(k / 5) - 2];
      return Math.abs(x) > half || Math.abs(y) > half ? 0 : 1 / (1 + t + 2 * x * x + 3 * y * y + 0.5 * x * y);
    }),
  );
  return { size: 5, half: Int32Array.from(halves), data: Float64Array.from(data) };
};
export const grids = (kernel: PsfKernel) => withGrids(kernel, createCache(), "psf", createTransforms());
export const pixel = ({ size, data }: PsfKernel, t: number, x: number, y: number) =>
  Math.abs(x) > 2 || Math.abs(y) > 2 ? 0 : data[(t * size + 2 + y) * size + 2 + x]!;

/** The convolution of the pixels in `from` at the pixels in `to`, as its definition stands. */
export function convolution(values: Float64Array, width: number, kernel: PsfKernel, t: number, from: Box, to: Box) {
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

export const WIDTH = 9;
export const HEIGHT = 7;
export const numbers = (seed: number) =>
  Float64Array.from({ length: WIDTH * HEIGHT }, (_, k) => 1 + ((seed + 7 * k) % 11));
export const within = (values: Float64Array, { x0, x1, y0, y1 }: Box) =>
  values.filter((_, k) => {
    const [x, y] = [k % WIDTH, Math.floor(k / WIDTH)];
    return x >= x0 && x < x1 && y >= y0 && y < y1;
  });

export function shapeOf(tag: string): Shape {
  const declaration = declarationOf(createSubmodel(tag, {}, { kind: "spatial" }), "spatial", standardModels);
  return { declaration, frame: "icrs", lon: 0, lat: 1, key: [declaration] };
}
export const geom = image();
