import { FormatError } from "../../errors.js";
import { allParameters, type ParameterEntry } from "../../models/parameters.js";
import type { Covariance, Models } from "../../models/types.js";
import { pythonFloat } from "./numbers.js";

/** Gammapy's name of a parameter in the file. */
const fileName = (entry: ParameterEntry) => `${entry.model}.${entry.kind}.${entry.name}`;

/** Astropy's `ascii.fixed_width`: columns to the right between bars, all parameters in model order, frozen and linked ones too. */
export function writeCovariance(models: Models, covariance: Covariance): string {
  const entries = allParameters(models);
  const n = entries.length;
  const position = new Map(covariance.names.map((name, i) => [name, i]));
  const at = entries.map((entry) => {
    const i = position.get(entry.id) ?? position.get(fileName(entry));
    if (i === undefined) {
      throw new FormatError(`covariance: there is no row for the parameter "${entry.id}"; compute it for these models`);
    }
    return i;
  });
  const size = covariance.names.length;
  const columns = [["Parameters", ...entries.map(fileName)]];
  for (let j = 0; j < n; j++) {
    columns.push([String(j), ...at.map((i) => pythonFloat(covariance.matrix[i * size + at[j]!]!))]);
  }
  const padded = columns.map((cells) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => cell.padStart(width));
  });
  return entries.map((_, row) => row + 1).reduce((text, row) => text + line(padded, row), line(padded, 0));
}

const line = (columns: readonly (readonly string[])[], row: number) =>
  `| ${columns.map((cells) => cells[row]).join(" | ")} |\n`;

/** Reads the covariance file of these models: rows in model order, or in any order if their names are the full ones. */
export function readCovariance(text: string, models: Models, where = "covariance"): Covariance {
  const entries = allParameters(models);
  const n = entries.length;
  const rows = text
    .split(/\r?\n/)
    .map((content, i) => ({ content, number: i + 1 }))
    .filter(({ content }) => content.trim() !== "" && !/^[\s|:=-]+$/.test(content))
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
  const matrix = new Float64Array(n * n);
  body.forEach(({ cells, number }, i) => {
    if (cells.length !== n + 1) {
      throw new FormatError(
        `${where}:${number}: found ${cells.length - 1} numbers, expected ${n}; the table is square`,
      );
    }
    for (let j = 0; j < n; j++)
      matrix[order[i]! * n + order[j]!] = numberOf(cells[j + 1]!, `${where}:${number} column ${j}`);
  });
  return { names: entries.map((entry) => entry.id), matrix };
}

/** Cells between bars; without bars, the last n words are numbers and the rest is the name. */
function cellsOf(content: string, n: number): string[] {
  if (content.includes("|")) {
    const cells = content.trim().replace(/^\|/, "").replace(/\|$/, "").split("|");
    return cells.map((cell) => cell.trim());
  }
  const words = content.trim().split(/\s+/);
  const first = Math.max(1, words.length - n);
  return [words.slice(0, first).join(" ").replace(/^"|"$/g, ""), ...words.slice(first)];
}

/** For each row its parameter. Older files give the bare parameter name, which says nothing about the order. */
function rowOrder(
  entries: readonly ParameterEntry[],
  body: readonly { cells: readonly string[]; number: number }[],
  where: string,
): number[] {
  const matches = (entry: ParameterEntry, name: string) =>
    [entry.id, fileName(entry), `${entry.model}.${entry.name}`, entry.name].includes(name);
  if (body.every(({ cells }, i) => matches(entries[i]!, cells[0]!))) return entries.map((_, i) => i);
  return body.map(({ cells, number }) => {
    const i = entries.findIndex((entry) => fileName(entry) === cells[0] || entry.id === cells[0]);
    if (i < 0) {
      throw new FormatError(
        `${where}:${number}: found a row for "${cells[0]}", which is no parameter of the models; the file belongs to other models`,
      );
    }
    return i;
  });
}

function numberOf(cell: string, where: string): number {
  const x = cell === "nan" ? Number.NaN : cell === "inf" ? Number.POSITIVE_INFINITY : Number(cell);
  if (cell === "" || (Number.isNaN(x) && cell !== "nan")) {
    throw new FormatError(`${where}: found "${cell}", expected a number`);
  }
  return x;
}
