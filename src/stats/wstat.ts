import { SpecError } from "../errors.js";
import { poissonDeviance } from "../math/gamma.js";

/*
 * Poisson counts n (ON) with background known only from m counts (OFF) of exposure ratio alpha. With s = mu + alpha b and b the background
 * in OFF that maximises the likelihood for signal mu, the statistic is the sum of two deviances, 2 [d(n, s) + d(m, b)]
 * (de Naurois 2012, p. 141; XSPEC manual, appendix B). With u = (1 + alpha) mu, C = alpha (n + m) - u, E = alpha (n + m) + u and
 * D = hypot(u - alpha (n - m), 2 alpha sqrt(n m)):
 *   b = (C + D) / (2 alpha (1 + alpha)) = 2 m mu / (D - C),   s = (E + D) / (2 (1 + alpha)) = -2 alpha n mu / (D - E);
 * each in the form that adds numbers of one sign. alpha = 0 is the limit in which OFF says nothing about ON: cstat(n, mu).
 */

function discriminant(n: number, m: number, alpha: number, mu: number): number {
  return Math.hypot((1 + alpha) * mu - alpha * (n - m), 2 * alpha * Math.sqrt(n * m));
}

/** b, the profiled background in the OFF region; alpha b is the one in ON. */
export function wstatBackground(nOn: number, nOff: number, alpha: number, muSig: number): number {
  if (alpha === 0) return nOff;
  const c = alpha * (nOn + nOff) - (1 + alpha) * muSig;
  const d = discriminant(nOn, nOff, alpha, muSig);
  return c >= 0 ? (c + d) / (2 * alpha * (1 + alpha)) : (2 * nOff * muSig) / (d - c);
}

/** s = muSig + alpha b, the predicted ON counts. */
export function wstatOn(nOn: number, nOff: number, alpha: number, muSig: number): number {
  if (alpha === 0) return muSig;
  const e = alpha * (nOn + nOff) + (1 + alpha) * muSig;
  const d = discriminant(nOn, nOff, alpha, muSig);
  return e >= 0 ? (e + d) / (2 * (1 + alpha)) : (-2 * alpha * nOn * muSig) / (d - e);
}

/** WStat of one bin, with the terms that make it 0 for a perfect fit. Infinity where counts are impossible (alpha = 0, muSig <= 0 < nOn). */
export function wstat(nOn: number, nOff: number, alpha: number, muSig: number): number {
  const s = wstatOn(nOn, nOff, alpha, muSig);
  if (!(s > 0)) return impossible(nOn, nOff, alpha, muSig, s);
  return 2 * (poissonDeviance(nOn, s) + poissonDeviance(nOff, wstatBackground(nOn, nOff, alpha, muSig)));
}

/** s = 0, or below for alpha = 0. */
function impossible(nOn: number, nOff: number, alpha: number, muSig: number, s: number): number {
  if (Number.isNaN(s)) return Number.NaN;
  if (nOn > 0) return Number.POSITIVE_INFINITY;
  return alpha === 0 ? 0 : 2 * poissonDeviance(nOff, wstatBackground(nOn, nOff, alpha, muSig));
}

/**
 * Fills `out` with wstat and its first and second derivative by muSig, the background following (envelope theorem):
 * 2 (1 - n/s) and 2 n m / (alpha^2 n b^2 + m s^2).
 */
export function wstatDerivatives(nOn: number, nOff: number, alpha: number, muSig: number, out: Float64Array): void {
  const s = wstatOn(nOn, nOff, alpha, muSig);
  const b = wstatBackground(nOn, nOff, alpha, muSig);
  if (!(s > 0)) {
    out[0] = impossible(nOn, nOff, alpha, muSig, s);
    if (nOn === 0 && alpha > 0 && muSig < 0) {
      // A negative signal that eats all the background: b = -mu / alpha, s stays 0.
      out[1] = (-2 / alpha) * (1 - (b > 0 ? nOff / b : 0));
      out[2] = nOff > 0 ? (2 * nOff) / (alpha * alpha * b * b) : 0;
    } else {
      out[1] = nOn === 0 && muSig >= 0 ? 2 : 0;
      out[2] = 0;
    }
    return;
  }
  out[0] = 2 * (poissonDeviance(nOn, s) + poissonDeviance(nOff, b));
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
