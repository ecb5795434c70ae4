import { packedIndex } from "../flux/types.js";
import type { FreeCoordinate } from "./free-shape.js";

/** One product in a derivative of image times responses: `factor` times an image of the shape times entry q of a jet of the responses. */
export interface Term {
  readonly image: number;
  readonly q: number;
  readonly factor: number;
}

/**
 * What a derivative of the product of a shape and responses that depend on its place has beside the derivative of the shape times the responses. `i`: number of the image, of
 * `nFirst` with the value and the first derivatives, and the packed second ones after them.
 */
export function productTerms(coordinates: readonly FreeCoordinate[], nFirst: number, i: number): Term[] {
  if (i < nFirst) {
    return coordinates.filter((a) => a.image === i).map((a) => ({ image: 0, q: a.which, factor: 1 }));
  }
  const terms: Term[] = [];
  for (const a of coordinates) {
    for (let other = 1; other < nFirst; other++) {
      if (i !== nFirst + packedIndex(a.image - 1, other - 1)) continue;
      // the image by one parameter, the responses by the other: twice where these are the same
      terms.push({ image: other, q: a.which, factor: a.image === other ? 2 : 1 });
      // both by the responses, once for each pair
      const b = coordinates.find(({ image }) => image === other && image <= a.image);
      if (b !== undefined) terms.push({ image: 0, q: a.which + b.which + 1, factor: 1 });
    }
  }
  return terms;
}
