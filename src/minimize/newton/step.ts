import type { Stop } from "../types.js";
import { moveTrial, scaleAll, shortenToRegion } from "./model.js";
import { evaluateAll, evaluateValue, roundingOf, type Search, swapPoints, type Verdict } from "./state.js";

/** EDM, in units of errorDef, below which a point that rounding does not let improve counts as converged (as in Migrad). */
const GOOD_ENOUGH = 1e-4;
/** Refused steps in a row, and steps within rounding error, after which the search ends. */
const MAX_REJECTED = 60;
const MAX_STALLS = 3;
/** The search ends after so many steps in which the function fell by less than `IDLE_DECREASE`, in units of errorDef: they alternate between the sides of a kink. */
const IDLE_STEPS = 40;
const IDLE_DECREASE = 1e-2;

const ABORTED: Stop = { reason: "aborted" };
const NO_PROGRESS: Stop = { reason: "no progress" };
const CONVERGED: Stop = { reason: "converged" };

/** Whether the caller, or the number of calls or steps, ends the search before the next step. */
export function mustStop(s: Search): Verdict {
  if (s.options.signal?.aborted) return ABORTED;
  if (s.calls.nfev - s.before.nfev >= s.maxCalls) return { reason: "call limit", maxCalls: s.maxCalls };
  if (s.iterations >= s.maxIterations) return NO_PROGRESS;
  if (++s.steps % IDLE_STEPS === 0) {
    const { value } = s.newton.at;
    if (s.idleValue - value < IDLE_DECREASE * s.errorDef) return NO_PROGRESS;
    s.idleValue = value;
  }
  return undefined;
}

/** Why a search ends that has no step left to take. */
function endOfProgress(s: Search): Stop {
  return s.isPositive && s.edm <= GOOD_ENOUGH * s.errorDef ? CONVERGED : NO_PROGRESS;
}

/**
 * Tries the step of the model, shortened to the trust region, and takes it or makes the region smaller [Nocedal & Wright 2006,
 * algorithm 4.1]. A change within rounding error counts as agreement, a few times.
 */
export function tryStep(s: Search): Verdict {
  const { newton } = s;
  const size = shortenToRegion(s);
  if (size === Number.POSITIVE_INFINITY) {
    s.radius *= 0.1;
    return ++s.rejected > MAX_REJECTED ? NO_PROGRESS : undefined;
  }
  const predicted = -newton.step.change;
  const { value } = newton.at;
  let trial = Number.NaN;
  const moved = moveTrial(newton);
  if (moved) trial = s.isConfident ? evaluateAll(s) : evaluateValue(s);
  const gain = value - trial;
  const rounding = roundingOf(s);
  const isRounding = predicted < 10 * rounding && gain > -10 * rounding;
  if (!moved || (isRounding && s.stalls++ >= MAX_STALLS)) return endOfProgress(s);
  const ratio = isRounding ? 1 : gain / predicted;
  let isAccepted = ratio > 1e-4 && Number.isFinite(trial);
  if (isAccepted && !s.isConfident) {
    trial = evaluateAll(s);
    isAccepted = Number.isFinite(trial);
  }
  if (isAccepted) {
    acceptStep(s, size, ratio, isRounding);
    return undefined;
  }
  if (++s.rejected > MAX_REJECTED) return endOfProgress(s);
  s.radius = size * shrinkFactor(trial - value, predicted);
  s.isConfident = false;
  return undefined;
}

/** Goes to the trial point, and changes the region by how well the model predicted the gain. */
function acceptStep(s: Search, size: number, ratio: number, isRounding: boolean): void {
  if (!isRounding && s.edm < 0.5 * s.lastEdm) s.stalls = 0;
  s.lastEdm = s.edm;
  s.rejected = 0;
  s.isConfident = ratio > 0.1;
  if (ratio < 0.25) s.radius = 0.5 * size;
  else if (ratio > 0.75 && size > 0.8 * s.radius) s.radius = 3 * size;
  swapPoints(s.newton);
  s.iterations++;
  scaleAll(s, false);
}

/** By how much to shrink the region: to the minimum of the parabola through the slope and the new value, within [0.1, 0.5] [Dennis & Schnabel 1983, section 6.4.3]. */
function shrinkFactor(rise: number, predicted: number): number {
  if (!Number.isFinite(rise)) return 0.25;
  return Math.min(0.5, Math.max(0.1, predicted / (rise + 2 * predicted)));
}
