/** Masks of counts on the coarser pixels of psf and energy dispersion. */
import { convertFrame } from "../sky/frames.js";
import { nPix, pixelCenters, pixelsOf } from "../sky/pixels.js";
import type { Geom, MaskMap, Pixels, PixelWeights } from "../sky/types.js";
import type { EDisp, Psf } from "./types.js";

/** Weights of an irf map `[outer, inner, lat, lon]`: `[n, lat, lon]` with n the bins of the inner axis, or one. Absent: one everywhere. */
export type IrfWeights = Uint8Array | undefined;

/**
 * mask_safe on the pixels of an edisp map. A kernel map takes it by reconstructed energy, a migration map its "or" over energy. Pixels between those
 * of the mask are inside if one of the four around them is, pixels beyond them like its outermost cells (Gammapy's mask_safe_edisp).
 */
export function edispWeights(mask: MaskMap | undefined, image: MaskMap | undefined, edisp: EDisp): IrfWeights {
  if (mask === undefined || image === undefined) return undefined;
  const chosen = edisp.map.geom.axes[0]!.name === "energy" ? mask : image;
  if (mask.geom.kind === "region") return onPixels(chosen, edisp.map.geom);
  const pixels = pixelsOf(mask.geom);
  const around = { index: new Int32Array(4), weight: new Float64Array(4) };
  const cells = placesIn(edisp.map.geom, pixels, (place) => {
    if (place === null) return partOf(pixels.middle, pixels.middle.index.length);
    const count = pixels.interpolation(...place, around);
    // a part of HEALPix has nothing beyond its border: what is safe anywhere is safe there
    if (count === 0 && mask.geom.kind === "healpix") return Array.from({ length: pixels.nPix }, (_, i) => i);
    return partOf(around, count);
  });
  const n = chosen.data.length / pixels.nPix;
  const out = new Uint8Array(n * cells.length);
  for (let r = 0, k = 0; r < n; r++) {
    for (const cell of cells) out[k++] = cell.some((pixel) => chosen.data[r * pixels.nPix + pixel] === 1) ? 1 : 0;
  }
  return out;
}

/** The mask of a spectrum, which holds everywhere, on all pixels of an irf map. */
function onPixels({ data }: MaskMap, geom: Geom): Uint8Array {
  const n = nPix(geom);
  return Uint8Array.from({ length: data.length * n }, (_, k) => data[Math.floor(k / n)]!);
}

/** The pixels of an interpolation that weigh in: weights below 1e-9 are rounding of a position that is the middle of a pixel. */
const partOf = ({ index, weight }: PixelWeights, count: number): number[] =>
  Array.from(index.subarray(0, count)).filter((_, k) => Math.abs(weight[k]!) > 1e-9);

/**
 * The "or" of mask_safe over energy on the pixels of psf maps: of the mask's pixel that holds their centre, none outside. A psf map so coarse that this
 * leaves it nothing takes the "or" over the whole mask.
 */
export function psfWeights(images: readonly (MaskMap | undefined)[], psfs: readonly Psf[]): IrfWeights[] {
  const weights = images.map((image, i) => {
    if (image === undefined) return undefined;
    if (image.geom.kind === "region") return onPixels(image, psfs[i]!.map.geom);
    const pixels = pixelsOf(image.geom);
    const inside = placesIn(psfs[i]!.map.geom, pixels, (place) => {
      const pixel = place === null ? pixels.nearest(null, () => true) : pixels.indexOf(...place);
      return pixel < 0 ? 0 : image.data[pixel]!;
    });
    return Uint8Array.from(inside);
  });
  if (weights.some((w) => w === undefined || w.some((x) => x === 1))) return weights;
  return images.map((image, i) => weights[i]!.map(() => (image!.data.some((x) => x === 1) ? 1 : 0)));
}

/** What `make` says of the middle (lon, lat) of each pixel of `geom`, in the frame of `target`; of a region, which may have no place, of null. */
export function placesIn<T>(geom: Geom, target: Pixels, make: (place: readonly [number, number] | null) => T): T[] {
  if (geom.kind === "region") return [make(null)];
  const { frame } = pixelsOf(geom);
  const { lon, lat } = pixelCenters(geom);
  const out = new Float64Array(2);
  return Array.from(lon, (x, i) => {
    convertFrame(x, lat[i]!, frame, target.frame, out);
    return make([out[0]!, out[1]!]);
  });
}
