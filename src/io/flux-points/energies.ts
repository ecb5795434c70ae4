/** The energies of a table of flux points: points, bins, and the axis that both make. */
import { sameEnergy } from "../../datasets/energy-edges.js";
import { FormatError } from "../../errors.js";
import { axisEdges, axisFromEdges, axisFromNodes } from "../../sky/index.js";
import type { MapAxis } from "../../sky/types.js";
import { inUnit, namesOf, type SedTable, sedColumn } from "./table.js";

/** Where the points of a table lie, TeV [n]. */
export interface Energies {
  readonly axis: MapAxis;
  /** Where dnde is measured. */
  readonly e: Float64Array;
  readonly e0: Float64Array;
  readonly e1: Float64Array;
  /** Neither the centres of the bins nor the nodes of the axis are e. */
  readonly isApart: boolean;
  /** Bins with gaps between them, or that overlap. */
  readonly isLoose: boolean;
}

const AXIS = { name: "energy", unit: "TeV", interp: "log" } as const;

/** Energies in TeV: e_ref, and sqrt(e_min e_max) where the table has none. Bins that do not join have their energies as nodes. */
export function readEnergies(table: SedTable, where: string): Energies {
  const read = (name: string) => {
    const column = sedColumn(table, name);
    return column && inUnit(column, "TeV", `${where}, column ${column.name}`);
  };
  const [low, last, given] = [read("e_min"), read("e_max"), read("e_ref")];
  const isLoose = low !== undefined && last !== undefined && !areJoined(low, last);
  // one edge for both of its bins, so that what is written has the same middles
  const high = isLoose ? last : last?.map((x, i) => low?.[i + 1] ?? x);
  const middle = low && high && low.map((x, i) => Math.sqrt(x * high[i]!));
  const isCentre = (x: number, i: number) => Number.isNaN(x) || sameEnergy(x, middle?.[i] ?? Number.NaN);
  const e = given === undefined || given.every(isCentre) ? (middle ?? given) : given;
  if (e === undefined) throw new FormatError(`${where}: no columns e_ref or e_min and e_max; found ${namesOf(table)}`);
  const bad = e.findIndex((x, i) => !(x > 0 && Number.isFinite(x)) || (i > 0 && x <= e[i - 1]!));
  if (bad >= 0) {
    throw new FormatError(
      `${where}: row ${bad + 1} lies at ${e[bad]} TeV${bad > 0 ? ` after ${e[bad - 1]} TeV` : ""}, expected energies that increase from above 0; sort the rows`,
    );
  }
  if (!low || !high) {
    const axis = axisFromNodes(e, AXIS);
    const edges = e.length > 1 ? axisEdges(axis) : Float64Array.of(e[0]!, e[0]!);
    return { axis, e, e0: edges.slice(0, -1), e1: edges.slice(1), isApart: false, isLoose: false };
  }
  checkBins(low, high, e, where);
  const axis: MapAxis = isLoose ? axisFromNodes(e, AXIS) : axisFromEdges([...low, high.at(-1)!], AXIS);
  return { axis, e, e0: low, e1: high, isApart: e !== middle && !isLoose, isLoose };
}

/** Whether each bin begins where the last one ends. */
function areJoined(low: Float64Array, high: Float64Array): boolean {
  return low.every((x, i) => i === 0 || Math.abs(x / high[i - 1]! - 1) <= 1e-5);
}

/** Rounding of the energies in a table of a few digits. */
const DIGITS = 1e-2;

function checkBins(low: Float64Array, high: Float64Array, e: Float64Array, where: string): void {
  const odd = low.findIndex((x, i) => !(x > 0 && high[i]! > x && (i === 0 || x > low[i - 1]!)));
  if (odd >= 0) {
    throw new FormatError(
      `${where}: row ${odd + 1} goes from ${low[odd]} to ${high[odd]} TeV${odd > 0 ? ` after ${low[odd - 1]} to ${high[odd - 1]} TeV` : ""}, expected bins from above 0 that increase (e_min, e_max)`,
    );
  }
  const out = e.findIndex((x, i) => x < low[i]! * (1 - DIGITS) || x > high[i]! * (1 + DIGITS));
  if (out >= 0) {
    throw new FormatError(
      `${where}: row ${out + 1} lies at ${e[out]} TeV, expected an e_ref between e_min ${low[out]} and e_max ${high[out]} TeV; correct the columns`,
    );
  }
}
