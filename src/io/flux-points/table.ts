import { conversionFactor } from "../../units/index.js";

/** A table of flux points apart from its file format. */
export interface SedColumn {
  readonly name: string;
  /** As in the file; "" for none. */
  readonly unit: string;
  /** [nrows * cell]; logical columns hold 0 and 1. */
  readonly values: Float64Array;
  /** Shape of one cell in C order; [] for a scalar. */
  readonly cell: readonly number[];
  readonly logical?: boolean;
  /** [nrows] of a column of texts, whose `values` are no numbers. */
  readonly texts?: readonly string[];
}

export interface SedTable {
  readonly nrows: number;
  readonly columns: readonly SedColumn[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** The column of this name, in any case. */
export function sedColumn(table: SedTable, name: string): SedColumn | undefined {
  return table.columns.find((column) => column.name.toLowerCase() === name);
}

/** Its columns, for messages. */
export const namesOf = ({ columns }: SedTable): string => columns.map((column) => column.name).join(", ");

/** Names that archives and papers use for columns of GADF, in lower case. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  e_ref: ["nu", "freq", "frequency"],
  ...Object.fromEntries(
    ["", "_err", "_errn", "_errp", "_ul", "_min", "_max"].map((end) => [
      `e2dnde${end}`,
      [`nufnu${end}`, `nu_fnu${end}`],
    ]),
  ),
  time: ["mjd"],
  time_min: ["mjd_min", "mjd_start"],
  time_max: ["mjd_max", "mjd_stop"],
};

/** A column's name and the others that stand for it. */
export const namesFor = (name: string): readonly string[] => [name, ...(OTHER_NAMES[name] ?? [])];

/** The name that GADF has for a column, where it has another. */
export const gadfName = (name: string): string | undefined =>
  Object.keys(OTHER_NAMES).find((key) => OTHER_NAMES[key]!.includes(name.toLowerCase()));

/** The values of a column in a unit; `at` begins the message of a refusal. */
export function inUnit(column: SedColumn, unit: string, at: string): Float64Array {
  const factor = conversionFactor(column.unit, unit, at);
  return column.values.map((x) => x * factor);
}
