import { once } from "../math/cache.js";
import { inverseSpd } from "../math/linalg.js";
import type { StopSignal } from "../math/types.js";
import { createLevels } from "../minimize/level.js";
import { createNewton, minimizeNewton } from "../minimize/newton.js";
import { createNormProfile, riseOf, statisticAt } from "./norm-profile.js";
import { cornerNorm, minimizeNorm, riseNorm } from "./norm-search.js";
import type { PredictedCounts, SliceFit } from "./slice-fit.js";

export interface NormSettings {
  readonly nSigma: number;
  readonly nSigmaUl: number;
  readonly normScan: Float64Array;
  readonly signal?: StopSignal;
}

/** One flux point as multiples of the reference spectrum. */
export interface FluxPointRow {
  /** Energy bounds, TeV. */
  readonly min: number;
  readonly max: number;
  readonly norm: number;
  readonly normErr: number;
  readonly normErrn: number;
  readonly normErrp: number;
  readonly normUl: number;
  readonly ts: number;
  readonly stat: number;
  readonly statNull: number;
  readonly npred: number;
  readonly npredExcess: number;
  readonly counts: number;
  readonly success: boolean;
  readonly statScan: Float64Array;
  /** Why there is no value, where it is known. */
  readonly remark?: string;
}

/** A point without data; `remark` says why. */
export function emptyRow(range: readonly [number, number], settings: NormSettings, remark: string): FluxPointRow {
  const none = Number.NaN;
  return {
    min: range[0],
    max: range[1],
    norm: none,
    normErr: none,
    normErrn: none,
    normErrp: none,
    normUl: none,
    ts: none,
    stat: none,
    statNull: none,
    npred: none,
    npredExcess: none,
    counts: none,
    remark,
    success: false,
    statScan: new Float64Array(settings.normScan.length).fill(none),
  };
}

/**
 * Fits the norm and measures its errors, limit, test statistic and profile. Where the fit fails there is nothing to measure the limits and the profile
 * from, and a search for them would take minutes: where it got lost they are NaN.
 */
export function measureNorm(
  slice: SliceFit,
  predicted: (x: Float64Array) => PredictedCounts,
  [min, max]: readonly [number, number],
  settings: NormSettings,
): FluxPointRow {
  const { objective, start: _, ...limits } = slice;
  const { signal, nSigma, nSigmaUl, normScan } = settings;
  const { x, value, success, isLost, error, quick } = fitNorm(slice, signal);
  const { counts, npred, excess, negative } = predicted(x);
  const profileOf = once(() => createNormProfile(createLevels(objective, x, { ...limits, signal }), slice.start));
  const rise = (delta: number, sign: 1 | -1): number => {
    const quickly = quick === null ? null : riseNorm(objective, quick, delta, sign);
    if (quickly !== null && x[0]! + sign * quickly >= limits.lower[0]! && x[0]! + sign * quickly <= limits.upper[0]!) {
      return quickly;
    }
    if (isLost) return Number.NaN;
    return riseOf(profileOf(), delta, sign, error);
  };
  const normErrn = rise(nSigma * nSigma, -1);
  const normErrp = rise(nSigma * nSigma, 1);
  const normUl = x[0]! + rise(nSigmaUl * nSigmaUl, 1);
  const statAt = (norm: number): number =>
    objective.n === 1 ? objective.value(Float64Array.of(norm)) : statisticAt(profileOf(), norm);
  const statNull = statAt(0);
  return {
    min,
    max,
    norm: x[0]!,
    // infinite where -2 ln L is straight, as it is without counts: no error
    normErr: Number.isFinite(error) ? nSigma * error : Number.NaN,
    normErrn,
    normErrp,
    normUl,
    ts: statNull - value,
    stat: value,
    statNull,
    npred,
    npredExcess: excess,
    counts,
    success: success && negative === 0,
    ...(!success && { remark: "the fit did not converge" }),
    ...(success && negative > 0 && { remark: `${negative} bins with counts are predicted negative` }),
    statScan: isLost ? new Float64Array(normScan.length).fill(Number.NaN) : normScan.map(statAt),
  };
}

/** The minimum; `quick` where it was found in the norm alone. */
export function fitNorm(slice: SliceFit, signal?: StopSignal) {
  const { objective, start, lower, upper } = slice;
  const inside = objective.n === 1 ? minimizeNorm(objective, start[0]!) : null;
  const isWithin = (x: Float64Array) => x[0]! >= lower[0]! && x[0]! <= upper[0]!;
  const quick = inside !== null && isWithin(inside.x) ? inside : null;
  if (quick !== null) return { ...quick, success: true, isLost: false, quick };
  const found = { ...searchNorm(slice, signal), quick };
  const corner = objective.n === 1 && !found.success ? cornerNorm(objective, found.x[0]!) : null;
  return corner === null || !isWithin(corner.x) ? found : { ...corner, success: true, isLost: false, quick };
}

/** The minimum in all parameters. */
function searchNorm({ objective, start, lower, upper }: SliceFit, signal: StopSignal | undefined) {
  const n = objective.n;
  const newton = createNewton(n);
  const found = minimizeNewton(newton, objective, start, { lower, upper, signal, wantsHessian: true });
  const { x, value, success, stop, limits } = found;
  const h = newton.at.hessian.slice();
  // what a limit holds does not share in the error
  for (const { parameter } of limits) if (parameter > 0) hold(h, n, parameter);
  // without counts there may be no minimum but a limit; several parameters may also lead nowhere
  const isLost = n > 1 && (stop.reason === "no progress" || stop.reason === "call limit");
  return { x, value, success, isLost, error: marginalError(h, n) };
}

/** Takes parameter i out of a Hessian. */
function hold(h: Float64Array, n: number, i: number): void {
  for (let j = 0; j < n; j++) h[i * n + j] = h[j * n + i] = 0;
  h[i * n + i] = 1;
}

/** sqrt of the (0, 0) element of 2 H^-1. */
function marginalError(h: Float64Array, n: number): number {
  if (n === 1) return Math.sqrt(2 / h[0]!);
  const out = new Float64Array(n * n);
  return inverseSpd(h, n, out) ? Math.sqrt(2 * out[0]!) : Number.NaN;
}
