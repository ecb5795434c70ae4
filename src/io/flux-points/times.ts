/** The times of a light curve's table: intervals (time_min, time_max), or single times (time) with half of the length (time_err) where it is known. */
import type { Gti } from "../../datasets/types.js";
import { FormatError, UnsupportedError } from "../../errors.js";
import { mjdIntervals } from "../../time/intervals.js";
import { conversionFactor } from "../../units/index.js";
import type { NoteOptions } from "../cards.js";
import { type SedColumn, type SedTable, sedColumn } from "./table.js";

export const TIMES = ["time_min", "time_max"] as const;

/** Half of the interval of a flux whose length is not known, d: half a second. */
const HALF_SECOND = 0.5 / 86400;

export const isTimeColumn = (name: string): boolean => [...TIMES, "time", "time_err"].includes(name.toLowerCase());

/** TIMESYS utc, TIMEUNIT d and MJDREF 0 where a table says nothing, as in Gammapy. */
export function readTimes(table: SedTable, where: string, { onNote }: NoteOptions): Gti {
  const meta = new Map(Object.entries(table.meta).map(([key, value]) => [key.toUpperCase(), value]));
  const number = (key: string) => {
    const value = Number(meta.get(key) ?? 0);
    if (Number.isFinite(value)) return value;
    throw new FormatError(`${where}: ${key} is "${meta.get(key)}", expected a number of days`);
  };
  const reference = number("MJDREFI") + number("MJDREFF");
  const scale = String(meta.get("TIMESYS") ?? "utc")
    .trim()
    .toLowerCase();
  const unit = daysIn(String(meta.get("TIMEUNIT") ?? "d"), `${where}: TIMEUNIT`);
  const days = (column: SedColumn) =>
    column.values.map((t) => t * (column.unit === "" ? unit : daysIn(column.unit, `${where}, column ${column.name}`)));
  const edges = TIMES.map((name) => sedColumn(table, name));
  const [low, high] = (
    edges.includes(undefined) ? aroundTimes(table, days, where, onNote) : edges.map((c) => days(c!))
  ).map((times) => times.map((t) => reference + t)) as [Float64Array, Float64Array];
  checkOrder(low, high, where, onNote);
  const pairs = Array.from(low, (t, i) => [t, high[i]!] as const);
  try {
    return mjdIntervals(pairs, scale);
  } catch (error) {
    if (error instanceof UnsupportedError) throw new FormatError(`${where}: TIMESYS: ${error.message}`);
    throw error;
  }
}

/** Archives give MJD for a unit. */
function daysIn(unit: string, at: string): number {
  return /^mjd$/i.test(unit.trim()) ? 1 : conversionFactor(unit.trim(), "d", at);
}

/** Intervals around single times, d. */
function aroundTimes(
  table: SedTable,
  days: (column: SedColumn) => Float64Array,
  where: string,
  onNote: NoteOptions["onNote"],
): Float64Array[] {
  const [middle, width] = [sedColumn(table, "time"), sedColumn(table, "time_err")];
  if (middle === undefined) {
    const missing = TIMES.find((name) => sedColumn(table, name) === undefined);
    throw new FormatError(`${where}: no column ${missing}, expected the times of the intervals`);
  }
  const half = width && days(width);
  if (half === undefined) {
    onNote?.(
      `${where}: single times (column ${middle.name}): how long each flux was measured is not known, each stands for one second`,
    );
  }
  const times = days(middle);
  return [-1, 1].map((sign) => times.map((t, i) => t + sign * (half?.[i] ?? HALF_SECOND)));
}

/** In the order of their starts; observatories may measure at the same time. */
function checkOrder(low: Float64Array, high: Float64Array, where: string, onNote: NoteOptions["onNote"]): void {
  const odd = low.findIndex((t, i) => !(high[i]! > t) || (i > 0 && !(t >= low[i - 1]! - 1e-9)));
  if (odd >= 0) {
    throw new FormatError(
      `${where}: row ${odd + 1} goes from MJD ${low[odd]} to ${high[odd]}${odd > 0 ? ` after ${low[odd - 1]} to ${high[odd - 1]}` : ""}, expected intervals from a start to a later stop, in the order of their starts; sort the rows`,
    );
  }
  const both = low.findIndex((t, i) => i > 0 && t < high[i - 1]! - 1e-9);
  if (both >= 0)
    onNote?.(
      `${where}: rows ${both} and ${both + 1} overlap in time (and others may): they are no independent intervals if they are of one instrument`,
    );
}
