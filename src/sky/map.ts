/**
 * Values of maps at coordinates. Data are in C order, [...axes reversed, ny, nx]; coordinates of the non-spatial axes
 * are given in the order of `geom.axes`.
 */
import { SpecError } from "../errors.js";
import { scaleValues, unscaleValue, type ValueScale } from "../math/interpolate.js";
import { axisBin, axisPix, nBins } from "./axis.js";
import { convertFrame } from "./frames.js";
import { pixelsOf, size } from "./pixels.js";
import type { Frame, Geom, MapAxis, Pixels, PixelWeights, SkyMap } from "./types.js";

/** Positions and coordinates of `n` points; `axes[k]` belongs to `geom.axes[k]`. */
export interface MapCoords {
  readonly lon: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  /** Default: the frame of the map. */
  readonly frame?: Frame;
  readonly axes: readonly ArrayLike<number>[];
}

/** Checks the coordinates, and calls `visit` with each point's number and its position in the geometry's frame. */
function forEachPoint(
  geom: Geom,
  coords: MapCoords,
  pixels: Pixels,
  visit: (i: number, lon: number, lat: number) => void,
) {
  const { axes } = geom;
  if (coords.axes.length !== axes.length) {
    throw new SpecError(
      `${coords.axes.length} axis coordinates given for a map with axes (${axes.map((a) => a.name).join(", ")}); give one array for each, in this order`,
    );
  }
  const frame = coords.frame ?? pixels.frame;
  const out = new Float64Array(2);
  for (let i = 0; i < coords.lon.length; i++) {
    convertFrame(coords.lon[i]!, coords.lat[i]!, frame, pixels.frame, out);
    visit(i, out[0]!, out[1]!);
  }
}

/** Calls `visit` with each point's number and the flat index of the bin that holds it; -1 outside. */
function forEachBin(geom: Geom, coords: MapCoords, visit: (i: number, bin: number) => void): void {
  const pixels = pixelsOf(geom);
  forEachPoint(geom, coords, pixels, (i, lon, lat) => {
    let bin = pixels.indexOf(lon, lat);
    let stride = pixels.nPix;
    for (let k = 0; bin >= 0 && k < geom.axes.length; k++) {
      const at = axisBin(geom.axes[k]!, coords.axes[k]![i]!);
      bin = at < 0 ? -1 : bin + at * stride;
      stride *= nBins(geom.axes[k]!);
    }
    visit(i, bin);
  });
}

/** Options of `interpByCoord`. */
export interface InterpolationOptions {
  /** `nearest`: the next bin only if the fraction is above 1/2. */
  readonly method?: "linear" | "nearest";
  /** Scale in which values are linear. */
  readonly scale?: ValueScale;
  /** Value outside the map and where the result is not finite; default: extrapolate. */
  readonly fill?: number;
}

/**
 * Values between bin centres [n], in the unit of the map: linear between pixels and in the scaled coordinate of each axis (ln E for energies); beyond the
 * map linear from the edge cell, NaN where a position cannot be on it. Values that are not finite count as 0. Gammapy's interp_by_coord.
 */
export function interpByCoord(map: SkyMap, coords: MapCoords, options: InterpolationOptions = {}): Float64Array {
  const { method = "linear", scale = "lin", fill } = options;
  const { geom } = map;
  const data = map.data.some(Number.isFinite) ? scaleValues(map.data, scale) : map.data;
  const pixels = pixelsOf(geom);
  const around = { index: new Int32Array(4), weight: new Float64Array(4) };
  const cells = { index: new Int32Array(1 << geom.axes.length), weight: new Float64Array(1 << geom.axes.length) };
  const at = new Float64Array(geom.axes.length);
  const out = new Float64Array(coords.lon.length);
  forEachPoint(geom, coords, pixels, (i, lon, lat) => {
    let count = pixels.interpolation(lon, lat, around);
    for (let k = 0; k < at.length; k++) at[k] = coords.axes[k]![i]!;
    let nCells = axisCells(geom.axes, at, pixels.nPix, cells);
    if (method === "nearest") {
      count = nearestPixel(geom, pixels, lon, lat, around, count);
      nCells = heaviestFirst(cells, nCells);
    }
    let sum = count === 0 ? Number.NaN : 0;
    for (let c = 0; c < nCells; c++) {
      for (let p = 0; p < count; p++) {
        sum += cells.weight[c]! * around.weight[p]! * data[cells.index[c]! + around.index[p]!]!;
      }
    }
    out[i] = unscaleValue(sum, scale);
  });
  if (fill !== undefined) {
    forEachBin(geom, coords, (i, bin) => {
      if (bin < 0 || !Number.isFinite(out[i])) out[i] = fill;
    });
  }
  return out;
}

/** The flat indices of the bins of all axes around coordinates `at`, times the number of pixels, with their weights. Returns how many these are. */
export function axisCells(
  axes: readonly MapAxis[],
  at: ArrayLike<number>,
  stride: number,
  { index, weight }: PixelWeights,
): number {
  index[0] = 0;
  weight[0] = 1;
  let count = 1;
  let step = stride;
  for (let k = 0; k < axes.length; k++) {
    const n = nBins(axes[k]!);
    const p = n === 1 ? 0 : axisPix(axes[k]!, at[k]!);
    const cell = Math.max(0, Math.min(n - 2, Math.floor(p)));
    const fraction = p - cell;
    for (let c = 0; c < count; c++) {
      index[c]! += cell * step;
      if (n === 1) continue;
      index[count + c] = index[c]! + step;
      weight[count + c] = weight[c]! * fraction;
      weight[c]! *= 1 - fraction;
    }
    if (n > 1) count *= 2;
    step *= n;
  }
  return count;
}

/** `heaviestFirst` of the pixels around a position. Of four middles around a place in a HEALPix pixel the nearest may be another one's. */
export function nearestPixel(
  geom: Geom,
  pixels: Pixels,
  lon: number,
  lat: number,
  around: PixelWeights,
  count: number,
): number {
  const found = heaviestFirst(around, count);
  if (geom.kind === "healpix" && found > 0) around.index[0] = pixels.indexOf(lon, lat);
  return around.index[0]! < 0 ? 0 : found;
}

/** Puts the first entry of the largest weight in front, with the weight 1, and returns how many are left: one, or none of none. */
export function heaviestFirst({ index, weight }: PixelWeights, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (weight[k]! > weight[best]! + TIE) best = k;
  index[0] = index[best]!;
  weight[0] = Number.isNaN(weight[best]) ? Number.NaN : 1;
  return Math.min(count, 1);
}

/** Weights that differ by less are equal. */
const TIE = 1e-12;

/** Values of the bins that hold the points [n]; NaN outside. */
export function getByCoord(map: SkyMap, coords: MapCoords): Float64Array {
  const out = new Float64Array(coords.lon.length);
  forEachBin(map.geom, coords, (i, bin) => {
    out[i] = bin < 0 ? Number.NaN : map.data[bin]!;
  });
  return out;
}

/** A map with the number (or sum of weights) of points in each bin; points outside, or exactly on a last edge, are not counted. */
export function fillByCoord(geom: Geom, coords: MapCoords, weights?: ArrayLike<number>): SkyMap {
  const data = new Float64Array(size(geom));
  forEachBin(geom, coords, (i, bin) => {
    if (bin >= 0) data[bin]! += weights === undefined ? 1 : weights[i]!;
  });
  return { geom, unit: "", data };
}
