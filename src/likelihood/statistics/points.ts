/** Statistics of flux points (numerics.md section 5). */
import { isUpperLimit, normError } from "../../datasets/flux-points.js";
import type { FluxPoints } from "../../datasets/types.js";
import { evaluateSpline, type QuadraticSpline } from "../../math/spline.js";
import {
  asymmetricError,
  chi2Derivatives,
  chi2 as chi2Of,
  profileSpline,
  upperLimitDerivatives,
  upperLimitStat,
} from "../../stats/chi2.js";
import type { BoundPoints, PointsStatistic } from "./types.js";

type Column = Float64Array | undefined;

/** A norm-like column of the points in use, as dnde. */
function dnde(points: FluxPoints, used: readonly number[], column: Column): Float64Array {
  return Float64Array.from(used, (i) => (column?.[i] ?? Number.NaN) * points.reference.dnde[i]!);
}

const errors = (points: FluxPoints, used: readonly number[]) =>
  Float64Array.from(used, (i) => normError(points, i) * points.reference.dnde[i]!);

/** A value and an error at point i. */
const isMeasured = (points: FluxPoints, i: number): boolean =>
  Number.isFinite(points.norm[i]! * points.reference.dnde[i]!) && Number.isFinite(normError(points, i));

/** Chi2 of values with normal errors [n]. */
export function normalErrors(values: Float64Array, err: Float64Array): BoundPoints {
  return {
    value: (i, mu) => chi2Of(values[i]!, mu, err[i]!),
    derivatives: (i, mu, out) => chi2Derivatives(values[i]!, mu, err[i]!, out),
    sigma: (i) => err[i]!,
    isFixed: () => false,
  };
}

export const chi2: PointsStatistic = {
  name: "chi2",
  about: "normal errors, the same above and below; limits are left out",
  data: "points",
  uses: (points, i) => !isUpperLimit(points, i) && isMeasured(points, i),
  bind: (points, used, values) => normalErrors(values, errors(points, used)),
};

export const distrib: PointsStatistic = {
  name: "distrib",
  about: "errors that differ above and below the value, and upper limits",
  data: "points",
  uses: (points, i) =>
    isUpperLimit(points, i) ? Number.isFinite(points.normUl?.[i] ?? Number.NaN) : isMeasured(points, i),
  bind(points, used, values) {
    const err = errors(points, used);
    const limit = used.map((i) => isUpperLimit(points, i));
    const [ul, errn, errp] = [points.normUl, points.normErrn, points.normErrp].map((c) => dnde(points, used, c)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const side = (i: number, mu: number) => asymmetricError(values[i]!, mu, errn[i]!, errp[i]!, err[i]!);
    return {
      // a value above the model lies at its lower error from it
      sigma: (i, above) => asymmetricError(0, above > 0 ? -1 : 1, errn[i]!, errp[i]!, err[i]!),
      value: (i, mu) => (limit[i] ? upperLimitStat(ul[i]!, mu) : chi2Of(values[i]!, mu, side(i, mu))),
      derivatives(i, mu, out) {
        if (limit[i]) upperLimitDerivatives(ul[i]!, mu, out);
        else chi2Derivatives(values[i]!, mu, side(i, mu), out);
      },
      isFixed: (i) => limit[i]!,
    };
  },
};

function scanOf({ normScan, statScan, stat, norm }: FluxPoints, i: number): QuadraticSpline | undefined {
  if (normScan === undefined || statScan === undefined) return undefined;
  const m = normScan.length / norm.length;
  return profileSpline(normScan.slice(i * m, (i + 1) * m), statScan.slice(i * m, (i + 1) * m), stat?.[i] ?? 0);
}

export const profile: PointsStatistic = {
  name: "profile",
  about: "the likelihood scan that each point carries",
  data: "points",
  uses: (points, i) => scanOf(points, i) !== undefined,
  bind(points, used, values) {
    const err = errors(points, used);
    const splines = used.map((i) => scanOf(points, i)!);
    const reference = Float64Array.from(used, (i) => points.reference.dnde[i]!);
    const scanned = values.slice();
    // the scan moves with its value
    const norm = (i: number, mu: number) => (mu - values[i]! + scanned[i]!) / reference[i]!;
    return {
      sigma: (i) => err[i]!,
      value: (i, mu) => evaluateSpline(splines[i]!, norm(i, mu)),
      derivatives(i, mu, out) {
        evaluateSpline(splines[i]!, norm(i, mu), out);
        out[1]! /= reference[i]!;
        out[2]! /= reference[i]! ** 2;
      },
      isFixed: () => false,
    };
  },
};
