/** Responses of the OGIP format: ARF and RMF (George et al., CAL/GEN/92-002 and 92-002a). */

import { FormatError } from "../../errors.js";
import {
  type Column,
  findColumn,
  findTable,
  getCard,
  type Hdu,
  numericColumn,
  type TableHdu,
} from "../../fits/index.js";
import { requireMemory, withMemory } from "../../memory.js";
import type { MapAxis } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import type { NoteOptions } from "../cards.js";
import { basename } from "../files.js";
import { keyword } from "../hdu.js";
import type { Opened } from "./companion.js";
import { axisOfColumns } from "./pha.js";

/** Effective area [n] in cm2 on the axis energy_true. */
export function readArf(
  { hdus, path: where, chosen }: Opened,
  options: NoteOptions,
): { axis: MapAxis; area: Float64Array } {
  const table = chosen ?? findTable(hdus, "SPECRESP", where);
  const at = `${where}: HDU SPECRESP`;
  const axis = axisOfColumns(table, "ENERG_LO", "ENERG_HI", "energy_true", at, options);
  const unit = findColumn(table, "SPECRESP", at).unit ?? "cm2";
  const factor = conversionFactor(unit, "cm2", `${at}, column SPECRESP`);
  const area = numericColumn(table, "SPECRESP", at).map((x) => x * factor);
  const bad = area.findIndex((x) => !(x >= 0 && Number.isFinite(x)));
  if (bad >= 0) {
    throw new FormatError(`${at}, column SPECRESP: row ${bad + 1} is ${area[bad]} cm2, expected a number from 0`);
  }
  return { axis, area };
}

/** Redistribution matrix: probability [energy_true, channel]. */
interface Rmf {
  readonly axis: MapAxis;
  readonly channels: number;
  readonly matrix: Float64Array;
  /** The matrix holds the effective area too, cm2 (HDUCLAS3 FULL). */
  readonly isFull: boolean;
}

/**
 * `ebounds`: number of channels and the number of the first, for files that do not say where F_CHAN starts. A matrix of more than `maxBytes` is refused:
 * its file, without the zeros, may be much smaller.
 */
export function readRmf(
  { hdus, path: where, chosen }: Opened,
  ebounds: { readonly channels: number; readonly firstChannel: number },
  { maxBytes, ...options }: NoteOptions & { readonly maxBytes?: number | undefined },
): Rmf {
  const table = chosen ?? findMatrix(hdus, where, options);
  const at = `${where}: HDU ${table.name}`;
  const axis = axisOfColumns(table, "ENERG_LO", "ENERG_HI", "energy_true", at, options);
  const { channels } = ebounds;
  const first = firstChannel(table, ebounds.firstChannel);
  const [groups, start, width, values] = ["N_GRP", "F_CHAN", "N_CHAN", "MATRIX"].map((n) => findColumn(table, n, at));
  const size = table.nrows * channels;
  const needs = [{ what: `a matrix of ${table.nrows} x ${channels}`, bytes: 8 * size }];
  requireMemory(at, needs, maxBytes);
  const matrix = withMemory(
    at,
    () => needs,
    () => new Float64Array(size),
  );
  for (let row = 0; row < table.nrows; row++) {
    const f = cell(start!, row);
    const n = cell(width!, row);
    const m = cell(values!, row);
    let used = 0;
    for (let g = 0; g < (cell(groups!, row)[0] ?? 0); g++) {
      const count = n[g] ?? 0;
      if (count === 0) continue;
      const begin = (f[g] ?? Number.NaN) - first;
      if (!(begin >= 0 && begin + count <= channels && used + count <= m.length)) {
        throw new FormatError(
          `${at}, row ${row + 1}, group ${g + 1}: F_CHAN ${f[g]} with N_CHAN ${count} and ${m.length} values in MATRIX does not fit ${channels} channels that start at ${first}; check TLMIN of F_CHAN`,
        );
      }
      for (let k = 0; k < count; k++) matrix[row * channels + begin + k] = m[used + k]!;
      used += count;
    }
  }
  const bad = matrix.findIndex((x) => !(x >= 0 && Number.isFinite(x)));
  if (bad >= 0) {
    throw new FormatError(
      `${at}, column MATRIX: row ${Math.floor(bad / channels) + 1} has ${matrix[bad]} for channel ${(bad % channels) + first}, expected a probability`,
    );
  }
  return { axis, channels, matrix, isFull: isFull(table) };
}

function isFull(table: TableHdu): boolean {
  const content = keyword(table, "HDUCLAS3").toUpperCase();
  return content === "FULL" || (content === "" && table.name === "SPECRESP MATRIX");
}

function findMatrix(hdus: readonly Hdu[], where: string, { onNote }: NoteOptions): TableHdu {
  const [classed, ...others] = hdus.filter(
    (hdu): hdu is TableHdu => hdu.kind === "table" && keyword(hdu, "HDUCLAS2") === "RSP_MATRIX",
  );
  if (others.length > 0) {
    onNote?.(
      `${where}: the first of ${others.length + 1} matrices is used; name another as RESPFILE = '${basename(where)}[${classed!.name},2]'`,
    );
  }
  if (classed !== undefined) return classed;
  const named = ["MATRIX", "SPECRESP MATRIX"].find((name) => hdus.some((hdu) => hdu.name === name));
  return findTable(hdus, named ?? "MATRIX", where);
}

/** TLMINn of the column F_CHAN; the standard's default is 1, but files without it mostly follow their EBOUNDS. */
function firstChannel(table: TableHdu, fallback: number): number {
  const index = table.columns.findIndex((column) => column.name.toUpperCase() === "F_CHAN");
  const own = table.columns[index]?.keywords?.find((c) => c.key.replace(/\d+$/, "") === "TLMIN")?.value;
  const value = own ?? getCard(table.header, `TLMIN${index + 1}`)?.value;
  return value === undefined || value === null ? fallback : Number(value);
}

/** The numbers in one cell of a column of scalars, vectors or variable-length arrays. */
function cell(column: Column, row: number): ArrayLike<number> {
  if (/^[PQ]/.test(column.format)) return Array.from(column.data[row] as ArrayLike<number | bigint>, Number);
  const size = column.shape.reduce((a, b) => a * b, 1);
  const data = column.data as ArrayLike<number | bigint>;
  return Array.from({ length: size }, (_, i) => Number(data[row * size + i]));
}
