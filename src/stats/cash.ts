import { poissonDeviance } from "../math/gamma.js";

/** Predicted counts at and below which Cash and cstat take this value instead (Gammapy's truncation). */
export const truncation = 1e-25;

/** Cash (1979) statistic of n counts for mu predicted ones: 2 (mu - n ln mu), no n! term. */
export function cash(n: number, mu: number): number {
  const m = mu <= truncation ? truncation : mu;
  return n === 0 ? 2 * m : 2 * (m - n * Math.log(m));
}

/**
 * Fills `out` with cash and its first and second derivative by mu. Below the truncation the statistic is constant, so both are 0, but at
 * mu = 0 without counts the first one is that of growing mu: 2.
 */
export function cashDerivatives(n: number, mu: number, out: Float64Array): void {
  out[0] = cash(n, mu);
  poissonSlopes(n, mu, out);
}

/** `cash` and its derivatives where npred may be negative: Gammapy clips it at zero before the statistic truncates it. */
export function clippedCashDerivatives(n: number, mu: number, out: Float64Array): void {
  cashDerivatives(n, Math.max(mu, 0), out);
  if (mu < 0) out[1] = out[2] = 0;
}

function poissonSlopes(n: number, mu: number, out: Float64Array): void {
  if (mu <= truncation) {
    out[1] = n === 0 && mu >= 0 ? 2 : 0;
    out[2] = 0;
    return;
  }
  const r = n / mu;
  out[1] = 2 * (1 - r);
  out[2] = (2 * r) / mu;
}

/** Sum of cash over the bins where `mask` is 1 (all without). */
export function cashSum(counts: Float64Array, npred: Float64Array, mask?: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) if (mask === undefined || mask[i] === 1) sum += cash(counts[i]!, npred[i]!);
  return sum;
}

/** Sum of cash times a weight per bin; bins of weight 0 are left out. */
export function cashWeightedSum(counts: Float64Array, npred: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) if (weights[i] !== 0) sum += weights[i]! * cash(counts[i]!, npred[i]!);
  return sum;
}

/** Cash with the model-independent term, so that it is 0 at mu = n: 2 (mu - n + n ln(n / mu)), n and mu truncated. */
export function cstat(n: number, mu: number): number {
  return 2 * poissonDeviance(n <= truncation ? truncation : n, mu <= truncation ? truncation : mu);
}

/** As `cashDerivatives`. */
export function cstatDerivatives(n: number, mu: number, out: Float64Array): void {
  out[0] = cstat(n, mu);
  poissonSlopes(n, mu, out);
}

/** The same where mu may be negative and counts as 0, as in `clippedCashDerivatives`. */
export function clippedCstatDerivatives(n: number, mu: number, out: Float64Array): void {
  cstatDerivatives(n, Math.max(mu, 0), out);
  if (mu < 0) out[1] = out[2] = 0;
}

export function cstatSum(counts: Float64Array, npred: Float64Array, mask?: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) if (mask === undefined || mask[i] === 1) sum += cstat(counts[i]!, npred[i]!);
  return sum;
}
