/** Maps summed within regions. */
import { toFrame } from "./frames.js";
import { pixelScales } from "./geom.js";
import type { AnyMap } from "./map-layout.js";
import { imageGeom, nPix, pixelsOf } from "./pixels.js";
import { regionGeom, regionImage, regionWeights } from "./region-geom.js";
import type { Region, SkyMap } from "./types.js";

/** Options of `sumInRegion`. */
export interface SumInRegionOptions {
  /** Factor on each value: a mask, or numbers on the map's own bins. */
  readonly weights?: AnyMap;
  /** Which pixels count: those whose middle is inside (default), or all by the share of their area inside, found on 10 x 10 points a pixel. */
  readonly pixels?: "middles" | "shares";
}

/**
 * The sum over the pixels within the union of `regions`, for each bin of the other axes, as a map of that region; the unit stays, NaN is left out. Of a point it is the
 * pixel that holds it. Gammapy's WcsNDMap.to_region_nd_map.
 */
export function sumInRegion(map: SkyMap, regions: readonly Region[], options: SumInRegionOptions = {}): SkyMap {
  const { weights, pixels = "middles" } = options;
  const image = imageGeom(map.geom, "sumInRegion");
  const areas = regions.filter(({ shape }) => shape !== "point");
  const shares = pixels === "shares" ? regionWeights(image, areas) : regionImage(image, areas);
  for (const region of regions) {
    if (region.shape !== "point") continue;
    const { lon, lat } = toFrame(region.center, image.wcs.frame);
    const pixel = pixelsOf(image).indexOf(lon, lat);
    if (pixel >= 0) shares[pixel] = 1;
  }
  const n = nPix(image);
  const data = new Float64Array(map.data.length / n);
  for (let k = 0; k < map.data.length; k++) {
    const share = shares[k % n]!;
    if (share === 0) continue;
    const value = map.data[k]! * share * (weights === undefined ? 1 : weights.data[k]!);
    if (!Number.isNaN(value)) data[Math.floor(k / n)]! += value;
  }
  const geom = regionGeom(regions, { axes: image.axes, binsz: Math.min(...pixelScales(image)) });
  return { ...map, geom, data };
}
