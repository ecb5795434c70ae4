/**
 * The axes of a map: its BANDS table (GADF "skymaps", as Gammapy writes it). One row a channel, the first axis fastest;
 * AXCOLSn names the columns of axis n ("E_MIN,E_MAX": edges, "RAD": centres), INTERPn its scale.
 */
import { FormatError, UnsupportedError } from "../errors.js";
import { type Column, findColumn, getCard, makeColumn, type TableHdu, tableHdu } from "../fits/index.js";
import { axisCenters, axisEdges, nBins } from "../sky/index.js";
import type { MapAxis } from "../sky/types.js";
import { conversionFactor, isConvertible } from "../units/index.js";
import { card } from "./cards.js";
import { hasColumns, oneEachRow } from "./hdu.js";

/** Relative size of the gap between bins that rounding to float32 may leave. */
const ROUNDING = 1e-5;

/** The axes, fastest first; energies in TeV, angles in deg. */
export function readBands(table: TableHdu, where: string): MapAxis[] {
  const at = `${where}: HDU ${table.name}`;
  const axes: MapAxis[] = [];
  const all = axisColumns(table);
  const turned = all.length > 2 ? numpyStrides(table, all, at) : undefined;
  let stride = 1;
  for (const [n, columns] of all.entries()) {
    const axis = readAxis(table, columns, interp(table, n + 1, at), turned?.[n] ?? stride, at);
    axes.push(axis);
    stride *= nBins(axis);
  }
  if (axes.length > 0 && stride !== table.nrows) {
    throw new FormatError(
      `${at}: found ${table.nrows} rows, expected ${stride} (${axes.map((a) => `${nBins(a)} of ${a.name}`).join(" x ")}); the bins are not a regular grid`,
    );
  }
  return axes;
}

/**
 * Rows of Gammapy for three axes and more: those of numpy.meshgrid, with the last axis fastest and the second slowest, while the data have the first fastest.
 * Undefined: the rows are in the order of the data.
 */
function numpyStrides(table: TableHdu, all: readonly string[][], at: string): number[] | undefined {
  const columns = all.map(([name]) => oneEachRow(table, name!, at));
  const counts = columns.map((values) => new Set(values).size);
  const fastest = columns[counts.findIndex((count) => count > 1)];
  if (fastest === undefined || fastest[0] !== fastest[1]) return undefined;
  const after = (n: number) => counts.slice(n + 1).reduce((product, count) => product * count, 1);
  return counts.map((_, n) => (n === 0 ? after(1) : n === 1 ? counts[0]! * after(1) : after(n)));
}

/** Columns of each axis; tables without AXCOLSn are those of the Fermi tools: EBOUNDS (edges) and ENERGIES (nodes). */
function axisColumns(table: TableHdu): string[][] {
  const found: string[][] = [];
  for (let n = 1; ; n++) {
    const value = getCard(table.header, `AXCOLS${n}`)?.value;
    if (typeof value !== "string") break;
    found.push(value.split(",").map((s) => s.trim()));
  }
  if (isFermiNodes(table) && found.length === 1 && found[0]!.join() === "ENERGY") return [["ENERGY_TRUE"]];
  if (found.length > 0) return found;
  if (hasColumns(table, "e_min", "e_max")) return [["E_MIN", "E_MAX"]];
  return hasColumns(table, "energy") ? [["ENERGY_TRUE"]] : [];
}

/** Energies of the Fermi tools are true ones, also where Gammapy has written the table. */
const isFermiNodes = ({ name }: TableHdu): boolean => name.toUpperCase() === "ENERGIES";

function interp(table: TableHdu, n: number, at: string): MapAxis["interp"] {
  const isLinear = getCard(table.header, "AXCOLS1") !== undefined && !isFermiNodes(table);
  const value = getCard(table.header, `INTERP${n}`)?.value ?? (isLinear ? "lin" : "log");
  if (value === "lin" || value === "log" || value === "sqrt") return value;
  throw new FormatError(`${at}: INTERP${n} is ${JSON.stringify(value)}, expected lin, log or sqrt; correct the header`);
}

function axisName(column: string): string {
  const base = column.toLowerCase().replace(/_min$/, "");
  if (base === "e") return "energy";
  return base === "theta" ? "rad" : base;
}

