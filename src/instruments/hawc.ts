import type { FluxPointsDataset } from "../datasets/types.js";
import { defaultReference, referenceValues } from "../io/flux-points/quantities.js";
import { axisCenters, axisFromEdges } from "../sky/axis.js";

/**
 * The Crab Nebula with the neural-network energy estimator of HAWC: Abeysekara et al. 2019, ApJ 881, 134 (arXiv:1905.12518), table 4.
 * Edges and median of the bin [TeV], TS, E^2 dN/dE and its statistical error [TeV cm-2 s-1]; in the last bin an upper limit.
 */
const TABLE: readonly (readonly [number, number, number, number, number])[] = [
  [1, 1.04, 2734, 3.63e-11, 0.08e-11],
  [1.78, 1.83, 4112, 2.67e-11, 0.05e-11],
  [3.16, 3.24, 4678, 1.92e-11, 0.04e-11],
  [5.62, 5.84, 3683, 1.24e-11, 0.03e-11],
  [10, 10.66, 2259, 8.15e-12, 0.31e-12],
  [17.8, 19.6, 1237, 5.23e-12, 0.29e-12],
  [31.6, 36.1, 572, 3.26e-12, 0.28e-12],
  [56.2, 66.8, 105, 1.23e-12, 0.24e-12],
  [100, 118, 28.8, 8.37e-13, 2.91e-13],
  [177, 204, 0.14, 8.14e-13, Number.NaN],
];
const LAST_EDGE = 316;

/** The paper's fit, cm-2 s-1 TeV-1. */
function fittedSpectrum(e: number): number {
  const x = Math.log(e / 7);
  return 2.31e-13 * Math.exp(-x * (2.73 + 0.06 * x));
}

/**
 * The published points, as dnde at the geometric centres of their bins, where readers of tables with bin edges put them: carried there from
 * the medians along the paper's fit.
 */
export function hawcCrabPoints(name: string): FluxPointsDataset {
  const edges = [...TABLE.map(([low]) => low), LAST_EDGE];
  const energy = axisFromEdges(edges, { name: "energy", unit: "TeV", interp: "log" });
  const e = axisCenters(energy);
  const reference = referenceValues(defaultReference, e, edges.slice(0, -1), edges.slice(1));
  const carried = (i: number, sed: number) => {
    const median = TABLE[i]![1];
    const dnde = (sed / median ** 2) * (fittedSpectrum(e[i]!) / fittedSpectrum(median));
    return Number(dnde.toPrecision(7)) / reference.dnde[i]!;
  };
  const norms = (f: (sed: number, error: number) => number) =>
    Float64Array.from(TABLE, ([, , , sed, error], i) => carried(i, f(sed, error)));
  return {
    type: "FluxPointsDataset",
    name,
    points: {
      energy,
      sedType: "dnde",
      reference,
      norm: norms((sed, error) => (Number.isNaN(error) ? Number.NaN : sed)),
      normErr: norms((_, error) => error),
      normUl: norms((sed, error) => (Number.isNaN(error) ? sed : Number.NaN)),
      ts: Float64Array.from(TABLE, ([, , ts]) => ts),
      isUlStored: Uint8Array.from(TABLE, ([, , , , error]) => (Number.isNaN(error) ? 1 : 0)),
      meta: { CREATOR: "GammaTS", ORIGIN: "ApJ 881, 134 (2019), table 4 (HAWC)", REFERENC: "arXiv:1905.12518" },
    },
    statistic: "chi2",
  };
}
