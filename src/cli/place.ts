/** Where the table of a command goes, and as what: `--format`, `--out`, `--table`, `--unit`. */
import { SpecError } from "../errors.js";
import type { TableFormat } from "../io/table/types.js";
import { endingOf } from "./endings.js";

export type Place =
  /** What people read. */
  | { readonly kind: "terminal" }
  /** The table and nothing else. */
  | { readonly kind: "stdout"; readonly format: TableFormat }
  | { readonly kind: "file"; readonly path: string; readonly format: TableFormat }
  /** All results; with `format` the table too. */
  | { readonly kind: "folder"; readonly path: string; readonly format?: TableFormat };

export const TERMINAL: Place = { kind: "terminal" };

export interface TableOptions {
  readonly out?: string;
  readonly format?: TableFormat;
  readonly table?: string;
  readonly unit?: readonly string[];
  readonly json?: boolean;
}

const ENDINGS: Readonly<Record<string, TableFormat>> = {
  csv: "csv",
  tex: "tex",
  ecsv: "ecsv",
  fits: "fits",
  json: "json",
  txt: "text",
};

const KNOWN = Object.keys(ENDINGS).map((ending) => `.${ending}`);

/** `takesFolder`: a name without an ending is one. @throws SpecError where ending and format are unknown or contradict each other. */
export function placeOf({ out, format, table, unit, json }: TableOptions, takesFolder: boolean): Place {
  const onStdout = out === "-" || (out === undefined && (format ?? table ?? unit) !== undefined);
  if (onStdout && json) {
    throw new SpecError(
      "found --json, and a table that goes to stdout; leave out one of them, or write the table with --out",
    );
  }
  if (onStdout) return { kind: "stdout", format: format ?? "text" };
  if (out === undefined) return TERMINAL;
  const ending = endingOf(out);
  if (ending === undefined) {
    if (takesFolder) return { kind: "folder", path: out, ...(format && { format }) };
    throw new SpecError(`--out ${out}: the name has no ending, which says what is written; expected ${endings()}`);
  }
  const own = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (own === undefined) {
    const folder = takesFolder ? `, or a folder, whose name ends in / if it has a dot in it` : "";
    throw new SpecError({ where: `--out ${out}`, found: `the ending .${ending}`, expected: endings() + folder });
  }
  if (format === undefined || format === own) return { kind: "file", path: out, format: own };
  throw new SpecError(`--out ${out}: the ending says ${own}, --format says ${format}; leave out --format`);
}

const endings = () => `a file ${KNOWN.slice(0, -1).join(", ")} or ${KNOWN.at(-1)}, or - for stdout`;

/** FITS is no text, and a terminal would obey it. */
export function refuseBinary(format: TableFormat, isTerminal: boolean): void {
  if (format !== "fits" || !isTerminal) return;
  throw new SpecError("--format fits: a terminal cannot show it; name a file with --out, or lead stdout to one");
}
