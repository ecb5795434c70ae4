import type { HessianResult } from "../hessian.js";

/** Why a parameter's error is not a plain two-sided one. */
export type ErrorReason =
  | "ok"
  /** One-sided: the distance into the allowed region at which the function has risen by errorDef. */
  | "at lower limit"
  | "at upper limit"
  /** Where the slope jumps: the mean of the distances on either side at which the function has risen by errorDef. */
  | "at kink"
  /** lower = upper: no error. */
  | "fixed"
  /** No finite error: the function does not depend on this parameter, alone or in combination with others. */
  | "flat"
  /** The Hessian has a negative eigenvalue that involves this parameter: not a minimum. */
  | "negative curvature"
  | "non-finite";

/** Whether there is no error at all for this reason. */
export function hasNoError(reason: ErrorReason): boolean {
  return reason === "flat" || reason === "negative curvature" || reason === "non-finite";
}

/** Errors [n] with their reasons, under way. */
export interface Errors {
  readonly at: HessianResult;
  readonly n: number;
  readonly errorDef: number;
  /** The parameter that a kink holds; -1: none. */
  readonly kink: number;
  readonly errors: Float64Array;
  readonly reasons: ErrorReason[];
  /** Parameters that have a two-sided error by their own curvature, and those that the function pushes against a limit. */
  readonly free: number[];
  readonly pressed: number[];
}
