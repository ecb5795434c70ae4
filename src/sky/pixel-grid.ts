/** Sky coordinates of the pixels of an image. */
import type { WcsGeom } from "./types.js";
import { makeProjector } from "./wcs.js";

/** Sky coordinates of the pixel positions (i + offset, j + offset), [ny, nx]. */
export function pixelGrid(
  geom: WcsGeom,
  offset: number,
  nx: number,
  ny: number,
): { lon: Float64Array; lat: Float64Array } {
  const { pixToSky } = makeProjector(geom.wcs);
  const out = new Float64Array(2);
  const lon = new Float64Array(nx * ny);
  const lat = new Float64Array(nx * ny);
  for (let j = 0, k = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++, k++) {
      pixToSky(i + offset, j + offset, out);
      lon[k] = out[0]!;
      lat[k] = out[1]!;
    }
  }
  return { lon, lat };
}
