/** Chi2 of counts: differences from what is expected over a variance that data, a rule or the model gives. */

/** Variance of n counts that is right for few of them too: (1 + sqrt(n + 0.75))^2 (Gehrels 1986, ApJ 303, 336). */
export const gehrelsVariance = (n: number): number => (1 + Math.sqrt(n + 0.75)) ** 2;

/** Fills `out` with (expected - n)^2 / variance and its derivatives by the expected counts; without variance all are 0. */
export function chi2CountsDerivatives(n: number, expected: number, variance: number, out: Float64Array): void {
  if (!(variance > 0)) {
    out[0] = out[1] = out[2] = 0;
    return;
  }
  const r = expected - n;
  out[0] = (r * r) / variance;
  out[1] = (2 * r) / variance;
  out[2] = 2 / variance;
}

export const chi2Counts = (n: number, expected: number, variance: number): number =>
  variance > 0 ? (expected - n) ** 2 / variance : 0;

/**
 * The same with the variance of the model: that of mu Poisson counts from the source, at least of one as in Sherpa, and `rest`, which does not depend on it. Derivatives
 * are by mu, which is part of the expected counts.
 */
export function chi2ModelDerivatives(n: number, mu: number, background: number, rest: number, out: Float64Array): void {
  const variance = Math.max(mu, 1) + rest;
  const r = mu + background - n;
  const x = r / variance;
  out[0] = r * x;
  out[1] = mu > 1 ? x * (2 - x) : 2 * x;
  out[2] = mu > 1 ? (2 * (1 - x) ** 2) / variance : 2 / variance;
}

export const chi2Model = (n: number, mu: number, background: number, rest: number): number => {
  const r = mu + background - n;
  return r * (r / (Math.max(mu, 1) + rest));
};
