/** Roots and minima of functions of one variable. Nothing here throws or returns NaN in silence: see `success` and `reason`. */

export interface RootResult {
  /** The root, or the best point reached. */
  readonly x: number;
  readonly success: boolean;
  readonly reason: "converged" | "no sign change" | "non-finite" | "call limit";
  readonly calls: number;
}

export interface RootOptions {
  /** Absolute and relative tolerance on x; scipy's brentq: 2e-12 and 4 eps. */
  readonly xtol?: number;
  readonly rtol?: number;
  readonly maxCalls?: number;
}

/** Root of f in [a, b] by Brent's method (Brent 1973, ch. 4): inverse quadratic interpolation, secant or bisection. */
export function brentRoot(f: (x: number) => number, a: number, b: number, options: RootOptions = {}): RootResult {
  const xtol = options.xtol ?? 2e-12;
  const rtol = options.rtol ?? 4 * Number.EPSILON;
  const maxCalls = options.maxCalls ?? 200;
  let previous = a;
  let fPrevious = f(previous);
  let best = b;
  let fBest = f(best);
  let calls = 2;
  const end = (x: number, reason: RootResult["reason"]): RootResult => ({
    x,
    success: reason === "converged",
    reason,
    calls,
  });
  if (fPrevious === 0) return end(previous, "converged");
  if (fBest === 0) return end(best, "converged");
  if (Number.isNaN(fPrevious) || Number.isNaN(fBest)) return end(best, "non-finite");
  if (fPrevious > 0 === fBest > 0)
    return end(Math.abs(fPrevious) < Math.abs(fBest) ? previous : best, "no sign change");
  let other = previous;
  let fOther = fPrevious;
  let step = best - previous;
  let stepBefore = step;
  for (;;) {
    // The root lies between `best` and `other`, `best` being the better one.
    if (fBest > 0 === fOther > 0) {
      other = previous;
      fOther = fPrevious;
      step = stepBefore = best - previous;
    }
    if (Math.abs(fOther) < Math.abs(fBest)) {
      previous = best;
      best = other;
      other = previous;
      fPrevious = fBest;
      fBest = fOther;
      fOther = fPrevious;
    }
    const tolerance = (xtol + rtol * Math.abs(best)) / 2;
    const half = (other - best) / 2;
    if (fBest === 0 || Math.abs(half) <= tolerance) return end(best, "converged");
    if (calls >= maxCalls) return end(best, "call limit");
    if (Math.abs(stepBefore) < tolerance || Math.abs(fPrevious) <= Math.abs(fBest)) {
      step = stepBefore = half;
    } else {
      const s = fBest / fPrevious;
      let p: number;
      let q: number;
      if (previous === other) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const r = fBest / fOther;
        q = fPrevious / fOther;
        p = s * (2 * half * q * (q - r) - (best - previous) * (r - 1));
        q = (q - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(tolerance * q), Math.abs(stepBefore * q))) {
        stepBefore = step;
        step = p / q;
      } else {
        step = stepBefore = half;
      }
    }
    // An infinite value says only on which side the root is: the interpolation above is then not finite.
    if (!Number.isFinite(step)) step = stepBefore = half;
    previous = best;
    fPrevious = fBest;
    best += Math.abs(step) > tolerance ? step : Math.sign(half) * tolerance;
    fBest = f(best);
    calls++;
    if (Number.isNaN(fBest)) return end(best, "non-finite");
  }
}

export interface Bracket {
  readonly a: number;
  readonly b: number;
  readonly success: boolean;
  readonly reason: "converged" | "no sign change" | "non-finite";
  readonly calls: number;
}

