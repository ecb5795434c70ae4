/** Values at phases (PHASE, NORM), as Gammapy's phase curves of pulsars have them. */
import { FormatError } from "../errors.js";
import { imageHdu, makeColumn, numericColumn, readFits, type TableHdu, tableHdu, writeFits } from "../fits/index.js";
import type { PhaseCurve } from "../models/types.js";

export function readPhaseCurve(bytes: Uint8Array, { where = "FITS file" } = {}): PhaseCurve {
  const table = readFits(bytes, { where }).find((hdu): hdu is TableHdu => hdu.kind === "table");
  if (table === undefined) throw new FormatError(`${where}: no table, expected one with the columns PHASE and NORM`);
  const at = `${where}: HDU ${table.name || 1}`;
  const [phase, values] = [numericColumn(table, "PHASE", at), numericColumn(table, "NORM", at)];
  if (phase.length < 2 || values.length !== phase.length) {
    throw new FormatError(
      `${at}: ${phase.length} phases with ${values.length} values; expected two or more, one for each`,
    );
  }
  const wrong = phase.findIndex((x, i) => !(x >= 0 && x <= 1 && (i === 0 || x > phase[i - 1]!)));
  if (wrong >= 0) {
    throw new FormatError(
      `${at}: row ${wrong + 1}: PHASE is ${phase[wrong]}, expected 0 to 1, and more than in the row before`,
    );
  }
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new FormatError(`${at}: row ${bad + 1}: NORM is ${values[bad]}, expected a finite number`);
  return { phase: phase.slice(), values: values.slice() };
}

/** The same curve as a file that Gammapy opens too, in float64. */
export function writePhaseCurve({ phase, values }: PhaseCurve): Uint8Array {
  const columns = [makeColumn("PHASE", phase), makeColumn("NORM", values)];
  return writeFits([imageHdu("PRIMARY", [], null), tableHdu("PHASE_CURVE", columns, [])]);
}
