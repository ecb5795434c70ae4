import { rowCount } from "./columns.js";
import { flatColumns } from "./flat.js";
import type { Table } from "./types.js";

/** RFC 4180, the unit behind the name; numbers in full, what is missing empty. */
export function csvOf(table: Table): string {
  const columns = flatColumns(table);
  const head = columns.map((c) => quoted(c.kind === "numbers" && c.unit ? `${c.name} [${c.unit}]` : c.name));
  const rows = Array.from({ length: rowCount(table) }, (_, i) =>
    columns.map(({ values }) => cellOf(values[i]!)).join(","),
  );
  return `${[head.join(","), ...rows].join("\r\n")}\r\n`;
}

function cellOf(value: number | string | boolean): string {
  if (typeof value === "string") return quoted(value);
  return Number.isNaN(value) ? "" : String(value);
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
