/** Table models of XSPEC (OGIP 92-009) with any number of parameters. */
import { FormatError, UnsupportedError } from "../../errors.js";
import { findTable, getCard, type Hdu, numericColumn, readFits } from "../../fits/index.js";
import { requireMemory } from "../../memory.js";
import type { TableModel, TableParameter } from "../../models/types.js";
import { keyword } from "../hdu.js";
import type { MemoryLimit } from "../memory.js";
import { parametersOf } from "./parameters.js";
import { KEV, ROUNDING, readTableParts, type TableParts } from "./parts.js";

/** Units of MODLUNIT that are no photons in a bin. */
const OTHER_UNIT = /erg|ev|hz|jy|watt|ang|micron/i;

/**
 * Reads a table model: energies in keV unless the columns say another unit, spectra by parameters, each in its place by PARAMVAL.
 * @throws FormatError where the file is damaged, or its tables do not fit together.
 * @throws UnsupportedError where it has an ESCALE, several spectra for a point of the grid, or is no photon flux.
 */
export function readTableModel(bytes: Uint8Array, { where, maxBytes }: MemoryLimit): TableModel {
  if (maxBytes !== undefined) requireMemory(where, [{ what: "SPECTRA", bytes: 2 * bytes.length }], maxBytes);
  return tableModelOf(readFits(bytes, { where }), where);
}

export function tableModelOf(hdus: readonly Hdu[], where: string): TableModel {
  const primary = hdus[0]!;
  const isAdditive = flag(primary, "ADDMODEL", where);
  refuseOthers(primary, isAdditive, where);
  const parts = readTableParts(hdus, where);
  const parameters = parametersOf(findTable(hdus, "PARAMETERS", where), `${where}: PARAMETERS`);
  const [below, above] = ["LOELIMIT", "HIELIMIT"].map((key) => limitOf(primary, key, isAdditive, where));
  const rows = placesOf(parts, parameters, `${where}: SPECTRA`);
  const sorted = (values: Float64Array, name: string) => inPlaces(values, rows, `${where}: SPECTRA, column ${name}`);
  const additional = parameters.filter(({ method }) => method === "additional");
  return {
    name: keyword(primary, "MODLNAME"),
    isAdditive,
    energy: edgesOf(parts, where),
    parameters,
    hasRedshift: flag(primary, "REDSHIFT", where),
    ...(below !== undefined && { below }),
    ...(above !== undefined && { above }),
    spectra: sorted(parts.values, "INTPSPEC"),
    additions: additional.map((_, i) => {
      const name = `ADDSP${String(i + 1).padStart(3, "0")}`;
      const values = numericColumn(parts.spectra, name, where);
      if (values.length === parts.values.length) return sorted(values, name);
      const found = `${values.length} numbers in ADDSP, ${parts.values.length} in INTPSPEC`;
      throw new FormatError({ where: `${where}: SPECTRA`, found, expected: "as many" });
    }),
  };
}

/** T or F, as logical values or as texts and numbers that mean them; F where there is none. */
function flag(hdu: Hdu, key: string, where: string): boolean {
  const written = keyword(hdu, key).toUpperCase();
  if (["T", "TRUE", "1"].includes(written)) return true;
  if (["", "F", "FALSE", "0"].includes(written)) return false;
  throw new FormatError({ where: `${where}: ${key}`, found: written, expected: "T or F" });
}

function refuseOthers(primary: Hdu, isAdditive: boolean, where: string): void {
  const refuse = (what: string, found: string, expected: string) => {
    throw new UnsupportedError({ where: `${where}: ${what}`, found, expected });
  };
  if (flag(primary, "ESCALE", where)) refuse("ESCALE", "T", "F: a scale of energies as a parameter is not read");
  const several = Number(getCard(primary.header, "NXFLTEXP")?.value ?? 1);
  if (several !== 1) refuse("NXFLTEXP", `${several}`, "one spectrum for each point of the grid");
  const unit = keyword(primary, "MODLUNIT");
  if (isAdditive && OTHER_UNIT.test(unit)) refuse("MODLUNIT", unit, "photons/cm^2/s, in each bin of energy");
}

