/** Absorption of gamma rays by the extragalactic background light, as XSPEC's table models have it ($GAMMAPY_DATA/ebl). */
import { FormatError } from "../errors.js";
import { findTable, imageHdu, makeColumn, numericColumn, readFits, tableHdu, writeFits } from "../fits/index.js";
import type { SpectralTable } from "../models/types.js";

const KEV = 1e-9;
/** Smallest normal float32, as which Gammapy takes a zero of these tables. */
const TINY = 2 ** -126;

/**
 * Reads a table model (OGIP 92-009): ENERGIES in keV, and in SPECTRA the share of the light that is left by energy (INTPSPEC) for each redshift (PARAMVAL). Rows
 * are sorted by redshift, of equal ones the first counts, as in Gammapy.
 * @throws FormatError where the file is damaged, or no table model of one parameter.
 */
export function readAbsorption(bytes: Uint8Array, { where = "FITS file" } = {}): SpectralTable {
  const hdus = readFits(bytes, { where });
  const energies = findTable(hdus, "ENERGIES", where);
  const [low, high] = ["ENERG_LO", "ENERG_HI"].map((name) => numericColumn(energies, name, where));
  const energy = low!.map((e, i) => Math.sqrt(e * high![i]!) * KEV);
  const spectra = findTable(hdus, "SPECTRA", where);
  const redshifts = numericColumn(spectra, "PARAMVAL", where);
  const rows = numericColumn(spectra, "INTPSPEC", where);
  const n = energy.length;
  if (n === 0 || redshifts.length === 0 || rows.length !== n * redshifts.length) {
    throw new FormatError(
      `${where}: SPECTRA holds ${rows.length} numbers for ${redshifts.length} redshifts, expected ${n} in each row as there are ENERGIES; is this a table model of one parameter?`,
    );
  }
  const bad = energy.findIndex((e, i) => !(e > (i === 0 ? 0 : energy[i - 1]!) && Number.isFinite(e)));
  if (bad >= 0)
    throw new FormatError(
      `${where}: ENERGIES, row ${bad + 1}: ${energy[bad]! / KEV} keV, expected more than in the row before`,
    );
  const wrong = rows.findIndex((share) => !(share >= 0 && Number.isFinite(share)));
  if (wrong >= 0) {
    throw new FormatError(
      `${where}: SPECTRA, row ${Math.floor(wrong / n) + 1}: INTPSPEC is ${rows[wrong]}, expected the share of the light that is left, from 0`,
    );
  }
  const order = Array.from(redshifts.keys()).sort((a, b) => redshifts[a]! - redshifts[b]! || a - b);
  const kept = order.filter((row, k) => k === 0 || redshifts[row] !== redshifts[order[k - 1]!]);
  const values = new Float64Array(kept.length * n);
  kept.forEach((row, k) => {
    for (let i = 0; i < n; i++) values[k * n + i] = Math.max(rows[row * n + i]!, TINY);
  });
  return { energy, param: Float64Array.from(kept, (row) => redshifts[row]!), values };
}

/** The same table as a file that Gammapy opens too, in float64. */
export function writeAbsorption({ energy, param, values }: SpectralTable): Uint8Array {
  const n = energy.length;
  // sqrt(low high) must be the energy again: each bin is as wide to the left as to the right
  const widths = energy.map((e, i) => Math.sqrt((energy[i + 1] ?? e * 1.01) / e));
  const column = (name: string, data: Float64Array, shape: readonly number[] = []) => makeColumn(name, data, { shape });
  return writeFits([
    imageHdu("PRIMARY", [], null),
    tableHdu("PARAMETERS", [column("VALUE", param, [param.length])]),
    tableHdu("ENERGIES", [
      column(
        "ENERG_LO",
        energy.map((e, i) => e / KEV / widths[i]!),
      ),
      column(
        "ENERG_HI",
        energy.map((e, i) => (e / KEV) * widths[i]!),
      ),
    ]),
    tableHdu("SPECTRA", [column("PARAMVAL", param), column("INTPSPEC", values, [n])]),
  ]);
}
