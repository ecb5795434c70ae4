import { createNewton, minimizeNewton } from "../newton.js";
import type { MinimizeResult } from "../types.js";
import type { Levels } from "./state.js";

/** EDM, in units of errorDef, of a minimum with parameters held, and that from which one more step is expected to reach it. */
const GOAL = 1e-9;
const NEAR = 1e-4;

/** A minimum with one or two parameters held. */
export interface HeldMinimum {
  readonly x: Float64Array;
  readonly value: number;
  /** The minimisation, where it failed. */
  readonly failure: MinimizeResult | undefined;
  /** Gradient [n] there, and Hessian [n, n] there or one step before: until the next search. */
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** Minimum over the other parameters from `start` [n], x_i and x_j held there; j = -1 where it is one. A minimum that is not unique is no failure. */
export function minimizeOthers(s: Levels, start: Float64Array, i: number, j: number): HeldMinimum {
  const { f, errorDef, signal, held } = s;
  const { lower, upper } = held;
  lower.set(s.lower);
  upper.set(s.upper);
  lower[i] = upper[i] = start[i]!;
  if (j >= 0) lower[j] = upper[j] = start[j]!;
  s.newton ??= createNewton(s.n);
  const settings = { lower, upper, steps: f.scale, errorDef, signal };
  // from a good start the first step goes so near that its gradient tells, without another Hessian
  let r = minimizeNewton(s.newton, f, start, { ...settings, edmGoal: NEAR });
  const isThere = r.success && r.edm <= GOAL * errorDef;
  if (!isThere && r.stop.reason !== "call limit" && r.stop.reason !== "non-finite") {
    r = minimizeNewton(s.newton, f, r.x, { ...settings, edmGoal: GOAL });
  }
  if (Number.isFinite(r.value)) noteLowest(s, r.x, r.value);
  const limits = r.limits.filter(({ parameter }) => parameter !== i && parameter !== j);
  const failure = r.success || r.stop.reason === "flat direction" ? undefined : { ...r, limits };
  const { gradient, hessian } = s.newton.at;
  return { x: r.x, value: r.value, failure, gradient, hessian };
}

/** Keeps a point that is lower than the minimum, and than what was met before, by more than rounding. */
export function noteLowest(s: Levels, x: Float64Array, value: number): void {
  const least = Math.max(1e-6 * s.errorDef, 10 * s.rounding);
  if (value < (s.lowest?.value ?? s.fMin) - least) s.lowest = { x: x.slice(), value };
}
