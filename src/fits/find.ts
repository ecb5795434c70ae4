import { didYouMean, FormatError } from "../errors.js";
import { columnScaling, toFloat64 } from "./column.js";
import { getCard } from "./header.js";
import type { Card, Column, FitsArray, Hdu, ImageHdu, TableHdu } from "./types.js";

/** The first HDU with this name; names do not depend on case. */
export function findHdu(hdus: readonly Hdu[], name: string, where = "FITS file"): Hdu {
  const found = hdus.find((hdu) => same(hdu.name, name));
  if (found) return found;
  const names = hdus.map((hdu, i) => hdu.name || `(HDU ${i} without a name)`);
  throw new FormatError(
    `${where}: no HDU "${name}"; found ${names.join(", ")}${didYouMean(
      name,
      hdus.map((hdu) => hdu.name),
    )}`,
  );
}

export function findTable(hdus: readonly Hdu[], name: string, where = "FITS file"): TableHdu {
  const hdu = findHdu(hdus, name, where);
  if (hdu.kind === "table") return hdu;
  throw new FormatError(`${where}: the HDU "${name}" is an image, expected a table; check the name of the HDU`);
}

export function findImage(hdus: readonly Hdu[], name: string, where = "FITS file"): ImageHdu {
  const hdu = findHdu(hdus, name, where);
  if (hdu.kind === "image") return hdu;
  throw new FormatError(`${where}: the HDU "${name}" is a table, expected an image; check the name of the HDU`);
}

/** The column with this name; names do not depend on case, but the very spelling goes first. */
export function findColumn(hdu: TableHdu, name: string, where = "FITS file"): Column {
  const found =
    hdu.columns.find((column) => column.name === name) ?? hdu.columns.find((column) => same(column.name, name));
  if (found) return found;
  const names = hdu.columns.map((column) => column.name);
  throw new FormatError(
    `${where}: the table "${hdu.name}" has no column "${name}"; found ${names.join(", ") || "no columns"}${didYouMean(name, names)}`,
  );
}

/** All values of a column of numbers (or L, X) as float64 [nrows * cell]; undefined integers are NaN. */
export function numericColumn(hdu: TableHdu, name: string, where = "FITS file"): Float64Array {
  const column = findColumn(hdu, name, where);
  if (!/^[LXBIJKED]$/.test(column.format)) {
    throw new FormatError(
      `${where}: the column "${name}" of "${hdu.name}" has the format ${column.format}, expected numbers (L X B I J K E D); check the name of the column`,
    );
  }
  const cards = new Map((column.keywords ?? []).map((card): [string, Card] => [card.key, card]));
  return toFloat64(column.data as FitsArray, columnScaling(cards).blank);
}

/** The pixels of an image as float64, C order; undefined integers are NaN. */
export function numericImage(hdu: ImageHdu, where = "FITS file"): Float64Array {
  if (hdu.data === null) {
    throw new FormatError(
      `${where}: the HDU "${hdu.name}" has no pixels, expected an image; check the name of the HDU`,
    );
  }
  const blank = getCard(hdu.header, "BLANK")?.value;
  const isInteger = typeof blank === "bigint" || Number.isInteger(blank);
  return toFloat64(hdu.data, isInteger ? BigInt(blank as number | bigint) : undefined);
}

function same(a: string, b: string): boolean {
  return a.trim().toUpperCase() === b.trim().toUpperCase();
}
