/** Responses of the OGIP format: ARF and RMF (George et al., CAL/GEN/92-002 and 92-002a). */

import { FormatError } from "../../errors.js";
import { findColumn, findTable, numericColumn, type TableHdu } from "../../fits/index.js";
import { requireMemory, withMemory } from "../../memory.js";
import type { MapAxis } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import type { NoteOptions } from "../cards.js";
import { keyword } from "../hdu.js";
import type { Opened } from "./companion.js";
import { cell, chooseMatrix, firstChannel } from "./matrix.js";
import { axisOfColumns, eboundsOf } from "./pha.js";

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
export interface Rmf {
  readonly axis: MapAxis;
  readonly channels: number;
  readonly matrix: Float64Array;
  /** The matrix holds the effective area too, cm2 (HDUCLAS3 FULL). */
  readonly isFull: boolean;
}

interface RmfOptions extends NoteOptions {
  readonly maxBytes?: number | undefined;
  /** The number of the first channel, where it is known for files that do not say it. */
  readonly firstChannel?: number;
}

/**
 * The matrix in the table `chosen` (of several: `chooseMatrix`). A matrix of more than `maxBytes` is refused: its file, without the zeros, may be much
 * smaller.
 */
export function readRmf(
  { hdus, path: where, chosen }: Opened,
  channels: number,
  { maxBytes, ...options }: RmfOptions,
): Rmf {
  const table = chosen ?? chooseMatrix({ hdus, path: where }, {}, options);
  const at = `${where}: HDU ${table.name}`;
  const axis = axisOfColumns(table, "ENERG_LO", "ENERG_HI", "energy_true", at, options);
  const [groups, start, width, values] = ["N_GRP", "F_CHAN", "N_CHAN", "MATRIX"].map((n) => findColumn(table, n, at));
  const first = firstChannel({ table, ebounds: eboundsOf(hdus, table), channels, at }, options);
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
    const nGroups = cell(groups!, row)[0] ?? 0;
    let used = 0;
    for (let g = 0; g < nGroups; g++) {
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
