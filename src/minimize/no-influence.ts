import type { MinimizeOptions, Objective } from "./types.js";

/** Curvature, in units of errorDef and the parameter's natural size, below which its influence is in doubt: a standard deviation of 1e8 times that size. */
const DOUBTFUL = 1e-16;

/** Whether a curvature h is so small that `hasNoInfluence` has to evaluate the function. */
export function isDoubtful(h: number, natural: number, errorDef: number): boolean {
  return !(h * natural * natural > DOUBTFUL * errorDef);
}

/**
 * Whether a function with value fx and curvature `h` along parameter i at x does not depend on it. Where the standard
 * deviation is out of all proportion to the `natural` size of the parameter, the rise of the function at that distance decides.
 */
export function hasNoInfluence(
  f: Objective,
  x: Float64Array,
  fx: number,
  i: number,
  h: number,
  natural: number,
  options: MinimizeOptions,
): boolean {
  const errorDef = options.errorDef ?? 1;
  if (!isDoubtful(h, natural, errorDef)) return false;
  const sigma = Math.sqrt((2 * errorDef) / Math.abs(h));
  if (!Number.isFinite(sigma)) return true;
  const up = (options.upper?.[i] ?? Number.POSITIVE_INFINITY) - x[i]!;
  const down = x[i]! - (options.lower?.[i] ?? Number.NEGATIVE_INFINITY);
  const step = Math.min(sigma, Math.max(up, down));
  const p = x.slice();
  p[i] = up >= down ? x[i]! + step : x[i]! - step;
  const rise = ((f.value(p) - fx) * sigma * sigma) / (step * step);
  return !(rise > 0.1 * errorDef && rise < 10 * errorDef);
}
