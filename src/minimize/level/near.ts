import type { Anchor } from "../follow.js";
import { moveOthers, setModel } from "./model.js";
import { type Levels, lineAlong } from "./state.js";

/** A minimum over the others, and the Hessian [n, n] there. */
export interface KnownMinimum extends Anchor {
  readonly hessian: Float64Array;
}

/** Distance to the minimum over the others, in units of errorDef, up to which it is taken from a Hessian of a place nearby, which knows it to a part of itself. */
const NEAR = 1e-7;
/** Distance from which steps of that Hessian are worth a gradient each, by how much each has to shorten it, and how many there are. */
const REACH = 1e-3;
const SHORTER = 0.1;
const MAX_STEPS = 3;

/**
 * The minimum over the others of f near x [n], parameter i held, from values and gradients and the Hessian of `known` alone; NaN where that does not get there. The last point is then
 * the present one.
 */
export function minimumBeside(s: Levels, x: Float64Array, i: number, { hessian }: KnownMinimum): number {
  const line = lineAlong(i, 1);
  s.x.set(x);
  let most = REACH * s.errorDef;
  for (let step = 0; step <= MAX_STEPS; step++) {
    s.value = s.f.gradient(s.x, s.g);
    s.h.set(hessian);
    if (!Number.isFinite(s.value) || !setModel(s, line)) return Number.NaN;
    const { distance } = s.model;
    if (distance <= NEAR * s.errorDef) return s.value - distance;
    if (!(distance <= most)) return Number.NaN;
    most = SHORTER * distance;
    moveOthers(s, 0);
  }
  return Number.NaN;
}
