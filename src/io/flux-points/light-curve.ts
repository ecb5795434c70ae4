/** Light curves as Gammapy's format "lightcurve" keeps them: a row for each interval, time_min and time_max, and the columns of flux points with an axis of energy. */

import type { Gti, LightCurve } from "../../datasets/types.js";
import { FormatError, SpecError, UnsupportedError } from "../../errors.js";
import { intervalsInMjd, mjdIntervals } from "../../time/intervals.js";
import { conversionFactor } from "../../units/index.js";
import type { FitsFile } from "../memory.js";
import { fromTable, type ReadFluxPointsOptions, readTable } from "./read.js";
import { type SedColumn, type SedTable, sedColumn } from "./table.js";
import { encode, toTable, type WriteFluxPointsOptions } from "./write.js";

/** Columns whose cells hold a value for each energy bin, or more; others are the same for all energies. */
const TIMES = ["time_min", "time_max"] as const;

/**
 * A light curve from a FITS or ECSV table of Gammapy's format "lightcurve"; times become MJD in the file's own time scale, fluxes cm-2 s-1 and TeV.
 * @throws FormatError where the table is damaged or a column is missing.
 */
export function readLightCurve(bytes: Uint8Array, options: ReadFluxPointsOptions): LightCurve {
  return lightCurveOfFile({ bytes }, options);
}

/** `readLightCurve` of a file that may have been parsed before. */
export function lightCurveOfFile(file: FitsFile, options: ReadFluxPointsOptions): LightCurve {
  const { where } = options;
  const { table } = readTable(file, where);
  const nEnergy = energyCount(table, where);
  const { MJDREFI: _i, MJDREFF: _f, TIMESYS: _s, TIMEUNIT: _u, ...meta } = table.meta;
  const time = readTimes(table, where);
  const points = Array.from({ length: table.nrows }, (_, row) => {
    const columns = table.columns.filter(({ name }) => !isTime(name)).map((column) => rowOf(column, row, nEnergy));
    return fromTable({ nrows: nEnergy, columns, meta }, options);
  });
  return { time, points };
}

/**
 * Times as MJD in TT, whatever the scale of the light curve: Gammapy writes that too, and misreads others (docs/differences.md). Absent `sedType`: likelihood,
 * which keeps everything.
 * @throws SpecError where intervals and spectra differ in number, or spectra in energies or quantities.
 */
export function writeLightCurve(curve: LightCurve, options: WriteFluxPointsOptions = {}): Uint8Array {
  const { points, time } = curve;
  if (points.length !== time.start.length) {
    throw new SpecError(
      `light curve: ${points.length} spectra for ${time.start.length} intervals of time; give each its own`,
    );
  }
  const tables = points.map((p) => toTable(p, options.sedType ?? "likelihood"));
  const columns = tables[0]!.columns.map((column) => {
    const parts = tables.map((table) => sedColumn(table, column.name.toLowerCase())?.values);
    if (parts.some((values) => values?.length !== column.values.length)) {
      throw new SpecError(
        `light curve: the spectra differ in their column ${column.name}; give all intervals the same energies and quantities`,
      );
    }
    const values = new Float64Array(parts.length * column.values.length);
    parts.forEach((part, i) => {
      values.set(part!, i * column.values.length);
    });
    return { ...column, values, cell: [tables[0]!.nrows, ...column.cell] };
  });
  const mjd = intervalsInMjd(time, "tt");
  const times = TIMES.map((name, k) => ({ name, unit: "", values: Float64Array.from(mjd, (x) => x[k]!), cell: [] }));
  const meta = { ...tables[0]!.meta, MJDREFI: 0, MJDREFF: 0, TIMESYS: "tt", TIMEUNIT: "d" };
  return encode({ nrows: points.length, columns: [...times, ...columns], meta }, options);
}

const isTime = (name: string): boolean => (TIMES as readonly string[]).includes(name.toLowerCase());

function energyCount(table: SedTable, where: string): number {
  if (table.nrows === 0) throw new FormatError(`${where}: the table has no rows, expected intervals of time`);
  const column = sedColumn(table, "e_ref") ?? sedColumn(table, "e_min");
  if (column === undefined) {
    throw new FormatError(`${where}: no column e_ref or e_min; this is not a table of flux points in time`);
  }
  return column.values.length / table.nrows;
}

/** One row as a column of flux points; a value without an axis of energy is that of all energies. */
function rowOf(column: SedColumn, row: number, nEnergy: number): SedColumn {
  const size = column.cell.reduce((a, b) => a * b, 1);
  const own = column.values.slice(row * size, (row + 1) * size);
  // one energy bin: writers leave axes of length 1 out
  if (column.cell[0] === nEnergy) return { ...column, values: own, cell: column.cell.slice(1) };
  const values = new Float64Array(nEnergy * size);
  for (let k = 0; k < nEnergy; k++) values.set(own, k * size);
  return { ...column, values };
}

/** TIMESYS utc, TIMEUNIT d and MJDREF 0 where a table says nothing, as in Gammapy. */
function readTimes(table: SedTable, where: string): Gti {
  const number = (key: string) => {
    const value = Number(table.meta[key] ?? 0);
    if (Number.isFinite(value)) return value;
    throw new FormatError(`${where}: ${key} is "${table.meta[key]}", expected a number of days`);
  };
  const reference = number("MJDREFI") + number("MJDREFF");
  const scale = String(table.meta.TIMESYS ?? "utc")
    .trim()
    .toLowerCase();
  const unit = String(table.meta.TIMEUNIT ?? "d").trim();
  const days = conversionFactor(unit, "d", `${where}: TIMEUNIT`);
  const [low, high] = TIMES.map((name) => {
    const column = sedColumn(table, name);
    if (column === undefined && sedColumn(table, "time") !== undefined) {
      throw new UnsupportedError(
        `${where}: found a light curve of single times (column time), expected the interval of each flux; add columns time_min and time_max${sedColumn(table, "e_max") ? "" : ", and e_max, up to which the flux is integrated"}`,
      );
    }
    if (column === undefined) throw new FormatError(`${where}: no column ${name}, expected the times of the intervals`);
    const own = column.unit === "" ? days : conversionFactor(column.unit, "d", `${where}, column ${name}`);
    return column.values.map((t) => reference + t * own);
  }) as [Float64Array, Float64Array];
  const odd = low.findIndex((t, i) => !(high[i]! > t) || (i > 0 && !(t >= high[i - 1]! - 1e-9)));
  if (odd >= 0) {
    throw new FormatError(
      `${where}: row ${odd + 1} goes from MJD ${low[odd]} to ${high[odd]}${odd > 0 ? ` after ${high[odd - 1]}` : ""}, expected intervals that increase and do not overlap; sort the rows`,
    );
  }
  const pairs = Array.from(low, (t, i) => [t, high[i]!] as const);
  try {
    return mjdIntervals(pairs, scale);
  } catch (error) {
    if (error instanceof UnsupportedError) throw new FormatError(`${where}: TIMESYS: ${error.message}`);
    throw error;
  }
}
