/** Maps smoothed with a Gaussian or a disk. */
import { SpecError } from "../errors.js";
import { isSquare, stepLengths } from "./linear.js";
import { imageGeom } from "./pixels.js";
import type { SkyMap, Wcs } from "./types.js";

/** Options of `smoothMap`. */
export interface SmoothOptions {
  /** Default: gauss, whose standard deviation is the width; of a disk it is the radius. */
  readonly kernel?: "gauss" | "disk";
  /**
   * Beyond the edge: the image mirrored at it, as in Gammapy, which keeps the sum (default); or nothing, the kernel being cut there, which keeps a constant
   * and suits intensities.
   */
  readonly edges?: "mirror" | "cut";
}

/**
 * The map with each image smoothed, `width` in deg; the unit stays. The kernel is round on the sky where the map is skewed or its pixels are no squares. Pixels
 * without a value (NaN) stay so, and neither give nor take part: the kernel is normalised over the others. Gammapy's WcsNDMap.smooth, which spreads NaN.
 * @throws SpecError where the width is not positive.
 * @throws UnsupportedError where the map is no image of pixels.
 */
export function smoothMap(map: SkyMap, width: number, options: SmoothOptions = {}): SkyMap {
  const { kernel = "gauss", edges = "mirror" } = options;
  if (!(width > 0)) throw new SpecError(`smoothMap: the width is ${width} deg, expected a number above 0`);
  const { npix, wcs } = imageGeom(map.geom, "smoothMap");
  const [nx, ny] = npix;
  const passes = kernel === "gauss" ? gaussian(wcs.cd, width) : [disk(wcs.cd, width)];
  const data = new Float64Array(map.data.length);
  for (let first = 0; first < data.length; first += nx * ny) {
    data.set(convolve(map.data.subarray(first, first + nx * ny), nx, ny, passes, edges), first);
  }
  return { ...map, data };
}

/** One image [height, width] smoothed with a Gaussian of `sigma` pixels, cut at its edges, NaN left out. */
export function smoothImage(values: ArrayLike<number>, width: number, height: number, sigma: number): Float64Array {
  return convolve(values, width, height, [row(sigma), turned(row(sigma))], "cut");
}

/** A part of a kernel: weights by offset in pixels. */
interface Kernel {
  readonly dx: Int32Array;
  readonly dy: Int32Array;
  readonly weight: Float64Array;
}

/** Standard deviations out to which a Gaussian is taken, as in scipy. */
const TRUNCATE = 4;

/** In two passes along rows and columns where these are at right angles, else in one. */
function gaussian(cd: Wcs["cd"], sigma: number): Kernel[] {
  const [a, b, c, d] = cd;
  const [x, y] = stepLengths(cd);
  if (isSquare(cd) || Math.abs(a * b + c * d) < 1e-6 * x * y) return [row(sigma / x), turned(row(sigma / y))];
  return [kernelOf(cd, TRUNCATE * sigma, (r) => Math.exp(-0.5 * (r / sigma) ** 2))];
}

/** Pixels whose middle is within the radius. */
const disk = (cd: Wcs["cd"], radius: number): Kernel => kernelOf(cd, radius, () => 1);

function row(sigma: number): Kernel {
  const reach = Math.floor(TRUNCATE * sigma + 0.5);
  const dx = Int32Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return { dx, dy: new Int32Array(dx.length), weight: Float64Array.from(dx, (i) => Math.exp(-0.5 * (i / sigma) ** 2)) };
}

const turned = ({ dx, dy, weight }: Kernel): Kernel => ({ dx: dy, dy: dx, weight });

/** Weights by distance [deg], of the pixels within `reach`. */
function kernelOf([a, b, c, d]: Wcs["cd"], reach: number, weightAt: (r: number) => number): Kernel {
  const det = Math.abs(a * d - b * c);
  const nx = Math.floor((reach * Math.hypot(b, d)) / det);
  const ny = Math.floor((reach * Math.hypot(a, c)) / det);
  const found: [number, number, number][] = [];
  for (let y = -ny; y <= ny; y++) {
    for (let x = -nx; x <= nx; x++) {
      const r = Math.hypot(a * x + b * y, c * x + d * y);
      if (r <= reach * (1 + 1e-12)) found.push([x, y, weightAt(r)]);
    }
  }
  return {
    dx: Int32Array.from(found, (k) => k[0]),
    dy: Int32Array.from(found, (k) => k[1]),
    weight: Float64Array.from(found, (k) => k[2]),
  };
}

/** The passes one after the other over values and over what there is of them, and the ratio of both. */
function convolve(
  values: ArrayLike<number>,
  width: number,
  height: number,
  passes: readonly Kernel[],
  edges: "mirror" | "cut",
): Float64Array {
  let sums = Float64Array.from(values, (v) => (Number.isNaN(v) ? 0 : v));
  let weights = Float64Array.from(values, (v) => (Number.isNaN(v) ? 0 : 1));
  for (const kernel of passes) {
    sums = pass(sums, width, height, kernel, edges);
    weights = pass(weights, width, height, kernel, edges);
  }
  return sums.map((s, i) => (Number.isNaN(values[i]!) ? Number.NaN : s / weights[i]!));
}

function pass(
  source: Float64Array,
  width: number,
  height: number,
  { dx, dy, weight }: Kernel,
  edges: "mirror" | "cut",
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(source.length);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let k = 0; k < weight.length; k++) {
        let x = i + dx[k]!;
        let y = j + dy[k]!;
        if (x < 0 || x >= width || y < 0 || y >= height) {
          if (edges === "cut") continue;
          x = mirrored(x, width);
          y = mirrored(y, height);
        }
        sum += weight[k]! * source[y * width + x]!;
      }
      out[j * width + i] = sum;
    }
  }
  return out;
}

/** The pixel that stands at k when the image is mirrored at its edges again and again. */
function mirrored(k: number, n: number): number {
  const r = ((k % (2 * n)) + 2 * n) % (2 * n);
  return r < n ? r : 2 * n - 1 - r;
}
