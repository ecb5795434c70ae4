/** Writes ECSV 1.0 (Astropy APE 6): a YAML header in comments, then a table with one row a line. */
import { formatUnit } from "../../units/index.js";
import type { NoteOptions } from "../cards.js";
import { quotedText } from "../yaml/plain-text.js";
import { plainScalar } from "../yaml/pyyaml-scalar.js";
import { flatColumns } from "./flat.js";
import type { Table } from "./types.js";

export interface EcsvColumn {
  readonly name: string;
  /** "" for none. */
  readonly unit: string;
  readonly about?: string | undefined;
  /** [nrows * cell]; logical columns hold 0 and 1. */
  readonly values: Float64Array | readonly string[];
  /** Shape of one cell in C order; [] for a scalar. */
  readonly cell: readonly number[];
  readonly logical?: boolean | undefined;
  readonly whole?: boolean | undefined;
}

export interface EcsvTable {
  readonly nrows: number;
  readonly columns: readonly EcsvColumn[];
  readonly meta: Readonly<Record<string, unknown>>;
}

export function writeEcsv(table: EcsvTable, { onNote }: NoteOptions = {}): string {
  const isPlain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
  const isHeld = (value: unknown) => isPlain(value) || (Array.isArray(value) && value.every(isPlain));
  const entries = Object.entries(table.meta).filter(([, value]) => value !== undefined && value !== null);
  const meta = entries.flatMap(([key, value]) => (isHeld(value) ? [`# - {${plainKey(key)}: ${scalar(value)}}`] : []));
  const left = entries.flatMap(([key, value]) => (isHeld(value) ? [] : [key]));
  if (left.length > 0)
    onNote?.(`left out of the metadata, which hold texts, numbers and lists of them: ${left.join(", ")}`);
  const rows = Array.from({ length: table.nrows }, (_, r) => table.columns.map((c) => writeCell(c, r)).join(" "));
  const head = ["# %ECSV 1.0", "# ---", "# datatype:", ...table.columns.map(columnLine)];
  if (meta.length > 0) head.push("# meta: !!omap", ...meta);
  const names = table.columns.map(({ name }) => quoted(name)).join(" ");
  return [...head, "# schema: astropy-2.0", names, ...rows, ""].join("\n");
}

/** What a table of results holds, errors and reasons in columns of their own. */
export function ecsvOf(table: Table, options: NoteOptions = {}): string {
  const columns = flatColumns(table).map((c): EcsvColumn => {
    const { name, about } = c;
    if (c.kind === "texts") return { name, unit: "", about, values: c.values, cell: [] };
    if (c.kind === "numbers") return { name, unit: c.unit ?? "", about, values: c.values, cell: [], whole: isWhole(c) };
    return { name, unit: "", about, values: Float64Array.from(c.values, Number), cell: [], logical: true };
  });
  const meta = { name: table.name, ...(table.about && { about: table.about }), ...table.meta };
  return writeEcsv({ nrows: columns[0]?.values.length ?? 0, columns, meta }, options);
}

/** Integers cannot say that there is none. */
export const isWhole = ({ whole = false, values }: { readonly whole?: boolean | undefined; values: Float64Array }) =>
  whole && values.every((x) => Number.isSafeInteger(x));

function columnLine({ name, unit, about, values, cell, logical, whole }: EcsvColumn): string {
  const isText = !(values instanceof Float64Array);
  const type = cell.length > 0 || isText ? "string" : logical ? "bool" : whole ? "int64" : "float64";
  const subtype = cell.length > 0 ? `, subtype: '${logical ? "bool" : "float64"}[${cell.join(",")}]'` : "";
  const text = about === undefined ? "" : `, description: ${quotedText(about)}`;
  const units = unit === "" ? "" : `unit: ${formatUnit(unit)}, `;
  return `# - {name: ${plainKey(name)}, ${units}datatype: ${type}${text}${subtype}}`;
}

/** A name as it stands where YAML takes it for a text ("null" and "no" are none). */
const plainKey = (key: string): string =>
  /^[A-Za-z_][\w-]*$/.test(key) && plainScalar(key)?.isText === true ? key : quotedText(key);

/** A YAML 1.1 scalar: numbers keep a point, so that Python reads floats. */
function scalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scalar).join(", ")}]`;
  if (typeof value !== "number") return typeof value === "string" ? quotedText(value) : String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
  const text = String(value);
  return /e/.test(text) && !/\./.test(text) ? text.replace("e", ".0e") : text;
}

function writeCell({ values, cell, logical }: EcsvColumn, row: number): string {
  if (!(values instanceof Float64Array)) return quoted(values[row]!);
  const size = cell.reduce((a, b) => a * b, 1);
  const items = Array.from(values.subarray(row * size, (row + 1) * size));
  if (cell.length === 0) return logical ? (items[0] ? "True" : "False") : formatNumber(items[0]!, "nan", "inf");
  const text = items.map((x) => (logical ? String(x !== 0) : formatNumber(x, "NaN", "Infinity")));
  return nest(text, cell);
}

/** A text or a name in a line whose cells are divided by blanks. */
const quoted = (text: string): string =>
  text === "" || /[\s",#]/.test(text) ? `"${text.replaceAll('"', '""').replace(/\s+/g, " ")}"` : text;

function formatNumber(x: number, nan: string, inf: string): string {
  if (Number.isNaN(x)) return nan;
  return Number.isFinite(x) ? String(x) : x > 0 ? inf : `-${inf}`;
}

function nest(items: readonly string[], [n = 1, ...rest]: readonly number[]): string {
  if (rest.length === 0) return `[${items.join(",")}]`;
  const size = items.length / n;
  return `[${Array.from({ length: n }, (_, i) => nest(items.slice(i * size, (i + 1) * size), rest)).join(",")}]`;
}