function readAxis(table: TableHdu, columns: string[], scale: MapAxis["interp"], stride: number, at: string): MapAxis {
  const name = axisName(columns[0]!);
  // The nodes of a Fermi diffuse template lie in a column ENERGY but are true energies.
  const wanted = columns.map((c) => (c === "ENERGY_TRUE" && !hasColumns(table, "energy_true") ? "ENERGY" : c));
  const column = findColumn(table, wanted[0]!, at);
  if (name.startsWith("time") || !/^[BIJKED]$/.test(column.format)) {
    throw new UnsupportedError(`${at}: the axis "${name}" is not a numeric one; only such axes are read`);
  }
  // ENERGIES of the Fermi tools are in MeV, whether they say it or not
  const isBare =
    wanted[0] === "ENERGY" && (column.unit ?? "").trim() === "" && getCard(table.header, "AXCOLS1") === undefined;
  const { unit, factor } = internalUnit(
    isBare ? { ...column, unit: "MeV" } : column,
    name,
    `${at}, column ${column.name}`,
  );
  const low = oneEachRow(table, wanted[0]!, at);
  const found = nodesOf(low, stride, `${at}, column ${column.name}`);
  const nodes = found.map((x) => x * factor);
  if (wanted.length === 1) return { name, unit, interp: scale, nodeType: "center", nodes };
  const high = oneEachRow(table, wanted[1]!, at);
  const last = high[(nodes.length - 1) * stride]!;
  checkContiguous(high, Float64Array.of(...found.subarray(1), last), found, stride, `${at}, column ${wanted[1]}`);
  return { name, unit, interp: scale, nodeType: "edges", nodes: Float64Array.of(...nodes, last * factor) };
}

/** What a column holds in turn, each value in `stride` rows, the whole again and again. */
function nodesOf(values: Float64Array, stride: number, at: string): Float64Array {
  let n = 1;
  while (values[n * stride]! > values[(n - 1) * stride]!) n++;
  const nodes = Float64Array.from({ length: n }, (_, k) => values[k * stride] ?? Number.NaN);
  for (let r = 0, k = 0; r < values.length; k = (k + 1) % n) {
    const expected = nodes[k]!;
    for (const end = Math.min(r + stride, values.length); r < end; r++) {
      if (values[r] === expected && Number.isFinite(expected)) continue;
      if (!Number.isFinite(values[r])) {
        throw new FormatError(`${at}: row ${r + 1} is ${values[r]}, expected a finite number`);
      }
      throw new FormatError(
        `${at}: row ${r + 1} is ${values[r]}, expected ${expected}; nodes must increase from row to row, the first axis fastest`,
      );
    }
  }
  return nodes;
}

/** That each bin ends where the next begins. */
function checkContiguous(high: Float64Array, ends: Float64Array, starts: Float64Array, stride: number, at: string) {
  for (let r = 0, k = 0; r < high.length; k = (k + 1) % ends.length) {
    const end = ends[k]!;
    const width = end - starts[k]!;
    const slack = ROUNDING * (Math.abs(end) + width);
    for (const stop = Math.min(r + stride, high.length); r < stop; r++) {
      if (width > 0 && Math.abs(high[r]! - end) <= slack) continue;
      throw new FormatError(
        `${at}: row ${r + 1} ends at ${high[r]}, expected ${end}, where the next bin begins; bins must be contiguous and increasing`,
      );
    }
  }
}

function internalUnit(column: Column, name: string, at: string): { unit: string; factor: number } {
  const unit = column.unit ?? "";
  if (name.startsWith("energy")) return { unit: "TeV", factor: conversionFactor(unit, "TeV", at) };
  if (unit !== "" && isConvertible(unit, "deg")) return { unit: "deg", factor: conversionFactor(unit, "deg", at) };
  return { unit, factor: 1 };
}

/** AXCOLSn and INTERPn, as they stand in the map's header and in its BANDS table. */
export function axisCards(axes: readonly MapAxis[]) {
  return axes.flatMap((axis, i) => {
    const { low, high, center } = columnNames(axis);
    return [
      card(`AXCOLS${i + 1}`, axis.nodeType === "edges" ? `${low},${high}` : center),
      card(`INTERP${i + 1}`, axis.interp),
    ];
  });
}

function columnNames(axis: MapAxis) {
  const center = axis.name.toUpperCase();
  const base = center === "ENERGY" ? "E" : center;
  return { center, low: `${base}_MIN`, high: `${base}_MAX` };
}

/** The BANDS table, float64. */
export function bandsHdu(name: string, axes: readonly MapAxis[]): TableHdu {
  const nrows = axes.reduce((n, axis) => n * nBins(axis), 1);
  const channel = new Int32Array(nrows);
  for (let r = 0; r < nrows; r++) channel[r] = r;
  const columns: Column[] = [makeColumn("CHANNEL", channel)];
  let stride = 1;
  for (const axis of axes) {
    const n = nBins(axis);
    const step = stride;
    const edges = axisEdges(axis);
    const column = (title: string, values: Float64Array) => {
      const rows = new Float64Array(nrows);
      for (let k = 0; k < n; k++) rows.fill(values[k]!, k * step, (k + 1) * step);
      // the whole again and again
      for (let done = n * step; done < nrows; done *= 2) rows.copyWithin(done, 0, done);
      return makeColumn(title, rows, { unit: axis.unit });
    };
    const { low, high, center } = columnNames(axis);
    columns.push(column(center, axisCenters(axis)), column(low, edges.subarray(0, n)), column(high, edges.subarray(1)));
    stride *= n;
  }
  return tableHdu(name, columns, axisCards(axes));
}
