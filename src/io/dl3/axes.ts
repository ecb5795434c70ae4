/** Tables of responses in one row (GADF): columns X_LO, X_HI of edges, and the values in an array cell. */
import { FormatError } from "../../errors.js";
import { type Column, findColumn, numericColumn, type TableHdu } from "../../fits/index.js";
import type { IrfTable } from "../../irf/tables/types.js";
import { axisFromEdges, axisFromNodes, nBins } from "../../sky/axis.js";
import type { MapAxis } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";

/** What an axis of a response table is made from. */
interface AxisKind {
  readonly name: string;
  /** Beginnings of the names of its columns, the first that is there. */
  readonly columns: readonly string[];
  readonly unit: string;
  readonly interp: MapAxis["interp"];
}

const KINDS = {
  energyTrue: { name: "energy_true", columns: ["ENERG", "ETRUE"], unit: "TeV", interp: "log" },
  energy: { name: "energy", columns: ["ENERG"], unit: "TeV", interp: "log" },
  offset: { name: "offset", columns: ["THETA"], unit: "deg", interp: "lin" },
  migra: { name: "migra", columns: ["MIGRA"], unit: "", interp: "lin" },
  rad: { name: "rad", columns: ["RAD"], unit: "deg", interp: "lin" },
  fovLon: { name: "fov_lon", columns: ["DETX"], unit: "deg", interp: "lin" },
  fovLat: { name: "fov_lat", columns: ["DETY"], unit: "deg", interp: "lin" },
} satisfies Record<string, AxisKind>;

export type AxisName = keyof typeof KINDS;

/** How far the edges of neighbours may be from each other, in widths of a bin: both are rounded to the precision of the file. */
const GAP = 1e-3;

/** An axis from its columns of lower and upper edges; where these are equal, of the middles of bins. */
export function irfAxis(table: TableHdu, name: AxisName, at: string): MapAxis {
  const { columns, unit, interp, name: axisName } = KINDS[name];
  const has = (column: string) => table.columns.some((c) => c.name.toUpperCase() === column);
  const root = columns.find((c) => has(`${c}_LO`)) ?? columns[0]!;
  const [low, high] = [`${root}_LO`, `${root}_HI`].map((column) => {
    const own = findColumn(table, column, at).unit;
    // Without a unit: as the format has it.
    const factor =
      own === undefined || own.trim() === "" || unit === ""
        ? 1
        : conversionFactor(own, unit, `${at}, column ${column}`);
    return firstRow(table, column, at).map((x) => x * factor);
  }) as [Float64Array, Float64Array];
  const where = `${at}, columns ${root}_LO and ${root}_HI`;
  if (low.length !== high.length || low.length === 0) {
    throw new FormatError({
      where,
      found: `${low.length} and ${high.length} numbers`,
      expected: "as many lower as upper edges, at least one",
    });
  }
  const options = { name: axisName, unit, interp };
  const isNodes = low.every((x, i) => x === high[i]);
  const nodes = isNodes ? low : Float64Array.of(...low, high.at(-1)!);
  const bad = nodes.findIndex(
    (x, i) =>
      !Number.isFinite(x) || (interp === "log" && !(x > 0) && !(i === 0 && x === 0)) || (i > 0 && !(x > nodes[i - 1]!)),
  );
  if (bad >= 0) {
    throw new FormatError({
      where,
      found: `${nodes[bad]} as number ${bad + 1}`,
      expected: `${interp === "log" ? "positive, " : ""}increasing numbers`,
    });
  }
  // not a number is no edge either
  const touches = (x: number, i: number) =>
    i === 0 || Math.abs(x - high[i - 1]!) <= GAP * Math.abs(high[i - 1]! - low[i - 1]!);
  const gap = isNodes ? -1 : low.findIndex((x, i) => !touches(x, i));
  if (gap > 0) {
    throw new FormatError({
      where,
      found: `bin ${gap} up to ${high[gap - 1]} and bin ${gap + 1} from ${low[gap]}`,
      expected: "bins that touch, or as many single values (LO = HI)",
    });
  }
  return isNodes ? axisFromNodes(nodes, options) : axisFromEdges(nodes, options);
}

