import type { PsfKernel } from "../irf/psf-kernel.js";
import type { Box } from "../math/convolution.js";

/** Images, `width` wide, to be convolved: only their pixels in `from` count, and only those of `to` are wanted. */
export interface BlurBoxes {
  readonly width: number;
  readonly from: Box;
  readonly to: Box;
}

/** Images of a source, `width` wide, and the psf; they are zero outside `box`. */
export interface SharpImages {
  readonly images: readonly Float64Array[];
  readonly width: number;
  readonly box: Box;
  readonly psf: PsfKernel | null;
}

/**
 * sums[i] = (image_i (x) image t of the psf)(x, y) of the first `count` images, at the one pixel (x, y); of an odd number one more entry is written. Summed
 * directly, two images at a time, so that each psf value is read once for both. It is short enough for V8 to inline it, which a twentieth of a fit depends on.
 */
export function convolveAt(
  { images, width, box, psf }: SharpImages,
  count: number,
  t: number,
  x: number,
  y: number,
  sums: Float64Array,
): void {
  const { size, data, half: halves } = psf!;
  const half = halves[t]!;
  const x0 = Math.max(box.x0, x - half);
  const x1 = Math.min(box.x1, x + half + 1);
  const y0 = Math.max(box.y0, y - half);
  const y1 = Math.min(box.y1, y + half + 1);
  // psf pixel that image pixel (0, 0) meets; a psf is its own image under a half turn, so both are read forwards
  const middle = (size - 1) / 2;
  const origin = (t * size + middle - y) * size + middle - x;
  for (let i = 0; i < count; i += 2) {
    const a = images[i]!;
    const b = images[i + 1] ?? a;
    let sumA = 0;
    let sumB = 0;
    for (let v = y0; v < y1; v++) {
      let k = origin + v * size + x0;
      const end = v * width + x1;
      for (let q = v * width + x0; q < end; q++, k++) {
        const p = data[k]!;
        sumA += a[q]! * p;
        sumB += b[q]! * p;
      }
    }
    sums[i] = sumA;
    sums[i + 1] = sumB;
  }
}

/** out = image (x) image t of the psf: one image pixel after the other, zeros left out. */
export function scatter(
  image: Float64Array,
  { size, data, half: halves }: PsfKernel,
  t: number,
  { width, from, to }: BlurBoxes,
  out: Float64Array,
): void {
  const half = halves[t]!;
  const middle = (size - 1) / 2;
  for (let y = Math.max(to.y0, from.y0 - half); y < Math.min(to.y1, from.y1 + half); y++) {
    out.fill(0, y * width + to.x0, y * width + to.x1);
  }
  for (let y = from.y0; y < from.y1; y++) {
    for (let x = from.x0; x < from.x1; x++) {
      const value = image[y * width + x]!;
      if (value === 0) continue;
      const x0 = Math.max(to.x0, x - half);
      const x1 = Math.min(to.x1, x + half + 1);
      for (let v = Math.max(to.y0, y - half); v < Math.min(to.y1, y + half + 1); v++) {
        let k = (t * size + middle + v - y) * size + middle + x0 - x;
        const end = v * width + x1;
        for (let q = v * width + x0; q < end; q++, k++) out[q]! += value * data[k]!;
      }
    }
  }
}
