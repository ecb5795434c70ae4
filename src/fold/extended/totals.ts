import type { EDispKernel } from "../../irf/edisp.js";
import type { Window } from "../../sky/geom.js";
import type { WcsGeom } from "../../sky/types.js";
import type { BlurKernel } from "../blur.js";
import { convolvedExposure, maskedExposure } from "../masked-exposure.js";
import { mapWithin, type OnWindow, type Placed } from "../placed.js";
import type { MaskPixels } from "../types.js";
import { addMixedProducts, isMixed } from "./mixed.js";
import type { Extended } from "./state.js";

/** Sums of the rows over the mask: the image times what the mask sees of a unit of flux from each pixel of its window. */
export function fillTotals(e: Extended, mask: MaskPixels, out: Float64Array): void {
  const { placed } = e;
  out.fill(0);
  if (placed === null) return;
  const seen = (psf: BlurKernel | null, kernel: EDispKernel) => windowExposure(e, placed, mask, psf, kernel);
  if (isMixed(e)) addMixedProducts(e, placed, (psf, _, kernel) => seen(psf, kernel), 0, 1, out, 0);
  else addProducts(placed, 0, seen(placed.psf, e.kernel), 1, out, 0);
}

/** Counts in the mask by the pixel that a unit of flux comes from, on a window that holds that of the source; those of earlier windows are kept with the response. */
function windowExposure(
  { exposures, response, geom }: Extended,
  placed: Placed,
  mask: MaskPixels,
  psf: BlurKernel | null,
  kernel: EDispKernel,
): OnWindow {
  const wide = widened(placed, geom);
  const { x0, y0, nx, ny } = wide;
  const data = exposures.get([mask, kernel, psf, x0, y0, nx, ny], () => {
    const masked = new Float64Array(kernel.nTrue * nx * ny);
    maskedExposure(mask, kernel, response.exposure, geom.npix[0], wide, masked);
    if (psf === null) return masked;
    const out = new Float64Array(masked.length);
    const from = mapWithin(wide, geom);
    convolvedExposure(masked, psf, { width: nx, from, to: { x0: 0, x1: nx, y0: 0, y1: ny } }, out);
    return out;
  });
  return { window: wide, data };
}

/** The map and all that the psf brings in from beside it, for windows of more than half of that: one for a source whose window changes with its place and size. */
function widened({ window, psf }: Placed, { npix }: WcsGeom): Window {
  const margin = psf === null ? 0 : (psf.size - 1) / 2;
  const [nx, ny] = [npix[0] + 2 * margin, npix[1] + 2 * margin];
  return 2 * window.nx * window.ny > nx * ny ? { x0: 0 - margin, y0: 0 - margin, nx, ny } : window;
}

/** out[at + i * nTrue + t] += factor sum image_i weights_t over the box, for the images from `first` on. */
export function addProducts(
  { images, box, window }: Placed,
  first: number,
  { data: weights, window: own }: OnWindow,
  factor: number,
  out: Float64Array,
  at: number,
): void {
  const { nx } = window;
  const nTrue = weights.length / (own.nx * own.ny);
  for (let t = 0; t < nTrue; t++) {
    for (let y = box.y0; y < box.y1; y++) {
      const from = (t * own.ny + y + window.y0 - own.y0) * own.nx + window.x0 - own.x0;
      // most true energies bring nothing to a few energy bins
      if (isZero(weights, from + box.x0, from + box.x1)) continue;
      // row by row, and two images at a time: weights are read from near
      for (let i = first, to = at + first * nTrue + t; i < images.length; i += 2, to += 2 * nTrue) {
        const image = images[i]!;
        const other = images[Math.min(i + 1, images.length - 1)]!;
        let sum = 0;
        let sumOther = 0;
        for (let x = box.x0, k = y * nx + x; x < box.x1; x++, k++) {
          const weight = weights[from + x]!;
          sum += weight * image[k]!;
          sumOther += weight * other[k]!;
        }
        out[to]! += factor * sum;
        if (i + 1 < images.length) out[to + nTrue]! += factor * sumOther;
      }
    }
  }
}

function isZero(values: Float64Array, from: number, to: number): boolean {
  for (let k = from; k < to; k++) if (values[k] !== 0) return false;
  return true;
}
