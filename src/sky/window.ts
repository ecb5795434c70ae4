/** Where cutouts lie. */
import { roundHalfEven } from "./axis-groups.js";
import { toFrame } from "./frames.js";
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
