import type { FluxPoints, SedType } from "../../datasets/types.js";

/** The spectrum that flux points are relative to; e in TeV. */
export interface ReferenceSpectrum {
  /** cm-2 s-1 TeV-1 */
  dnde(e: number): number;
  /** Integral of dnde over [e0, e1], cm-2 s-1. */
  flux(e0: number, e1: number): number;
  /** Integral of E dnde over [e0, e1], TeV cm-2 s-1. */
  eflux(e0: number, e1: number): number;
}

/** dnde = 1e-12 cm-2 s-1 TeV-1 (E / TeV)^-2, the reference of Gammapy for tables that bring none. */
export const defaultReference: ReferenceSpectrum = {
  dnde: (e) => 1e-12 / (e * e),
  flux: (e0, e1) => 1e-12 * (1 / e0 - 1 / e1),
  eflux: (e0, e1) => 1e-12 * Math.log(e1 / e0),
};

/** Internal unit of each quantity. */
export const SED_UNITS: Readonly<Record<SedType, string>> = {
  dnde: "cm-2 s-1 TeV-1",
  e2dnde: "TeV cm-2 s-1",
  flux: "cm-2 s-1",
  eflux: "TeV cm-2 s-1",
  likelihood: "",
};

/** In the order in which Gammapy looks for them. */
export const SED_TYPES: readonly SedType[] = ["dnde", "e2dnde", "flux", "eflux", "likelihood"];

type Norm = "norm" | "normErr" | "normErrn" | "normErrp" | "normUl" | "normSensitivity";

/** Column endings of the quantities that scale with the flux. */
export const NORM_COLUMNS: readonly (readonly [Norm, string])[] = [
  ["norm", ""],
  ["normErr", "_err"],
  ["normErrp", "_errp"],
  ["normErrn", "_errn"],
  ["normUl", "_ul"],
  ["normSensitivity", "_sensitivity"],
];

type Plain = "ts" | "sqrtTs" | "npred" | "npredExcess" | "stat" | "statNull" | "counts" | "nDof";

/** Columns [n] that all SED types share. `true`: one value per dataset, summed when read. */
export const PLAIN_COLUMNS: readonly (readonly [Plain, string, boolean])[] = [
  ["ts", "ts", false],
  ["sqrtTs", "sqrt_ts", false],
  ["npred", "npred", true],
  ["npredExcess", "npred_excess", true],
  ["stat", "stat", false],
  ["statNull", "stat_null", false],
  ["counts", "counts", true],
  ["nDof", "n_dof", false],
];

/** Reference values of the points between e0 and e1, at e. */
export function referenceValues(
  spectrum: ReferenceSpectrum,
  e: ArrayLike<number>,
  e0: ArrayLike<number>,
  e1: ArrayLike<number>,
): FluxPoints["reference"] {
  const each = (f: (i: number) => number) => Float64Array.from(e, (_, i) => f(i));
  return {
    dnde: each((i) => spectrum.dnde(e[i]!)),
    flux: each((i) => spectrum.flux(e0[i]!, e1[i]!)),
    eflux: each((i) => spectrum.eflux(e0[i]!, e1[i]!)),
    e2dnde: each((i) => e[i]! ** 2 * spectrum.dnde(e[i]!)),
  };
}
