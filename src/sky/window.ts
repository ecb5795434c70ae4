/** Where cutouts lie. */
import { roundHalfEven } from "./axis-groups.js";
import { offsetBy, toFrame } from "./frames.js";
import { lineDistances } from "./linear.js";
import type { SkyPosition, WcsGeom } from "./types.js";
import { makeProjector } from "./wcs.js";

/** The pixels [x0, x0 + nx) x [y0, y0 + ny) of a parent geometry. */
export interface Window {
  readonly x0: number;
  readonly y0: number;
  readonly nx: number;
  readonly ny: number;
}

/** The next odd whole number at or above `x`, as Gammapy counts: an even result goes up. */
export function roundUpToOdd(x: number): number {
  return Math.floor(Math.ceil(x) / 2) * 2 + 1;
}

interface WindowOptions {
  readonly oddNpix?: boolean;
  readonly minNpix?: number;
  /** So many pixels beyond the borders of the map are still part of it. */
  readonly margin?: number;
}

/** The pixels within `width` [deg] (along rows, along columns) around `center`, trimmed at the borders of the map; null if there are none. */
export function windowAround(
  geom: WcsGeom,
  center: SkyPosition,
  width: readonly [number, number],
  { oddNpix = false, minNpix = 1, margin = 0 }: WindowOptions = {},
): Window | null {
  const out = new Float64Array(2);
  const { lon, lat } = toFrame(center, geom.wcs.frame);
  makeProjector(geom.wcs).skyToPix(lon, lat, out);
  const scales = lineDistances(geom.wcs.cd);
  const start = [0, 0];
  const stop = [0, 0];
  for (let k = 0; k < 2; k++) {
    const raw = Math.max(width[k]! / scales[k]!, minNpix);
    const n = oddNpix ? roundUpToOdd(raw) : roundHalfEven(raw);
    const first = Math.ceil(out[k]! - n / 2);
    start[k] = Math.max(0 - margin, first);
    stop[k] = Math.min(geom.npix[k]! + margin, first + n);
    if (!(stop[k]! > start[k]!)) return null;
  }
  return { x0: start[0]!, y0: start[1]!, nx: stop[0]! - start[0]!, ny: stop[1]! - start[1]! };
}

/** Points on a circle that are looked at. */
const POINTS = 16;
/** Offsets [deg] in the plane from which on a point is taken to lie beyond the seam of a map of the whole sky. */
const BEYOND_SEAM = 180;

/**
 * Half widths [deg in the plane of the projection, along rows and columns] of a window that holds a circle on the sky. They are larger than its radius where a projection has more pixels for the same distance,
 * as far from the equator of plate carree: `radius` at least.
 */
export function halfWidths(geom: WcsGeom, center: SkyPosition, radius: number): [number, number] {
  const { skyToPix } = makeProjector(geom.wcs);
  const middle = toFrame(center, geom.wcs.frame);
  const scales = lineDistances(geom.wcs.cd);
  const [at, rim] = [new Float64Array(2), new Float64Array(2)];
  skyToPix(middle.lon, middle.lat, at);
  const out: [number, number] = [radius, radius];
  for (let i = 0; i < POINTS; i++) {
    const { lon, lat } = offsetBy(middle, (360 * i) / POINTS, radius);
    skyToPix(lon, lat, rim);
    for (let k = 0; k < 2; k++) {
      const width = Math.abs(rim[k]! - at[k]!) * scales[k]!;
      if (width < BEYOND_SEAM) out[k] = Math.max(out[k]!, width);
    }
  }
  return out;
}
