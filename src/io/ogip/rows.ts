/** Tables of several spectra, a row each (OGIP PHA type II): each row as the table of one spectrum. */
import { FormatError } from "../../errors.js";
import { type Card, type Column, type FitsArray, makeColumn, type TableHdu } from "../../fits/index.js";
import { card } from "../cards.js";
import { hasColumns } from "../hdu.js";

/** What was measured in the channels: one of these makes a table a spectrum. */
const MEASURED = ["COUNTS", "RATE"];

const isVector = ({ shape, format }: Column): boolean =>
  /^[PQ]/.test(format) || shape.reduce((size, n) => size * n, 1) > 1;

const columnOf = (table: TableHdu, name: string): Column | undefined =>
  table.columns.find((column) => column.name.toUpperCase() === name);

/** Whether the rows of a table are spectra, whatever its HDUCLAS4 says: their counts are arrays. */
export const hasRows = (table: TableHdu): boolean =>
  MEASURED.some((name) => {
    const column = columnOf(table, name);
    return column !== undefined && isVector(column);
  });

/** The numbers of the spectra, in the order of the rows: SPEC_NUM, where that tells them apart, else those of the rows from 1. */
export function spectrumNumbers(table: TableHdu): number[] {
  const column = columnOf(table, "SPEC_NUM");
  const own = column === undefined || isVector(column) ? [] : Array.from(column.data as ArrayLike<number>, Number);
  const isUsable = own.length === table.nrows && own.every(Number.isInteger) && new Set(own).size === own.length;
  return isUsable ? own : Array.from({ length: table.nrows }, (_, row) => row + 1);
}

/** Row `row` as a table of one spectrum: arrays are columns of it, and single values keywords, in place of those of the whole table. */
export function spectrumOfRow(table: TableHdu, row: number): TableHdu {
  const measured = MEASURED.flatMap((name) => columnOf(table, name) ?? [])[0]!;
  const nrows = cellOf(measured, row).length;
  const columns: Column[] = [];
  const cards: Card[] = [card("SPEC_NUM", spectrumNumbers(table)[row]!)];
  for (const column of table.columns) {
    const name = column.name.toUpperCase();
    if (name === "SPEC_NUM") continue;
    if (isVector(column)) {
      const data = cellOf(column, row);
      // axes of something else than channels
      if (data.length !== nrows) continue;
      const { unit, keywords } = column;
      columns.push(makeColumn(name, data, { ...(unit && { unit }), ...(keywords && { keywords }) }));
    } else if (name.length <= 8) cards.push(card(name, singleOf(column, row)));
  }
  const own = new Set(cards.map(({ key }) => key));
  return { ...table, header: [...table.header.filter(({ key }) => !own.has(key)), ...cards], nrows, columns };
}

/** The numbers of one cell of an array. */
function cellOf({ data, shape, format }: Column, row: number): FitsArray {
  if (/^[PQ]/.test(format)) return (data as readonly FitsArray[])[row]!;
  const size = shape.reduce((product, n) => product * n, 1);
  return (data as FitsArray).slice(row * size, (row + 1) * size);
}

function singleOf({ data, format }: Column, row: number): string | number | boolean {
  const value = (data as ArrayLike<string | number | bigint>)[row]!;
  if (format === "L") return value === 1;
  return typeof value === "string" ? value.trim() : Number(value);
}

/** The row of the spectrum that a number names; `where`: of the table. */
export function rowOfNumber(table: TableHdu, number: number, where: string): number {
  const numbers = spectrumNumbers(table);
  const row = numbers.indexOf(number);
  if (row >= 0) return row;
  const named = hasColumns(table, "spec_num") ? "SPEC_NUM" : "rows";
  throw new FormatError({
    where,
    found: `the spectrum {${number}} asked for`,
    expected: `one of its ${numbers.length} (${named} ${numbers[0]} to ${numbers.at(-1)})`,
    code: "unknown-name",
  });
}
