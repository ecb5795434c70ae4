/** What all files of XSPEC's table models (OGIP 92-009) have: bins of energy, and spectra at values of parameters. */
import { FormatError } from "../../errors.js";
import {
  findColumn,
  findTable,
  type Hdu,
  makeColumn,
  numericColumn,
  type TableHdu,
  tableHdu,
} from "../../fits/index.js";
import { conversionFactor } from "../../units/index.js";

export interface TableParts {
  /** [n] keV */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly spectra: TableHdu;
  /** [rows, parameters that are interpolated] */
  readonly places: Float64Array;
  /** [rows, n] */
  readonly values: Float64Array;
}

/** Relative rounding of energies and parameters, which files have in float32. */
export const ROUNDING = 1e-5;

/** TeV */
export const KEV = 1e-9;

/** @throws FormatError where an HDU or a column is missing, or where they do not fit together. */
export function readTableParts(hdus: readonly Hdu[], where: string): TableParts {
  const energies = findTable(hdus, "ENERGIES", where);
  const [low, high] = ["ENERG_LO", "ENERG_HI"].map((name) => {
    const at = `${where}: ENERGIES, column ${name}`;
    const factor = conversionFactor(findColumn(energies, name, where).unit?.trim() || "keV", "keV", at);
    return numericColumn(energies, name, where).map((e) => e * factor);
  }) as [Float64Array, Float64Array];
  const spectra = findTable(hdus, "SPECTRA", where);
  const places = numericColumn(spectra, "PARAMVAL", where);
  const values = numericColumn(spectra, "INTPSPEC", where);
  const { nrows } = spectra;
  if (low.length === 0 || nrows === 0 || values.length !== low.length * nrows) {
    throw new FormatError(
      `${where}: SPECTRA holds ${values.length} numbers in ${nrows} rows, expected ${low.length} in each row as there are ENERGIES`,
    );
  }
  return { low, high, spectra, places, values };
}

/** A column of numbers, some in each row. */
export const numbersColumn = (name: string, data: Float64Array, shape: readonly number[] = [], unit?: string) =>
  makeColumn(name, data, { shape, ...(unit !== undefined && { unit }) });

/** The bins of energy, keV, as the files have them. */
export function energiesHdu(low: Float64Array, high: Float64Array): TableHdu {
  return tableHdu("ENERGIES", [numbersColumn("ENERG_LO", low, [], "keV"), numbersColumn("ENERG_HI", high, [], "keV")]);
}
