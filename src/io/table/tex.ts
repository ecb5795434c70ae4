/** Tables as journals print them: values with errors to two digits, units and powers of ten in the head. */
import { parseUnit } from "../../units/index.js";
import { isEmpty, reasonOf, rowCount } from "./columns.js";
import { fixed, journalDigits, leastError, powerOf } from "./digits.js";
import { partName } from "./flat.js";
import type { Column, NumberColumn, Table } from "./types.js";

/** A `table` for \input, in plain LaTeX; reasons of empty cells below it. */
export function texOf(table: Table): string {
  const notes: string[] = [];
  const columns = table.columns.filter(({ inTex = true }) => inTex).flatMap((column) => texCells(column, notes));
  const rows = Array.from({ length: rowCount(table) }, (_, i) => columns.map(({ cells }) => cells[i]!));
  const line = (cells: readonly string[]) => `${cells.join(" & ")} \\\\`;
  return [
    "\\begin{table}",
    `\\caption{${escaped(table.about ?? table.name)}}`,
    `\\label{tab:${table.name.replace(/[^\w:-]+/g, "-")}}`,
    "\\centering",
    `\\begin{tabular}{${columns.map(({ align }) => align).join(" ")}}`,
    "\\hline\\hline",
    line(columns.map(({ head }) => head)),
    "\\hline",
    ...rows.map(line),
    "\\hline",
    "\\end{tabular}",
    ...notes.map((note, k) => `\\par\\smallskip{\\footnotesize $^{${letter(k)}}$ ${escaped(note)}.\\par}`),
    "\\end{table}",
    "",
  ].join("\n");
}

interface TexCells {
  readonly head: string;
  readonly align: "l" | "c";
  readonly cells: readonly string[];
}

function texCells(column: Column, notes: string[]): TexCells[] {
  const head = column.tex ?? escaped(column.name);
  if (column.kind === "texts") return [{ head, align: "l", cells: column.texValues ?? column.values.map(escaped) }];
  if (column.kind === "logicals") return [{ head, align: "l", cells: column.values.map((x) => (x ? "yes" : "no")) }];
  const { values, unit = "", units, whole = false } = column;
  if (units === undefined) {
    // a text of the digits is as wide as the largest value
    const power = whole
      ? 0
      : powerOf(values.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0));
    const inHead = [powerTex(power), texUnit(unit)].filter(Boolean).join(" ");
    const cells = Array.from(values, (_, i) => numberCell(column, i, power, notes));
    return [{ head: inHead === "" ? head : `${head} (${inHead})`, align: "c", cells }];
  }
  const powers = Array.from(values, (x) => (Number.isFinite(x) ? powerOf(Math.abs(x)) : 0));
  return [
    { head, align: "c", cells: powers.map((power, i) => numberCell(column, i, power, notes)) },
    {
      head: column.tex === undefined ? partName(column.name, "unit") : "Unit",
      align: "l",
      cells: units.map((u, i) => [powerTex(powers[i]!), texUnit(u)].filter(Boolean).join(" ")),
    },
  ];
}

const powerTex = (power: number): string => (power === 0 ? "" : `$10^{${power}}$`);

/** Value and errors over 10^power; of what is missing dots, with a letter where its reason is known. */
function numberCell(column: NumberColumn, i: number, power: number, notes: string[]): string {
  const { values, err, errn, errp, scale, decimals, whole = false } = column;
  const x = values[i]!;
  const mark = isEmpty(column, i) ? noteMark(reasonOf(column, i), notes) : "";
  if (Number.isNaN(x)) return `\\ldots${mark}`;
  if (!Number.isFinite(x)) return x > 0 ? "$\\infty$" : "$-\\infty$";
  const error = leastError(err?.[i], errn?.[i], errp?.[i]);
  const known = Number.isNaN(error) ? (scale?.[i] ?? Number.NaN) : error;
  if (Number.isNaN(known) && decimals === undefined) return `$${plainDigits(x / 10 ** power)}$${mark}`;
  const digits = whole ? 0 : Number.isNaN(known) ? decimals! : journalDigits(x, known);
  const show = (y: number) => fixed(y / 10 ** power, whole ? 0 : digits + power);
  const isKnown = (e: number | undefined): e is number => e !== undefined && Number.isFinite(e);
  const [down, up] = [errn?.[i], errp?.[i]];
  if (isKnown(down) && isKnown(up)) return `$${show(x)}^{+${show(up)}}_{-${show(down)}}$${mark}`;
  if (isKnown(err?.[i]) && err![i]! > 0) return `$${show(x)} \\pm ${show(err![i]!)}$${mark}`;
  return `$${show(x)}$${mark}`;
}

/** Of what nobody has measured, such as an energy or a frozen parameter: six digits at most. */
const plainDigits = (x: number): string =>
  String(Number(x.toPrecision(6))).replace(/^(-?)(?:1|([\d.]+))e\+?(-?\d+)$/, (_, sign, digits, power) =>
    [`${sign}${digits === undefined ? "" : `${digits} \\times `}10^{${power}}`].join(""),
  );

function noteMark(reason: string, notes: string[]): string {
  if (reason === "") return "";
  if (!notes.includes(reason)) notes.push(reason);
  return `$^{${letter(notes.indexOf(reason))}}$`;
}

const letter = (k: number): string => String.fromCharCode(97 + (k % 26));

/** "cm-2 s-1" as cm$^{-2}$ s$^{-1}$ */
export function texUnit(unit: string): string {
  if (unit === "") return "";
  const { number, factors } = parseUnit(unit);
  const parts = factors.map(
    ({ name, power }) => escaped(name) + (power === 1 ? "" : `$^{${Number(power.toPrecision(4))}}$`),
  );
  return (number === 1 ? parts : [`$${Number(number.toPrecision(6))}$`, ...parts]).join(" ");
}

const SPECIAL: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "$<$",
  ">": "$>$",
  "|": "$|$",
};

/** Text that TeX prints as it is. */
export const escaped = (text: string): string =>
  text.replace(/[\\~^<>|]|[#$%&_{}]/g, (c) => SPECIAL[c] ?? `\\${c}`).replace(/\s+/g, " ");

const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi psi omega".split(" ");

/** The name of a parameter as a symbol: $\alpha$, $\sigma_1$; what is no Greek letter as it is. */
export function symbolTex(name: string): string {
  const [, letters = "", index = ""] = /^([a-z]+?)_?(\d*)_?$/.exec(name) ?? [];
  return GREEK.includes(letters) ? `$\\${letters}${index && `_{${index}}`}$` : escaped(name);
}
