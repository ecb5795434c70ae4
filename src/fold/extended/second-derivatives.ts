import type { EDispKernel } from "../../irf/edisp.js";
import type { PsfKernel } from "../../irf/psf-kernel.js";
import { nPix } from "../../sky/pixels.js";
import { type BlurKernel, reached } from "../blur.js";
import { convolvedExposure } from "../masked-exposure.js";
import type { Placed } from "../placed.js";
import type { HiddenColumns } from "../types.js";
import { addMixedProducts, isMixed } from "./mixed.js";
import type { Extended } from "./state.js";
import { addProducts } from "./totals.js";

const widest = ({ half }: PsfKernel): number => half.reduce((a, b) => Math.max(a, b), 0);

/** The energy dispersions that weights are taken back through: that at the place, or each of those mixed there. */
const kernelsOf = (e: Extended): readonly EDispKernel[] => (isMixed(e) ? e.irfs.edisps : [e.kernel]);

/** Numbers of a window, [energy_true, ny, nx]; 0 off the map. */
function sizeOf({ placed, kernel }: Extended): number {
  return placed === null ? 0 : kernel.nTrue * placed.window.nx * placed.window.ny;
}

/**
 * The columns of the second derivatives: what weights on bins make of them is found as the totals are, from the weights taken back through the instrument, so these
 * images are never convolved themselves.
 */
export const secondDerivatives = (e: Extended): HiddenColumns => ({
  clear: () => clear(e),
  add: (r, pixels, weights) => add(e, r, pixels, weights),
  addTo: (out, at, factor) => addTo(e, out, at, factor),
});

function clear(e: Extended): void {
  const size = sizeOf(e) * kernelsOf(e).length;
  if (e.weights.length >= size) {
    e.weights.fill(0, 0, size);
    // beside the map, where the psf brings nothing from, nothing is written
    e.unconvolved.fill(0, 0, sizeOf(e));
    return;
  }
  e.weights = new Float64Array(size);
  e.unconvolved = new Float64Array(sizeOf(e));
}

/** Weights on the bins of `pixels` in energy bin r, times edisp and exposure, to the true energies that they come from: [edisp, energy_true, ny, nx]. */
function add(e: Extended, r: number, pixels: Int32Array, weights: Float64Array) {
  const { placed, response, geom, reach, weights: to } = e;
  if (placed === null) return;
  const { x0, y0, nx, ny } = placed.window;
  const [width] = geom.npix;
  const n = nPix(geom);
  const box = placed.psf === null ? placed.box : reached(placed.box, widest(placed.psf), placed.limit);
  const t = reach[r]!;
  const kernels = kernelsOf(e);
  const size = sizeOf(e);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const row = (pixel / width) | 0;
    const x = pixel - row * width - x0;
    const y = row - y0;
    if (x < box.x0 || y < box.y0 || x >= box.x1 || y >= box.y1) continue;
    const at = y * nx + x;
    for (let j = 0; j < kernels.length; j++) {
      const { data, nReco } = kernels[j]!;
      for (let c = 0; c < t.length; c++) {
        const k = t[c]!;
        to[j * size + k * nx * ny + at]! += weights[i]! * data[k * nReco + r]! * response.exposure[k * n + pixel]!;
      }
    }
  }
}

function addTo(e: Extended, out: Float64Array, at: number, factor: number): void {
  const { placed, nImages } = e;
  if (placed === null) return;
  const size = sizeOf(e);
  const weights = (k: number) => e.weights.subarray(k * size, (k + 1) * size);
  if (!isMixed(e)) {
    const data = unconvolve(placed, placed.psf, weights(0), e.unconvolved);
    addProducts(placed, nImages, { window: placed.window, data }, factor, out, at);
    return;
  }
  const seen = (psf: BlurKernel | null, k: number) => ({
    window: placed.window,
    data: unconvolve(placed, psf, weights(k), new Float64Array(size)),
  });
  addMixedProducts(e, placed, (psf, _, _kernel, k) => seen(psf, k), nImages, factor, out, at);
}

/** Weights on pixels after the psf, taken back to those before it; `to`: where to write them. */
function unconvolve(placed: Placed, psf: BlurKernel | null, weights: Float64Array, to: Float64Array): Float64Array {
  if (psf === null || placed.psf === null) return weights;
  const { box, limit, window } = placed;
  const out = to.subarray(0, weights.length);
  const boxes = { width: window.nx, from: reached(box, widest(placed.psf), limit), to: box };
  convolvedExposure(weights, psf, boxes, out);
  return out;
}
