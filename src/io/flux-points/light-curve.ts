/** Light curves as Gammapy's format "lightcurve" keeps them: a row for each interval, time_min and time_max, and the columns of flux points with an axis of energy. */

import type { LightCurve } from "../../datasets/types.js";
import { FormatError, SpecError } from "../../errors.js";
import { intervalsInMjd } from "../../time/intervals.js";
import type { FitsFile } from "../memory.js";
import { fromTable, type ReadFluxPointsOptions, readTable } from "./read.js";
import { type SedColumn, type SedTable, sedColumn } from "./table.js";
import { isTimeColumn, readTimes, TIMES } from "./times.js";
import { encode, toTable, type WriteFluxPointsOptions } from "./write.js";

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
  const { table } = readTable(file, where, options);
  const nEnergy = energyCount(table, where);
  const time = readTimes(table, where, options);
  const meta = Object.fromEntries(
    Object.entries(table.meta).filter(([key]) => !/^(MJDREF[IF]|TIMESYS|TIMEUNIT)$/i.test(key)),
  );
  const points = Array.from({ length: table.nrows }, (_, row) => {
    const columns = table.columns
      .filter(({ name }) => !isTimeColumn(name))
      .map((column) => rowOf(column, row, nEnergy));
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

function energyCount(table: SedTable, where: string): number {
  if (table.nrows === 0) throw new FormatError(`${where}: the table has no rows, expected intervals of time`);
  const column = sedColumn(table, "e_ref") ?? sedColumn(table, "e_min");
  if (column === undefined) {
    throw new FormatError(
      `${where}: no column e_ref or e_min, expected the energy above which each flux is; add a column e_min`,
    );
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
