/** Data of maps restricted to regions of the sky. */
import { SpecError } from "../errors.js";
import { geomFrame, pixelCenters, size } from "../sky/pixels.js";
import { regionImage } from "../sky/region-geom.js";
import { makeRegionTest } from "../sky/regions.js";
import type { Geom, Region } from "../sky/types.js";
import { countsGeom } from "./facets.js";
import type { BinnedDataset } from "./types.js";

/**
 * A copy with mask_fit restricted to the pixels whose middle lies in the union of `regions`, or, where they are excluded, outside of it.
 * @throws SpecError where the data have no pixels on the sky.
 */
export function withRegions<D extends BinnedDataset>(
  dataset: D,
  regions: readonly Region[],
  use: "within" | "exclude",
): D {
  const geom = countsGeom(dataset);
  if (geom === undefined || geom.kind === "region") {
    const found = `dataset "${dataset.name}", which has ${geom === undefined ? "no counts" : "one pixel"}`;
    throw new SpecError({ where: "withRegions", found, expected: "a map of counts" });
  }
  const image = geom.kind === "wcs" ? regionImage(geom, regions) : pixelsInside(geom, regions);
  const data = dataset.maskFit?.data.slice() ?? new Uint8Array(size(geom)).fill(1);
  for (let k = 0; k < data.length; k++) if ((image[k % image.length] === 1) !== (use === "within")) data[k] = 0;
  return { ...dataset, maskFit: { geom, data } };
}

function pixelsInside(geom: Geom, regions: readonly Region[]): Uint8Array {
  const tests = regions.map(makeRegionTest);
  const { lon, lat } = pixelCenters(geom);
  const frame = geomFrame(geom);
  return Uint8Array.from(lon, (l, i) => (tests.some((test) => test({ lon: l, lat: lat[i]!, frame })) ? 1 : 0));
}
