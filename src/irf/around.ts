/** Places between the pixels of a map of responses: which pixels lie around them, and what each of these counts for. */
import { nPix, pixelsOf } from "../sky/pixels.js";
import { closedColumn, isClosed } from "../sky/seam.js";
import type { Frame, Geom, WcsGeom } from "../sky/types.js";
import { makePixelDerivatives } from "../sky/wcs-derivatives.js";

/** Numbers that a function of longitude and latitude has up to second order: [value, lon, lat, lonlon, lonlat, latlat], per deg. */
export const JET = 6;

/** The pixels around a place, and their bilinear weights with derivatives [pixel, JET]. The number of pixels does not depend on the place. */
export interface Around {
  readonly pixels: Int32Array;
  readonly weights: Float64Array;
}

/** Fills an `Around` for the place (lon, lat), deg in the frame that it was made for; NaN: the middle of the map. */
export type LocateAround = (lon: number, lat: number, order: 0 | 1 | 2, out: Around) => void;

/** How many pixels of a map are around any place. */
export function countAround(geom: Geom): number {
  return geom.kind === "wcs" ? Math.min(geom.npix[0], 2) * Math.min(geom.npix[1], 2) : 1;
}

export function createAround(geom: Geom): Around {
  const n = countAround(geom);
  return { pixels: new Int32Array(n), weights: new Float64Array(n * JET) };
}

/**
 * Bilinear weights between the middles of pixels, so that what is mixed with them is continuous in the place. Beyond the outermost middles they stay as they are there;
 * a map that goes around the sky has none in longitude.
 */
export function makeLocateAround(geom: Geom, frame: Frame): LocateAround {
  if (geom.kind === "wcs" && nPix(geom) > 1) return locateBetween(geom, frame);
  const pixel = pixelsOf(geom).nearest(null, () => true);
  return (_lon, _lat, _order, { pixels, weights }) => {
    pixels[0] = pixel;
    weights.fill(0);
    weights[0] = 1;
  };
}

function locateBetween(geom: WcsGeom, frame: Frame): LocateAround {
  const [nx, ny] = geom.npix;
  const locate = makePixelDerivatives(geom.wcs, frame);
  const x = new Float64Array(JET);
  const y = new Float64Array(JET);
  const closed = isClosed(geom);
  const acrossX = Math.min(nx, 2);
  return (lon, lat, order, { pixels, weights }) => {
    locate(lon, lat, order, x, y);
    if (!Number.isFinite(x[0]! + y[0]!)) {
      x.fill(0);
      y.fill(0);
      x[0] = (nx - 1) / 2;
      y[0] = (ny - 1) / 2;
    }
    const first = closed ? Math.floor(x[0]!) : keepWithin(x, nx);
    const below = keepWithin(y, ny);
    x[0]! -= first;
    y[0]! -= below;
    for (let k = 0; k < pixels.length; k++) {
      const [right, above] = [k % acrossX, Math.floor(k / acrossX)];
      pixels[k] = (below + above) * nx + (closed ? closedColumn(first + right, nx) : first + right);
      fillWeight(weights, k * JET, right, x, above, y);
    }
  };
}

/** Moves a coordinate to between the first and the last middle of n pixels, where it no longer changes; the pixel below it, which is not the last one. */
function keepWithin(x: Float64Array, n: number): number {
  if (!(x[0]! >= 0 && x[0]! <= n - 1)) {
    const edge = x[0]! < 0 ? 0 : n - 1;
    x.fill(0);
    x[0] = edge;
  }
  return Math.max(Math.min(Math.floor(x[0]!), n - 2), 0);
}

/**
 * Bilinear weight of one of four neighbours, the product of its shares in x and y, with derivatives: `JET` numbers from `at` on. `right`, `above`: 0 or 1, which of them; `x`,
 * `y`: how far the place is from the left and lower ones, with derivatives.
 */
export function fillWeight(
  out: Float64Array,
  at: number,
  right: number,
  x: Float64Array,
  above: number,
  y: Float64Array,
): void {
  const sx = right ? 1 : -1;
  const sy = above ? 1 : -1;
  const wx = right ? x[0]! : 1 - x[0]!;
  const wy = above ? y[0]! : 1 - y[0]!;
  out[at] = wx * wy;
  for (let k = 1; k < JET; k++) out[at + k] = sx * x[k]! * wy + wx * sy * y[k]!;
  out[at + 3]! += 2 * sx * sy * x[1]! * y[1]!;
  out[at + 4]! += sx * sy * (x[1]! * y[2]! + x[2]! * y[1]!);
  out[at + 5]! += 2 * sx * sy * x[2]! * y[2]!;
}

/** out = a b, with derivatives: numbers [JET] from the given places of each. `out` may be neither of them. */
export function multiplyJets(a: Float64Array, i: number, b: Float64Array, j: number, out: Float64Array, k: number) {
  const u = a[i]!;
  const [ux, uy] = [a[i + 1]!, a[i + 2]!];
  const v = b[j]!;
  const [vx, vy] = [b[j + 1]!, b[j + 2]!];
  out[k] = u * v;
  out[k + 1] = ux * v + u * vx;
  out[k + 2] = uy * v + u * vy;
  out[k + 3] = a[i + 3]! * v + 2 * ux * vx + u * b[j + 3]!;
  out[k + 4] = a[i + 4]! * v + ux * vy + uy * vx + u * b[j + 4]!;
  out[k + 5] = a[i + 5]! * v + 2 * uy * vy + u * b[j + 5]!;
}
