/** What an HDU says of itself. */
import { FormatError } from "../errors.js";
import { getCard, type Hdu, numericColumn, type TableHdu } from "../fits/index.js";

/** Whether a table has all of these columns, in any case; lower-case names. */
export function hasColumns({ columns }: TableHdu, ...names: readonly string[]): boolean {
  const own = new Set(columns.map((column) => column.name.toLowerCase()));
  return names.every((name) => own.has(name));
}

/** A text keyword without blanks; "" if it is missing. */
export function keyword(hdu: Hdu, key: string): string {
  const value = getCard(hdu.header, key)?.value;
  return value === undefined || value === null ? "" : String(value).trim();
}

/** A column of one number in each row. */
export function oneEachRow(table: TableHdu, name: string, at: string): Float64Array {
  const values = numericColumn(table, name, at);
  if (values.length === table.nrows) return values;
  throw new FormatError({
    where: `${at}, column ${name}`,
    found: `${values.length} numbers in ${table.nrows} rows`,
    expected: "one in each row",
  });
}

/** A quantity per channel, or one keyword for all. */
export function columnOrKeyword(table: TableHdu, name: string, fallback: number, at: string): Float64Array {
  if (hasColumns(table, name.toLowerCase())) return oneEachRow(table, name, at);
  const value = getCard(table.header, name)?.value;
  // "QUALITY = F" and empty texts stand in some files.
  const number =
    typeof value === "boolean" ? Number(value) : value === undefined || value === "" ? fallback : Number(value);
  return new Float64Array(table.nrows).fill(number);
}
