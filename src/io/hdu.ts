/** What an HDU says of itself. */
import { getCard, type Hdu, type TableHdu } from "../fits/index.js";

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
