/** Parts of the sky that a background must not be taken from. */
import { convertFrame, separation, toFrame } from "../sky/frames.js";
import { pixelsOf } from "../sky/pixels.js";
import { coordinateTest, meanPosition, regionCenter, regionReach } from "../sky/regions.js";
import type { Frame, MaskMap, Region, SkyPosition } from "../sky/types.js";

/** Regions, or an image of 1 where the background may be taken from and 0 where not; outside of the image nothing is excluded. */
export type Exclusion = MaskMap | readonly Region[];

/** What is excluded, of positions of one frame, deg. */
export interface Excluded {
  /** By the nearest pixel of a mask, by circles and the like on the sphere; a point excludes nothing. */
  contains(lon: number, lat: number): boolean;
  /** Whether something within a radius of a position may be excluded. */
  isNear(lon: number, lat: number, radius: number): boolean;
}

export function excludedIn(exclusion: Exclusion | undefined, frame: Frame): Excluded {
  const parts =
    exclusion === undefined ? [] : isRegions(exclusion) ? regionParts(exclusion, frame) : maskParts(exclusion, frame);
  return {
    contains: (lon, lat) => parts.some((part) => part.contains(lon, lat)),
    isNear: (lon, lat, radius) =>
      parts.some(({ center, reach }) => separation(center.lon, center.lat, lon, lat) <= reach + radius),
  };
}

const isRegions = (exclusion: Exclusion): exclusion is readonly Region[] => Array.isArray(exclusion);

/** Something excluded, all of it within a distance of a centre. */
interface Part {
  readonly center: SkyPosition;
  readonly reach: number;
  contains(lon: number, lat: number): boolean;
}

function regionParts(regions: readonly Region[], frame: Frame): Part[] {
  return regions
    .filter(({ shape }) => shape !== "point")
    .map((region) => ({
      center: toFrame(regionCenter(region), frame),
      reach: regionReach(region),
      contains: coordinateTest(region, frame),
    }));
}

function maskParts({ geom, data }: MaskMap, frame: Frame): Part[] {
  const pixels = pixelsOf(geom);
  const places: SkyPosition[] = [];
  const middle = new Float64Array(2);
  for (let p = 0; p < pixels.nPix; p++) {
    if (data[p] !== 0) continue;
    pixels.center(p, middle);
    if (!Number.isNaN(middle[0]!)) places.push({ lon: middle[0]!, lat: middle[1]!, frame: pixels.frame });
  }
  if (places.length === 0) return [];
  const center = toFrame(meanPosition(places), frame);
  const out = new Float64Array(2);
  const reach = places.reduce((r, place) => {
    const { lon, lat } = toFrame(place, frame);
    return Math.max(r, separation(center.lon, center.lat, lon, lat));
  }, 0);
  const contains = (lon: number, lat: number) => {
    convertFrame(lon, lat, frame, pixels.frame, out);
    const pixel = pixels.indexOf(out[0]!, out[1]!);
    return pixel >= 0 && data[pixel] === 0;
  };
  return [{ center, reach: reach + pixelSize(geom), contains }];
}

/** More than the distance from the middle of a pixel to its corners, deg. */
function pixelSize(geom: MaskMap["geom"]): number {
  const pixels = pixelsOf(geom);
  const area = pixels.solidAngles().reduce((a, b) => (b > a ? b : a), 0);
  return 2 * Math.sqrt(area) * (180 / Math.PI);
}
