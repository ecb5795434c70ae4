import { cholesky } from "../math/linalg.js";
import type { HessianResult } from "../minimize/hessian.js";
import { minimizeNewton } from "../minimize/newton.js";
import type { MinimizeResult, Minimizer, Objective } from "../minimize/types.js";
import { type Coordinates, coordinatesOf } from "./coordinates.js";
import type { Joint } from "./joint.js";
import type { MinimizeJointOptions } from "./minimum.js";

/** A likelihood whose objective leaves the statistics of its datasets and, last, of the priors in `parts` after each evaluation. */
export interface Parted extends Joint {
  readonly parts: Float64Array;
}

/** One run of a minimiser, in one set of coordinates. */
export interface Attempt {
  readonly coordinates: Coordinates;
  readonly result: MinimizeResult;
  /** In users' units. */
  readonly x: Float64Array;
  /** It "converged" where a norm is so near to zero that its logarithm has no influence. */
  readonly vanishing: boolean;
  /** It converged where a combination of parameters has hardly any influence ... */
  readonly singular: boolean;
  /** ... or might have none, for all that the gradient which is left tells. */
  readonly doubtful: boolean;
  /** In users' units, where the last evaluation was the Hessian at x. */
  readonly described?: { readonly at: HessianResult; readonly parts: Float64Array };
}

/** Minimises in logarithms of norms (`useLog`) or in the parameters themselves. */
export function minimizeIn(
  joint: Parted,
  start: Float64Array,
  minimizer: Minimizer,
  options: MinimizeJointOptions,
  useLog: boolean,
  wantsHessian: boolean,
): Attempt {
  const coordinates = coordinatesOf(joint, start, useLog);
  const { lower, upper, isLog } = coordinates;
  const { maxCalls, edmGoal, signal, onEvaluation } = options;
  const objective = onEvaluation === undefined ? coordinates.objective : told(coordinates.objective, onEvaluation);
  const u = coordinates.toInternal(start);
  const settings = { lower, upper, maxCalls, edmGoal, signal, wantsHessian };
  const isNewton = minimizer.name === "newton";
  const result = isNewton
    ? minimizeNewton(joint.newton, objective, u, { ...settings, steps: stepsOf(joint) })
    : minimizer.minimize(objective, u, settings);
  const x = coordinates.toExternal(result.x);
  const described = wantsHessian && isNewton && result.success ? describe(joint, coordinates, result) : undefined;
  const attempt = { coordinates, result, x, described };
  const n = u.length;
  if (!result.success) return { ...attempt, vanishing: false, singular: false, doubtful: false };
  let h = joint.newton.at.hessian;
  if (!isNewton) {
    h = new Float64Array(n * n);
    coordinates.objective.hessian(result.x, new Float64Array(n), h);
  }
  // a norm known to no better than a factor e
  const vanishing = isLog.some((log, i) => log === 1 && !(h[i * n + i]! > 2));
  const pivot = smallestPivot(h, n);
  const singular = !vanishing && !(pivot >= SMALL_PIVOT);
  // a gradient of sqrt(2 EDM) in units of the errors
  return { ...attempt, vanishing, singular, doubtful: singular || !(pivot >= 3 * Math.sqrt(result.edm)) };
}

/** A first step for what has a period, of which the value says nothing; NaN for all else. */
const stepsOf = ({ parameters }: Joint): Float64Array =>
  Float64Array.from(parameters, ({ period = Number.NaN }) => 0.1 * period);

/** The function, and whoever wants to know hears of each evaluation. */
function told(f: Required<Objective>, onEvaluation: (nfev: number, totalStat: number) => void): Required<Objective> {
  let nfev = 0;
  const tell = (value: number) => {
    onEvaluation(++nfev, value);
    return value;
  };
  return {
    n: f.n,
    value: (x) => tell(f.value(x)),
    gradient: (x, g) => tell(f.gradient(x, g)),
    hessian: (x, g, h, fisher) => tell(f.hessian(x, g, h, fisher)),
  };
}

/** Rounding of a sum of statistics. */
const ROUNDING = 1e-12;

/** The derivatives that Newton left at its minimum; undefined if it stopped one step behind them. */
function describe(joint: Parted, coordinates: Coordinates, { x, value }: MinimizeResult): Attempt["described"] {
  const { at, hessianIsAtEnd } = joint.newton;
  if (!hessianIsAtEnd) return undefined;
  const gradient = at.gradient.slice();
  const hessian = at.hessian.slice();
  coordinates.derivativesToExternal(x, gradient, hessian);
  // it may have looked elsewhere afterwards
  const sum = joint.parts.reduce((a, b) => a + b);
  if (!(Math.abs(sum - value) <= ROUNDING * Math.abs(value))) coordinates.objective.value(x);
  return { at: { value, gradient, hessian, exact: true, nfev: 0 }, parts: joint.parts.slice() };
}

/** Pivots of the Hessian scaled to unit diagonal below this ask for a second look. */
const SMALL_PIVOT = 1e-6;

/** Of the Hessian scaled to unit diagonal; NaN where it is not positive definite. */
function smallestPivot(h: Float64Array, n: number): number {
  const scaled = h.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) scaled[i * n + j]! /= Math.sqrt(h[i * (n + 1)]! * h[j * (n + 1)]!);
  }
  if (!cholesky(scaled, n, scaled)) return Number.NaN;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) smallest = Math.min(smallest, scaled[i * (n + 1)]! ** 2);
  return smallest;
}
