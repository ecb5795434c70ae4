/** Places in the field of view: the sky turned so that the pointing is at (0, 0). Angles in deg. */
import type { FovPlaces } from "../irf/tables/background.js";
import type { FovAlignment } from "../irf/tables/types.js";

const RAD = Math.PI / 180;

/** Unit vectors of directions [n], of one frame. */
export interface Directions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/** A turn of the sky that brings a direction to (1, 0, 0), with east and north along y and z. */
function turnTo(lon: number, lat: number) {
  const [sl, cl, sb, cb] = [Math.sin(lon * RAD), Math.cos(lon * RAD), Math.sin(lat * RAD), Math.cos(lat * RAD)];
  return { toward: [cb * cl, cb * sl, sb], east: [-sl, cl, 0], north: [-sb * cl, -sb * sl, cb] } as const;
}

/**
 * Places of directions in the field of view around a pointing of the same frame. fov_lon grows with falling longitude (GADF: to the right as one looks at the sky with
 * north up), with `reverse-lon-radec` with growing longitude; fov_lat to the north.
 */
export function fieldOfView(
  pointing: { readonly lon: number; readonly lat: number },
  { x, y, z }: Directions,
  alignment: FovAlignment,
): FovPlaces {
  const n = x.length;
  const places = { lon: new Float64Array(n), lat: new Float64Array(n), offset: offsetsFrom(pointing, { x, y, z }) };
  const { toward: u, east: e, north: m } = turnTo(pointing.lon, pointing.lat);
  const unit = (alignment === "reverse-lon-radec" ? 1 : -1) / RAD;
  for (let i = 0; i < n; i++) {
    const up = m[0] * x[i]! + m[1] * y[i]! + m[2] * z[i]!;
    places.lon[i] = unit * Math.atan2(e[0] * x[i]! + e[1] * y[i]!, u[0] * x[i]! + u[1] * y[i]! + u[2] * z[i]!);
    places.lat[i] = Math.asin(up > 1 ? 1 : up < -1 ? -1 : up) / RAD;
  }
  return places;
}

/** Writes the unit vector of a place in the field of view, deg, in the frame of the pointing: the inverse of `fieldOfView`. */
export function fromFieldOfView(
  pointing: { readonly lon: number; readonly lat: number },
  fovLon: number,
  fovLat: number,
  alignment: FovAlignment,
  out: Float64Array,
): void {
  const { toward: u, east: e, north: m } = turnTo(pointing.lon, pointing.lat);
  const lon = (alignment === "reverse-lon-radec" ? fovLon : -fovLon) * RAD;
  const c = Math.cos(fovLat * RAD);
  const [a, b, d] = [c * Math.cos(lon), c * Math.sin(lon), Math.sin(fovLat * RAD)];
  for (let k = 0; k < 3; k++) out[k] = a * u[k]! + b * e[k]! + d * m[k]!;
}

/** Great-circle distances of directions from a pointing of the same frame, deg. */
export function offsetsFrom(
  pointing: { readonly lon: number; readonly lat: number },
  { x, y, z }: Directions,
): Float64Array {
  const { toward: u, east: e, north: m } = turnTo(pointing.lon, pointing.lat);
  const out = new Float64Array(x.length);
  for (let i = 0; i < out.length; i++) {
    const right = e[0] * x[i]! + e[1] * y[i]!;
    const up = m[0] * x[i]! + m[1] * y[i]! + m[2] * z[i]!;
    out[i] = Math.atan2(Math.sqrt(right * right + up * up), u[0] * x[i]! + u[1] * y[i]! + u[2] * z[i]!) / RAD;
  }
  return out;
}
