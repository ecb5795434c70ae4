import { FormatError } from "../../errors.js";
import { allParameters, type ParameterEntry, submodelsOf } from "../../models/parameters.js";
import { parameterPaths } from "../../models/parts.js";
import type { Covariance, Models } from "../../models/types.js";
import { pythonFloat } from "./numbers.js";

/** A parameter, and how Gammapy names it in the file. */
interface Row extends ParameterEntry {
  readonly fileName: string;
}

function rowsOf(models: Models): Row[] {
  return allParameters(models).map((entry) => {
    const { model, kind, name, component, index } = entry;
    const parts = kind === "calibration" ? [] : submodelsOf(models.components[component]!);
    const submodel = parts.find((part) => part.kind === kind)?.submodel;
    const path = submodel === undefined ? name : parameterPaths(submodel)[index]!;
    // rows end at line ends, and blanks around a cell are lost
    const fileName = `${model}.${kind}.${path}`.replace(NO_CELL, "_").trim();
    return { ...entry, fileName };
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const NO_CELL = /[\u0000-\u001f\u0085\u2028\u2029]/g;

/**
 * Astropy's `ascii.fixed_width`: columns to the right between bars, all parameters in model order, frozen and linked ones too. Those of calibrations, which
 * Gammapy does not know, follow as comments: the lower triangle of their rows.
 * @throws FormatError where the covariance lacks a parameter of the models.
 */
export function writeCovariance(models: Models, covariance: Covariance): string {
  const all = rowsOf(models);
  const entries = all.filter((entry) => entry.kind !== "calibration");
  const n = entries.length;
  const position = new Map(covariance.names.map((name, i) => [name, i]));
  const at = all.map((entry) => {
    const i = position.get(entry.id) ?? position.get(entry.fileName);
    if (i === undefined) {
      throw new FormatError(`covariance: there is no row for the parameter "${entry.id}"; compute it for these models`);
    }
    return i;
  });
  const size = covariance.names.length;
  const columns = [["Parameters", ...entries.map((entry) => entry.fileName)]];
  for (let j = 0; j < n; j++) {
    columns.push([String(j), ...at.map((i) => pythonFloat(covariance.matrix[i * size + at[j]!]!))]);
  }
  const padded = columns.map((cells) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => cell.padStart(width));
  });
  const table = entries.map((_, row) => row + 1).reduce((text, row) => text + line(padded, row), line(padded, 0));
  const nuisances = all.slice(n).map((entry, k) => {
    const row = at.slice(0, n + k + 1).map((j) => pythonFloat(covariance.matrix[at[n + k]! * size + j]!));
    return `# ${[entry.fileName, ...row].join(" | ")}\n`;
  });
  return table + nuisances.join("");
}

const line = (columns: readonly (readonly string[])[], row: number) =>
  `| ${columns.map((cells) => cells[row]).join(" | ")} |\n`;

/**
 * Reads the covariance file of these models: rows in model order, or in any order if their names are the full ones.
 * @throws FormatError where it is no such table, or one of other models.
 */
export function readCovariance(text: string, models: Models, where = "covariance"): Covariance {
  const all = rowsOf(models);
  const entries = all.filter((entry) => entry.kind !== "calibration");
  const n = entries.length;
  const lines = text.split(/\r?\n/).map((content, i) => ({ content, number: i + 1 }));
  const rows = lines
    .filter(({ content }) => content.trim() !== "" && !/^\s*#|^[\s|:=-]+$/.test(content))
    .map(({ content, number }) => ({ cells: cellsOf(content, n), number }));
  const [header, ...body] = rows;
  if (header === undefined || header.cells[0] !== "Parameters") {
    throw new FormatError(`${where}:1: found no header "Parameters"; expected a covariance table as Gammapy writes it`);
  }
  if (body.length !== n) {
    throw new FormatError(
      `${where}: found ${body.length} rows, the models have ${n} parameters; the file belongs to other models: fit again, or remove the key covariance`,
    );
  }
  const order = rowOrder(entries, body, where);
  const total = all.length;
  const matrix = new Float64Array(total * total);
  body.forEach(({ cells, number }, i) => {
    if (cells.length !== n + 1) {
      throw new FormatError(
        `${where}:${number}: found ${cells.length - 1} numbers, expected ${n}; the table is square`,
      );
    }
    for (let j = 0; j < n; j++)
      matrix[order[i]! * total + order[j]!] = numberOf(cells[j + 1]!, `${where}:${number} column ${j}`);
  });
  // calibrations: from their comments, or, in a file of other origin, from the errors alone
  for (let i = n; i < total; i++) {
    const start = `# ${all[i]!.fileName} | `;
    const found = lines.find(({ content }) => content.startsWith(start));
    const cells = found?.content.slice(start.length).split("|");
    if (cells === undefined) matrix[i * total + i] = all[i]!.parameter.error ** 2;
    else if (cells.length !== i + 1) {
      throw new FormatError(
        `${where}:${found!.number}: found ${cells.length} numbers, expected ${i + 1}; the file belongs to other models`,
      );
    }
    cells?.forEach((cell, j) => {
      const to = j < n ? order[j]! : j;
      const value = numberOf(cell.trim(), `${where}:${found!.number} column ${j}`);
      matrix[i * total + to] = matrix[to * total + i] = value;
    });
  }
  const names = all.map((entry) => entry.id);
  checkMatrix(names, matrix, where);
  return { names, matrix };
}

/** What is lost where the numbers are written with three digits. */
const ROUNDING = 1e-2;

function checkMatrix(names: readonly string[], matrix: Float64Array, where: string): void {
  const n = names.length;
  const fail = (what: string) => {
    throw new FormatError(`${where}: ${what}; the file was changed, or belongs to other models: fit again`);
  };
  for (let i = 0; i < n; i++) {
    const variance = matrix[i * n + i]!;
    if (variance < 0) fail(`the variance of ${names[i]} is ${variance}, expected none below 0`);
    for (let j = 0; j < i; j++) {
      const [here, there] = [matrix[i * n + j]!, matrix[j * n + i]!];
      if (Math.abs(here - there) > ROUNDING * Math.sqrt(variance * matrix[j * n + j]!)) {
        fail(`the covariance of ${names[i]} and ${names[j]} is ${here} in one place and ${there} in the other`);
      }
    }
  }
}

/** Cells between bars, the last n of them numbers; without bars, the last n words are numbers and the rest is the name. */
function cellsOf(content: string, n: number): string[] {
  if (content.includes("|")) {
    const cells = content.trim().replace(/^\|/, "").replace(/\|$/, "").split("|");
    // a name may hold bars itself
    const first = Math.max(1, cells.length - n);
    return [cells.slice(0, first).join("|"), ...cells.slice(first)].map((cell) => cell.trim());
  }
  const words = content.trim().split(/\s+/);
  const first = Math.max(1, words.length - n);
  return [words.slice(0, first).join(" ").replace(/^"|"$/g, ""), ...words.slice(first)];
}

/** For each row its parameter. Older files give the bare parameter name, which says nothing about the order. */
function rowOrder(
  entries: readonly Row[],
  body: readonly { cells: readonly string[]; number: number }[],
  where: string,
): number[] {
  const matches = (entry: Row, name: string) =>
    [entry.id, entry.fileName, `${entry.model}.${entry.name}`, entry.name].includes(name);
  if (body.every(({ cells }, i) => matches(entries[i]!, cells[0]!))) return entries.map((_, i) => i);
  return body.map(({ cells, number }) => {
    const i = entries.findIndex((entry) => entry.fileName === cells[0] || entry.id === cells[0]);
    if (i < 0) {
      throw new FormatError(
        `${where}:${number}: found a row for "${cells[0]}", which is no parameter of the models; the file belongs to other models`,
      );
    }
    return i;
  });
}

function numberOf(cell: string, where: string): number {
  const x = cell === "nan" ? Number.NaN : Number(cell.replace("inf", "Infinity"));
  if (cell === "" || (Number.isNaN(x) && cell !== "nan")) {
    throw new FormatError(`${where}: found "${cell}", expected a number`);
  }
  return x;
}