/** Numbers of the first row of a column. */
function firstRow(table: TableHdu, name: string, at: string): Float64Array {
  if (table.nrows < 1)
    throw new FormatError({ where: at, found: "a table without rows", expected: "one row with the response" });
  const all = numericColumn(table, name, at);
  return all.slice(0, all.length / table.nrows);
}

/** A column of a response, of whichever name is there first. */
export function irfColumn(table: TableHdu, names: readonly string[], at: string): Column {
  const found = names
    .map((name) => table.columns.find((c) => c.name.toUpperCase() === name))
    .find((c) => c !== undefined);
  return found ?? findColumn(table, names[0]!, at);
}

/**
 * Values on axes `[axes[0], axes[1], ...]`, C order. FITS has the first axis fastest, so that the order of a cell is turned round; `native`: a cell whose C order is that of
 * the axes already.
 */
export function irfValues(
  table: TableHdu,
  column: Column,
  axes: readonly MapAxis[],
  at: string,
  native = false,
): Float64Array {
  const values = firstRow(table, column.name, at);
  const sizes = axes.map(nBins);
  const n = sizes.reduce((p, k) => p * k, 1);
  const where = `${at}, column ${column.name}`;
  if (values.length !== n) {
    throw new FormatError({
      where,
      found: `${values.length} numbers`,
      expected: `${sizes.join(" x ")} = ${n}, one for each bin of ${axes.map((a) => a.name).join(", ")}`,
    });
  }
  return native ? values : reversed(values, sizes);
}

/** `[..., 2, 1, 0]` -> `[0, 1, 2, ...]`. */
function reversed(values: Float64Array, sizes: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  const strides = sizes.map((_, k) => sizes.slice(0, k).reduce((p, s) => p * s, 1));
  const index = sizes.map(() => 0);
  for (let k = 0; k < out.length; k++) {
    let from = 0;
    for (let d = 0; d < index.length; d++) from += index[d]! * strides[d]!;
    out[k] = values[from]!;
    for (let d = index.length - 1; d >= 0; d--) {
      index[d]!++;
      if (index[d]! < sizes[d]!) break;
      index[d] = 0;
    }
  }
  return out;
}

/** A response table; values in `unit`, which a file without a unit is taken to have. Values that mean nothing are said. */
export function irfTable(
  table: TableHdu,
  names: readonly string[],
  axisNames: readonly AxisName[],
  unit: string,
  at: string,
  onNote?: (note: string) => void,
): IrfTable {
  const column = irfColumn(table, names, at);
  const axes = axisNames.map((name) => irfAxis(table, name, at));
  const data = soundValues(irfValues(table, column, axes, at), column, at, onNote);
  return { axes, data: scaled(data, column, unit, at), unit };
}

/** The values with 0 for those that are negative or not finite, which is said. */
export function soundValues(
  data: Float64Array,
  column: Column,
  at: string,
  onNote?: (note: string) => void,
): Float64Array {
  const isSound = (x: number) => x >= 0 && x < Infinity;
  const bad = data.reduce((n, x) => (isSound(x) ? n : n + 1), 0);
  if (bad === 0) return data;
  onNote?.(`${at}, column ${column.name}: ${bad} of ${data.length} values are negative or not finite; they count as 0`);
  return data.map((x) => (isSound(x) ? x : 0));
}

export function scaled(data: Float64Array, column: Column, unit: string, at: string): Float64Array {
  const own = column.unit?.trim() ?? "";
  const factor = own === "" || unit === "" ? 1 : conversionFactor(own, unit, `${at}, column ${column.name}`);
  return factor === 1 ? data : data.map((x) => x * factor);
}
