/** Pixels of a geometry as the instrument sees them. */

import { type Directions, offsetsFrom } from "../events/field-of-view.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { convertFrame } from "../sky/frames.js";
import type { Window } from "../sky/geom.js";
import { nPix, pixelCenters, pixelsOf, solidAngle } from "../sky/pixels.js";
import type { Geom, WcsGeom } from "../sky/types.js";
import { type Exclusion, excludedIn } from "./exclusion.js";

const RAD = Math.PI / 180;

/** Pixels of a geometry: the directions of their middles, ICRS (NaN off the sky), and their solid angles, sr; each [nPix]. */
export interface PixelDirections extends Directions {
  /** Without axes. */
  readonly geom: Geom;
  readonly areas: Float64Array;
}

/** Pixels seen from a pointing. */
export interface Places extends PixelDirections {
  /** Distances of the middles from the pointing, deg [nPix]. */
  readonly offset: Float64Array;
}

/** The pixels of a geometry, whose axes do not matter. */
export function pixelDirections(geom: Geom): PixelDirections {
  const { lon, lat } = pixelCenters(geom);
  const { frame } = pixelsOf(geom);
  const n = lon.length;
  const [x, y, z] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const out = new Float64Array(2);
  for (let i = 0; i < n; i++) {
    convertFrame(lon[i]!, lat[i]!, frame, "icrs", out);
    const c = Math.cos(out[1]! * RAD);
    x[i] = c * Math.cos(out[0]! * RAD);
    y[i] = c * Math.sin(out[0]! * RAD);
    z[i] = Math.sin(out[1]! * RAD);
  }
  return { geom: { ...geom, axes: [] }, x, y, z, areas: solidAngle(geom) };
}

/** The pixels of a window of an image, whose geometry is `geom`. */
export function windowDirections(
  whole: PixelDirections,
  columns: number,
  geom: WcsGeom,
  { x0, y0, nx, ny }: Window,
): PixelDirections {
  const cut = (values: Float64Array) => {
    const out = new Float64Array(nPix(geom));
    for (let j = 0; j < ny; j++) {
      const from = (y0 + j) * columns + x0;
      out.set(values.subarray(from, from + nx), j * nx);
    }
    return out;
  };
  return { geom, x: cut(whole.x), y: cut(whole.y), z: cut(whole.z), areas: cut(whole.areas) };
}

/** Pixels seen from the pointing of an observation. */
export const placesIn = (pixels: PixelDirections, observation: Observation): Places => ({
  ...pixels,
  offset: offsetsFrom(pointingOf(observation), pixels),
});

/** The pixels of a geometry, whose axes do not matter, seen from the pointing of an observation. */
export const placesOf = (geom: Geom, observation: Observation): Places => placesIn(pixelDirections(geom), observation);

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
