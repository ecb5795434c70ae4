/**
 * Values of response tables between the centres of their bins: linear in the scaled coordinate of each axis (ln E for energies), extrapolated linearly
 * from the outermost two centres to the edge of their bin, 0 beyond it. The rules of Gammapy's IRF.evaluate.
 */
import { findCell } from "../../math/interpolate.js";
import { axisCenters, axisEdges, axisScale, nBins } from "../../sky/axis.js";
import type { MapAxis } from "../../sky/types.js";
import type { IrfTable } from "./types.js";

/** Where coordinates lie among the centres of an axis. */
export interface AxisPlaces {
  /** [n] the centre below */
  readonly index: Int32Array;
  /** [n] the way from there to the next, beyond 0 to 1 where extrapolated; 0 on an axis of one bin */
  readonly fraction: Float64Array;
  /** [n] 1 between the outer edges of the axis, these included */
  readonly inside: Uint8Array;
}

/** The places of coordinates [n] on an axis, in its unit; `bounds`: the axis whose outer edges count, where it is another. What is within a millionth of an outer bin of its edge lies on it, as edges in float32 do. */
export function placesOn(axis: MapAxis, x: ArrayLike<number>, bounds: MapAxis = axis): AxisPlaces {
  const n = x.length;
  const places = { index: new Int32Array(n), fraction: new Float64Array(n), inside: new Uint8Array(n) };
  const edges = axisEdges(bounds);
  const centers = axisCenters(axis).map((c) => axisScale(axis.interp, c));
  const [low, high] = [
    edges[0]! - 1e-6 * (edges[1]! - edges[0]!),
    edges.at(-1)! + 1e-6 * (edges.at(-1)! - edges.at(-2)!),
  ];
  for (let i = 0; i < n; i++) {
    places.inside[i] = x[i]! >= low && x[i]! <= high ? 1 : 0;
    if (nBins(axis) === 1) continue;
    const at = axisScale(axis.interp, x[i]!);
    const k = findCell(centers, at);
    places.index[i] = k;
    places.fraction[i] = (at - centers[k]!) / (centers[k + 1]! - centers[k]!);
  }
  return places;
}

/** Values with one axis replaced by places on it: `[before, bins, after]` -> `[before, n, after]`. */
export function contract(
  data: Float64Array,
  [before, bins, after]: readonly [number, number, number],
  { index, fraction }: AxisPlaces,
): Float64Array {
  const n = index.length;
  const out = new Float64Array(before * n * after);
  for (let b = 0; b < before; b++) {
    for (let i = 0; i < n; i++) {
      const from = (b * bins + index[i]!) * after;
      const next = bins === 1 ? from : from + after;
      const f = fraction[i]!;
      const to = (b * n + i) * after;
      for (let a = 0; a < after; a++) out[to + a] = (1 - f) * data[from + a]! + f * data[next + a]!;
    }
  }
  return out;
}

/** Options of `evaluateGrid`. */
export interface EvaluateGridOptions {
  /** Leave values beyond the outer edges as extrapolated, and negative ones as they are. */
  readonly unbounded?: boolean;
}

/**
 * Values of a table at all combinations of coordinates, one array for each of its axes: `[n0, n1, ...]` in the unit of the table. Values below 0, not
 * finite or outside are 0.
 */
export function evaluateGrid(
  { axes, data }: IrfTable,
  coords: readonly ArrayLike<number>[],
  { unbounded = false }: EvaluateGridOptions = {},
): Float64Array {
  const places = axes.map((axis, k) => placesOn(axis, coords[k]!));
  const sizes = axes.map(nBins);
  let out = data;
  // from the slowest axis on: what is made stays small where few coordinates are asked for
  for (let k = 0; k < axes.length; k++) {
    const before = places.slice(0, k).reduce((p, { index }) => p * index.length, 1);
    const after = sizes.slice(k + 1).reduce((p, size) => p * size, 1);
    out = contract(out, [before, sizes[k]!, after], places[k]!);
  }
  if (!unbounded) clip(out, places);
  return out;
}

/** Sets what is outside, negative or not finite to 0; values `[n0, n1, ...]` of these places. */
export function clip(values: Float64Array, places: readonly AxisPlaces[]): void {
  let stride = 1;
  for (let k = 0; k < values.length; k++) if (!(values[k]! >= 0 && values[k]! < Infinity)) values[k] = 0;
  for (let axis = places.length - 1; axis >= 0; axis--) {
    const { inside } = places[axis]!;
    const n = inside.length;
    if (inside.includes(0)) {
      for (let k = 0; k < values.length; k++) if (inside[Math.floor(k / stride) % n] === 0) values[k] = 0;
    }
    stride *= n;
  }
}

/** The same for values [n] of n places that have coordinates of their own. */
export function clipPairs(values: Float64Array, places: readonly AxisPlaces[]): void {
  for (let i = 0; i < values.length; i++) {
    const isInside = places.every(({ inside }) => inside[i] === 1);
    if (!(isInside && values[i]! >= 0 && values[i]! < Infinity)) values[i] = 0;
  }
}
