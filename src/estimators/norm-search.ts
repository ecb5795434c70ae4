import type { Objective } from "../minimize/types.js";

const EPS = 2 ** -52;
/** Estimated distance to the minimum, in units of -2 ln L, from which one more Newton step leads to rounding. */
const EDM = 1e-9;
/** Relative accuracy of a level. */
const LEVEL = 1e-7;
const ROUNDS = 20;

export interface NormMinimum {
  readonly x: Float64Array;
  readonly value: number;
  /** One standard deviation, from the second derivative there. */
  readonly error: number;
}

/**
 * Newton on a function of one variable with exact derivatives: none of what searches in many parameters have to carry. Null wherever it does not converge
 * at once; the general searches then say why.
 */
export function minimizeNorm(f: Required<Objective>, start: number): NormMinimum | null {
  const x = Float64Array.of(start);
  const g = new Float64Array(1);
  const h = new Float64Array(1);
  let value = f.hessian(x, g, h);
  let polished = false;
  for (let round = 0; round < ROUNDS; round++) {
    if (!Number.isFinite(value) || !(h[0]! > 0)) return null;
    const step = -g[0]! / h[0]!;
    if (polished) {
      // hardly any curvature: a norm without influence
      return h[0]! * Math.max(1, x[0]! * x[0]!) > 1e-16 ? { x, value, error: Math.sqrt(2 / h[0]!) } : null;
    }
    polished = 0.5 * step * step * h[0]! <= EDM;
    const before = value;
    const from = x[0]!;
    // of the last step the value knows rounding alone
    const noise = polished ? Number.POSITIVE_INFINITY : 16 * EPS * Math.abs(before);
    x[0] = from + step;
    value = f.hessian(x, g, h);
    for (let half = 0.5; !(value <= before + noise) && half > 1e-3; half *= 0.5) {
      x[0] = from + half * step;
      value = f.hessian(x, g, h);
    }
    if (!(value <= before + noise)) return null;
  }
  return null;
}

/** Distance from the minimum, on the side of `sign`, at which f has risen by delta: Newton on the root of the rise, which is nearly straight. */
export function riseNorm(
  f: Required<Objective>,
  { x, value, error }: NormMinimum,
  delta: number,
  sign: 1 | -1,
): number | null {
  const p = new Float64Array(1);
  const g = new Float64Array(1);
  const tolerance = LEVEL * delta + 16 * EPS * Math.abs(value);
  const height = Math.sqrt(delta);
  let t = height * error;
  for (let round = 0; round < ROUNDS; round++) {
    p[0] = x[0]! + sign * t;
    const rise = f.gradient(p, g) - value;
    const slope = sign * g[0]!;
    if (!(rise > 0 && slope > 0) || rise === Number.POSITIVE_INFINITY) return null;
    const root = Math.sqrt(rise);
    t -= (2 * root * (root - height)) / slope;
    if (Math.abs(rise - delta) <= tolerance) return t;
    if (!(t > 0)) return null;
  }
  return null;
}

/**
 * The minimum in a corner, where the slope changes its sign at once: wstat has one at 0 where ON or OFF counts are missing. Null where there is none near x. There is
 * no curvature and so no error; limits are as good as elsewhere.
 */
export function cornerNorm(f: Required<Objective>, near: number): NormMinimum | null {
  const p = new Float64Array(1);
  const g = new Float64Array(1);
  const slope = (x: number) => {
    p[0] = x;
    f.gradient(p, g);
    return g[0]!;
  };
  const unit = Math.max(1, Math.abs(near));
  let width = 1e-6 * unit;
  while (width < unit && !(slope(near - width) < 0 && slope(near + width) > 0)) width *= 4;
  let [low, high] = [near - width, near + width];
  let [below, above] = [slope(low), slope(high)];
  if (!(below < 0 && above > 0)) return null;
  const jump = above - below;
  while (high - low > 1e-12 * unit) {
    const middle = (low + high) / 2;
    const at = slope(middle);
    if (Number.isNaN(at)) return null;
    if (at > 0) [high, above] = [middle, at];
    else [low, below] = [middle, at];
  }
  if (!(above - below > 1e-3 * jump)) return null;
  const x = Float64Array.of(low <= 0 && high >= 0 ? 0 : (low + high) / 2);
  return { x, value: f.value(x), error: Number.NaN };
}
