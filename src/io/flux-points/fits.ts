import type { Gti } from "../../datasets/types.js";
import { FormatError } from "../../errors.js";
import { type Hdu, makeColumn, numericColumn, type TableHdu, tableHdu, writeFits } from "../../fits/index.js";
import { freeKeywords, metaCards, type NoteOptions, unitOrNone } from "../cards.js";
import { gtiHdu, gtiIn, isGti } from "../gti.js";
import { primaryHdu } from "../map-fits.js";
import type { SedTable } from "./table.js";

/** The table HDU FLUXPOINTS, else the first table that is no GTI; with the GTI beside it. */
export function readSedFits(hdus: readonly Hdu[], where: string): { table: SedTable; gti?: Gti } {
  const tables = hdus.filter((hdu): hdu is TableHdu => hdu.kind === "table");
  const hdu = tables.find((t) => t.name === "FLUXPOINTS") ?? tables.find((t) => !isGti(t));
  if (hdu === undefined) {
    throw new FormatError(`${where}: no table, expected flux points; found ${hdus.map((h) => h.name).join(", ")}`);
  }
  const gti = gtiIn(hdus, where);
  const columns = hdu.columns
    .filter((column) => /^[LBIJKED]$/.test(column.format))
    .map((column) => ({
      name: column.name,
      unit: column.unit?.trim() ?? "",
      values: Float64Array.from(numericColumn(hdu, column.name, where)),
      cell: column.shape,
      logical: column.format === "L",
    }));
  const table = { nrows: hdu.nrows, columns, meta: freeKeywords(hdu.header, /^$/) };
  return gti === undefined ? { table } : { table, gti };
}

export function writeSedFits(table: SedTable, options: NoteOptions = {}, gti?: Gti): Uint8Array {
  const columns = table.columns.map(({ name, unit, values, cell, logical }) =>
    makeColumn(name, logical ? Uint8Array.from(values) : values, {
      ...unitOrNone(unit),
      shape: cell,
      format: logical ? "L" : "D",
    }),
  );
  const hdus: Hdu[] = [primaryHdu(), tableHdu("FLUXPOINTS", columns, metaCards(table.meta, options))];
  if (gti !== undefined) hdus.push(gtiHdu(gti));
  return writeFits(hdus, options);
}
