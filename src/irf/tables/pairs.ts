/** Values of response tables at places of which each has coordinates of its own (an event's energy and offset), by the rules of `evaluateGrid`. */
import { nBins } from "../../sky/axis.js";
import { type AxisPlaces, clipPairs, placesOn } from "./grid.js";
import type { IrfTable } from "./types.js";

/** Values `[n]` at n places; `coords`: one array [n] for each axis. Values below 0, not finite or outside are 0. */
export function evaluatePairs(table: IrfTable, coords: readonly ArrayLike<number>[]): Float64Array {
  const places = table.axes.map((axis, k) => placesOn(axis, coords[k]!));
  const out = mixedPairs(table, places);
  clipPairs(out, places);
  return out;
}

/** The same as interpolated, beyond the outer edges as extrapolated, and negative where the table is. */
export function mixedPairs({ axes, data }: Pick<IrfTable, "axes" | "data">, places: readonly AxisPlaces[]) {
  const sizes = axes.map(nBins);
  const strides = sizes.map((_, k) => sizes.slice(k + 1).reduce((p, n) => p * n, 1));
  const out = new Float64Array(places[0]!.index.length);
  for (let corner = 0; corner < 1 << axes.length; corner++) {
    for (let i = 0; i < out.length; i++) {
      let at = 0;
      let weight = 1;
      for (let k = 0; k < places.length; k++) {
        const { index, fraction } = places[k]!;
        const isUpper = (corner >> k) & 1;
        weight *= isUpper ? fraction[i]! : 1 - fraction[i]!;
        at += strides[k]! * (index[i]! + (sizes[k]! > 1 ? isUpper : 0));
      }
      if (weight !== 0) out[i]! += weight * data[at]!;
    }
  }
  return out;
}

/**
 * A function that fills `out` with the values of a table along one of its axes at place i; `coords`: one array [n] for each of the other two axes, in their order. It returns
 * false, and fills nothing, outside of their outer edges. Values below 0 or not finite are 0.
 */
export function rowsOf(
  { axes, data }: IrfTable,
  along: number,
  coords: readonly [ArrayLike<number>, ArrayLike<number>],
): (i: number, out: Float64Array) => boolean {
  const sizes = axes.map(nBins);
  const strides = sizes.map((_, k) => sizes.slice(k + 1).reduce((p, n) => p * n, 1));
  const [first, second] = [0, 1, 2].filter((k) => k !== along) as [number, number];
  const [a, b] = [placesOn(axes[first]!, coords[0]), placesOn(axes[second]!, coords[1])];
  const [stepA, stepB] = [sizes[first]! > 1 ? strides[first]! : 0, sizes[second]! > 1 ? strides[second]! : 0];
  const step = strides[along]!;
  return (i, out) => {
    if (a.inside[i] === 0 || b.inside[i] === 0) return false;
    const [fa, fb] = [a.fraction[i]!, b.fraction[i]!];
    const corner = a.index[i]! * strides[first]! + b.index[i]! * strides[second]!;
    for (let k = 0; k < sizes[along]!; k++) {
      const at = corner + k * step;
      const low = data[at]! * (1 - fb) + data[at + stepB]! * fb;
      const high = data[at + stepA]! * (1 - fb) + data[at + stepA + stepB]! * fb;
      const value = low * (1 - fa) + high * fa;
      out[k] = value > 0 && value < Infinity ? value : 0;
    }
    return true;
  };
}
