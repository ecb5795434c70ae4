/** How finely a shape is sampled. */
import type { SpatialDeclaration } from "../models/declaration.js";
import { affine, inverse, type Jet } from "../models/jet.js";
import { jetOf, smoothStep } from "./blend.js";

const MAX_FACTOR = 200;
/**
 * With u = pixel over `binSizeMin`, images of n and n + 1 samples are mixed before u reaches n, from where it is smaller by this share or from n - 1 on. One more sample makes the image of a Gaussian wider by up to
 * 0.35 % (by (1 / n^2 - 1 / (n + 1)^2) / 12 pixels^2): spread over a tenth of its size that changes slopes by 6 %, and the statistic has no minimum for this reason.
 */
const ZONE = 0.1;

/** Samples along a pixel, and the weight of the images with one more. */
export interface Oversampling {
  readonly factor: number;
  readonly more?: Jet;
}

/** Gammapy's factor, ceil(u), but for the range in which one passes to the next: there samples are finer. `scale`: pixel, deg. */
export function oversampling(
  { binSizeMin, sampling, derivatives }: SpatialDeclaration,
  p: Float64Array,
  scale: number,
  free: readonly number[],
): Oversampling {
  const binSize = binSizeMin(p);
  if (binSize === undefined) return { factor: 1 };
  const u = scale / binSize;
  if (!(u > 0 && u < MAX_FACTOR)) return { factor: MAX_FACTOR };
  // what cannot be fitted need not change smoothly
  if (sampling === "gammapy" || derivatives === undefined) return { factor: Math.ceil(u) };
  const n = Math.ceil(u);
  const start = Math.max(n / (1 + ZONE), n - 1);
  if (u <= start) return { factor: n };
  const jet = inverse(
    affine(
      1 / scale,
      jetOf((q) => binSizeMin(q)!, p, free),
    ),
  );
  return { factor: n, more: smoothStep(jet, start, n) };
}
