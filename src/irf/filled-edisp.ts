/** Energy dispersions of pixels that know nothing of some energies, as a mask or the end of a field of view leaves them. */
import { nBins } from "../sky/axis.js";
import { pixelCenter, pixelsOf } from "../sky/pixels.js";
import type { SkyMap } from "../sky/types.js";
import { type EDispKernel, isKernelMap } from "./edisp.js";

/** The kernel of a pixel; `ofPixel`: those of the map as they are. */
export type FillKernel = (pixel: number, ofPixel: (pixel: number) => EDispKernel) => EDispKernel;

/**
 * At a true energy at which a pixel holds nothing, its kernel is that of the nearest pixel that does. An energy bin that is 0 at all true energies was left out by the mask
 * of a stacked dataset there: it is that of the nearest pixel that has it, by which no true energy comes to more than 1. Sources beside such pixels lose no events. Undefined: no pixel misses anything.
 */
export function makeFillKernel(map: SkyMap): FillKernel | undefined {
  const [inner, energyTrue] = map.geom.axes.map(nBins) as [number, number];
  const pixels = pixelsOf(map.geom);
  const { nPix } = pixels;
  const rows = new Uint8Array(energyTrue * nPix);
  const isKernel = isKernelMap(map);
  const bins = new Uint8Array(inner * nPix).fill(isKernel ? 0 : 1);
  map.data.forEach((x, k) => {
    if (!(x > 0)) return;
    const pixel = k % nPix;
    const bin = (k - pixel) / nPix;
    rows[Math.floor(bin / inner) * nPix + pixel] = 1;
    bins[(bin % inner) * nPix + pixel] = 1;
  });
  if (rows.every((x) => x === 1) && bins.every((x) => x === 1)) return undefined;
  const hasRow = (pixel: number, t: number) => rows[t * nPix + pixel] === 1;
  const hasBin = (pixel: number, r: number) => !isKernel || bins[r * nPix + pixel] === 1;
  return (pixel, ofPixel) => {
    const middle = pixelCenter(map.geom, pixel);
    const nearest = (has: (other: number) => boolean) => (has(pixel) ? pixel : pixels.nearest(middle, has));
    const { nTrue, nReco } = ofPixel(pixel);
    const data = new Float64Array(nTrue * nReco);
    for (let t = 0; t < nTrue; t++) {
      const base = nearest((other) => hasRow(other, t));
      const own = ofPixel(base).data.subarray(t * nReco, (t + 1) * nReco);
      const row = data.subarray(t * nReco, (t + 1) * nReco);
      const sum = own.reduce((a, b) => a + b, 0);
      for (let r = 0; r < nReco; r++) {
        const other = hasBin(base, r) ? base : nearest((p) => hasRow(p, t) && hasBin(p, r));
        row[r] = other === base ? 0 : ofPixel(other).data[t * nReco + r]!;
      }
      const missing = row.reduce((a, b) => a + b, 0);
      const share = missing > 0 ? Math.min(1, Math.max(0, 1 - sum) / missing) : 0;
      for (let r = 0; r < nReco; r++) row[r] = own[r]! + share * row[r]!;
    }
    return { nTrue, nReco, data };
  };
}
