import { poissonDeviance } from "../math/gamma.js";
import { clippedCstatDerivatives, cstat } from "./cash.js";

/*
 * Poisson counts n with a background that is known as b +- s with a normal error, b and s in the counts of n (XSPEC manual, appendix B, "pgstat"): with T = mu + f
 * the counts expected and f the background that maximises the likelihood, the statistic is 2 (T - n + n ln(n / T)) + ((T - M) / s)^2, M = mu + b. T is the root
 * of T^2 + (s^2 - M) T - n s^2 = 0 that is not negative; without counts max(0, M - s^2). f may be negative, as in XSPEC and threeML. s = 0 is cstat.
 */

/** T, the expected counts. */
export function pgstatTotal(n: number, b: number, s: number, mu: number): number {
  const m = mu + b;
  if (!(s > 0)) return Math.max(0, m);
  const c = s * s - m;
  const d = Math.sqrt(c * c + 4 * n * s * s);
  return c <= 0 ? (d - c) / 2 : (2 * n * s * s) / (d + c);
}

export function pgstat(n: number, b: number, s: number, mu: number): number {
  const m = mu + b;
  if (!(s > 0)) return cstat(n, Math.max(m, 0));
  const total = pgstatTotal(n, b, s, mu);
  const pull = (total - m) / s;
  return 2 * poissonDeviance(n, total) + pull * pull;
}

/** Fills `out` with the statistic and its first and second derivative by mu, the background following (envelope theorem). */
export function pgstatDerivatives(n: number, b: number, s: number, mu: number, out: Float64Array): void {
  const m = mu + b;
  if (!(s > 0)) {
    clippedCstatDerivatives(n, m, out);
    return;
  }
  out[0] = pgstat(n, b, s, mu);
  const total = pgstatTotal(n, b, s, mu);
  if (total > 0) {
    const c = s * s - m;
    out[1] = 2 * (1 - n / total);
    out[2] = n > 0 ? (2 * n) / (total * Math.sqrt(c * c + 4 * n * s * s)) : 0;
  } else {
    out[1] = (2 * m) / (s * s);
    out[2] = 2 / (s * s);
  }
}
