/** ECSV 1.0 (Astropy APE 6): a YAML header in comments, then a table with one row a line. Numbers and logicals only. */
import { parse } from "yaml";
import { FormatError } from "../../errors.js";
import { formatUnit } from "../../units/index.js";
import type { NoteOptions } from "../cards.js";
import type { SedColumn, SedTable } from "./table.js";

interface Header {
  readonly delimiter?: string;
  readonly datatype?: readonly { name: string; unit?: string; datatype: string; subtype?: string }[];
  readonly meta?: unknown;
}

export function isEcsv(text: string): boolean {
  return text.startsWith("# %ECSV");
}

export function readEcsv(text: string, where: string): SedTable {
  const lines = text.split(/\r?\n/);
  // lines with # behind the first one without are comments between rows
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const header = lines.slice(0, end < 0 ? lines.length : end).map((line) => line.slice(1).replace(/^ /, ""));
  const { datatype, delimiter = " ", meta } = readHeader(header, where);
  if (datatype === undefined)
    throw new FormatError(`${where}: the ECSV header has no "datatype", expected the columns`);
  const body = lines.map((line, i) => ({ line, at: `${where}:${i + 1}` })).filter(({ line }) => isRow(line));
  const [titles, ...rows] = body.map(({ line, at }) => ({ cells: split(line, delimiter, at), at }));
  const names = datatype.map((column) => column.name);
  if (titles === undefined || titles.cells.join("\n") !== names.join("\n")) {
    throw new FormatError(
      `${titles?.at ?? where}: the line of column names is "${titles?.cells.join(" ") ?? ""}", expected "${names.join(" ")}" as in the header`,
    );
  }
  const short = rows.find(({ cells }) => cells.length !== names.length);
  if (short) throw new FormatError(`${short.at}: found ${short.cells.length} values, expected ${names.length}`);
  const columns = datatype.map((column, i) => {
    const cells = rows.map((row) => cellValues(row.cells[i]!, column.datatype, `${row.at}, column ${column.name}`));
    const size = Math.max(0, ...cells.map((c) => c.length));
    const shape = shapeOf(column.subtype, size);
    const values = new Float64Array(rows.length * size).fill(Number.NaN);
    cells.forEach((c, r) => {
      values.set(c, r * size);
    });
    return { name: column.name, unit: column.unit ?? "", values, cell: shape, logical: column.datatype === "bool" };
  });
  return { nrows: rows.length, columns, meta: flatten(meta) };
}

function isRow(line: string): boolean {
  return !line.startsWith("#") && line.trim() !== "";
}

function readHeader(lines: readonly string[], where: string): Header {
  const start = lines.findIndex((line) => line.trim() === "---");
  const yaml = lines.slice(start + 1).join("\n");
  try {
    return (parse(yaml.replaceAll("!!omap", "")) ?? {}) as Header;
  } catch (error) {
    throw new FormatError(`${where}: the ECSV header is not YAML: ${(error as Error).message}`);
  }
}

/** Ordered maps come as lists of maps with one key each. */
function flatten(meta: unknown): Record<string, unknown> {
  const parts = Array.isArray(meta) ? meta : [meta];
  return Object.assign({}, ...parts.filter((part) => typeof part === "object"));
}

/** Cells of a line; a cell in double quotes may hold the delimiter, and quotes doubled. */
function split(line: string, delimiter: string, at: string): string[] {
  const cells: string[] = [];
  const pattern = delimiter === " " ? /"((?:[^"]|"")*)"|([^\s"]+)/g : /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;
  if (delimiter !== " " && delimiter !== ",") {
    throw new FormatError(`${at}: the delimiter is ${JSON.stringify(delimiter)}, expected a blank or a comma`);
  }
  for (const match of line.matchAll(pattern)) cells.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
  return cells;
}

function shapeOf(subtype: string | undefined, size: number): number[] {
  const match = /\[([\d, ]+)\]/.exec(subtype ?? "");
  if (match) return match[1]!.split(",").map(Number);
  return size > 1 ? [size] : [];
}

