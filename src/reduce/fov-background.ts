/** The norm of a background map, from the counts of the field of view where no source is. */

import type { MapDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { SkyMap } from "../sky/types.js";
import type { Exclusion } from "./exclusion.js";
import { allowedPixels } from "./places.js";

/** How the norm is found. */
export interface FovOptions {
  readonly exclusion?: Exclusion;
  /** Predicted counts of sources, `[energy, ...pixels]`, which are held; absent: there are none. */
  readonly signal?: SkyMap;
  /** Give up below so many counts, or so much background; default 0. */
  readonly minCounts?: number;
  readonly minBackground?: number;
}

/** The norm that a background is multiplied with. */
export interface FovNorm {
  readonly norm: number;
  /** 68 % */
  readonly error: number;
  /** Why there is none: the background stays as it was, and the data should not be used. */
  readonly problem?: string;
}

/**
 * The norm for which background and sources have as many counts as were seen, in mask_safe and outside of what is excluded. Without sources this is the maximum of the
 * likelihood (Cash), with its error sqrt(N) / B.
 * @throws SpecError where the dataset has no counts or no background.
 */
export function fovNorm(dataset: MapDataset, options: FovOptions = {}): FovNorm {
  const { exclusion, signal, minCounts = 0, minBackground = 0 } = options;
  const { counts, background } = dataset;
  if (counts === undefined || background === undefined) {
    throw new SpecError({
      where: `dataset "${dataset.name}": norm of the background`,
      found: counts ? "no background" : "no counts",
      expected: "both",
    });
  }
  const [seen, expected, sources] = maskedSums(dataset, allowedPixels(counts.geom, exclusion), [
    counts,
    background,
    signal,
  ]);
  const excess = seen! - sources!;
  const problem =
    seen! <= minCounts
      ? `${seen} counts in the field of view, expected more than ${minCounts}`
      : expected! <= minBackground
        ? `${expected} counts of background in the field of view, expected more than ${minBackground}`
        : excess < 0
          ? `${seen} counts where sources alone are predicted to have ${sources}`
          : undefined;
  if (problem !== undefined) return { norm: 1, error: Number.NaN, problem };
  return { norm: excess / expected!, error: Math.sqrt(excess) / expected! };
}

/** The dataset with its background multiplied by the norm; where there is none it takes no part in fits (mask_safe is 0 everywhere). */
export function withFovNorm(dataset: MapDataset, { norm, problem }: FovNorm): MapDataset {
  const { background, counts } = dataset;
  if (problem !== undefined)
    return { ...dataset, maskSafe: { geom: counts!.geom, data: new Uint8Array(counts!.data.length) } };
  return { ...dataset, background: { ...background!, data: background!.data.map((b) => b * norm) } };
}

/** Sums of maps `[energy, ...pixels]` where mask_safe and mask_fit are 1 and an image [nPix] is; 0 of what is absent. */
function maskedSums(
  { maskSafe, maskFit }: MapDataset,
  image: Uint8Array,
  maps: readonly (SkyMap | undefined)[],
): number[] {
  return maps.map((map) => {
    let sum = 0;
    for (let k = 0; k < (map?.data.length ?? 0); k++) {
      if ((maskSafe?.data[k] ?? 1) && (maskFit?.data[k] ?? 1) && image[k % image.length]) sum += map!.data[k]!;
    }
    return sum;
  });
}
