/** Which of several matrices of an RMF belongs to a spectrum, and where its channels begin to count. */
import { FormatError } from "../../errors.js";
import {
  type Column,
  type FitsArray,
  findColumn,
  findTable,
  getCard,
  headerNumber,
  type TableHdu,
} from "../../fits/index.js";
import type { NoteOptions } from "../cards.js";
import { basename } from "../files.js";
import { hasColumns, keyword } from "../hdu.js";
import { ofVersion } from "../selector.js";
import type { Opened } from "./companion.js";

/** The numbers in one cell of a column of scalars, vectors or variable-length arrays. */
export function cell(column: Column, row: number): ArrayLike<number> {
  const size = column.shape.reduce((a, b) => a * b, 1);
  const data = /^[PQ]/.test(column.format)
    ? (column.data[row] as ArrayLike<number | bigint>)
    : (column.data as FitsArray).subarray(row * size, (row + 1) * size);
  return typeof data[0] === "bigint" ? Array.from(data, Number) : (data as ArrayLike<number>);
}

/** When something was measured: the numbers of the file, in s. */
export type Times = readonly [start: number, stop: number];

/** TSTART and TSTOP of a header, or what stands for them; undefined where there are none. */
export function timesOf({ header }: TableHdu, at: string): Times | undefined {
  const number = (...names: readonly string[]) => {
    const name = names.find((key) => typeof getCard(header, key)?.value === "number");
    return name === undefined ? Number.NaN : headerNumber(header, name, at);
  };
  const start = number("TSTART", "TIME");
  const stop = number("TSTOP", "ENDTIME");
  const times: Times = [start, Number.isFinite(stop) ? stop : start + number("TELAPSE")];
  return times[1] >= times[0] ? times : undefined;
}

/** How long both last, in s. */
const overlap = ([a, b]: Times, [c, d]: Times): number => Math.min(b, d) - Math.max(a, c);

/**
 * The matrix of a file. Of several ("rsp2") that of the number {n} (its EXTVER, else its place), else that measured at the time of the spectrum, else the
 * first; which one is said.
 */
export function chooseMatrix(
  { hdus, path: where, chosen, number }: Opened,
  { times }: { readonly times?: Times | undefined },
  { onNote }: NoteOptions,
): TableHdu {
  if (chosen !== undefined) return chosen;
  const tables = hdus.filter((hdu): hdu is TableHdu => hdu.kind === "table");
  const classed = tables.filter((table) => keyword(table, "HDUCLAS2").toUpperCase() === "RSP_MATRIX");
  const isMatrix = (table: TableHdu) => hasColumns(table, "n_grp", "f_chan", "n_chan", "matrix");
  const all = classed.length > 0 ? classed : tables.filter(isMatrix);
  const [first] = all;
  if (first === undefined) return findTable(hdus, "MATRIX", where);
  if (number !== undefined) {
    const found = ofVersion(all, number);
    if (found !== undefined) return found;
    throw new FormatError({
      where,
      found: `the matrix {${number}} asked for`,
      expected: `one of its ${all.length}: EXTVER ${all.map((table, i) => keyword(table, "EXTVER") || i + 1).join(", ")}`,
    });
  }
  if (all.length === 1) return first;
  const shared = times && all.map((table) => overlap(times, timesOf(table, where) ?? [0, 0]));
  const best = shared?.reduce((k, x, i) => (x > shared[k]! ? i : k), 0) ?? 0;
  const isThen = shared !== undefined && shared[best]! > 0;
  const table = isThen ? all[best]! : first;
  const version = keyword(table, "EXTVER") || String(all.indexOf(table) + 1);
  const why = isThen
    ? "which was measured at the time of the spectrum"
    : times === undefined
      ? "the first, as the spectrum says no time"
      : "the first, as none was measured at the time of the spectrum";
  onNote?.(
    `${where}: of ${all.length} matrices number ${version} is used, ${why}; name another as RESPFILE = '${basename(where)}{2}'`,
  );
  return table;
}

interface Channels {
  readonly table: TableHdu;
  readonly ebounds: TableHdu | undefined;
  /** How many there are. */
  readonly channels: number;
  readonly at: string;
}

/**
 * The number of the first channel in F_CHAN: its TLMIN. Where that is missing, what F_CHAN itself leaves possible (0 or 1): the TLMIN of CHANNEL in EBOUNDS,
 * else 1 as the standard has it; which is said.
 */
export function firstChannel(
  { table, ebounds, channels, at }: Channels,
  { onNote, firstChannel: known }: NoteOptions & { readonly firstChannel?: number },
): number {
  const own = lowestOf(table, "F_CHAN") ?? known;
  if (own !== undefined) return own;
  const [lowest, highest] = rangeOf(table, at);
  const [found, why] =
    lowest === 0
      ? [0, "as F_CHAN holds 0"]
      : highest >= channels
        ? [1, `as F_CHAN holds ${highest} of ${channels} channels`]
        : ebounds !== undefined && lowestOf(ebounds, "CHANNEL") !== undefined
          ? [lowestOf(ebounds, "CHANNEL")!, "the TLMIN of CHANNEL in EBOUNDS"]
          : [1, "the default of the standard"];
  onNote?.(`${at}: TLMIN of F_CHAN is missing; channels are counted from ${found}, ${why}`);
  return found;
}

/** TLMINn of a column. */
function lowestOf(table: TableHdu, name: string): number | undefined {
  const index = table.columns.findIndex((column) => column.name.toUpperCase() === name);
  const own = table.columns[index]?.keywords?.find((c) => c.key.replace(/\d+$/, "") === "TLMIN")?.value;
  const value = own ?? getCard(table.header, `TLMIN${index + 1}`)?.value;
  const number = value === undefined || value === null || value === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The lowest and the highest number of a channel that groups of the matrix have. */
function rangeOf(table: TableHdu, at: string): [lowest: number, highest: number] {
  const [groups, start, width] = ["N_GRP", "F_CHAN", "N_CHAN"].map((name) => findColumn(table, name, at));
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < table.nrows; row++) {
    const [f, n] = [cell(start!, row), cell(width!, row)];
    const count = cell(groups!, row)[0] ?? 0;
    for (let g = 0; g < count; g++) {
      if (!(n[g]! > 0)) continue;
      lowest = Math.min(lowest, f[g]!);
      highest = Math.max(highest, f[g]! + n[g]! - 1);
    }
  }
  return [lowest, highest];
}