/** The numbers in one cell: empty is undefined (NaN), lists are JSON. */
function cellValues(text: string, type: string, at: string): number[] {
  if (!text.startsWith("[")) return [number(text, type, at)];
  const items = text.replace(/[[\]]/g, "").split(",");
  return items.map((item) => number(item.trim(), type, at));
}

function number(text: string, type: string, at: string): number {
  const lower = text.toLowerCase();
  if (lower === "" || lower === "nan" || lower === "null" || lower === '""') return Number.NaN;
  if (lower === "true" || lower === "false") return lower === "true" ? 1 : 0;
  const infinite = /^([+-]?)inf(inity)?$/.exec(lower);
  const value = infinite ? (infinite[1] === "-" ? -Infinity : Infinity) : Number(text);
  // Texts (names of sources and the like) are passed over.
  if (Number.isNaN(value) && type !== "string") throw new FormatError(`${at}: found "${text}", expected a number`);
  return value;
}

export function writeEcsv(table: SedTable, { onNote }: NoteOptions = {}): string {
  const columns = table.columns.map(({ name, unit, cell, logical }) => {
    const type = cell.length > 0 ? "string" : logical ? "bool" : "float64";
    const subtype = cell.length > 0 ? `, subtype: '${logical ? "bool" : "float64"}[${cell.join(",")}]'` : "";
    return `# - {name: ${name}, ${unit === "" ? "" : `unit: ${formatUnit(unit)}, `}datatype: ${type}${subtype}}`;
  });
  const isPlain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
  const isHeld = (value: unknown) => isPlain(value) || (Array.isArray(value) && value.every(isPlain));
  const entries = Object.entries(table.meta).filter(([, value]) => value !== undefined && value !== null);
  const meta = entries.flatMap(([key, value]) =>
    isHeld(value) ? [`# - {${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}: ${scalar(value)}}`] : [],
  );
  const left = entries.flatMap(([key, value]) => (isHeld(value) ? [] : [key]));
  if (left.length > 0)
    onNote?.(`left out of the metadata, which hold texts, numbers and lists of them: ${left.join(", ")}`);
  const rows = Array.from({ length: table.nrows }, (_, r) => table.columns.map((c) => writeCell(c, r)).join(" "));
  const head = ["# %ECSV 1.0", "# ---", "# datatype:", ...columns];
  if (meta.length > 0) head.push("# meta: !!omap", ...meta);
  return [...head, "# schema: astropy-2.0", table.columns.map((c) => c.name).join(" "), ...rows, ""].join("\n");
}

/** A YAML 1.1 scalar: numbers keep a point, so that Python reads floats. */
function scalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scalar).join(", ")}]`;
  if (typeof value !== "number") return typeof value === "string" ? JSON.stringify(value) : String(value);
  const text = String(value);
  return /e/.test(text) && !/\./.test(text) ? text.replace("e", ".0e") : text;
}

function writeCell({ values, cell, logical }: SedColumn, row: number): string {
  const size = cell.reduce((a, b) => a * b, 1);
  const items = Array.from(values.subarray(row * size, (row + 1) * size));
  if (cell.length === 0) return logical ? (items[0] ? "True" : "False") : formatNumber(items[0]!, "nan", "inf");
  const text = items.map((x) => (logical ? String(x !== 0) : formatNumber(x, "NaN", "Infinity")));
  return nest(text, cell);
}

function formatNumber(x: number, nan: string, inf: string): string {
  if (Number.isNaN(x)) return nan;
  return Number.isFinite(x) ? String(x) : x > 0 ? inf : `-${inf}`;
}

function nest(items: readonly string[], [n = 1, ...rest]: readonly number[]): string {
  if (rest.length === 0) return `[${items.join(",")}]`;
  const size = items.length / n;
  return `[${Array.from({ length: n }, (_, i) => nest(items.slice(i * size, (i + 1) * size), rest)).join(",")}]`;
}
