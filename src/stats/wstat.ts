import { SpecError } from "../errors.js";
import { poissonDeviance } from "../math/gamma.js";

/*
 * Poisson counts n (ON) with background known only from m counts (OFF) of exposure ratio alpha. With s = mu + alpha b and b the background
 * in OFF that maximises the likelihood for signal mu, the statistic is the sum of two deviances, 2 [d(n, s) + d(m, b)]
 * (de Naurois 2012, p. 141; XSPEC manual, appendix B). With u = (1 + alpha) mu, C = alpha (n + m) - u, E = alpha (n + m) + u and
 * D = sqrt((u - alpha (n - m))^2 + 4 alpha^2 n m):
 *   b = (C + D) / (2 alpha (1 + alpha)) = 2 m mu / (D - C),   s = (E + D) / (2 (1 + alpha)) = -2 alpha n mu / (D - E);
 * each in the form that adds numbers of one sign. alpha = 0 is the limit in which OFF says nothing about ON: cstat(n, mu).
 */

function discriminant(n: number, m: number, alpha: number, mu: number): number {
  const x = (1 + alpha) * mu - alpha * (n - m);
  // Not Math.hypot, which is slower and guards against sizes that counts do not have.
  return Math.sqrt(x * x + 4 * alpha * alpha * n * m);
}

function backgroundOf(n: number, m: number, alpha: number, mu: number, d: number): number {
  if (alpha === 0) return m;
  const c = alpha * (n + m) - (1 + alpha) * mu;
  return c >= 0 ? (c + d) / (2 * alpha * (1 + alpha)) : (2 * m * mu) / (d - c);
}

function onOf(n: number, m: number, alpha: number, mu: number, d: number): number {
  if (alpha === 0) return mu;
  const e = alpha * (n + m) + (1 + alpha) * mu;
  return e >= 0 ? (e + d) / (2 * (1 + alpha)) : (-2 * alpha * n * mu) / (d - e);
}

/** b, the profiled background in the OFF region; alpha b is the one in ON. */
export function wstatBackground(nOn: number, nOff: number, alpha: number, muSig: number): number {
  return backgroundOf(nOn, nOff, alpha, muSig, discriminant(nOn, nOff, alpha, muSig));
}

/** s = muSig + alpha b, the predicted ON counts. */
export function wstatOn(nOn: number, nOff: number, alpha: number, muSig: number): number {
  return onOf(nOn, nOff, alpha, muSig, discriminant(nOn, nOff, alpha, muSig));
}

/** WStat of one bin, with the terms that make it 0 for a perfect fit. Infinity where counts are impossible (alpha = 0, muSig <= 0 < nOn). */
export function wstat(nOn: number, nOff: number, alpha: number, muSig: number): number {
  const d = discriminant(nOn, nOff, alpha, muSig);
  const s = onOf(nOn, nOff, alpha, muSig, d);
  const b = backgroundOf(nOn, nOff, alpha, muSig, d);
  if (!(s > 0)) return withoutOn(nOn, nOff, alpha, b, s);
  return 2 * (poissonDeviance(nOn, s) + poissonDeviance(nOff, b));
}

/** n ln n - n + m ln m - m: the part of WStat that does not depend on the model. */
export function wstatLogTerms(nOn: number, nOff: number): number {
  return (nOn > 0 ? nOn * (Math.log(nOn) - 1) : 0) + (nOff > 0 ? nOff * (Math.log(nOff) - 1) : 0);
}

/**
 * `wstat` as a plain sum, 2 [s + b - n ln s - m ln b + logTerms], for fits: a third of the time. Near a perfect fit it is accurate to the rounding
 * of n ln n, not of itself.
 */
export function wstatValue(nOn: number, nOff: number, alpha: number, muSig: number, logTerms: number): number {
  const d = discriminant(nOn, nOff, alpha, muSig);
  const s = onOf(nOn, nOff, alpha, muSig, d);
  const b = backgroundOf(nOn, nOff, alpha, muSig, d);
  return s > 0 ? plainSum(nOn, nOff, s, b, logTerms) : withoutOn(nOn, nOff, alpha, b, s);
}

