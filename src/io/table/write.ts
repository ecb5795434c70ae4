/** A table in the format that is asked for. */
import { type Card, makeColumn, tableHdu, writeFits } from "../../fits/index.js";
import { card, metaCards, type NoteOptions, unitOrNone } from "../cards.js";
import { primaryHdu } from "../map-fits.js";
import { checkTable } from "./columns.js";
import { csvOf } from "./csv.js";
import { ecsvOf, isWhole } from "./ecsv.js";
import { type FlatColumn, flatColumns } from "./flat.js";
import { tableDocument } from "./json.js";
import { texOf } from "./tex.js";
import { tableText } from "./text.js";
import type { Table, TableFormat } from "./types.js";

const WRITERS: Readonly<Record<Exclude<TableFormat, "fits">, (table: Table, options: NoteOptions) => string>> = {
  csv: csvOf,
  tex: texOf,
  ecsv: ecsvOf,
  json: (table) => `${JSON.stringify(tableDocument(table), null, 2)}\n`,
  text: tableText,
};

/**
 * The table as a file. CSV, ECSV, FITS and JSON hold all digits, with errors, units of rows and reasons of empty cells in columns of their own; TeX and text
 * round values to their errors, TeX to two digits and with powers of ten in its head.
 * @throws SpecError where columns differ in length or two have one name.
 * @throws FormatError where a unit cannot be read.
 */
export function writeTable(table: Table, format: TableFormat, options: NoteOptions = {}): Uint8Array {
  checkTable(table);
  return format === "fits" ? fitsOf(table, options) : new TextEncoder().encode(WRITERS[format](table, options));
}

function fitsOf(table: Table, options: NoteOptions): Uint8Array {
  const cards = [...(table.about ? [card("CAPTION", table.about)] : []), ...metaCards(table.meta, options)];
  const columns = flatColumns(table);
  const names = fitsNames(columns.map(({ name }) => name));
  const hdu = tableHdu(
    table.name.toUpperCase(),
    columns.map((column, i) => fitsColumn(column, names[i]!)),
    cards,
  );
  return writeFits([primaryHdu(), hdu], options);
}

/** Names of columns in letters, digits and underscores, as the FITS standard wants them, each once in any case: "Crab_Nebula_alpha". */
export function fitsNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/\W/g, "_") || "_";
    let own = plain;
    for (let k = 2; taken.has(own.toLowerCase()); k++) own = `${plain}_${k}`;
    taken.add(own.toLowerCase());
    return own;
  });
}

function fitsColumn(column: FlatColumn, name: string) {
  // what a column is, as Astropy reads and writes it; its own name, where FITS has another
  const about = column.name === name ? column.about : [column.name, column.about].filter(Boolean).join(": ");
  const more = about ? { keywords: [card("TCOMM", about)] satisfies Card[] } : {};
  if (column.kind === "texts") return makeColumn(name, column.values, more);
  if (column.kind === "logicals")
    return makeColumn(name, Uint8Array.from(column.values, Number), { ...more, format: "L" });
  const { values, unit = "" } = column;
  const data = isWhole(column) && values.every((x) => Math.abs(x) < 2 ** 31) ? Int32Array.from(values) : values;
  return makeColumn(name, data, { ...unitOrNone(unit), ...more });
}
