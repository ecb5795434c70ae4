/** Absorption of gamma rays by the extragalactic background light, as XSPEC's table models have it ($GAMMAPY_DATA/ebl). */
import { FormatError } from "../errors.js";
import { imageHdu, readFits, tableHdu, writeFits } from "../fits/index.js";
import type { SpectralTable } from "../models/types.js";
import { energiesHdu, KEV, numbersColumn, readTableParts } from "./table-model/parts.js";

/** Smallest normal float32, as which Gammapy takes a zero of these tables. */
const TINY = 2 ** -126;

/**
 * Reads a table model (OGIP 92-009): ENERGIES in keV, and in SPECTRA the share of the light that is left by energy (INTPSPEC) for each redshift (PARAMVAL). Rows
 * are sorted by redshift, of equal ones the first counts, as in Gammapy.
 * @throws FormatError where the file is damaged, or no table model of one parameter.
 */
export function readAbsorption(bytes: Uint8Array, { where = "FITS file" } = {}): SpectralTable {
  const { low, high, places: redshifts, values: rows } = readTableParts(readFits(bytes, { where }), where);
  const energy = low.map((e, i) => Math.sqrt(e * high[i]!) * KEV);
  const n = energy.length;
  if (rows.length !== n * redshifts.length) {
    const found = `${redshifts.length} values of parameters in ${rows.length / n} rows`;
    throw new FormatError({ where: `${where}: SPECTRA`, found, expected: "one, the redshift, in each row" });
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
  // sqrt(low high) must be the energy again: each bin is as wide to the left as to the right
  const widths = energy.map((e, i) => Math.sqrt((energy[i + 1] ?? e * 1.01) / e));
  return writeFits([
    imageHdu("PRIMARY", [], null),
    tableHdu("PARAMETERS", [numbersColumn("VALUE", param, [param.length])]),
    energiesHdu(
      energy.map((e, i) => e / KEV / widths[i]!),
      energy.map((e, i) => (e / KEV) * widths[i]!),
    ),
    tableHdu("SPECTRA", [numbersColumn("PARAMVAL", param), numbersColumn("INTPSPEC", values, [energy.length])]),
  ]);
}
