import { classify, fillOneSided, fillTwoSided } from "./covariance/errors.js";
import { invertFree } from "./covariance/inverse.js";
import { type ErrorReason, type Errors, hasNoError } from "./covariance/state.js";
import { type HessianResult, hessianAt } from "./hessian.js";
import type { MinimizeOptions, Objective } from "./types.js";

export { type ErrorReason, hasNoError } from "./covariance/state.js";

export interface Covariance {
  /** [n, n] 2 errorDef H^-1; rows and columns of parameters without a two-sided error are 0. */
  readonly matrix: Float64Array;
  /** [n] Infinity where flat, NaN where curvature is negative or not finite, each with its reason. */
  readonly errors: Float64Array;
  readonly reasons: readonly ErrorReason[];
  /** [n, n] */
  readonly correlation: Float64Array;
  /** [n] sqrt(1 - 1 / (H_ii C_ii)), as in Minuit. */
  readonly globalCorrelation: Float64Array;
  /** Of the Hessian scaled to unit diagonal, over the parameters inside their limits, ascending. */
  readonly eigenvalues: Float64Array;
  /** Ratio of the largest to the smallest of them; Infinity if that is not positive. */
  readonly condition: number;
  readonly hessian: Float64Array;
  readonly exact: boolean;
  /** All parameters have an error; else see their reasons. */
  readonly success: boolean;
  readonly nfev: number;
}

/** Covariance at a minimum x, from the Hessian in coordinates of unit diagonal. */
export function covarianceAt(f: Objective, x: Float64Array, options: MinimizeOptions = {}): Covariance {
  return covarianceFrom(hessianAt(f, x, options), f, x, options);
}

/** The same where the derivatives at x are known; the parameter `kink` lies where the slope jumps: its error is left NaN. */
export function covarianceFrom(
  at: HessianResult,
  f: Objective,
  x: Float64Array,
  options: MinimizeOptions,
  kink = -1,
): Covariance {
  const { n } = f;
  const { hessian, exact, nfev } = at;
  const s: Errors = {
    at,
    n,
    errorDef: options.errorDef ?? 1,
    kink,
    errors: new Float64Array(n).fill(Number.NaN),
    reasons: new Array(n).fill("ok"),
    free: [],
    pressed: [],
  };
  for (let i = 0; i < n; i++) classify(s, i, f, x, options);
  const inverse = invertFree(s);
  const { values } = inverse;
  const k = s.free.length;
  const matrix = new Float64Array(n * n);
  const globalCorrelation = new Float64Array(n);
  fillTwoSided(s, inverse, matrix, globalCorrelation);
  fillOneSided(s, inverse);
  return {
    matrix,
    errors: s.errors,
    reasons: s.reasons,
    correlation: correlationOf(matrix, n),
    globalCorrelation,
    eigenvalues: values,
    condition: k === 0 ? 1 : values[0]! > 0 ? values[k - 1]! / values[0]! : Number.POSITIVE_INFINITY,
    hessian,
    exact,
    success: !s.reasons.some(hasNoError),
    nfev,
  };
}

function correlationOf(matrix: Float64Array, n: number): Float64Array {
  const correlation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const s = Math.sqrt(matrix[i * n + i]! * matrix[j * n + j]!);
      correlation[i * n + j] = i === j ? 1 : s > 0 ? matrix[i * n + j]! / s : 0;
    }
  }
  return correlation;
}
