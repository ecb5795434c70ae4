/** Images of a source on HEALPix pixels. */
import { packedLength } from "../flux/types.js";

/** The share of a source in each pixel that it can reach, with what blurs it, and the derivatives by its free parameters, by true-energy bin. */
export interface HealpixImages {
  /** Indices of pixels of the map [n]; others have nothing. */
  readonly pixels: Int32Array;
  /** The value, the first derivatives, and the second ones packed as in FluxVector: each [energy_true, n]. Those beyond the order that was asked for are not known. */
  readonly images: readonly Float64Array[];
}

/** The images at the parameters p of the shape, with derivatives up to `order`. `kept`: those before it, whose arrays are taken over. */
export type MakeImages = (p: Float64Array, order: 0 | 1 | 2, kept?: HealpixImages) => HealpixImages;

/** How many images a shape with nq free parameters has in all. */
export const imagesOf = (nq: number): number => 1 + nq + packedLength(nq);

/** Images of zeros for these pixels. */
export function emptyImages(pixels: Int32Array, nTrue: number, nImages: number, kept?: HealpixImages): HealpixImages {
  const length = nTrue * pixels.length;
  const fits = kept?.images.length === nImages && kept.images[0]!.length === length;
  const images = fits
    ? kept.images.map((image) => image.fill(0))
    : Array.from({ length: nImages }, () => new Float64Array(length));
  return { pixels, images };
}
