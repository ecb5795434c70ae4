import { rowCount } from "./columns.js";
import { flatColumns } from "./flat.js";
import type { Table } from "./types.js";

/** The columns, and one object a row; null: there is none, which `remarks` explains. */
export function tableDocument(table: Table) {
  const { name, about, meta } = table;
  const columns = flatColumns(table);
  return {
    table: name,
    ...(about && { about }),
    ...meta,
    columns: columns.map((c) => ({
      name: c.name,
      ...(c.kind === "numbers" && { unit: c.unit ?? "" }),
      ...(c.about && { about: c.about }),
    })),
    rows: Array.from({ length: rowCount(table) }, (_, i) =>
      Object.fromEntries(columns.map(({ name, values }) => [name, plain(values[i]!)])),
    ),
  };
}

/** JSON has neither NaN nor infinite numbers. */
const plain = (value: number | string | boolean) =>
  typeof value === "number" && !Number.isFinite(value) ? null : value;
