import type { StopSignal } from "../math/types.js";

/**
 * A function to minimise. `x` is never kept or written. A value that is not finite means "outside the domain": minimisers
 * shorten their step.
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
  /** Estimated vertical distance to the minimum (EDM) at which to stop, in units of errorDef. */
  readonly edmGoal?: number;
  /** Limit of all evaluations together (value, gradient, Hessian). */
  readonly maxCalls?: number;
  readonly signal?: StopSignal;
}

/** Numbers of evaluations: `nfev` counts all of them, `ngrad` those with gradient, `nhess` those with gradient and Hessian. */
export interface Calls {
  nfev: number;
  ngrad: number;
  nhess: number;
}

/** One parameter's part in a direction: it changes by `by`. */
export interface Component {
  readonly parameter: number;
  readonly by: number;
}

/** Why a minimisation ended, and what there is to know of it beside the result itself. */
export type Stop =
  | { readonly reason: "converged" }
  | { readonly reason: "call limit"; readonly maxCalls: number }
  /** Further steps lower the function hardly or not at all, and the estimated distance to the minimum is still large. */
  | { readonly reason: "no progress" }
  /** The function, or one of its derivatives, is not finite at the start. */
  | { readonly reason: "non-finite" }
  /** Along `direction` the function does not change. The largest component, in standard deviations, is 1; those below a thousandth of it are left out. */
  | { readonly reason: "flat direction"; readonly direction: readonly Component[] }
  /** The gradient vanishes and the curvature along `direction` is negative: a saddle point. */
  | { readonly reason: "non-positive curvature"; readonly direction: readonly Component[] }
  | { readonly reason: "aborted" };

/** Why a minimisation ended. Every reason but "converged" comes with `success: false`. */
export type StopReason = Stop["reason"];

/** A parameter that lies on one of its limits. */
export interface ReachedLimit {
  readonly parameter: number;
  readonly side: "lower" | "upper";
  readonly value: number;
}

/** Where a minimisation ended, and why. */
export interface MinimizeResult extends Readonly<Calls> {
  readonly x: Float64Array;
  readonly value: number;
  readonly success: boolean;
  readonly stop: Stop;
  /** Estimated vertical distance to the minimum, in the units of the function. */
  readonly edm: number;
  readonly iterations: number;
  /** The parameters on a limit, in their order. */
  readonly limits: readonly ReachedLimit[];
}

/** A method that looks for the minimum of a function. */
export interface Minimizer {
  readonly name: "newton" | "minuit" | "simplex";
  readonly method: string;
  readonly about: string;
  minimize(f: Objective, x0: Float64Array, options?: MinimizeOptions): MinimizeResult;
}