function plainSum(nOn: number, nOff: number, s: number, b: number, logTerms: number): number {
  let sum = s + b + logTerms;
  if (nOn > 0) sum -= nOn * Math.log(s);
  if (nOff > 0) sum -= nOff * Math.log(b);
  return 2 * sum;
}

/** s = 0, or below for alpha = 0. */
function withoutOn(nOn: number, nOff: number, alpha: number, b: number, s: number): number {
  if (Number.isNaN(s)) return Number.NaN;
  if (nOn > 0) return Number.POSITIVE_INFINITY;
  return alpha === 0 ? 0 : 2 * poissonDeviance(nOff, b);
}

/**
 * Fills `out` with wstat and its first and second derivative by muSig, the background following (envelope theorem):
 * 2 (1 - n/s) and 2 n m / (alpha^2 n b^2 + m s^2). With `logTerms` the value is that of `wstatValue`.
 */
export function wstatDerivatives(
  nOn: number,
  nOff: number,
  alpha: number,
  muSig: number,
  out: Float64Array,
  logTerms?: number,
): void {
  const d = discriminant(nOn, nOff, alpha, muSig);
  const s = onOf(nOn, nOff, alpha, muSig, d);
  const b = backgroundOf(nOn, nOff, alpha, muSig, d);
  if (!(s > 0)) {
    out[0] = withoutOn(nOn, nOff, alpha, b, s);
    if (nOn === 0 && alpha > 0 && muSig < 0) {
      // A negative signal as large as all of the background: b = -mu / alpha, s stays 0.
      out[1] = (-2 / alpha) * (1 - (b > 0 ? nOff / b : 0));
      out[2] = nOff > 0 ? (2 * nOff) / (alpha * alpha * b * b) : 0;
    } else {
      out[1] = nOn === 0 && muSig >= 0 ? 2 : 0;
      out[2] = 0;
    }
    return;
  }
  out[0] =
    logTerms === undefined
      ? 2 * (poissonDeviance(nOn, s) + poissonDeviance(nOff, b))
      : plainSum(nOn, nOff, s, b, logTerms);
  out[1] = 2 * (1 - nOn / s);
  if (nOn === 0) out[2] = 0;
  else if (nOff > 0) {
    const ab = (alpha * b) / s;
    out[2] = (2 * nOn * nOff) / (nOn * ab * ab + nOff) / (s * s);
  } else {
    // Without OFF counts the statistic is a straight line as long as b > 0, then cstat.
    out[2] = b > 0 && alpha > 0 ? 0 : (2 * nOn) / (s * s);
  }
}

/** Sum of wstat over the bins where `mask` is 1 (all without). */
export function wstatSum(
  nOn: Float64Array,
  nOff: Float64Array,
  alpha: Float64Array,
  muSig: Float64Array,
  mask?: Uint8Array,
): number {
  let sum = 0;
  for (let i = 0; i < nOn.length; i++) {
    if (mask === undefined || mask[i] === 1) sum += wstat(nOn[i]!, nOff[i]!, alpha[i]!, muSig[i]!);
  }
  return sum;
}

/** Throws where a bin in the fit has no usable alpha, which Gammapy turns into a statistic of 0 without a word. */
export function requireAlpha(alpha: ArrayLike<number>, mask: ArrayLike<number> | undefined, where: string): void {
  for (let i = 0; i < alpha.length; i++) {
    const a = alpha[i]!;
    if ((mask === undefined || mask[i] === 1) && !(a > 0 && a < Number.POSITIVE_INFINITY)) {
      throw new SpecError(
        `${where}: bin ${i} has alpha = acceptance / acceptance_off = ${a}, expected a positive number; mask the bin (mask_safe, QUALITY) or correct the acceptances (BACKSCAL)`,
      );
    }
  }
}
