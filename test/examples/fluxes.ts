/** Flux points and the flux of a band as files, and what iminuit fits to them (test/oracle/extensions.py). */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Folder } from "../cli/run.js";

interface Points {
  readonly energy: number[];
  readonly dnde: number[];
  readonly error: number[];
}

/** Index and amplitude [cm-2 s-1 TeV-1] of a power law at 1 TeV. */
export interface Fitted {
  readonly values: number[];
  readonly errors: number[];
  readonly stat: number;
}

const stored = JSON.parse(readFileSync("test/oracle/extensions.json", "utf8"));

export const fluxes = stored.fluxes as {
  readonly points: Points;
  readonly others: Points;
  /** emin, emax [TeV], flux, error [cm-2 s-1] */
  readonly band: readonly [number, number, number, number];
  /** The fits without one of the three. */
  readonly without: Readonly<Record<"band" | "points" | "others", Fitted>>;
};

export const BAND_HEAD = "# emin [TeV], emax [TeV], flux [cm-2 s-1], error of flux";

const ECSV = `# %ECSV 1.0
# ---
# datatype:
# - {name: e_ref, unit: TeV, datatype: float64}
# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}
# - {name: dnde_err, unit: cm-2 s-1 TeV-1, datatype: float64}
# meta: {SED_TYPE: dnde}
e_ref dnde dnde_err
`;

const MODELS = `components:
- name: source
  type: SkyModel
  spectral: {type: pl, parameters: [{name: index, value: 2.0}, {name: amplitude, value: 1.0e-11, unit: cm-2 s-1 TeV-1}]}
`;

/** datasets.yaml of these datasets and models.yaml with a power law. */
export function writeFluxes(folder: Folder, names: readonly ("band" | "points" | "others")[]): void {
  writeFileSync(folder.path("band.txt"), `${BAND_HEAD}\n${fluxes.band.join(" ")}\n`);
  for (const name of ["points", "others"] as const) {
    const { energy, dnde, error } = fluxes[name];
    const rows = energy.map((e, i) => `${e} ${dnde[i]} ${error[i]}\n`);
    writeFileSync(folder.path(`${name}.ecsv`), ECSV + rows.join(""));
  }
  const entries = names.map((name) =>
    name === "band"
      ? "- {name: band, type: BandFluxDataset, filename: band.txt}\n"
      : `- {name: ${name}, type: FluxPointsDataset, filename: ${name}.ecsv}\n`,
  );
  writeFileSync(folder.path("datasets.yaml"), `datasets:\n${entries.join("")}`);
  writeFileSync(folder.path("models.yaml"), MODELS);
}

/** iminuit stops at an edm of 2e-9 and takes its Hessian by differences: both well below a thousandth of an error. */
export function expectLike(fitted: Fitted, values: ArrayLike<number>, errors: ArrayLike<number>): void {
  fitted.values.forEach((value, i) => {
    const error = fitted.errors[i]!;
    expect(Math.abs(values[i]! - value) / error).toBeLessThan(1e-3);
    expect(Math.abs(errors[i]! / error - 1)).toBeLessThan(1e-3);
  });
}
