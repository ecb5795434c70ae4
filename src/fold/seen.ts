import type { EDispKernel } from "../irf/edisp.js";
import type { PsfKernel } from "../irf/psf-kernel.js";
import type { Window } from "../sky/geom.js";
import { imageSize } from "../sky/pixels.js";
import { reached } from "./blur.js";
import type { Placed } from "./placed.js";
import type { Response } from "./response.js";
import type { HiddenColumns, MaskPixels } from "./types.js";
import { landing, visible } from "./visible.js";

const widest = ({ half }: PsfKernel): number => half.reduce((a, b) => Math.max(a, b), 0);

/** Counts in the mask by the pixel of the window that a unit of flux comes from; those of earlier windows are kept with the response. */
export function createSeen(response: Response) {
  const known = response.arrays("counts seen from windows");
  return (mask: MaskPixels, kernel: EDispKernel, { psf, window, limit }: Placed): Float64Array => {
    const { x0, y0, nx, ny } = window;
    return known.get([mask, kernel, psf, x0, y0, nx, ny], () => {
      const landed = new Float64Array(kernel.nTrue * nx * ny);
      landing(mask, kernel, response.exposure, imageSize(response.geom)[0], window, landed);
      if (psf === null) return landed;
      const weights = new Float64Array(landed.length);
      visible(landed, psf, window, limit, limit, weights);
      return weights;
    });
  };
}

/** out[at + (b - first) * nTrue + t] += factor sum image_b weights_t over the box, for the images from `first` on; `weights`: [nTrue, ny, nx]. */
export function addProducts(
  { images, box, window }: Placed,
  first: number,
  weights: Float64Array,
  nTrue: number,
  factor: number,
  out: Float64Array,
  at: number,
): void {
  const { nx, ny } = window;
  for (let t = 0; t < nTrue; t++) {
    for (let y = box.y0; y < box.y1; y++) {
      const from = (t * ny + y) * nx;
      // row by row, and two images at a time: weights are read from near
      for (let b = first, to = at + t; b < images.length; b += 2, to += 2 * nTrue) {
        const image = images[b]!;
        const other = images[Math.min(b + 1, images.length - 1)]!;
        let sum = 0;
        let sumOther = 0;
        for (let x = box.x0, k = y * nx + x; x < box.x1; x++, k++) {
          const weight = weights[from + x]!;
          sum += weight * image[k]!;
          sumOther += weight * other[k]!;
        }
        out[to]! += factor * sum;
        if (b + 1 < images.length) out[to + nTrue]! += factor * sumOther;
      }
    }
  }
}

/**
 * The columns of the second derivatives: what weights on bins make of them is found as the totals are, from the weights seen back through the instrument, so these
 * images are never blurred themselves. `place`: the present shape and energy dispersion; the images from `first` on.
 */
export function secondDerivatives(
  response: Response,
  first: number,
  place: () => { readonly placed: Placed | null; readonly kernel: EDispKernel },
  reach: readonly Int32Array[],
): HiddenColumns {
  const [width, height] = imageSize(response.geom);
  let landed = new Float64Array(0);
  let seen = new Float64Array(0);
  const sizeOf = ({ nx, ny }: Window, nTrue: number) => nx * ny * nTrue;
  return {
    clear() {
      const { placed, kernel } = place();
      if (placed === null) return;
      const size = sizeOf(placed.window, kernel.nTrue);
      if (landed.length < size) {
        landed = new Float64Array(size);
        seen = new Float64Array(size);
      } else landed.fill(0, 0, size);
    },
    add(r, pixels, weights) {
      const { placed, kernel } = place();
      if (placed === null) return;
      const { x0, y0, nx, ny } = placed.window;
      const box = placed.psf === null ? placed.box : reached(placed.box, widest(placed.psf), placed.limit);
      const t = reach[r]!;
      for (let i = 0; i < pixels.length; i++) {
        const pixel = pixels[i]!;
        const row = (pixel / width) | 0;
        const x = pixel - row * width - x0;
        const y = row - y0;
        if (x < box.x0 || y < box.y0 || x >= box.x1 || y >= box.y1) continue;
        const at = y * nx + x;
        for (let c = 0; c < t.length; c++) {
          const k = t[c]!;
          landed[k * nx * ny + at]! +=
            weights[i]! * kernel.data[k * kernel.nReco + r]! * response.exposure[k * width * height + pixel]!;
        }
      }
    },
    addTo(out, at, factor) {
      const { placed, kernel } = place();
      if (placed === null) return;
      const { psf, box, limit, window } = placed;
      const { nTrue } = kernel;
      if (psf !== null) visible(landed, psf, window, reached(box, widest(psf), limit), box, seen);
      addProducts(placed, first, psf === null ? landed : seen, nTrue, factor, out, at + first * nTrue);
    },
  };
}
