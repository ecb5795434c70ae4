import type { PsfKernel } from "../irf/psf-kernel.js";
import type { Box } from "../math/convolution.js";

/**
 * The first `count` images, `width` wide, convolved with image t of the psf, at the one pixel (x, y): out[at + i * step] = scale (image_i (x) psf_t)(x, y).
 * Summed directly, two images at a time, so that each psf value is read once for both. The images are zero outside `box`.
 */
export function convolveAt(
  images: readonly Float64Array[],
  count: number,
  width: number,
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
  const { size, data } = psf;
  const x0 = Math.max(box.x0, x - half);
  const x1 = Math.min(box.x1, x + half + 1);
  const y0 = Math.max(box.y0, y - half);
  const y1 = Math.min(box.y1, y + half + 1);
  // psf pixel that image pixel (0, 0) meets; a psf is its own image under a half turn, so both are read forwards
  const middle = (size - 1) / 2;
  const origin = (t * size + middle - y) * size + middle - x;
  for (let i = 0; i < count; i += 2) {
    const a = images[i]!;
    const b = images[Math.min(i + 1, count - 1)]!;
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
    out[at + i * step] = scale * sumA;
    if (i + 1 < count) out[at + (i + 1) * step] = scale * sumB;
  }
}

/** out = image (x) image t of the psf at the pixels of `to` that it reaches from those in `from`: one image pixel after the other, zeros left out. */
export function scatter(
  image: Float64Array,
  width: number,
  from: Box,
  psf: PsfKernel,
  t: number,
  to: Box,
  out: Float64Array,
): void {
  const { size, data } = psf;
  const half = psf.half[t]!;
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
