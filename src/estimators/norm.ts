import { inverseSpd } from "../math/linalg.js";
import { minos } from "../minimize/minos.js";
import type { Objective } from "../minimize/types.js";
import { predictedCounts, type SliceFit, type SliceTerm } from "./slice.js";

export interface NormSettings {
  readonly nSigma: number;
  readonly nSigmaUl: number;
  readonly normScan: Float64Array;
  readonly signal?: AbortSignal;
}

/** One flux point as multiples of the reference spectrum. */
export interface FluxPointRow {
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
}

/** A point without data. */
export function emptyRow(range: readonly [number, number], settings: NormSettings): FluxPointRow {
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
    counts: 0,
    success: false,
    statScan: new Float64Array(settings.normScan.length).fill(none),
  };
}

/** Fits the norm and measures its errors, limit, test statistic and profile. */
export function measureNorm(slice: SliceFit, terms: readonly SliceTerm[], settings: NormSettings): FluxPointRow {
  const { objective, newton, start } = slice;
  const { signal } = settings;
  const best = newton.minimize(objective, start, { signal });
  const { x } = best;
  const n = objective.n;
  const g = new Float64Array(n);
  const h = new Float64Array(n * n);
  objective.hessian!(x, g, h);
  const normErr = settings.nSigma * marginalError(h, n);
  const sums = terms.map(predictedCounts);
  const one = minos(objective, x, 0, { sigma: settings.nSigma, value: best.value, signal });
  const limit = minos(objective, x, 0, { sigma: settings.nSigmaUl, value: best.value, signal });
  const statNull = statAt(objective, newton, x, 0);
  const total = (pick: (s: (typeof sums)[number]) => number) => sums.reduce((sum, s) => sum + pick(s), 0);
  return {
    min: Math.min(...terms.map((t) => t.min)),
    max: Math.max(...terms.map((t) => t.max)),
    norm: x[0]!,
    normErr,
    normErrn: one.errn,
    normErrp: one.errp,
    normUl: x[0]! + limit.errp,
    ts: statNull - best.value,
    stat: best.value,
    statNull,
    npred: total((s) => s.source + s.others),
    npredExcess: total((s) => s.source),
    counts: total((s) => s.counts),
    success: best.success,
    statScan: settings.normScan.map((norm) => statAt(objective, newton, x, norm)),
  };
}

/** sqrt of the (0, 0) element of 2 H^-1. */
function marginalError(h: Float64Array, n: number): number {
  if (n === 1) return Math.sqrt(2 / h[0]!);
  const out = new Float64Array(n * n);
  return inverseSpd(h, n, out) ? Math.sqrt(2 * out[0]!) : Number.NaN;
}

/** The statistic at a norm, the other parameters (if any) fitted again. */
function statAt(objective: Objective, newton: SliceFit["newton"], x: Float64Array, norm: number): number {
  const p = x.slice();
  p[0] = norm;
  if (objective.n === 1) return objective.value(p);
  const lower = new Float64Array(objective.n).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(objective.n).fill(Number.POSITIVE_INFINITY);
  lower[0] = upper[0] = norm;
  return newton.minimize(objective, p, { lower, upper }).value;
}
