/** Error function, normal distribution and Lambert W, accurate relative to the result also in the tails (about 1e-13). */

const sqrtPi = Math.sqrt(Math.PI);
const sqrt2 = Math.SQRT2;
const lnSqrt2Pi = 0.5 * Math.log(2 * Math.PI);

/** erf by Kummer's series of positive terms (Abramowitz & Stegun 7.1.6), for |x| < 3. */
function erfSeries(x: number): number {
  const xx = 2 * x * x;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= xx / (2 * n + 1);
    sum += term;
  }
  return (2 / sqrtPi) * Math.exp(-x * x) * sum;
}

/** exp(x^2) erfc(x) for x >= 1.5 by the continued fraction A&S 7.1.14, evaluated backwards from a depth that suffices for 1e-16. */
function erfcxFraction(x: number): number {
  let f = 0;
  for (let n = Math.ceil(8 + 220 / (x * x)); n > 0; n--) f = n / 2 / (x + f);
  return 1 / (sqrtPi * (x + f));
}

export function erf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 3) return 1 - erfc(x);
  if (x < -3) return erfc(-x) - 1;
  return x === 0 ? x : erfSeries(x);
}

export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < -3) return 2 - erfc(-x);
  if (x < 1.5) return 1 - erfSeries(x);
  return x > 27.3 ? 0 : expMinusSquare(x) * erfcxFraction(x);
}

/** exp(x^2) erfc(x); Infinity below about -26.6. */
export function erfcx(x: number): number {
  return x < 1.5 ? Math.exp(x * x) * erfc(x) : erfcxFraction(x);
}

/** exp(-x^2) with the square split, so that its rounding does not enter the exponential. */
function expMinusSquare(x: number): number {
  const head = Math.round(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** P(X < x), standard normal. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / sqrt2);
}

/** P(X > x), standard normal. */
export function normalSf(x: number): number {
  return 0.5 * erfc(x / sqrt2);
}

/** Inverse of `normalSf`: the number of sigma of a one-sided p-value. NaN outside [0, 1]. */
export function normalIsf(q: number): number {
  if (!(q >= 0 && q <= 1)) return Number.NaN;
  if (q === 0) return Number.POSITIVE_INFINITY;
  if (q === 1) return Number.NEGATIVE_INFINITY;
  if (q > 0.5) return -normalIsf(1 - q);
  // Start: Abramowitz & Stegun 26.2.23, then Halley steps on ln sf.
  const t = Math.sqrt(-2 * Math.log(q));
  let x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let i = 0; i < 4; i++) {
    const sf = normalSf(x);
    const u = (sf - q) / Math.exp(-0.5 * x * x - lnSqrt2Pi);
    const step = u / (1 - 0.5 * x * u);
    x += step;
    if (Math.abs(step) < 1e-15 * Math.abs(x)) break;
  }
  return x;
}

/** Inverse of `normalCdf`. */
export function normalPpf(p: number): number {
  return -normalIsf(p);
}

/** u - ln(1 + u) for u > -1, without cancellation near 0. */
export function log1pExcess(u: number): number {
  if (Math.abs(u) > 0.3) return u - Math.log1p(u);
  // With r = u / (2 + u): ln(1+u) = 2 atanh r, so the excess is u r - 2 (r^3/3 + r^5/5 + ...).
  const r = u / (2 + u);
  const rr = r * r;
  let power = r * rr;
  let sum = 0;
  for (let k = 3; ; k += 2) {
    const term = power / k;
    sum += term;
    if (Math.abs(term) <= 1e-17 * Math.abs(sum)) break;
    power *= rr;
  }
  return u * r - 2 * sum;
}

/**
 * Solves u - ln(1 + u) = d for d >= 0: the root u >= 0 (`sign` 1) or -1 < u <= 0 (`sign` -1). It is the Poisson deviance solved for the
 * mean: u = -1 - W(-exp(-1 - d)) with the branches W-1 and W0, without the cancellation at small d.
 */
export function log1pExcessInverse(d: number, sign: 1 | -1): number {
  if (!(d >= 0)) return Number.NaN;
  if (d === 0) return 0;
  const s = sign * Math.sqrt(2 * d);
  if (d < 1e-9) return s + (s * s) / 3 + (s * s * s) / 36;
  if (sign < 0 && d > 36) return -1 + Math.exp(-1 - d);
  if (sign < 0) {
    // In y = ln(1 + u): e^y - 1 - y = d, convex, Newton from the left converges monotonically.
    let y = d < 1 ? Math.log1p(Math.max(s + (s * s) / 3 - Math.abs(s) ** 3 / 36, -0.9)) : -1 - d;
    for (let i = 0; i < 60; i++) {
      const e = Math.expm1(y);
      const step = (log1pExcess(e) - d) / e;
      y -= step;
      if (Math.abs(step) < 1e-15 * Math.abs(y)) break;
    }
    return Math.expm1(y);
  }
  let u = d < 1 ? s + (s * s) / 3 : d + Math.log1p(d + Math.log1p(d)) + s / (1 + d);
  for (let i = 0; i < 60; i++) {
    const step = ((log1pExcess(u) - d) * (1 + u)) / u;
    u -= step;
    if (Math.abs(step) < 1e-15 * u) break;
  }
  return u;
}

/** Principal branch of Lambert W (w e^w = x), x >= -1/e; NaN below. */
export function lambertW0(x: number): number {
  if (x === 0 || x === Number.POSITIVE_INFINITY) return x;
  const q = branchPoint(x);
  if (!(q >= 0)) return Number.NaN;
  const p = Math.sqrt(2 * q);
  if (p < 1e-3) return branchSeries(p);
  if (x < -0.2) return halley(x, branchSeries(p));
  if (x < 3) return halley(x, x / (1 + x / (1 + 0.4 * x)));
  const l = Math.log(x);
  return halley(x, l - Math.log(l));
}

/** Lower branch of Lambert W, -1/e <= x < 0; NaN elsewhere. */
export function lambertWm1(x: number): number {
  const q = branchPoint(x);
  if (!(q >= 0) || !(x < 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  const p = Math.sqrt(2 * q);
  if (p < 1e-3) return branchSeries(-p);
  if (x < -0.25) return halley(x, branchSeries(-p));
  const l = Math.log(-x);
  return halley(x, l - Math.log(-l));
}

/** 1 + e x; the second term restores the digits that e loses in float64. */
function branchPoint(x: number): number {
  const q = 1 + Math.E * x + 1.4456468917292502e-16 * x;
  return q < 0 && q > -1e-16 ? 0 : q;
}

/** Corless et al. (1996), Adv. Comput. Math. 5, 329, eq. 4.22, with p = +-sqrt(2 (e x + 1)). */
function branchSeries(p: number): number {
  return -1 + p * (1 + p * (-1 / 3 + p * (11 / 72 + p * (-43 / 540 + (p * 769) / 17280))));
}

function halley(x: number, start: number): number {
  let w = start;
  for (let i = 0; i < 40; i++) {
    const e = Math.exp(w);
    const f = w - x / e;
    const step = f / (w + 1 - ((w + 2) * f) / (2 * w + 2));
    w -= step;
    if (!(Math.abs(step) > 2e-16 * Math.abs(w))) break;
  }
  return w;
}
