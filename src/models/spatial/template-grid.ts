import { scaleValues, unscaleValue } from "../../math/interpolate.js";
import { axisPix, nBins } from "../../sky/axis.js";
import type { WcsGeom } from "../../sky/types.js";
import { makeProjector } from "../../sky/wcs.js";

/** Brightness between the pixels of images, bilinear in its logarithm (and in that of the energy) as in Gammapy: zero outside, from the outer pixels' edges on. */
export interface TemplateGrid {
  value(lon: number, lat: number, energy: number): number;
  /** Fills out [6]: value, its first derivatives by (lon, lat), its second by (lon lon, lon lat, lat lat), per deg. Inside of a cell of four pixels they are exact. */
  derivatives(lon: number, lat: number, energy: number, out: Float64Array): void;
}

/** Step of the differences of pixel coordinates, deg: these bend over tens of degrees, so that 1e-10 of a derivative is left. */
const STEP = 0.02;

/** `brightness`: `[energy_true, ny, nx]`, asked for when the first value is. */
export function templateGrid(geom: WcsGeom, brightness: () => Float64Array): TemplateGrid {
  const { skyToPix } = makeProjector(geom.wcs);
  const [nx, ny] = geom.npix;
  const axis = geom.axes[0];
  let logs: Float64Array | undefined;
  const pix = new Float64Array(2);
  const far = new Float64Array(2);
  /** Logarithms at the corners of the cell around a position: (0, 0), (1, 0), (0, 1), (1, 1). */
  const corner = new Float64Array(4);

  /** Puts the cell at a position into `corner`; false outside of the map. */
  function enter(lon: number, lat: number, energy: number): boolean {
    skyToPix(lon, lat, pix);
    if (!(isInside(pix[0]!, nx) && isInside(pix[1]!, ny))) return false;
    const e = axis === undefined ? 0 : axisPix(axis, energy);
    if (axis !== undefined && !isInside(e, nBins(axis))) return false;
    logs ??= scaleValues(brightness(), "log");
    const [i, j] = [cellOf(pix[0]!, nx), cellOf(pix[1]!, ny)];
    const k = axis === undefined ? 0 : cellOf(e, nBins(axis));
    const share = axis === undefined || nBins(axis) === 1 ? 0 : e - k;
    for (let c = 0; c < 4; c++) {
      const at = Math.min(j + (c >> 1), ny - 1) * nx + Math.min(i + (c & 1), nx - 1);
      const low = logs[k * nx * ny + at]!;
      corner[c] = share === 0 ? low : (1 - share) * low + share * logs[(k + 1) * nx * ny + at]!;
    }
    pix[0] = nx === 1 ? 0 : pix[0]! - i;
    pix[1] = ny === 1 ? 0 : pix[1]! - j;
    return true;
  }

  /** Pixel coordinates at nine positions, and their derivatives by (lon, lat): two first, three second ones. */
  const [x9, y9, dx, dy] = [9, 9, 5, 5].map((n) => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  function pixelsAround(lon: number, lat: number): void {
    for (let k = 0; k < 9; k++) {
      skyToPix(lon + ((k % 3) - 1) * STEP, lat + (((k / 3) | 0) - 1) * STEP, far);
      x9[k] = far[0]!;
      y9[k] = far[1]!;
    }
    differences(x9, dx);
    differences(y9, dy);
  }

  const bilinear = () => {
    const [x, y] = [pix[0]!, pix[1]!];
    return (1 - y) * ((1 - x) * corner[0]! + x * corner[1]!) + y * ((1 - x) * corner[2]! + x * corner[3]!);
  };

  return {
    value(lon, lat, energy) {
      if (!enter(lon, lat, energy)) return 0;
      const found = unscaleValue(bilinear(), "log");
      return Number.isFinite(found) ? found : 0;
    },
    derivatives(lon, lat, energy, out) {
      out.fill(0);
      if (!enter(lon, lat, energy)) return;
      const value = unscaleValue(bilinear(), "log");
      if (!(value > 0 && Number.isFinite(value))) return;
      const twist = corner[3]! - corner[2]! - corner[1]! + corner[0]!;
      // of the logarithm by the pixel coordinates x, y
      const lx = corner[1]! - corner[0]! + pix[1]! * twist;
      const ly = corner[2]! - corner[0]! + pix[0]! * twist;
      pixelsAround(lon, lat);
      const first = (k: number) => lx * dx[k]! + ly * dy[k]!;
      const second = (k: number, a: number, b: number) =>
        lx * dx[k]! + ly * dy[k]! + twist * (dx[a]! * dy[b]! + dx[b]! * dy[a]!);
      const u = first(0);
      const v = first(1);
      out[0] = value;
      out[1] = value * u;
      out[2] = value * v;
      out[3] = value * (u * u + second(2, 0, 0));
      out[4] = value * (u * v + second(3, 0, 1));
      out[5] = value * (v * v + second(4, 1, 1));
    },
  };
}

export const isInside = (x: number, n: number) => x >= -0.5 && x < n - 0.5;
export const cellOf = (x: number, n: number) => Math.max(0, Math.min(n - 2, Math.floor(x)));

/** First derivatives by (lon, lat) and second by (lon lon, lon lat, lat lat) of values at nine positions, longitude fastest. */
function differences(z: Float64Array, out: Float64Array): void {
  const q = STEP * STEP;
  out[0] = (z[5]! - z[3]!) / (2 * STEP);
  out[1] = (z[7]! - z[1]!) / (2 * STEP);
  out[2] = (z[5]! - 2 * z[4]! + z[3]!) / q;
  out[3] = (z[8]! + z[0]! - z[6]! - z[2]!) / (4 * q);
  out[4] = (z[7]! - 2 * z[4]! + z[1]!) / q;
}
