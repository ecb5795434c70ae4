/** Places in the field of view: the sky turned so that the pointing is at (0, 0). Angles in deg. */
import type { FovPlaces } from "../irf/tables/background.js";
import type { FovAlignment } from "../irf/tables/types.js";
import { positionAngle, separation } from "../sky/frames.js";

const RAD = Math.PI / 180;

/**
 * Places of positions [n] in the field of view around a pointing, all of one frame. fov_lon grows with falling longitude (GADF: to the right as one looks at
 * the sky with north up), with `reverse-lon-radec` with growing longitude; fov_lat to the north.
 */
export function fieldOfView(
  pointing: { readonly lon: number; readonly lat: number },
  lon: ArrayLike<number>,
  lat: ArrayLike<number>,
  alignment: FovAlignment,
): FovPlaces {
  const n = lon.length;
  const places = { lon: new Float64Array(n), lat: new Float64Array(n), offset: new Float64Array(n) };
  const sign = alignment === "reverse-lon-radec" ? 1 : -1;
  for (let i = 0; i < n; i++) {
    const r = separation(pointing.lon, pointing.lat, lon[i]!, lat[i]!);
    const angle = positionAngle(pointing.lon, pointing.lat, lon[i]!, lat[i]!) * RAD;
    const [s, c] = [Math.sin(r * RAD), Math.cos(r * RAD)];
    places.offset[i] = r;
    places.lon[i] = (sign * Math.atan2(s * Math.sin(angle), c)) / RAD;
    places.lat[i] = Math.asin(Math.min(1, Math.max(-1, s * Math.cos(angle)))) / RAD;
  }
  return places;
}
