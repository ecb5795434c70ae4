import { JET, multiplyJets } from "../../irf/around.js";
import type { EDispKernel } from "../../irf/edisp.js";
import type { BlurKernel } from "../blur.js";
import type { OnWindow, Placed } from "../placed.js";
import type { Extended } from "./state.js";
import { productTerms } from "./terms.js";

/** Numbers of pixels as they are with one psf and one energy dispersion of those around the source. */
export type SeenWith = (psf: BlurKernel | null, psfIndex: number, kernel: EDispKernel, index: number) => OnWindow;

/** Whether psf or energy dispersion are mixed at a place that moves. */
export const isMixed = ({ irfs, coordinates }: Extended): boolean =>
  coordinates.length > 0 && (irfs.psfs.length > 1 || irfs.weights.length > JET);

/**
 * `addProducts` of the images from `first` on, with what the mix of psfs and energy dispersions makes of `seenWith`: a product of two functions of the place, the image and
 * the mix, with its derivatives.
 */
export function addMixedProducts(
  e: Extended,
  placed: Placed,
  seenWith: SeenWith,
  first: number,
  factor: number,
  out: Float64Array,
  at: number,
): void {
  const nTrue = e.source.spectrum.size;
  const { nx, ny } = placed.window;
  const parts = partsOf(e, seenWith);
  const mix = new Float64Array(JET * nx * ny);
  const terms = placed.images.map((_, i) => productTerms(e.coordinates, e.nImages, i));
  for (let t = 0; t < nTrue; t++) {
    fillMix(e, placed, parts, t, mix);
    for (let i = first; i < placed.images.length; i++) {
      let sum = sumOver(placed, placed.images[i]!, mix, 0);
      for (const { image, q, factor: times } of terms[i]!) {
        sum += times * sumOver(placed, placed.images[image]!, mix, q * nx * ny);
      }
      out[at + i * nTrue + t]! += factor * sum;
    }
  }
}

interface Part {
  readonly psf: number;
  readonly edisp: number;
  readonly seen: OnWindow;
}

function partsOf({ irfs: { psfs, edisps } }: Extended, seenWith: SeenWith): Part[] {
  return (psfs.length === 0 ? [null] : psfs).flatMap((psf, j) =>
    edisps.map((kernel, k) => ({ psf: j, edisp: k, seen: seenWith(psf, j, kernel, k) })),
  );
}

const ONE = [1, 0, 0, 0, 0, 0];
/** Entries of a jet, by order. */
const ENTRIES = [1, 3, 6] as const;

/** mix [JET, ny, nx] = sum of the parts at true energy t, by what each counts for and the derivatives of that, in the box. */
function fillMix(e: Extended, { box, window }: Placed, parts: readonly Part[], t: number, mix: Float64Array): void {
  const { irfs, source, order } = e;
  const { nx, ny } = window;
  const share = Float64Array.from(ONE);
  const jet = new Float64Array(JET);
  mix.fill(0);
  for (const { psf, edisp, seen } of parts) {
    const { data, window: own } = seen;
    if (irfs.psfs.length > 0) {
      const from = (psf * source.spectrum.size + t) * JET;
      share.set(irfs.shares.subarray(from, from + JET));
    }
    multiplyJets(share, 0, irfs.weights, edisp * JET, jet, 0);
    for (let q = 0; q < ENTRIES[order]; q++) {
      const weight = jet[q]!;
      if (weight === 0) continue;
      for (let y = box.y0; y < box.y1; y++) {
        let from = (t * own.ny + y + window.y0 - own.y0) * own.nx + window.x0 - own.x0 + box.x0;
        const end = (q * ny + y) * nx + box.x1;
        for (let to = end - box.x1 + box.x0; to < end; to++) mix[to]! += weight * data[from++]!;
      }
    }
  }
}

function sumOver({ box, window }: Placed, image: Float64Array, mix: Float64Array, at: number): number {
  let sum = 0;
  for (let y = box.y0; y < box.y1; y++) {
    for (let x = box.x0, k = y * window.nx + x; x < box.x1; x++, k++) sum += image[k]! * mix[at + k]!;
  }
  return sum;
}
