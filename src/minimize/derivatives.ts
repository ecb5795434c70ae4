import { gradientFromValues } from "./differences/gradient.js";
import { hessianFromGradients, hessianFromValues } from "./differences/hessian.js";
import { createDifferences } from "./differences/steps.js";
import type { Calls, MinimizeOptions, Objective } from "./types.js";

/** An objective that has all derivatives, its own or by differences, and counts its calls. */
export interface FullObjective extends Required<Objective> {
  readonly calls: Calls;
  /** True where the function itself offers the Hessian, the gradient. */
  readonly exactHessian: boolean;
  readonly exactGradient: boolean;
  /** Lengths [n] of about one standard deviation; differences adapt them. */
  readonly scale: Float64Array;
}

/** A first guess of one standard deviation of a parameter: the step given, else a tenth of the value. */
export function guessScale(x: number, step: number | undefined, lower: number, upper: number): number {
  let s = step !== undefined && step > 0 && Number.isFinite(step) ? step : 0.1 * Math.abs(x);
  const width = upper - lower;
  if (!(s > 1e-200)) s = Number.isFinite(width) && width > 0 ? 0.1 * width : 0.1;
  return Number.isFinite(width) && width > 0 ? Math.min(s, 0.25 * width) : s;
}

/**
 * Completes an objective. Missing gradients are five-point differences of values whose steps follow the curvature, one-sided
 * at a limit; missing Hessians are differences of exact gradients (three-point, or five-point if `accurate`), or second
 * differences of values.
 */
export function complete(
  f: Objective,
  x0: Float64Array,
  options: MinimizeOptions = {},
  accurate = false,
): FullObjective {
  const calls: Calls = { nfev: 0, ngrad: 0, nhess: 0 };
  const scale = firstScales(x0, options);
  const { gradient, hessian } = derivativesOf(f, calls, scale, options, accurate);
  return {
    n: f.n,
    calls,
    scale,
    exactHessian: f.hessian !== undefined,
    exactGradient: f.gradient !== undefined,
    value(x) {
      calls.nfev++;
      return f.value(x);
    },
    gradient,
    hessian,
  };
}

function firstScales(x0: Float64Array, options: MinimizeOptions): Float64Array {
  const scale = new Float64Array(x0.length);
  for (let i = 0; i < x0.length; i++) {
    const lower = options.lower?.[i] ?? Number.NEGATIVE_INFINITY;
    const upper = options.upper?.[i] ?? Number.POSITIVE_INFINITY;
    scale[i] = guessScale(x0[i]!, options.steps?.[i], lower, upper);
  }
  return scale;
}

/** The function's own derivatives, counted, and differences in place of those that it does not offer. */
function derivativesOf(
  f: Objective,
  calls: Calls,
  scale: Float64Array,
  options: MinimizeOptions,
  accurate: boolean,
): Pick<Required<Objective>, "gradient" | "hessian"> {
  const ownGradient = (x: Float64Array, g: Float64Array) => {
    calls.nfev++;
    calls.ngrad++;
    return f.gradient!(x, g);
  };
  const ownHessian = (x: Float64Array, g: Float64Array, h: Float64Array, fisher?: Float64Array) => {
    calls.nfev++;
    calls.ngrad++;
    calls.nhess++;
    return f.hessian!(x, g, h, fisher);
  };
  if (f.gradient && f.hessian) return { gradient: ownGradient, hessian: ownHessian };
  const d = createDifferences(f, calls, scale, options, accurate);
  const hessianByDifferences = f.gradient ? hessianFromGradients : hessianFromValues;
  return {
    gradient: f.gradient ? ownGradient : (x, g) => gradientFromValues(d, x, g),
    hessian: f.hessian ? ownHessian : (x, g, h) => hessianByDifferences(d, x, g, h),
  };
}
