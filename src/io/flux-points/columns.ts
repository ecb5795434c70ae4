/** Columns of a table of flux points that need more than a factor: limits, sums over datasets, statistics, scans. */
import { FormatError } from "../../errors.js";
import type { NoteOptions } from "../cards.js";
import { withoutUndefined } from "../map-dataset.js";
import { type SedTable, sedColumn } from "./table.js";

/** Limits; NaN for those of 0 or less that are below the value: they mark a point that has none (-1, 0). */
export function withoutMarks(
  limits: Float64Array,
  values: Float64Array,
  at: string,
  onNote: NoteOptions["onNote"],
): Float64Array {
  const isMark = (ul: number, i: number) => (ul < 0 && !(ul > values[i]!)) || (ul === 0 && values[i]! > 0);
  const marks = Array.from(limits).filter(isMark);
  if (marks.length === 0) return limits;
  onNote?.(`${at}: limits of 0 or less in ${marks.length} rows (the first is ${marks[0]}) are taken for none`);
  return limits.map((ul, i) => (isMark(ul, i) ? Number.NaN : ul));
}

export function checkErrors(values: Float64Array | undefined, at: string): void {
  const bad = values?.findIndex((x) => x < 0) ?? -1;
  if (bad >= 0) throw new FormatError(`${at}: row ${bad + 1} is negative, expected an error from 0`);
}

/** One value per point from one per point and dataset: NaN stands for datasets that have no part in the point. */
export function sumCells(values: Float64Array, n: number): Float64Array {
  const size = values.length / n;
  return Float64Array.from({ length: n }, (_, i) => {
    const given = values.subarray(i * size, (i + 1) * size).filter((x) => !Number.isNaN(x));
    return given.length === 0 && size > 0 ? Number.NaN : given.reduce((a, b) => a + b, 0);
  });
}

export type Take = (name: string) => Float64Array | undefined;

/** stat = 2 loglike, where a table has only that. */
export function doubled(table: SedTable, take: Take) {
  const twice = (name: string, instead: string) =>
    sedColumn(table, instead) ? undefined : take(name)?.map((x) => 2 * x);
  return withoutUndefined({ stat: twice("loglike", "stat"), statNull: twice("loglike_null", "stat_null") });
}

/**
 * The scan's statistic is absolute; tables with differences of loglike give it relative to the best fit.
 * @throws FormatError where there is not a statistic for each norm.
 */
export function readScans(table: SedTable, take: Take, where: string) {
  const scans = scansOf(table, take);
  const [norms, values] = [scans.normScan?.length, scans.statScan?.length];
  if (values === undefined || norms === values) return scans;
  throw new FormatError({
    where: `${where}, columns norm_scan and stat_scan (or dloglike_scan)`,
    found: `${norms} norms and ${values} values of the statistic`,
    expected: "one for each norm",
  });
}

function scansOf(
  table: SedTable,
  take: Take,
): { readonly stat?: Float64Array; readonly normScan?: Float64Array; readonly statScan?: Float64Array } {
  const normScan = take("norm_scan");
  if (normScan === undefined || normScan.length === 0) return {};
  const absolute = take("stat_scan");
  if (absolute) return { normScan, statScan: absolute };
  const difference = take("dloglike_scan");
  if (difference === undefined) return { normScan };
  const m = difference.length / table.nrows;
  const stat = sedColumn(table, "stat")?.values ?? sedColumn(table, "loglike")?.values.map((x) => 2 * x);
  const best = stat ?? new Float64Array(table.nrows);
  return { stat: best, normScan, statScan: difference.map((d, i) => best[Math.floor(i / m)]! + 2 * Math.abs(d)) };
}
