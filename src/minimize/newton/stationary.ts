import { FREE, solveBox } from "../box-step.js";
import { hasNoInfluence, isDoubtful } from "../no-influence.js";
import type { Stop } from "../types.js";
import { directionOf, weakestDirection } from "../weakest-direction.js";
import { moveTrial, scaleAll, scaleGradient } from "./model.js";
import {
  evaluateAll,
  evaluateGradient,
  evaluateValue,
  roundingOf,
  type Search,
  swapGradients,
  swapPoints,
  type Verdict,
} from "./state.js";

/** EDM, in units of errorDef, below which another step is not worth an evaluation: 1e-9 standard deviations. */
const EXACT = 1e-18;
/** Descents from saddle points before the search gives up. */
const MAX_ESCAPES = 20;
/** Lengths, in standard deviations, that are tried along a direction of negative curvature. */
const ESCAPE_LENGTHS = [1, -1, 0.1, -0.1, 10, -10, 0.01, -0.01, 1e-3, -1e-3];

/** Ends the search at a point that fulfils the conditions of a minimum: first and second order. */
export function endAtMinimum(s: Search): Stop {
  const flat = parameterWithoutInfluence(s);
  if (flat >= 0) return { reason: "flat direction", direction: [{ parameter: flat, by: 1 }] };
  takeLastStep(s);
  return { reason: "converged" };
}

/** The first free parameter whose standard deviation is out of all proportion to its value, start and step; -1 if there is none. */
function parameterWithoutInfluence(s: Search): number {
  const { newton, f, x0, options, errorDef } = s;
  const { n, unit, step } = newton;
  const { x, hessian } = newton.at;
  for (let i = 0; i < n; i++) {
    if (step.state[i] !== FREE) continue;
    const natural = Math.max(Math.abs(x[i]!), Math.abs(x0[i]!), unit[i]!);
    const curvature = hessian[i * n + i]!;
    // in the common case nothing is evaluated
    if (!isDoubtful(curvature, natural, errorDef)) continue;
    if (hasNoInfluence(f, x, f.value(x), i, curvature, natural, options)) return i;
  }
  return -1;
}

/** Takes the step to the minimum of the model, and keeps it where the derivatives there say that it is nearer. */
function takeLastStep(s: Search): void {
  const { newton, wantsHessian } = s;
  if (s.edm <= EXACT * s.errorDef || !moveTrial(newton)) return;
  const value = wantsHessian ? evaluateAll(s) : evaluateGradient(s);
  if (!(value <= newton.at.value + roundingOf(s))) return;
  const swap = wantsHessian ? swapPoints : swapGradients;
  swap(newton);
  if (wantsHessian) scaleAll(s, false);
  else scaleGradient(newton);
  const { step, h, g, lo, hi } = newton;
  if (solveBox(step, h, g, 0, lo, hi) && -step.change <= s.edm) {
    s.edm = Math.max(0, -step.change);
    newton.hessianIsAtEnd = wantsHessian;
  } else swap(newton);
}

/** At a stationary point without positive curvature: moves down along a direction of negative curvature, and goes on from there; ends where there is none. */
export function leaveSaddle(s: Search): Verdict {
  const { h, d, step, n } = s.newton;
  const { eigenvalue, v } = weakestDirection(h, step.state, n);
  if (eigenvalue < -1e-9 && s.escapes++ < MAX_ESCAPES && descendAlong(s, v)) return undefined;
  const direction = directionOf(v, d);
  return eigenvalue < (s.isExact ? -1e-6 : -1e-3)
    ? { reason: "non-positive curvature", direction }
    : { reason: "flat direction", direction };
}

/** Moves along v [n], to the side and as far as the function falls; false if it does not. */
function descendAlong(s: Search, v: Float64Array): boolean {
  const { newton, errorDef } = s;
  const { p, state } = newton.step;
  const target = newton.at.value - roundingOf(s);
  for (const t of ESCAPE_LENGTHS) {
    state.fill(FREE);
    for (let i = 0; i < newton.n; i++) p[i] = t * Math.sqrt(2 * errorDef) * v[i]!;
    if (!moveTrial(newton) || !(evaluateValue(s) < target)) continue;
    if (!Number.isFinite(evaluateAll(s))) continue;
    swapPoints(newton);
    s.iterations++;
    s.radius = Math.max(s.radius, 3 * Math.sqrt(2 * errorDef));
    scaleAll(s, false);
    return true;
  }
  return false;
}
