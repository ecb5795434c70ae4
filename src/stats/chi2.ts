import { erfc, erfcx } from "../math/special.js";
import { type QuadraticSpline, quadraticSpline } from "../math/spline.js";

/** ((value - model) / sigma)^2 */
export function chi2(value: number, model: number, sigma: number): number {
  const r = (value - model) / sigma;
  return r * r;
}

/** Fills `out` with chi2 and its first and second derivative by the model. */
export function chi2Derivatives(value: number, model: number, sigma: number, out: Float64Array): void {
  const r = (model - value) / sigma;
  out[0] = r * r;
  out[1] = (2 * r) / sigma;
  out[2] = 2 / (sigma * sigma);
}

/** The error that holds on the model's side of a measured value: errp above and at it, errn below; `err` where that is missing (NaN). */
export function asymmetricError(value: number, model: number, errn: number, errp: number, err: number): number {
  const sigma = model >= value ? errp : errn;
  return Number.isNaN(sigma) ? err : sigma;
}

const lnErfc1 = Math.log(erfc(1));

/**
 * Statistic of an upper limit `ul` for a model value, Gammapy's "distrib": 2 ln[erfc((ul - model) / ul) / erfc(1)], the limit being its own
 * width. It is literal: positive and rising with the model, 0 at model 0.
 */
export function upperLimitStat(ul: number, model: number): number {
  return 2 * (lnErfc((ul - model) / ul) - lnErfc1);
}

/** Fills `out` with `upperLimitStat` and its first and second derivative by the model. */
export function upperLimitDerivatives(ul: number, model: number, out: Float64Array): void {
  const z = (ul - model) / ul;
  // d ln erfc / dz = -g with g = 2 / (sqrt(pi) erfcx(z)), and dg/dz = g (g - 2 z).
  const g = 2 / (Math.sqrt(Math.PI) * erfcx(z));
  out[0] = 2 * (lnErfc(z) - lnErfc1);
  out[1] = (2 * g) / ul;
  out[2] = g === 0 ? 0 : (-2 * g * (g - 2 * z)) / (ul * ul);
}

function lnErfc(z: number): number {
  return z < 5 ? Math.log(erfc(z)) : Math.log(erfcx(z)) - z * z;
}

/**
 * Statistic from a likelihood scan, Gammapy's "profile": the spline of |stat_scan - stat| over norm_scan, to be evaluated with `evaluateSpline`
 * at norm = model / reference. Undefined, and the flux point not to be used, if a scan value is not finite, the norms do not increase or there
 * are fewer than 3.
 */
export function profileSpline(
  normScan: Float64Array,
  statScan: Float64Array,
  stat: number,
): QuadraticSpline | undefined {
  const y = statScan.map((value) => Math.abs(value - stat));
  return y.every(Number.isFinite) ? quadraticSpline(normScan, y) : undefined;
}
