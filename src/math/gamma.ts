/** Gamma function, incomplete gamma functions, chi2 and Poisson probabilities, accurate relative to the result. */
import { log1pExcess, normalIsf } from "./special.js";

const lnSqrt2Pi = 0.5 * Math.log(2 * Math.PI);
const eulerGamma = 0.5772156649015329;

/** zeta(k) - 1 for k = 2 ... 40, by direct sum and Euler-Maclaurin tail. */
const zetaMinus1: readonly number[] = Array.from({ length: 39 }, (_, i) => {
  const k = i + 2;
  const n = 30;
  const p = n ** -k;
  let tail = (n * p) / (k - 1) - p / 2;
  // Bernoulli terms B2m / (2m)!, m = 1 ... 4, times k (k + 1) ... (k + 2m - 2) n^-(k + 2m - 1).
  let rising = (k * p) / n;
  [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600].forEach((b, m) => {
    tail += b * rising;
    rising *= ((k + 2 * m + 1) * (k + 2 * m + 2)) / (n * n);
  });
  for (let j = n; j >= 2; j--) tail += j ** -k;
  return tail;
});

/** ln Gamma(2 + z) for |z| <= 0.5: z (1 - gamma) + sum (-1)^k (zeta(k) - 1) z^k / k (A&S 6.1.33). */
function lnGammaNear2(z: number): number {
  let sum = 0;
  for (let k = 40; k >= 2; k--) sum = -z * (sum + zetaMinus1[k - 2]! / k);
  return z * (1 - eulerGamma) - z * sum;
}

/** ln Gamma(x) - ((x - 1/2) ln x - x + ln sqrt(2 pi)), Stirling's series (A&S 6.1.41), for x >= 10. */
function stirling(x: number): number {
  const y = 1 / (x * x);
  return (
    (1 / 12 + y * (-1 / 360 + y * (1 / 1260 + y * (-1 / 1680 + y * (1 / 1188 + y * (-691 / 360360 + y / 156)))))) / x
  );
}

/** ln Gamma(x), x > 0; Infinity at 0, NaN below. */
export function lnGamma(x: number): number {
  if (!(x >= 0)) return Number.NaN;
  if (x >= 10) return x === Number.POSITIVE_INFINITY ? x : (x - 0.5) * Math.log(x) - x + lnSqrt2Pi + stirling(x);
  if (x < 0.5) return lnGamma(x + 1) - Math.log(x);
  if (x < 1.5) return lnGammaNear2(x - 1) - Math.log(x);
  let product = 1;
  let y = x;
  while (y > 2.5) product *= --y;
  return Math.log(product) + lnGammaNear2(y - 2);
}

/** d ln Gamma / dx for x > 0: recurrence up to 16, from there the asymptotic series (A&S 6.3.5, 6.3.18). */
export function digamma(x: number): number {
  let sum = 0;
  let z = x;
  for (; z < 16; z++) sum -= 1 / z;
  const y = 1 / (z * z);
  const series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - (y * 691) / 32760)))));
  return sum + Math.log(z) - 0.5 / z - series;
}

/** d2 ln Gamma / dx2 for x > 0, in the same way (A&S 6.4.6, 6.4.12). */
export function trigamma(x: number): number {
  let sum = 0;
  let z = x;
  for (; z < 16; z++) sum += 1 / (z * z);
  const y = 1 / (z * z);
  const series = y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66 - (y * 691) / 2730)))));
  return sum + (1 + 0.5 / z + series) / z;
}

/** n ln(n / mu) + mu - n >= 0, half the Poisson deviance, without cancellation where n and mu are near. */
export function poissonDeviance(n: number, mu: number): number {
  if (n === 0) return mu;
  const u = (mu - n) / n;
  return u > -0.9 && u < 9 ? n * log1pExcess(u) : mu - n + n * Math.log(n / mu);
}

/** ln of x^a e^-x / Gamma(a + 1), the Poisson probability of a counts for mean x > 0: for large a Loader's saddle-point form. */
export function lnPoisson(a: number, x: number): number {
  if (a < 10) return a * Math.log(x) - x - lnGamma(a + 1);
  return -poissonDeviance(a, x) - stirling(a) - lnSqrt2Pi - 0.5 * Math.log(a);
}

/** x^a e^-x / Gamma(a + 1) */
export function poissonDensity(a: number, x: number): number {
  if (x === 0) return a === 0 ? 1 : 0;
  return Math.exp(lnPoisson(a, x));
}

/** Regularised lower incomplete gamma function by its series (A&S 6.5.29). */
function gammaSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * poissonDensity(a, x);
}

/** Regularised upper incomplete gamma function by Legendre's continued fraction (A&S 6.5.31), modified Lentz. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 100000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < 1e-300) d = 1e-300;
    c = b + an / c;
    if (Math.abs(c) < 1e-300) c = 1e-300;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 2e-16) break;
  }
  return h * a * poissonDensity(a, x);
}

/** P(a, x) = gamma(a, x) / Gamma(a), a > 0. */
export function gammaP(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** Q(a, x) = 1 - P(a, x). */
export function gammaQ(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

export function chi2Cdf(x: number, dof: number): number {
  return gammaP(dof / 2, x / 2);
}

export function chi2Sf(x: number, dof: number): number {
  return gammaQ(dof / 2, x / 2);
}

/** Inverse of `chi2Cdf`. NaN outside [0, 1]. */
export function chi2Ppf(p: number, dof: number): number {
  return chi2Quantile(p, 1 - p, dof);
}

/** Inverse of `chi2Sf`, accurate for small q where 1 - q would round. */
export function chi2Isf(q: number, dof: number): number {
  return chi2Quantile(1 - q, q, dof);
}

/** x with P = p and Q = q, from the smaller of the two; Newton in ln x on the logarithm of the tail, kept in a bracket. */
function chi2Quantile(p: number, q: number, dof: number): number {
  if (!(p >= 0 && q >= 0 && dof > 0)) return Number.NaN;
  if (p === 0) return 0;
  if (q === 0) return Number.POSITIVE_INFINITY;
  const a = dof / 2;
  const lower = p < q;
  const target = Math.log(lower ? p : q);
  // Start: Wilson & Hilferty (1931), or the leading term of the series for small p.
  const z = lower ? -normalIsf(p) : normalIsf(q);
  const cube = 1 - 2 / (9 * dof) + z * Math.sqrt(2 / (9 * dof));
  let y = cube > 0.1 ? Math.log((dof * cube * cube * cube) / 2) : (target + lnGamma(a + 1)) / a;
  let low = -800;
  let high = 800;
  for (let i = 0; i < 200; i++) {
    const x = Math.exp(y);
    const tail = lower ? gammaP(a, x) : gammaQ(a, x);
    const f = Math.log(tail) - target;
    // P rises and Q falls with x.
    if (f > 0 === lower) high = y;
    else low = y;
    const slope = ((lower ? 1 : -1) * a * poissonDensity(a, x)) / tail;
    let next = y - f / slope;
    if (Math.abs(next - y) <= 2e-16 * Math.max(1, Math.abs(y))) return 2 * Math.exp(next);
    if (!(next > low && next < high)) next = (Math.max(low, y - 2) + Math.min(high, y + 2)) / 2;
    y = next;
  }
  return 2 * Math.exp(y);
}
