import { readFileSync } from "node:fs";
import { createSubmodel } from "../../src/api/models.js";
import type { FluxPointsDataset } from "../../src/datasets/types.js";
import { type ParameterInput, skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { axisFromNodes } from "../../src/sky/axis.js";

/** Numbers of iminuit and scipy: test/oracle/fit.py. */
export const oracle = JSON.parse(readFileSync(new URL("../oracle/fit.json", import.meta.url), "utf8"));

/** The flux points of the oracle, or others, in TeV and cm-2 s-1 TeV-1. */
export function points(
  energy: readonly number[] = oracle.energy,
  dnde: readonly number[] = oracle.dnde,
  error: readonly number[] = oracle.error,
  name = "points",
): FluxPointsDataset {
  const reference = Float64Array.from(dnde, (y) => Math.abs(y) || 1);
  const e = Float64Array.from(energy);
  return {
    type: "FluxPointsDataset",
    name,
    statistic: "chi2",
    points: {
      energy: axisFromNodes(e, { name: "energy", unit: "TeV", interp: "log" }),
      sedType: "dnde",
      reference: {
        dnde: reference,
        e2dnde: reference.map((y, i) => y * e[i]! ** 2),
        flux: reference.map((y, i) => y * e[i]!),
        eflux: reference.map((y, i) => y * e[i]! ** 2),
      },
      norm: Float64Array.from(dnde, (y, i) => y / reference[i]!),
      normErr: Float64Array.from(error, (s, i) => s / reference[i]!),
    },
  };
}

/** A source "crab" with a log parabola. */
export function logParabola(values: Readonly<Record<string, ParameterInput>> = {}): Models {
  const spectral = createSubmodel("lp", { amplitude: 3e-11, reference: 1, alpha: 2, beta: 0.1, ...values });
  return { components: [skyModel({ name: "crab", spectral })] };
}

export const A = "crab.amplitude";
export const ALPHA = "crab.alpha";
export const BETA = "crab.beta";