/** The value outside of the energies; of an additive table it would depend on the bins of whoever asks. */
function limitOf(primary: Hdu, key: string, isAdditive: boolean, where: string): number | undefined {
  const value = getCard(primary.header, key)?.value;
  if (value === undefined || value === null || value === "") return undefined;
  const number = Number(value);
  if (!Number.isFinite(number))
    throw new FormatError({ where: `${where}: ${key}`, found: `${value}`, expected: "a number" });
  if (!isAdditive) return number;
  if (number === 0) return undefined;
  throw new UnsupportedError({
    where: `${where}: ${key}`,
    found: `${number}`,
    expected: "0: a flux outside of the energies is not read",
  });
}

function edgesOf({ low, high }: TableParts, where: string): Float64Array {
  const edges = Float64Array.of(...low, high.at(-1)!);
  const bad = low.findIndex((e, i) => !(e >= 0 && edges[i + 1]! > e && Number.isFinite(edges[i + 1]!)));
  if (bad >= 0) {
    const found = `${low[bad]} keV, then ${edges[bad + 1]} keV`;
    throw new FormatError({ where: `${where}: ENERGIES, row ${bad + 1}`, found, expected: "energies that increase" });
  }
  const gap = low.findIndex((e, i) => i > 0 && Math.abs(e - high[i - 1]!) > ROUNDING * e);
  if (gap >= 0) {
    const found = `ENERG_LO ${low[gap]} keV after ENERG_HI ${high[gap - 1]} keV`;
    throw new FormatError({ where: `${where}: ENERGIES, row ${gap + 1}`, found, expected: "bins without gaps" });
  }
  return edges.map((e) => e * KEV);
}

/** The row of each point of the grid, the last parameter changing fastest. */
function placesOf({ places, spectra }: TableParts, parameters: readonly TableParameter[], at: string): Int32Array {
  const axes = parameters.filter(({ method }) => method !== "additional");
  const total = axes.reduce((n, { values }) => n * values.length, 1);
  const { nrows } = spectra;
  if (nrows !== total || places.length !== nrows * axes.length) {
    throw new FormatError({
      where: at,
      found: `${nrows} rows of ${places.length / nrows} parameters`,
      expected: `${total} rows of ${axes.length}, one for each point of the grid of PARAMETERS`,
    });
  }
  const rows = new Int32Array(total).fill(-1);
  for (let row = 0; row < nrows; row++) {
    let place = 0;
    axes.forEach(({ name, values }, k) => {
      const x = places[row * axes.length + k]!;
      const i = nearest(values, x);
      if (i < 0)
        throw new FormatError({
          where: `${at}, row ${row + 1}: PARAMVAL`,
          found: `${name} = ${x}`,
          expected: "a VALUE of this parameter in PARAMETERS",
        });
      place = place * values.length + i;
    });
    if (rows[place]! >= 0)
      throw new FormatError({
        where: `${at}, row ${row + 1}: PARAMVAL`,
        found: `the values of row ${rows[place]! + 1}`,
        expected: "others in each row",
      });
    rows[place] = row;
  }
  return rows;
}

/** Index of the value that x is, but for rounding; -1 where there is none. */
function nearest(values: Float64Array, x: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const distance = Math.abs(values[i]! - x);
    if (distance < least) [best, least] = [i, distance];
  }
  const neighbour = Math.min(
    ...[values[best - 1], values[best + 1]]
      .map((v) => Math.abs((v ?? Number.NaN) - values[best]!))
      .filter((v) => v > 0),
  );
  return least <= Math.max(ROUNDING * Math.abs(x), 1e-30) || least < 1e-3 * (Number.isFinite(neighbour) ? neighbour : 0)
    ? best
    : -1;
}

function inPlaces(values: Float64Array, rows: Int32Array, where: string): Float64Array {
  const n = values.length / rows.length;
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new FormatError({
      where: `${where}, row ${Math.floor(bad / n) + 1}`,
      found: `${values[bad]}`,
      expected: "finite numbers",
    });
  if (rows.every((row, i) => row === i)) return values;
  const out = new Float64Array(values.length);
  rows.forEach((row, i) => {
    out.set(values.subarray(row * n, (row + 1) * n), i * n);
  });
  return out;
}
