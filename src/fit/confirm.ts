import { type Covariance, hasNoError } from "../minimize/covariance.js";
import { minimizeNewton } from "../minimize/newton.js";
import { coordinatesOf } from "./coordinates.js";
import type { ErrorFlaw } from "./error-flaw.js";
import { reasonableSize } from "./error-size.js";
import type { Joint } from "./joint.js";
import type { Described } from "./minimum.js";

export interface Confirmation {
  readonly flaws: readonly ErrorFlaw[];
  /** A point lower than the minimum that was met on the way; undefined if there was none. */
  readonly lower?: Float64Array;
}

/** Rises over one error that confirm it: within a factor 2 of 1 on either side. */
const RISE = 2;
/** Rises that no bend of the ridge explains, so that nothing is fitted again. */
const HOPELESS = 1e4;
/** How far the mean of the errors on either side, from the rises with the others fitted again, may be from the error: a factor 3. MINOS errors differ by less in healthy fits. */
const FACTOR = 3;
/** Global correlation beyond which an error is 300 times that with the others held. The last digits of a Hessian can make such an error, so the others are fitted again in any case. */
const CORRELATED = 1 - 5e-6;
/** Shortest part of an error before a limit that is looked at. */
const SHORTEST = 0.3;
/** Evaluations of each such fit. */
const MAX_CALLS = 20;
/** Part of a turn from which on an error of an angle says little: that of one of which nothing is known is 0.29. */
const VAGUE = 0.25;
/** Values of an angle over a turn that are looked at. */
const PHASES = 6;
/** A fall of -2 ln L over one error that is another minimum, and no noise of the pixels. */
const LOWER = 0.02;

/**
 * Holds errors against the likelihood: one error away along the ridge, the others where the covariance puts them, the statistic has risen by 1. In logarithms of
 * norms ridges are nearly straight; where it has not risen so along either, the others are fitted again.
 */
export function confirmErrors(joint: Joint, { best, at }: Described, errors: Covariance): Confirmation {
  if (!best.success) return { flaws: [] };
  const { x } = best;
  const n = x.length;
  const flaws: ErrorFlaw[] = [];
  let lower: { x: Float64Array; value: number } | undefined;
  const note = (point: { readonly x: Float64Array; readonly value: number }) => {
    if (point.value < (lower?.value ?? at.value - LOWER)) lower = { x: point.x.slice(), value: point.value };
    return point.value - at.value;
  };
  const plain = (p: Float64Array) => ({ x: p, value: joint.objective.value(p) });
  const rises = (
    i: number,
    useLog: boolean,
    evaluate: (p: Float64Array) => { x: Float64Array; value: number } = plain,
  ) =>
    [-1, 1].map((side) => {
      const step = ridge(joint, x, errors, i, side, useLog);
      if (step === undefined) return Number.NaN;
      return note(evaluate(step.p)) / step.t ** 2;
    });
  /** The rises on either side that do not confirm an error; undefined where they do. */
  /** How much -2 ln L rises at most over a turn of angle i. */
  const riseOverTurn = (i: number, turn: number) => {
    const values = Array.from({ length: PHASES - 1 }, (_, k) => {
      const p = x.map((v, j) => (j === i ? v + ((k + 1) / PHASES) * turn : v));
      return note(minimizeOthers(joint, p, i));
    });
    return Math.max(...values);
  };
  const riseOf = (i: number) => {
    const inLogs = rises(i, true);
    const isEnough = !(errors.globalCorrelation[i]! > CORRELATED);
    if (inLogs.every(isNear) && isEnough) return undefined;
    const straight = rises(i, false);
    if (straight.every(isNear) && isEnough) return undefined;
    if (Math.min(...[...inLogs, ...straight].filter((r) => !Number.isNaN(r))) > HOPELESS) return straight;
    const fitted = rises(i, false, (p) => minimizeOthers(joint, p, i));
    return isConfirmed(fitted) ? undefined : fitted;
  };
  for (let i = 0; i < n; i++) {
    if (hasNoError(errors.reasons[i]!)) flaws.push({ slot: i, flaw: "no error", reason: errors.reasons[i]! });
    if (errors.reasons[i] !== "ok") continue;
    const most = reasonableSize(joint, i, x);
    const isLarge = most !== undefined && errors.errors[i]! > most.size;
    const unconfirmed = isLarge ? undefined : riseOf(i);
    const isVague =
      isLarge || unconfirmed !== undefined || errors.errors[i]! > VAGUE * (most?.size ?? Number.POSITIVE_INFINITY);
    const rise = isVague && most?.of === "turn" ? riseOverTurn(i, most.size) : Number.POSITIVE_INFINITY;
    if (rise < 1) flaws.push({ slot: i, flaw: "not measured", rise });
    else if (isLarge) flaws.push({ slot: i, flaw: "size", most });
    else if (unconfirmed !== undefined) {
      flaws.push({ slot: i, flaw: "rise", below: unconfirmed[0]!, above: unconfirmed[1]! });
    }
  }
  return lower === undefined ? { flaws } : { flaws, lower: lower.x };
}

/** A minimum with parameter i held, or what is nearest to it after a few steps. */
function minimizeOthers({ newton, objective, lower, upper }: Joint, p: Float64Array, i: number) {
  const [lo, hi] = [lower.slice(), upper.slice()];
  lo[i] = hi[i] = p[i]!;
  return minimizeNewton(newton, objective, p, { lower: lo, upper: hi, maxCalls: MAX_CALLS, edmGoal: 1e-3 });
}

const isNear = (rise: number) => Number.isNaN(rise) || (rise > 1 / RISE && rise < RISE);

/** Whether the mean of the errors that the rises on either side mean is near to 1. */
function isConfirmed(rises: readonly number[]): boolean {
  const sides = rises.filter((r) => !Number.isNaN(r)).map((r) => (r > 0 ? Math.min(1 / Math.sqrt(r), 10) : 10));
  if (sides.length === 0) return true;
  const mean = sides.reduce((a, b) => a + b) / sides.length;
  return mean > 1 / FACTOR && mean < FACTOR;
}

/** The point one error of parameter i away along the ridge of the covariance, or as far as the limits (t errors); undefined where these are near. */
function ridge(
  joint: Joint,
  x: Float64Array,
  { matrix, errors }: Covariance,
  i: number,
  side: number,
  useLog: boolean,
) {
  const n = x.length;
  const { isLog } = coordinatesOf(joint, x, useLog);
  const d = Float64Array.from({ length: n }, (_, j) => (side * matrix[i * n + j]!) / errors[i]!);
  let t = 1;
  for (let j = 0; j < n; j++) {
    if (isLog[j] || d[j] === 0) continue;
    const room = d[j]! > 0 ? joint.upper[j]! - x[j]! : joint.lower[j]! - x[j]!;
    t = Math.min(t, Math.max(0, room / d[j]!));
  }
  if (t < SHORTEST) return undefined;
  return { t, p: x.map((v, j) => (isLog[j] ? v * Math.exp((t * d[j]!) / v) : v + t * d[j]!)) };
}
