/** Rows of the tables of a catalogue. */
import { FormatError, nameHint } from "../errors.js";
import type { Column, TableHdu } from "../fits/types.js";
import { conversionFactor } from "../units/index.js";
import type { Catalogue, Row, SourceRows } from "./types.js";

/** The rows of a table by their number, from 0. */
export function rowsOf(table: TableHdu, where: string): (index: number) => Row {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const find = (name: string): Column => {
    const column = columns.get(name);
    if (column !== undefined) return column;
    const what = `the table "${table.name}" has no column "${name}"${nameHint(name, columns.keys())}`;
    throw new FormatError({ code: "unknown-name", where, what });
  };
  return (index) => {
    const numbers = (name: string, unit?: string): Float64Array => {
      const column = find(name);
      if (!/^[LBIJKED]$/.test(column.format)) {
        throw new FormatError({
          where: `${where}, column ${name}`,
          found: `the format ${column.format}`,
          expected: "numbers",
        });
      }
      const own = column.unit ?? "";
      const factor =
        unit === undefined || own === "" || own === unit ? 1 : conversionFactor(own, unit, `${where}, column ${name}`);
      const size = column.shape.reduce((a, b) => a * b, 1);
      const cell = (column.data as Float64Array).subarray(index * size, (index + 1) * size);
      return Float64Array.from(cell, (x) => Number(x) * factor);
    };
    return {
      has: (name) => columns.has(name),
      text(name) {
        const value = find(name).data[index];
        const text = value === undefined ? "" : String(value).trim();
        // astropy's mark of a text that is missing
        return text === "--" ? "" : text;
      },
      numbers,
      number: (name, unit) => numbers(name, unit)[0] ?? Number.NaN,
    };
  };
}

/** The rows of a source. */
export function sourceRows({ table, tables, where }: Catalogue, index: number): SourceRows {
  const find = (name: string) => tables.find((t) => t.name === name);
  return {
    row: rowsOf(table, where)(index),
    rows(name) {
      const other = find(name);
      if (other === undefined) return [];
      const at = rowsOf(other, where);
      return Array.from({ length: other.nrows }, (_, i) => at(i));
    },
    keyword(name, key) {
      const value = find(name)?.header.find((card) => card.key === key)?.value;
      return typeof value === "bigint" || typeof value === "boolean" ? Number(value) : (value ?? undefined);
    },
  };
}
