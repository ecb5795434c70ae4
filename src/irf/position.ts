import { toFrame } from "../sky/frames.js";
import type { Geom, SkyPosition } from "../sky/types.js";
import { skyToPix } from "../sky/wcs.js";

/**
 * Flat index of the spatial pixel of `geom` nearest to a position (no position or no WCS: the middle one), or, where that one is not
 * `valid`, of the valid pixel nearest to it. Positions beyond the map take its edge.
 */
export function nearestPixel(geom: Geom, position: SkyPosition | null, valid: (pixel: number) => boolean): number {
  const [nx, ny] = geom.npix;
  const [px, py] = fractionalPixel(geom, position);
  const x = Math.min(Math.max(Math.floor(px + 0.5), 0), nx - 1);
  const y = Math.min(Math.max(Math.floor(py + 0.5), 0), ny - 1);
  const first = y * nx + x;
  if (nx * ny === 1 || valid(first)) return first;
  let best = first;
  let distance = Number.POSITIVE_INFINITY;
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const d = (i - px) ** 2 + (j - py) ** 2;
      if (d < distance && valid(j * nx + i)) {
        distance = d;
        best = j * nx + i;
      }
    }
  }
  return best;
}

/** 0-based pixel position; the middle of the map where there is none. */
export function fractionalPixel(geom: Geom, position: SkyPosition | null): readonly [number, number] {
  const [nx, ny] = geom.npix;
  const middle = [(nx - 1) / 2, (ny - 1) / 2] as const;
  if (position === null || geom.wcs === null) return middle;
  const { lon, lat } = toFrame(position, geom.wcs.frame);
  const out = skyToPix(geom.wcs, lon, lat);
  return Number.isFinite(out[0]) && Number.isFinite(out[1]) ? [out[0]!, out[1]!] : middle;
}
