/** The bins of a dataset that enter the fit, as flat pixel indices by energy bin. */
import type { MaskPixels } from "./types.js";

/** Energy bins [first, last) of a range; the whole axis without one. */
export type BinRange = readonly [first: number, last: number];

/** Those inside a range of energy bins, and none outside. */
export function withinBins(pixels: MaskPixels, range: BinRange): MaskPixels {
  const none = new Int32Array(0);
  return pixels.map((p, r) => (r >= range[0] && r < range[1] ? p : none));
}

/** Flat pixel indices inside the mask, for each energy bin; neighbours of equal pixels have the same array. */
export function maskPixels(mask: Uint8Array, nEnergy: number): MaskPixels {
  const n = mask.length / nEnergy;
  const pixels = new Int32Array(n);
  let last = new Int32Array(0);
  return Array.from({ length: nEnergy }, (_, r) => {
    let count = 0;
    let isLast = true;
    for (let i = 0; i < n; i++) {
      if (mask[r * n + i] !== 1) continue;
      if (last[count] !== i) isLast = false;
      pixels[count++] = i;
    }
    if (!isLast || count !== last.length) last = pixels.slice(0, count);
    return last;
  });
}
