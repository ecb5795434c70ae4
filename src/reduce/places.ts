/** Pixels of a geometry as the instrument sees them. */
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { convertFrame, separation } from "../sky/frames.js";
import { pixelCenters, pixelsOf } from "../sky/pixels.js";
import type { Geom } from "../sky/types.js";

/** Middles of all pixels, ICRS, deg [nPix]; NaN off the sky. */
export function icrsCenters(geom: Geom): { readonly lon: Float64Array; readonly lat: Float64Array } {
  const { lon, lat } = pixelCenters(geom);
  const { frame } = pixelsOf(geom);
  if (frame === "icrs") return { lon, lat };
  const out = new Float64Array(2);
  for (let i = 0; i < lon.length; i++) {
    convertFrame(lon[i]!, lat[i]!, frame, "icrs", out);
    [lon[i], lat[i]] = [out[0]!, out[1]!];
  }
  return { lon, lat };
}

/** Distances of the middles of all pixels from the pointing, deg [nPix]; NaN off the sky. */
export function pixelOffsets(geom: Geom, observation: Observation): Float64Array {
  const pointing = pointingOf(observation);
  const { lon, lat } = icrsCenters(geom);
  return lon.map((l, i) => separation(pointing.lon, pointing.lat, l, lat[i]!));
}