/** Walks from `start` by `step` (its sign is the direction), growing it, until f changes sign; stops at `limit`. */
export function bracketRoot(
  f: (x: number) => number,
  start: number,
  step: number,
  options: { readonly growth?: number; readonly limit?: number; readonly maxCalls?: number } = {},
): Bracket {
  const growth = options.growth ?? 2;
  const limit = options.limit ?? Math.sign(step) * Number.POSITIVE_INFINITY;
  const maxCalls = options.maxCalls ?? 100;
  let a = start;
  let fa = f(a);
  let calls = 1;
  if (Number.isNaN(fa) || !(Math.abs(step) > 0)) return { a, b: a, success: false, reason: "non-finite", calls };
  let width = step;
  while (calls < maxCalls && a !== limit) {
    let b = a + width;
    if ((limit - b) * Math.sign(step) < 0) b = limit;
    const fb = f(b);
    calls++;
    if (Number.isNaN(fb) || !Number.isFinite(b)) return { a, b, success: false, reason: "non-finite", calls };
    if (fa > 0 !== fb > 0 || fb === 0) return { a, b, success: true, reason: "converged", calls };
    a = b;
    fa = fb;
    width *= growth;
  }
  return { a: start, b: a, success: false, reason: "no sign change", calls };
}

export interface MinimumResult {
  readonly x: number;
  readonly value: number;
  readonly success: boolean;
  readonly reason: "converged" | "non-finite" | "call limit";
  readonly calls: number;
}

/** Minimum of f in [a, b] by Brent's method (Brent 1973, ch. 5): parabolas, golden section where they fail. Infinity means "not here". */
export function brentMinimum(f: (x: number) => number, a: number, b: number, options: RootOptions = {}): MinimumResult {
  const xtol = options.xtol ?? 1e-10;
  const rtol = options.rtol ?? 1.5e-8;
  const maxCalls = options.maxCalls ?? 200;
  const golden = (3 - Math.sqrt(5)) / 2;
  let low = Math.min(a, b);
  let high = Math.max(a, b);
  let x = low + golden * (high - low);
  let second = x;
  let third = x;
  let fx = f(x);
  let fSecond = fx;
  let fThird = fx;
  let step = 0;
  let stepBefore = 0;
  let calls = 1;
  for (;;) {
    if (Number.isNaN(fx)) return { x, value: fx, success: false, reason: "non-finite", calls };
    const middle = (low + high) / 2;
    const tolerance = rtol * Math.abs(x) + xtol;
    if (Math.abs(x - middle) <= 2 * tolerance - (high - low) / 2) {
      const finite = Number.isFinite(fx);
      return { x, value: fx, success: finite, reason: finite ? "converged" : "non-finite", calls };
    }
    if (calls >= maxCalls) return { x, value: fx, success: false, reason: "call limit", calls };
    let p = 0;
    let q = 0;
    if (Math.abs(stepBefore) > tolerance) {
      const r = (x - second) * (fx - fThird);
      q = (x - third) * (fx - fSecond);
      p = (x - third) * q - (x - second) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
    }
    if (Math.abs(p) < Math.abs(0.5 * q * stepBefore) && p > q * (low - x) && p < q * (high - x)) {
      stepBefore = step;
      step = p / q;
      const u = x + step;
      if (u - low < 2 * tolerance || high - u < 2 * tolerance) step = x < middle ? tolerance : -tolerance;
    } else {
      stepBefore = x < middle ? high - x : low - x;
      step = golden * stepBefore;
    }
    const u = x + (Math.abs(step) >= tolerance ? step : step > 0 ? tolerance : -tolerance);
    const fu = f(u);
    calls++;
    if (Number.isNaN(fu)) return { x, value: fx, success: false, reason: "non-finite", calls };
    if (fu <= fx) {
      if (u < x) high = x;
      else low = x;
      third = second;
      fThird = fSecond;
      second = x;
      fSecond = fx;
      x = u;
      fx = fu;
    } else {
      if (u < x) low = u;
      else high = u;
      if (fu <= fSecond || second === x) {
        third = second;
        fThird = fSecond;
        second = u;
        fSecond = fu;
      } else if (fu <= fThird || third === x || third === second) {
        third = u;
        fThird = fu;
      }
    }
  }
}
