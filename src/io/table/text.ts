/** Tables for people. */
import { isEmpty, reasonOf, rowCount } from "./columns.js";
import { fixed, leastError, shortNumber, shown } from "./digits.js";
import { partName } from "./flat.js";
import type { Column, NumberColumn, Table } from "./types.js";

/** Names in a line, cells in columns below them: numbers to the right, to the digits of their errors; below, why there is none. */
export function tableText(table: Table): string {
  const { heads, rows } = tableCells(table);
  return inColumns(heads, rows) + emptyCells(table);
}

/** The same cells, apart. */
export function tableCells(table: Table) {
  const cells = table.columns.flatMap(textCells);
  return {
    heads: cells.map(({ head }) => head),
    rows: Array.from({ length: rowCount(table) }, (_, i) => cells.map(({ column }) => column[i]!)),
  };
}

interface Cells {
  readonly head: string;
  readonly column: readonly string[];
}

function textCells(column: Column): Cells[] {
  const { name } = column;
  if (column.kind === "texts") return [{ head: name, column: column.values }];
  if (column.kind === "logicals") return [{ head: name, column: column.values.map((x) => (x ? "yes" : "no")) }];
  const { values, units, unit, err, errn, errp } = column;
  const size = (i: number) => leastError(err?.[i], errn?.[i], errp?.[i]);
  const parts = Object.entries({ err, errn, errp }).flatMap(([part, errors]): Cells[] => {
    if (errors === undefined) return [];
    const head = partName(name, part as "err");
    return [{ head, column: Array.from(errors, (e, i) => (Number.isNaN(e) ? "-" : shown(e, size(i)))) }];
  });
  const hasErrors = parts.length > 0;
  return [
    {
      head: unit ? `${name} [${unit}]` : name,
      column: Array.from(values, (x, i) =>
        hasErrors && Number.isFinite(x) && !Number.isNaN(size(i)) ? shown(x, size(i)) : plainCell(column, i),
      ),
    },
    ...parts,
    ...(units === undefined ? [] : [{ head: partName(name, "unit"), column: units }]),
  ];
}

/** Of a number without errors. */
export function plainCell({ values, scale, decimals }: NumberColumn, i: number): string {
  const x = values[i]!;
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "-" : x > 0 ? "inf" : "-inf";
  if (scale !== undefined) return shown(x, scale[i]!);
  return decimals === undefined ? shortNumber(x) : fixed(x, decimals);
}

/** Rows that are named one by one. */
const LISTED = 5;

/** The value, or its error alone. */
function missingPart({ name, values }: NumberColumn, i: number): string {
  if (Number.isNaN(values[i]!)) return name;
  return name === "value" ? "error" : `error of ${name}`;
}

/** Whether another column says it in the same row. */
const stands = ({ columns }: Table, i: number, reason: string) =>
  columns.some((column) => column.kind === "texts" && column.values[i] === reason);

/** One line for each column and reason. */
function emptyCells(table: Table): string {
  const found = new Map<string, number[]>();
  for (const column of table.columns) {
    if (column.kind !== "numbers") continue;
    for (let i = 0; i < column.values.length; i++) {
      const reason = isEmpty(column, i) ? reasonOf(column, i) : "";
      if (reason === "" || stands(table, i, reason)) continue;
      const key = `no ${missingPart(column, i)}: ${reason}`;
      found.set(key, [...(found.get(key) ?? []), i + 1]);
    }
  }
  const n = rowCount(table);
  const rows = (of: readonly number[]) => {
    if (of.length === n) return "";
    return of.length > LISTED ? ` (${of.length} rows)` : ` (row${of.length > 1 ? "s" : ""} ${of.join(", ")})`;
  };
  return [...found].map(([text, of]) => `- ${text}${rows(of)}\n`).join("");
}

/** Cells in columns: numbers to the right, texts to the left. */
function inColumns(header: readonly string[], cells: readonly (readonly string[])[]): string {
  const right = header.map((_, j) => cells.length > 0 && cells.every((row) => NUMBER.test(row[j]!)));
  const widths = header.map((name, j) => cells.reduce((most, row) => Math.max(most, row[j]!.length), name.length));
  const line = (row: readonly string[]) =>
    row
      .map((cell, j) => (right[j] ? cell.padStart(widths[j]!) : cell.padEnd(widths[j]!)))
      .join("  ")
      .trimEnd();
  return `${[header, widths.map((w) => "-".repeat(w)), ...cells].map((row) => line(row)).join("\n")}\n`;
}

const NUMBER = /^(-|-?inf|[+-]?[\d.]+(e[+-]?\d+)?)$/;
