import { complete } from "./derivatives.js";
import type { MinimizeOptions, Objective } from "./types.js";

export interface HessianResult {
  readonly value: number;
  readonly gradient: Float64Array;
  /** [n, n] */
  readonly hessian: Float64Array;
  /** False: from differences. */
  readonly exact: boolean;
  readonly nfev: number;
}

/** Gradient and Hessian at x: the function's own, else five-point differences whose steps follow the curvature. */
export function hessianAt(f: Objective, x: Float64Array, options: MinimizeOptions = {}): HessianResult {
  const full = complete(f, x, options, true);
  const gradient = new Float64Array(f.n);
  const hessian = new Float64Array(f.n * f.n);
  // differences need a first round to find their steps
  if (!full.exactHessian) full.hessian(x, gradient, hessian);
  const value = full.hessian(x, gradient, hessian);
  return { value, gradient, hessian, exact: full.exactHessian, nfev: full.calls.nfev };
}
