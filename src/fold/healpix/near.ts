/** The pixels of a HEALPix map around a place that moves. */
import { separation } from "../../sky/frames.js";
import { pixelSide } from "../../sky/healpix/cells.js";
import { pixelsOf } from "../../sky/pixels.js";
import type { HealpixGeom } from "../../sky/types.js";

const DEG = 180 / Math.PI;
/** No point of a pixel is farther from its middle, in sides. */
const RADIUS = 1.1;

/** Indices of the pixels of which a part may lie within `radius` [deg] of a place, deg in the frame of the map; they may be more. */
export type PixelsNear = (lon: number, lat: number, radius: number) => Int32Array;

/** The pixels are looked for anew, and the array is another one, when the place leaves that of the search by more than a pixel. */
export function makePixelsNear(geom: HealpixGeom): PixelsNear {
  const pixels = pixelsOf(geom);
  const side = pixelSide(geom.nside) * DEG;
  const middle = new Float64Array(2);
  let found = new Int32Array(0);
  let searched = { lon: 0, lat: 0, radius: -1 };
  return (lon, lat, radius) => {
    if (separation(lon, lat, searched.lon, searched.lat) + radius <= searched.radius) return found;
    searched = { lon, lat, radius: 1.05 * radius + side };
    const most = searched.radius + RADIUS * side;
    const near: number[] = [];
    for (let i = 0; i < pixels.nPix; i++) {
      pixels.center(i, middle);
      if (Math.abs(middle[1]! - lat) <= most && separation(lon, lat, middle[0]!, middle[1]!) <= most) near.push(i);
    }
    found = Int32Array.from(near);
    return found;
  };
}

/** The number of a pixel of the map among those of the whole sky. */
export const numberOf = ({ pixels }: HealpixGeom, index: number): number => pixels?.[index] ?? index;
