/**
 * Values of maps at coordinates. Data are in C order, [...axes reversed, ny, nx]; coordinates of the non-spatial axes
 * are given in the order of `geom.axes`.
 */
import { SpecError } from "../errors.js";
import { gridInterpolator, nearestIndex, type ValueScale } from "../math/interpolate.js";
import { axisPix } from "./axis.js";
import { convertFrame } from "./frames.js";
import { shape, size } from "./geom.js";
import { makeRegionTest } from "./regions.js";
import type { Frame, Geom, SkyMap } from "./types.js";
import { makeProjector } from "./wcs.js";

/** Positions and coordinates of `n` points; `axes[k]` belongs to `geom.axes[k]`. */
export interface MapCoords {
  readonly lon: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  /** Default: the frame of the map. */
  readonly frame?: Frame;
  readonly axes: readonly ArrayLike<number>[];
}

/** The frame of a geometry's positions. */
export function geomFrame(geom: Geom): Frame {
  return geom.wcs?.frame ?? "icrs";
}

/** A function that writes the spatial pixel position x, y of a sky position (in the geometry's frame); NaN where there is none. */
export function makeSpatialPix(geom: Geom): (lon: number, lat: number, out: Float64Array) => void {
  if (geom.kind === "wcs") return makeProjector(geom.wcs).skyToPix;
  const frame = geomFrame(geom);
  const tests = geom.regions.map(makeRegionTest);
  return (lon, lat, out) => {
    const inside = tests.length === 0 || tests.some((test) => test({ lon, lat, frame }));
    out.fill(inside ? 0 : Number.NaN, 0, 2);
  };
}

/** Calls `visit` with the index and the pixel position [...axes reversed, y, x] of every point; the array is reused. */
function forEachPix(geom: Geom, coords: MapCoords, visit: (i: number, pix: Float64Array) => void): void {
  const { axes } = geom;
  if (coords.axes.length !== axes.length) {
    throw new SpecError(
      `${coords.axes.length} axis coordinates given for a map with axes (${axes.map((a) => a.name).join(", ")}); give one array for each, in this order`,
    );
  }
  const spatialPix = makeSpatialPix(geom);
  const own = geomFrame(geom);
  const frame = coords.frame ?? own;
  const n = axes.length;
  const pix = new Float64Array(n + 2);
  const xy = new Float64Array(2);
  for (let i = 0; i < coords.lon.length; i++) {
    convertFrame(coords.lon[i]!, coords.lat[i]!, frame, own, xy);
    spatialPix(xy[0]!, xy[1]!, xy);
    for (let k = 0; k < n; k++) pix[n - 1 - k] = axisPix(axes[k]!, coords.axes[k]![i]!);
    pix[n] = xy[1]!;
    pix[n + 1] = xy[0]!;
    visit(i, pix);
  }
}

/** Flat index of the bin that holds a pixel position; -1 outside. */
function binOf(pix: Float64Array, dims: readonly number[]): number {
  let index = 0;
  for (let k = 0; k < dims.length; k++) {
    const i = Math.floor(pix[k]! + 0.5);
    if (!(i >= 0 && i < dims[k]!)) return -1;
    index = index * dims[k]! + i;
  }
  return index;
}

export interface InterpolationOptions {
  /** `nearest`: the next bin only if the fraction is above 1/2. */
  readonly method?: "linear" | "nearest";
  /** Scale in which values are linear. */
  readonly scale?: ValueScale;
  /** Value outside the map and where the result is not finite; default: extrapolate. */
  readonly fill?: number;
}

/** Values between bin centres: multilinear in pixel position, so energies in ln E; beyond the map linear from the edge cell. Values that are not finite count as 0. */
export function interpByCoord(map: SkyMap, coords: MapCoords, options: InterpolationOptions = {}): Float64Array {
  const { method = "linear", scale = "lin", fill } = options;
  const dims = shape(map.geom);
  const data = map.data.some(Number.isFinite) ? map.data.map((v) => (Number.isFinite(v) ? v : 0)) : map.data;
  const linear = method === "linear" ? gridInterpolator(data, dims, scale) : null;
  const out = new Float64Array(coords.lon.length);
  forEachPix(map.geom, coords, (i, pix) => {
    const value = linear ? linear(pix) : nearestValue(data, pix, dims);
    out[i] = fill !== undefined && (binOf(pix, dims) < 0 || !Number.isFinite(value)) ? fill : value;
  });
  return out;
}

function nearestValue(data: Float64Array, pix: Float64Array, dims: readonly number[]): number {
  let index = 0;
  for (let k = 0; k < dims.length; k++)
    index = index * dims[k]! + (dims[k] === 1 ? 0 : nearestIndex(pix[k]!, dims[k]!));
  return data[index] ?? Number.NaN;
}

/** Values of the bins that hold the points; NaN outside. */
export function getByCoord(map: SkyMap, coords: MapCoords): Float64Array {
  const dims = shape(map.geom);
  const out = new Float64Array(coords.lon.length);
  forEachPix(map.geom, coords, (i, pix) => {
    const bin = binOf(pix, dims);
    out[i] = bin < 0 ? Number.NaN : map.data[bin]!;
  });
  return out;
}

/** The number (or sum of weights) of points in each bin; points outside, or exactly on a last edge, are not counted. */
export function fillByCoord(geom: Geom, coords: MapCoords, weights?: ArrayLike<number>): SkyMap {
  const dims = shape(geom);
  const data = new Float64Array(size(geom));
  forEachPix(geom, coords, (i, pix) => {
    const bin = binOf(pix, dims);
    if (bin >= 0) data[bin]! += weights === undefined ? 1 : weights[i]!;
  });
  return { geom, unit: "", data };
}
