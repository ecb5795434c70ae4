/**
 * A function to minimise. `x` is never kept or written. A non-finite value means "outside the domain": minimisers step
 * back from it.
 */
export interface Objective {
  readonly n: number;
  value(x: Float64Array): number;
  /** Fills g [n] and returns the value. Absent: finite differences. */
  gradient?(x: Float64Array, g: Float64Array): number;
  /** Fills g [n], the symmetric Hessian h [n, n], and, where wanted and known, a positive semi-definite approximation of it; returns the value. */
  hessian?(x: Float64Array, g: Float64Array, h: Float64Array, fisher?: Float64Array): number;
}

export interface MinimizeOptions {
  /** Starting steps [n], about one standard deviation each. */
  readonly steps?: Float64Array;
  /** Lower and upper limits [n]; -Infinity, +Infinity where there is none. */
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** Change of the function that is one standard deviation: 1 for -2 ln L. */
  readonly errorDef?: number;
  /** Estimated vertical distance to the minimum at which to stop, in units of errorDef. */
  readonly edmGoal?: number;
  /** Limit of all evaluations together (value, gradient, Hessian). */
  readonly maxCalls?: number;
  readonly signal?: AbortSignal;
}

/** Numbers of evaluations: `nfev` counts all of them, `ngrad` those with gradient, `nhess` those with gradient and Hessian. */
export interface Calls {
  nfev: number;
  ngrad: number;
  nhess: number;
}

/** Why a minimisation ended. Every reason but "converged" comes with `success: false`. */
export type StopReason =
  | "converged"
  | "call limit"
  | "no progress"
  | "non-finite"
  | "flat direction"
  | "non-positive curvature"
  | "aborted";

export interface MinimizeResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly success: boolean;
  readonly reason: StopReason;
  /** In words: what is wrong and what to try; "Optimization terminated successfully." if all is well. */
  readonly message: string;
  /** Estimated vertical distance to the minimum, in the units of the function. */
  readonly edm: number;
  /** All evaluations of the function; of these `ngrad` with gradient, `nhess` with gradient and Hessian. */
  readonly nfev: number;
  readonly ngrad: number;
  readonly nhess: number;
  readonly iterations: number;
  /** Where a direction is to blame (flat, negative curvature): its components by parameter [n], largest relative component first scaled to 1. */
  readonly direction?: Float64Array;
  /** 1 where the minimum lies on a limit, by parameter [n]. */
  readonly atBound: Uint8Array;
}

export interface Minimizer {
  readonly name: "newton" | "minuit" | "simplex";
  readonly method: string;
  readonly about: string;
  minimize(f: Objective, x0: Float64Array, options?: MinimizeOptions): MinimizeResult;
}
