/** Columns of numbers, one row a sample or a toy: FITS binary table or CSV. */
import { type Card, imageHdu, makeColumn, tableHdu, writeFits } from "../fits/index.js";

export interface NumberColumn {
  readonly name: string;
  readonly unit?: string;
  readonly data: Float64Array | Int32Array;
}

export interface ColumnTable {
  /** EXTNAME */
  readonly name: string;
  readonly columns: readonly NumberColumn[];
  /** Keywords of the FITS table. */
  readonly cards?: readonly Card[];
}

export function writeColumnTable(table: ColumnTable, format: "fits" | "csv"): Uint8Array {
  if (format === "csv") return new TextEncoder().encode(csvOf(table));
  const columns = table.columns.map(({ name, unit, data }) => makeColumn(name, data, { unit }));
  return writeFits([imageHdu("PRIMARY", [], null), tableHdu(table.name, columns, table.cards)]);
}

/** RFC 4180, the unit behind the name; numbers in full. */
function csvOf({ columns }: ColumnTable): string {
  const head = columns.map(({ name, unit }) => quoted(unit ? `${name} [${unit}]` : name));
  const rows = Array.from(columns[0]?.data ?? [], (_, i) => columns.map(({ data }) => String(data[i])).join(","));
  return `${[head.join(","), ...rows].join("\r\n")}\r\n`;
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
