import type { FitResult, FittedParameter } from "./result.js";

/** A fit result as text, laid out as Gammapy prints it. */
export function formatFitResult(result: FitResult): string {
  const rows = [
    ["backend", result.backend],
    ["method", result.method],
    ["success", python(result.success)],
    ["message", result.message],
    ["nfev", String(result.nfev)],
    ["total stat", result.totalStat.toFixed(2)],
  ];
  const lines = rows.map(([name, value]) => `        ${name!.padEnd(10)} : ${value}`);
  return `OptimizeResult\n\n${lines.join("\n")}\n\n`;
}

/** The parameters as a table; with the column `model` where there is more than one. */
export function formatParameters(parameters: readonly FittedParameter[]): string {
  const several = new Set(parameters.map((p) => p.model)).size > 1;
  const linked = parameters.some((p) => p.link !== undefined);
  const header = ["name", "value", "unit", "min", "max", "frozen", "error"];
  const rows = parameters.map((p) => [
    p.name,
    exponent(p.value, digitsOf(p)),
    p.unit,
    exponent(p.min),
    exponent(p.max),
    python(p.frozen),
    exponent(p.error),
  ]);
  if (several) {
    header.unshift("model");
    for (const [i, row] of rows.entries()) row.unshift(parameters[i]!.model);
  }
  if (linked) {
    header.push("link");
    for (const [i, row] of rows.entries()) row.push(parameters[i]!.link ?? "");
  }
  return formatTable(header, rows);
}

/** Cells to the right below centred names, as Astropy prints tables. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, j) => Math.max(name.length, ...rows.map((row) => row[j]!.length)));
  const centred = (text: string, width: number) => {
    // Python's str.center: the odd blank goes to the left where the width is odd too
    const room = width - text.length;
    const left = (room >> 1) + (room & width & 1);
    return " ".repeat(left) + text + " ".repeat(room - left);
  };
  const lines = [
    header.map((name, j) => centred(name, widths[j]!)),
    widths.map((width) => "-".repeat(width)),
    ...rows.map((row) => row.map((cell, j) => cell.padStart(widths[j]!))),
  ];
  return `${lines.map((cells) => cells.join(" ").trimEnd()).join("\n")}\n`;
}

/** Digits behind the point of a value, three at least: to the second digit of its error. */
function digitsOf({ value, error }: FittedParameter): number {
  const digits = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(error)) + 1;
  return Number.isFinite(digits) ? Math.min(12, Math.max(3, digits)) : 3;
}

/** Three digits, or more, and an exponent of at least two, as C prints %.3e. */
const exponent = (x: number, digits = 3) =>
  Number.isFinite(x) ? x.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2") : String(x).toLowerCase();

const python = (x: boolean) => (x ? "True" : "False");
