/** Reads ECSV 1.0 (Astropy APE 6): a YAML header in comments, then a table with one row a line. Texts are read beside the numbers. */
import { FormatError } from "../../errors.js";
import { openYaml } from "../yaml/open.js";
import { readPlain, throwProblems } from "../yaml/source.js";
import type { SedTable } from "./table.js";

interface HeaderColumn {
  readonly name: string;
  readonly unit: string;
  readonly datatype: string;
  readonly subtype: string;
}

interface Header {
  readonly delimiter: string;
  readonly columns: readonly HeaderColumn[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** The key of the metadata that says how the file was made. */
export const ECSV_PROVENANCE = "provenance";

export function isEcsv(text: string): boolean {
  return text.startsWith("# %ECSV");
}

export function readEcsv(text: string, where: string): SedTable {
  const lines = text.split(/\r?\n/);
  const { columns: header, delimiter, meta } = readHeader(lines, where);
  const body = lines.map((line, i) => ({ line, at: `${where}:${i + 1}` })).filter(({ line }) => isRow(line));
  const [titles, ...rows] = body.map(({ line, at }) => ({ cells: split(line, delimiter, at), at }));
  const names = header.map((column) => column.name);
  if (titles === undefined || titles.cells.join("\n") !== names.join("\n")) {
    throw new FormatError(
      `${titles?.at ?? where}: the line of column names is "${titles?.cells.join(" ") ?? ""}", expected "${names.join(" ")}" as in the header`,
    );
  }
  const short = rows.find(({ cells }) => cells.length !== names.length);
  if (short) throw new FormatError(`${short.at}: found ${short.cells.length} values, expected ${names.length}`);
  const columns = header.map((column, i) => {
    const cells = rows.map((row) => cellValues(row.cells[i]!, column.datatype, `${row.at}, column ${column.name}`));
    const size = cells.reduce((most, c) => Math.max(most, c.length), 0);
    const cell = shapeOf(column, size, where);
    const values = new Float64Array(rows.length * size).fill(Number.NaN);
    cells.forEach((c, r) => {
      values.set(c, r * size);
    });
    const isText = column.datatype === "string" && column.subtype === "";
    return {
      name: column.name,
      unit: column.unit,
      values,
      cell,
      logical: column.datatype === "bool",
      ...(isText && { texts: rows.map((row) => row.cells[i]!) }),
    };
  });
  return { nrows: rows.length, columns, meta };
}

function isRow(line: string): boolean {
  return !line.startsWith("#") && line.trim() !== "";
}

/** The YAML in the comments, each of its lines where it stands in the file. */
function readHeader(lines: readonly string[], where: string): Header {
  const start = lines.findIndex((line) => /^# ?---\s*$/.test(line));
  // lines with # behind the first one without are comments between rows
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const yaml = lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line, i) => (i > start ? line.slice(1).replace(/^ /, "") : ""));
  const source = openYaml(yaml.join("\n").replaceAll("!!omap", ""), where);
  throwProblems(where, source.problems);
  const header = readPlain(source, source.document.contents);
  const { datatype, delimiter = " ", meta } = isMapping(header) ? header : {};
  if (!Array.isArray(datatype))
    throw new FormatError(`${where}: the ECSV header has no list "datatype", expected the columns`);
  const columns = datatype.map((column, i) => columnOf(column, `${where}: datatype[${i}] of the ECSV header`));
  // how a file was made says nothing of the next one
  const { [ECSV_PROVENANCE]: _, ...kept } = flatten(meta);
  return { columns, delimiter: String(delimiter), meta: kept };
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function columnOf(column: unknown, at: string): HeaderColumn {
  const found = isMapping(column) ? column : {};
  // YAML takes a unit such as 1 for a number
  const text = (key: string) => {
    const value = Object.hasOwn(found, key) ? (found[key] ?? "") : "";
    if (typeof value === "object")
      throw new FormatError(`${at}: "${key}" is ${JSON.stringify(value)}, expected a text`);
    return String(value);
  };
  const [name, unit, datatype, subtype] = ["name", "unit", "datatype", "subtype"].map(text) as [
    string,
    string,
    string,
    string,
  ];
  if (name === "") {
    throw new FormatError(
      `${at}: found ${JSON.stringify(column)}, expected a column such as {name: e_ref, datatype: float64}`,
    );
  }
  checkType(datatype, DATATYPE, "float64", `${at}, datatype of column ${name}`);
  checkType(subtype, SUBTYPE, "float64[3]", `${at}, subtype of column ${name}`);
  return { name, unit, datatype, subtype };
}

/** What Astropy's ECSV has: https://github.com/astropy/astropy-APEs/blob/main/APE6.rst */
const TYPE = "bool|u?int(8|16|32|64)|float(16|32|64|128)|complex(64|128|256)|string";
const DATATYPE = new RegExp(`^(${TYPE}|object)$`);
/** null: cells of any length. */
const SUBTYPE = new RegExp(`^(json|(${TYPE})(\\[ *(\\d+|null)( *, *(\\d+|null))* *\\])?)$`);

function checkType(found: string, pattern: RegExp, example: string, where: string): void {
  if (found === "" || pattern.test(found)) return;
  throw new FormatError({ where, found: JSON.stringify(found), expected: `a type of ECSV such as "${example}"` });
}

/** Ordered maps come as lists of maps with one key each; a key without a value says nothing. */
function flatten(meta: unknown): Readonly<Record<string, unknown>> {
  const parts = (Array.isArray(meta) ? meta : [meta]).filter(isMapping);
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)).filter(([, value]) => value !== null));
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

/** Shape of a cell: what the header says, as far as the cells are of that size. */
function shapeOf({ name, subtype }: HeaderColumn, size: number, where: string): number[] {
  const match = /\[([\d, ]+)\]/.exec(subtype);
  if (!match) return size > 1 ? [size] : [];
  const shape = match[1]!.split(",").map(Number);
  if (size === 0 || shape.reduce((a, b) => a * b, 1) === size) return shape;
  throw new FormatError(
    `${where}: the cells of column ${name} have up to ${size} values, the header says ${subtype}; correct the subtype`,
  );
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
  if (type === "bool" && value !== 0 && value !== 1)
    throw new FormatError(`${at}: found "${text}", expected True or False`);
  return value;
}
