import type { PsfKernel } from "../../irf/psf-kernel.js";

/** Pixels [x0, x1) x [y0, y1) of an image; it is zero outside of them. */
export interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/**
 * Images `[ny, nx]`, nx wide, convolved with image t of the psf, at the one pixel (x, y): out[at + i * step] = scale (image_i (x) psf_t)(x, y). Summed
 * directly, two images at a time, so that each psf value is read once for both.
 */
export function convolveAt(
  images: readonly Float64Array[],
  nx: number,
  box: Box,
  psf: PsfKernel,
  t: number,
  x: number,
  y: number,
  scale: number,
  out: Float64Array,
  at: number,
  step: number,
): void {
  const half = psf.half[t]!;
  const { size } = psf;
  const middle = (size - 1) / 2;
  const x0 = Math.max(box.x0, x - half);
  const x1 = Math.min(box.x1, x + half + 1);
  const y0 = Math.max(box.y0, y - half);
  const y1 = Math.min(box.y1, y + half + 1);
  // psf pixel that image pixel (0, 0) meets
  const origin = (t * size + middle + y) * size + middle + x;
  for (let i = 0; i < images.length; i += 2) {
    const a = images[i]!;
    const b = images[i + 1];
    if (b === undefined) out[at + i * step] = scale * sumOne(a, psf.data, origin, size, nx, x0, x1, y0, y1);
    else sumTwo(a, b, psf.data, origin, size, nx, x0, x1, y0, y1, scale, out, at + i * step, step);
  }
}

function sumOne(
  a: Float64Array,
  psf: Float64Array,
  origin: number,
  size: number,
  nx: number,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
): number {
  let sum = 0;
  for (let y = y0; y < y1; y++) {
    let k = origin - y * size - x0;
    const end = y * nx + x1;
    for (let q = y * nx + x0; q < end; q++, k--) sum += a[q]! * psf[k]!;
  }
  return sum;
}

function sumTwo(
  a: Float64Array,
  b: Float64Array,
  psf: Float64Array,
  origin: number,
  size: number,
  nx: number,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
  scale: number,
  out: Float64Array,
  at: number,
  step: number,
): void {
  let sumA = 0;
  let sumB = 0;
  for (let y = y0; y < y1; y++) {
    let k = origin - y * size - x0;
    const end = y * nx + x1;
    for (let q = y * nx + x0; q < end; q++, k--) {
      const p = psf[k]!;
      sumA += a[q]! * p;
      sumB += b[q]! * p;
    }
  }
  out[at] = scale * sumA;
  out[at + step] = scale * sumB;
}
