/** Energy dispersions of pixels that know nothing of some energies, as a mask or the end of a field of view leaves them. */
import { nBins } from "../sky/axis.js";
import { pixelCenter, pixelsOf } from "../sky/pixels.js";
import type { SkyMap } from "../sky/types.js";
import { type EDispKernel, isKernelMap } from "./edisp.js";

/** The kernel of a pixel; `ofPixel`: those of the map as they are. */
export type FillKernel = (pixel: number, ofPixel: (pixel: number) => EDispKernel) => EDispKernel;

/**
 * Unknown is a true energy at which a pixel holds nothing and (of a map by reconstructed energy) its `exposure` is 0, and an energy bin in which it holds nothing and that is not `inside` the mask there ([energy, pixel]).
 * Both are then as in the nearest pixel that knows them, so that sources beside such pixels lose no events. A row or bin that is 0 for another reason stays so: of data cut in energy it need not reach the bins that are
 * left. Undefined: no pixel misses anything.
 */
export function makeFillKernel(
  map: SkyMap,
  exposure: SkyMap | undefined,
  inside: Uint8Array | undefined,
): FillKernel | undefined {
  const [inner, energyTrue] = map.geom.axes.map(nBins) as [number, number];
  const pixels = pixelsOf(map.geom);
  const { nPix } = pixels;
  const isKernel = isKernelMap(map);
  const isSeen = exposure?.data.length === energyTrue * nPix && exposure.data.some((x) => x > 0);
  const rows = Uint8Array.from({ length: energyTrue * nPix }, (_, k) =>
    isKernel && !(isSeen && !(exposure!.data[k]! > 0)) ? 1 : 0,
  );
  const bins = Uint8Array.from({ length: inner * nPix }, (_, k) => (isKernel && inside?.[k] === 0 ? 0 : 1));
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
      for (let r = 0; r < nReco; r++) {
        const from = hasBin(base, r) ? base : nearest((other) => hasRow(other, t) && hasBin(other, r));
        data[t * nReco + r] = ofPixel(from).data[t * nReco + r]!;
      }
    }
    return { nTrue, nReco, data };
  };
}
