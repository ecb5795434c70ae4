import { predict } from "./follow.js";
import {
  anchorAt,
  createScan,
  minimumOf,
  type Path,
  resultOf,
  type ScanOptions,
  type ScanResult,
  scanPoint,
} from "./scan.js";
import type { Objective } from "./types.js";

/** Indices of values from the one nearest to `centre` outwards, first upwards, then downwards. */
function outwards(values: Float64Array, centre: number): { up: number[]; down: number[] } {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const split = order.findIndex((k) => values[k]! >= centre);
  const at = split < 0 ? order.length : split;
  return { up: order.slice(at), down: order.slice(0, at).reverse() };
}

/** f along one parameter, at `values` [m], the other parameters at their minimum or as they are in xMin. */
export function profile(
  f: Objective,
  xMin: Float64Array,
  index: number,
  values: Float64Array,
  options: ScanOptions = {},
): ScanResult {
  const s = createScan(f, xMin, values.length, options);
  const { up, down } = outwards(values, xMin[index]!);
  const minimum = anchorAt(s.levels, minimumOf(s), index, [index]);
  for (const side of [up, down]) {
    const path: Path = { along: index, older: undefined, last: minimum };
    for (const k of side) scanPoint(s, { slot: k, i: index, xi: values[k]!, j: -1, xj: 0 }, path);
  }
  return resultOf(s);
}

/** f over a grid of two parameters, point (a, b) at a * valuesJ.length + b; the others at their minimum or as they are in xMin. */
export function surface(
  f: Objective,
  xMin: Float64Array,
  i: number,
  j: number,
  valuesI: Float64Array,
  valuesJ: Float64Array,
  options: ScanOptions = {},
): ScanResult {
  const s = createScan(f, xMin, valuesI.length * valuesJ.length, options);
  const { levels } = s;
  const rows = outwards(valuesI, xMin[i]!);
  const columns = outwards(valuesJ, xMin[j]!);
  const point = (a: number, b: number) => ({
    slot: a * valuesJ.length + b,
    i,
    xi: valuesI[a]!,
    j,
    xj: valuesJ[b]!,
  });
  const first = columns.up.shift() ?? columns.down.shift() ?? 0;
  // along i in the first column, which the others reach from the minimum along j; from each of its points along j
  const onJ = anchorAt(levels, minimumOf(s), j, [i, j]);
  const onI = { ...anchorAt(levels, minimumOf(s), i, [i, j]), x: predict(undefined, onJ, valuesJ[first]!) };
  for (const rowSide of [rows.up, rows.down]) {
    const column: Path = { along: i, older: undefined, last: onI };
    for (const a of rowSide) {
      const found = scanPoint(s, point(a, first), column);
      const start = anchorAt(levels, found ?? { ...minimumOf(s), x: column.last.x }, j, [i, j]);
      for (const side of [columns.up, columns.down]) {
        const row: Path = { along: j, older: undefined, last: start };
        for (const b of side) scanPoint(s, point(a, b), row);
      }
    }
  }
  return resultOf(s);
}
