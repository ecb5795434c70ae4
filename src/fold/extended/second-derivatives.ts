import type { PsfKernel } from "../../irf/psf-kernel.js";
import { nPix } from "../../sky/pixels.js";
import { reached } from "../blur.js";
import { convolvedExposure } from "../masked-exposure.js";
import type { HiddenColumns } from "../types.js";
import type { Extended } from "./state.js";
import { addProducts } from "./totals.js";

const widest = ({ half }: PsfKernel): number => half.reduce((a, b) => Math.max(a, b), 0);

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
  const size = sizeOf(e);
  if (e.weights.length >= size) {
    e.weights.fill(0, 0, size);
    return;
  }
  e.weights = new Float64Array(size);
  e.unconvolved = new Float64Array(size);
}

/** Weights on the bins of `pixels` in energy bin r, times edisp and exposure, to the true energies that they come from. */
function add(
  { placed, kernel, response, geom, reach, weights: to }: Extended,
  r: number,
  pixels: Int32Array,
  weights: Float64Array,
) {
  if (placed === null) return;
  const { x0, y0, nx, ny } = placed.window;
  const [width] = geom.npix;
  const n = nPix(geom);
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
      to[k * nx * ny + at]! += weights[i]! * kernel.data[k * kernel.nReco + r]! * response.exposure[k * n + pixel]!;
    }
  }
}

function addTo(e: Extended, out: Float64Array, at: number, factor: number): void {
  const { placed, nImages } = e;
  if (placed === null) return;
  const { psf, box, limit, window } = placed;
  let weights = e.weights.subarray(0, sizeOf(e));
  if (psf !== null) {
    const unconvolved = e.unconvolved.subarray(0, weights.length);
    const boxes = { width: window.nx, from: reached(box, widest(psf), limit), to: box };
    convolvedExposure(weights, psf, boxes, unconvolved);
    weights = unconvolved;
  }
  addProducts(placed, nImages, weights, factor, out, at);
}
