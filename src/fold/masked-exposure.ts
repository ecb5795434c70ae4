import type { EDispKernel } from "../irf/edisp.js";
import type { PsfKernel } from "../irf/psf-kernel.js";
import type { Window } from "../sky/geom.js";
import { type BlurKernel, blurEach } from "./blur.js";
import type { BlurBoxes } from "./direct.js";
import { multiplyByExposure } from "./template.js";
import type { MaskPixels } from "./types.js";

/**
 * Counts inside the mask from a unit of flux that lands on a pixel (after the psf), `[energy_true, ny, nx]` on a window, 0 beyond the map:
 * exposure_t sum_r edisp[t, r] mask_r.
 */
export function maskedExposure(
  mask: MaskPixels,
  edisp: EDispKernel,
  exposure: Float64Array,
  width: number,
  window: Window,
  out: Float64Array,
): void {
  const { x0, y0, nx, ny } = window;
  const nPix = exposure.length / edisp.nTrue;
  out.fill(0);
  for (let r = 0; r < mask.length; r++) {
    const pixels = mask[r]!;
    for (let t = 0; t < edisp.nTrue; t++) {
      const share = edisp.data[t * edisp.nReco + r]!;
      if (share === 0) continue;
      const image = t * nx * ny;
      for (let i = 0; i < pixels.length; i++) {
        const row = (pixels[i]! / width) | 0;
        const x = pixels[i]! - row * width - x0;
        const y = row - y0;
        if (x >= 0 && y >= 0 && x < nx && y < ny) out[image + y * nx + x]! += share;
      }
    }
  }
  for (let t = 0; t < edisp.nTrue; t++) multiplyByExposure(out, t, window, exposure, width, nPix / width);
}

/** Exposure on the pixels of one energy bin's mask, 0 on others, `[energy_true, pixels]`. */
export function exposureWithin(pixels: Int32Array, exposure: Float64Array, nPix: number, out: Float64Array): void {
  out.fill(0);
  for (let from = 0; from < exposure.length; from += nPix) {
    for (let i = 0; i < pixels.length; i++) out[from + pixels[i]!] = exposure[from + pixels[i]!]!;
  }
}

/**
 * The same for a unit of flux that comes from a pixel (before the psf): the transposed psf of `masked` [energy_true, pixels], of which pixels in `from` count,
 * for the pixels in `to`. The total counts of a source are its image times this, summed over pixels, whatever the image.
 */
export function convolvedExposure(masked: Float64Array, psf: BlurKernel, boxes: BlurBoxes, out: Float64Array): void {
  const nPix = masked.length / psf.half.length;
  const image = (all: Float64Array) => (t: number) => all.subarray(t * nPix, (t + 1) * nPix);
  // a psf is its own image under a half turn, and so its own transpose
  blurEach(image(masked), psf, boxes, image(out));
}

/** One pixel of `convolvedExposure`, on a map or beyond it, summed directly. */
export function convolvedExposureAt(
  masked: Float64Array,
  psf: PsfKernel | null,
  t: number,
  x: number,
  y: number,
  [nx, ny]: readonly [number, number],
): number {
  if (psf === null) return x < 0 || y < 0 || x >= nx || y >= ny ? 0 : masked[(t * ny + y) * nx + x]!;
  const { size, data } = psf;
  const half = psf.half[t]!;
  const middle = (size - 1) / 2;
  const x0 = Math.max(0, x - half);
  const x1 = Math.min(nx - 1, x + half);
  let sum = 0;
  for (let v = Math.max(0, y - half); v <= Math.min(ny - 1, y + half); v++) {
    let from = (t * ny + v) * nx + x0;
    let k = (t * size + middle + v - y) * size + middle + x0 - x;
    for (let u = x0; u <= x1; u++) sum += masked[from++]! * data[k++]!;
  }
  return sum;
}
