import { wstatBackground, wstatDerivatives, wstatOn } from "./wstat.js";

/**
 * wstat and its derivatives by muSig and by alpha: fills `out` [6] with the value, the first and second derivative by muSig, those by alpha, and the
 * mixed one. b is the profiled background and s = muSig + alpha b, so by the envelope theorem dW/dalpha = 2 b (1 - n/s); b itself follows from
 * F = alpha (1 - n/s) + 1 - m/b = 0, so db/dalpha = -F_alpha / F_b.
 */
export function wstatAlphaDerivatives(
  nOn: number,
  nOff: number,
  alpha: number,
  muSig: number,
  out: Float64Array,
  logTerms?: number,
): void {
  wstatDerivatives(nOn, nOff, alpha, muSig, out, logTerms);
  const b = wstatBackground(nOn, nOff, alpha, muSig);
  const s = wstatOn(nOn, nOff, alpha, muSig);
  out[3] = 0;
  out[4] = 0;
  out[5] = 0;
  // without background alpha has nothing to scale
  if (!(b > 0)) return;
  if (!(s > 0)) {
    // without counts, and a negative signal as large as all of the background: b = -mu / alpha; or alpha is 0, and the statistic that without OFF
    if (alpha === 0) return;
    out[3] = (-2 * (b - nOff)) / alpha;
    out[4] = (2 * (2 * b - nOff)) / (alpha * alpha);
    out[5] = 2 / (alpha * alpha);
    return;
  }
  const rest = 1 - nOn / s;
  const slope = (alpha * alpha * nOn) / (s * s) + nOff / (b * b);
  const bAlpha = -(rest + (alpha * nOn * b) / (s * s)) / slope;
  const sAlpha = b + alpha * bAlpha;
  out[3] = 2 * b * rest;
  out[4] = 2 * bAlpha * rest + (2 * b * nOn * sAlpha) / (s * s);
  out[5] = (2 * nOn * sAlpha) / (s * s);
}
