/** Exposures where events come from, which a psf in reconstructed energy asks for: beside the map that of the nearest pixel. */
import type { Window } from "../sky/geom.js";
import { nPix } from "../sky/pixels.js";
import { isClosed } from "../sky/seam.js";
import type { WcsGeom } from "../sky/types.js";

/** A pixel of the map for one that may lie beside it. */
function pixelNear(geom: WcsGeom, x: number, y: number): number {
  const [nx, ny] = geom.npix;
  const turned = isClosed(geom) ? ((x % nx) + nx) % nx : x;
  const column = Math.min(Math.max(turned, 0), nx - 1);
  return Math.min(Math.max(y, 0), ny - 1) * nx + column;
}

/** Exposure [energy_true, lat, lon] at (x, y). */
export function exposureNear(exposure: Float64Array, geom: WcsGeom, t: number, x: number, y: number): number {
  return exposure[t * nPix(geom) + pixelNear(geom, x, y)]!;
}

/** out = image times exposure on the pixels of a window. */
export function timesExposure(
  image: Float64Array,
  exposure: Float64Array,
  geom: WcsGeom,
  t: number,
  { x0, y0, nx, ny }: Window,
  out: Float64Array,
): void {
  for (let y = 0, k = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++, k++) {
      const value = image[k]!;
      out[k] = value === 0 ? 0 : value * exposureNear(exposure, geom, t, x0 + x, y0 + y);
    }
  }
}
