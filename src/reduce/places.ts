/** Pixels of a geometry as the instrument sees them. */
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { convertFrame, separation } from "../sky/frames.js";
import { nPix, pixelCenters, pixelsOf } from "../sky/pixels.js";
import type { Geom } from "../sky/types.js";
import { type Exclusion, excludedIn } from "./exclusion.js";

/** Middles of pixels, ICRS, and their distances from the pointing, deg [nPix]; NaN off the sky. */
export interface Places {
  /** Without axes. */
  readonly geom: Geom;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly offset: Float64Array;
}

/** The pixels of a geometry, whose axes do not matter, seen from the pointing of an observation. */
export function placesOf(geom: Geom, observation: Observation): Places {
  const pointing = pointingOf(observation);
  const { lon, lat } = icrsCenters(geom);
  const offset = new Float64Array(lon.length);
  for (let i = 0; i < offset.length; i++) offset[i] = separation(pointing.lon, pointing.lat, lon[i]!, lat[i]!);
  return { geom: { ...geom, axes: [] }, lon, lat, offset };
}

function icrsCenters(geom: Geom): { readonly lon: Float64Array; readonly lat: Float64Array } {
  const { lon, lat } = pixelCenters(geom);
  const { frame } = pixelsOf(geom);
  if (frame === "icrs") return { lon, lat };
  const out = new Float64Array(2);
  for (let i = 0; i < lon.length; i++) {
    convertFrame(lon[i]!, lat[i]!, frame, "icrs", out);
    lon[i] = out[0]!;
    lat[i] = out[1]!;
  }
  return { lon, lat };
}

/** 1 where a background may be taken from, 0 where that is excluded [nPix]. */
export function allowedPixels(geom: Geom, exclusion: Exclusion | undefined): Uint8Array {
  const image = new Uint8Array(nPix(geom)).fill(1);
  if (exclusion === undefined) return image;
  const { lon, lat } = pixelCenters(geom);
  const excluded = excludedIn(exclusion, pixelsOf(geom).frame);
  for (let p = 0; p < image.length; p++)
    if (excluded.isNear(lon[p]!, lat[p]!, 0) && excluded.contains(lon[p]!, lat[p]!)) image[p] = 0;
  return image;
}
