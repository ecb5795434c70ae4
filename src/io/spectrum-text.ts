/**
 * Spectra as texts of the Fermi tools (FileFunction, isotropic emission): columns of energy [MeV], dnde [cm-2 s-1 MeV-1, of emission from everywhere by sr too] and
 * maybe its uncertainty, which is not used; a line an energy, those that begin with # are comments.
 */
import { FormatError } from "../errors.js";
import type { SpectralTable } from "../models/types.js";
import type { MemoryLimit } from "./memory.js";
import { decodeText } from "./text.js";

const MEV = 1e-6; // TeV

/** The numbers of each line; undefined where a line is none of two or more. */
export function columnsOfText(text: string): (readonly number[])[] | undefined {
  const rows: (readonly number[])[] = [];
  for (const line of text.split("\n")) {
    const words = line.trim().split(/[\s,]+/);
    if (words[0] === "" || words[0]!.startsWith("#")) continue;
    const row = words.map(Number);
    if (row.length < 2 || row.some(Number.isNaN)) return undefined;
    rows.push(row);
  }
  return rows;
}

export function readSpectrumText(bytes: Uint8Array, { where }: MemoryLimit): SpectralTable {
  const rows = columnsOfText(decodeText(bytes, where)) ?? [];
  if (rows.length < 2) {
    throw new FormatError({
      where,
      found: "no columns of numbers",
      expected: "a spectrum: lines of an energy [MeV] and dnde [cm-2 s-1 MeV-1]",
    });
  }
  const bad = rows.findIndex(([e, dnde], i) => !(e! > (rows[i - 1]?.[0] ?? 0) && dnde! >= 0 && Number.isFinite(dnde!)));
  if (bad >= 0) {
    throw new FormatError({
      where,
      found: `${rows[bad]!.slice(0, 2).join(" ")} in row ${bad + 1} of numbers`,
      expected: "energies that increase from above 0, and numbers of at least 0",
    });
  }
  return {
    energy: Float64Array.from(rows, ([e]) => e! * MEV),
    param: Float64Array.of(0),
    values: Float64Array.from(rows, ([, dnde]) => dnde! / MEV),
  };
}

export function writeSpectrumText({ energy, values }: SpectralTable): Uint8Array {
  const lines = Array.from(energy, (e, i) => `${e / MEV} ${values[i]! * MEV}\n`);
  return new TextEncoder().encode(lines.join(""));
}
