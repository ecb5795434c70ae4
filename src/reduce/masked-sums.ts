/** Sums over the bins of a dataset that its masks allow. */
import type { MapDataset } from "../datasets/types.js";
import type { SkyMap } from "../sky/types.js";

/** Sums of maps `[energy, ...pixels]` where mask_safe and mask_fit are 1 and an image [nPix] is; 0 of what is absent. */
export function maskedSums(
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
