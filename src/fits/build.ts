import { SpecError } from "../errors.js";
import { ARRAY_TYPES } from "./bytes.js";
import { columnKey } from "./column.js";
import type { Card, Column, FitsArray, ImageHdu, TableHdu } from "./types.js";

/** An image HDU; `data` in C order, or null for a header alone. */
export function imageHdu(
  name: string,
  shape: readonly number[],
  data: FitsArray | null,
  cards: readonly Card[] = [],
): ImageHdu {
  return { kind: "image", name, header: cards, shape: data === null ? [] : shape, data };
}

/** A table HDU. The number of rows follows from the columns; cards of single columns (TLMIN4) go to `keywords` of their column. */
export function tableHdu(name: string, columns: readonly Column[], cards: readonly Card[] = []): TableHdu {
  const own = columns.map((column): Card[] => [...(column.keywords ?? [])]);
  const header: Card[] = [];
  for (const card of cards) {
    const key = columnKey(card.key);
    const keywords = key && own[key.number - 1];
    if (keywords) keywords.push({ ...card, key: key.root });
    else header.push(card);
  }
  const kept = columns.map((column, i): Column => (own[i]!.length === 0 ? column : { ...column, keywords: own[i]! }));
  const nrows = columns.map(rowCount).find((n) => n !== undefined) ?? 0;
  const other = columns.find((column) => (rowCount(column) ?? nrows) !== nrows);
  if (other) {
    throw new SpecError(
      `table ${name}: the column "${other.name}" has ${rowCount(other)} rows, expected ${nrows} as in "${columns.find((c) => rowCount(c) !== undefined)!.name}"; give columns of one length`,
    );
  }
  return { kind: "table", name, header, nrows, columns: kept };
}

/** Rows of a column; undefined if its cells are empty. */
function rowCount({ format, shape, data }: Column): number | undefined {
  if (/^[PQ]/.test(format)) return data.length;
  const cell = shape.reduce((product, n) => product * n, 1) * (format === "C" || format === "M" ? 2 : 1);
  return cell === 0 ? undefined : data.length / cell;
}

/** A column whose format follows from the type of its data, unless it is given. */
export function makeColumn(
  name: string,
  data: FitsArray | readonly string[],
  options: { unit?: string; shape?: readonly number[]; format?: string; keywords?: readonly Card[] } = {},
): Column {
  const { unit, shape = [], keywords } = options;
  const type = (data as FitsArray)[Symbol.toStringTag];
  const format = options.format ?? (type === undefined ? "A" : ARRAY_TYPES[type]!.letter);
  return { name, format, ...(unit && { unit }), ...(keywords && { keywords }), shape, data };
}
