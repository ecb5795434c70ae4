/** Parts of the sky that a background must not be taken from. */
import { toFrame } from "../sky/frames.js";
import { pixelsOf } from "../sky/pixels.js";
import { makeRegionTest, regionCenter } from "../sky/regions.js";
import type { MaskMap, Region, SkyPosition } from "../sky/types.js";

/** Regions, or an image of 1 where the background may be taken from and 0 where not; outside of the image nothing is excluded. */
export type Exclusion = MaskMap | readonly Region[];

/** Whether a position is excluded: by the nearest pixel of a mask, by circles and the like on the sphere. A point excludes nothing. */
export function exclusionTest(exclusion: Exclusion | undefined): (position: SkyPosition) => boolean {
  if (exclusion === undefined) return () => false;
  if (isRegions(exclusion)) {
    const tests = exclusion
      .filter(({ shape }) => shape !== "point")
      .map((region) => {
        const isInside = makeRegionTest(region);
        const center = regionCenter(region);
        return (position: SkyPosition) => isInHemisphere(center, position) && isInside(position);
      });
    return (position) => tests.some((test) => test(position));
  }
  const pixels = pixelsOf(exclusion.geom);
  return (position) => {
    const { lon, lat } = toFrame(position, pixels.frame);
    const pixel = pixels.indexOf(lon, lat);
    return pixel >= 0 && exclusion.data[pixel] === 0;
  };
}

const isRegions = (exclusion: Exclusion): exclusion is readonly Region[] => Array.isArray(exclusion);

/** A tangential plane has both sides of the sky. */
function isInHemisphere(center: SkyPosition, position: SkyPosition): boolean {
  const { lon, lat } = toFrame(position, center.frame);
  const rad = Math.PI / 180;
  const [s, c] = [Math.sin(lat * rad) * Math.sin(center.lat * rad), Math.cos(lat * rad) * Math.cos(center.lat * rad)];
  return s + c * Math.cos((lon - center.lon) * rad) > 0;
}
