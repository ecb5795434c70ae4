import type { Bounds } from "../bounds.js";
import { type BoxStep, createBoxStep } from "../box-step.js";
import type { Calls, MinimizeOptions, Objective, Stop } from "../types.js";

/** A point with the derivatives there. */
export interface Point {
  x: Float64Array; // [n]
  value: number;
  gradient: Float64Array; // [n]
  readonly hessian: Float64Array; // [n, n]
  /** Fisher matrix [n, n], or another positive semi-definite approximation of the Hessian; the first element is NaN where there is none. */
  readonly fisher: Float64Array;
}

/** Work space of Newton minimisations in n dimensions, which run one after the other. */
export interface Newton extends Bounds {
  readonly n: number;
  /** Where the search stands, and what it tries; they change places when a step is taken. */
  at: Point;
  trial: Point;
  /** False where the Hessian in `at` is that of one step before. */
  hessianIsAtEnd: boolean;
  /** Scale d [n] of the coordinates u_i = x_i d_i in which the step is limited. */
  readonly d: Float64Array;
  /** Gradient [n], Hessian and Fisher matrix [n, n] of `at`, and limits of a step [n], in these coordinates. */
  readonly g: Float64Array;
  readonly h: Float64Array;
  readonly fisher: Float64Array;
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  readonly step: BoxStep;
  /** A natural size [n] of each parameter: the scale where there is no curvature. */
  readonly unit: Float64Array;
}

export function createNewton(n: number): Newton {
  const vector = () => new Float64Array(n);
  const matrix = () => new Float64Array(n * n);
  const point = () => ({ x: vector(), value: Number.NaN, gradient: vector(), hessian: matrix(), fisher: matrix() });
  return {
    n,
    at: point(),
    trial: point(),
    hessianIsAtEnd: true,
    d: vector(),
    g: vector(),
    h: matrix(),
    fisher: matrix(),
    lo: vector(),
    hi: vector(),
    lower: vector(),
    upper: vector(),
    step: createBoxStep(n),
    unit: vector(),
  };
}

/** One minimisation under way. Values, EDMs and goals are in the units of the function, lengths in the coordinates u of `Newton`. */
export interface Search {
  readonly newton: Newton;
  readonly f: Required<Objective>;
  readonly x0: Float64Array;
  readonly options: MinimizeOptions;
  readonly errorDef: number;
  /** EDM at which to stop. */
  readonly goal: number;
  readonly maxCalls: number;
  readonly maxIterations: number;
  /** Check the last step with the Hessian, which the caller wants, and not with a gradient alone. */
  readonly wantsHessian: boolean;
  /** False: the Hessian is known to the accuracy of differences only. */
  readonly isExact: boolean;
  /** Evaluations so far: as the objective counts them itself, else the search's own; and how many of them were made before this search, which may be one of many of the same objective. */
  readonly calls: Calls;
  readonly before: Calls;
  readonly own: Calls;
  iterations: number;
  edm: number;
  /** Whether there is a Fisher matrix at this point. */
  hasFisher: boolean;
  /** The matrix of the quadratic model of this point: the Hessian or the Fisher matrix, and how many times the unit matrix is added. */
  model: Float64Array;
  lambda: number;
  /** Whether the Hessian is positive definite over the parameters that no limit holds. */
  isPositive: boolean;
  /** Whether the point fulfils the first-order conditions of a minimum. */
  isStationary: boolean;
  /** The lambda that made the last indefinite matrix positive definite. */
  shift: number;
  /** Of the trust region. */
  radius: number;
  /** The last steps were good: take all derivatives at the next trial at once, and not its value first. */
  isConfident: boolean;
  /** Steps refused in a row; steps within rounding error since the EDM last halved; descents from saddle points. */
  rejected: number;
  stalls: number;
  escapes: number;
  /** EDM before the last step. */
  lastEdm: number;
  /** Steps tried, and the value at the last multiple of `IDLE_STEPS` of them. */
  steps: number;
  idleValue: number;
}

/** Why a search ends; undefined where it goes on. */
export type Verdict = Stop | undefined;

const EPSILON = 2 ** -52;

/** Rounding error of the value where the search stands. */
export function roundingOf({ newton }: Search): number {
  return 16 * EPSILON * Math.abs(newton.at.value);
}

/** Value at the trial point. */
export function evaluateValue({ own, f, newton: { trial } }: Search): number {
  own.nfev++;
  trial.value = f.value(trial.x);
  return trial.value;
}

/** Value and gradient at the trial point. */
export function evaluateGradient({ own, f, newton: { trial } }: Search): number {
  own.nfev++;
  own.ngrad++;
  trial.value = f.gradient(trial.x, trial.gradient);
  return trial.value;
}

/** Value, gradient, Hessian and Fisher matrix at the trial point; returns the value, NaN if one of them is not finite. */
export function evaluateAll({ own, f, newton }: Search): number {
  const { n, trial } = newton;
  const { gradient, hessian, fisher } = trial;
  own.nfev++;
  own.ngrad++;
  own.nhess++;
  fisher[0] = Number.NaN;
  const v = f.hessian(trial.x, gradient, hessian, fisher);
  let sum = v;
  for (let i = 0; i < n; i++) sum += gradient[i]! + hessian[i * n + i]!;
  trial.value = Number.isFinite(sum) ? v : Number.NaN;
  return trial.value;
}

/** The trial point becomes the one where the search stands, and the other way round. */
export function swapPoints(newton: Newton): void {
  const { at, trial } = newton;
  newton.at = trial;
  newton.trial = at;
}

/** The same of place, value and gradient alone: the Hessians stay. */
export function swapGradients({ at, trial }: Newton): void {
  const { x, value, gradient } = at;
  at.x = trial.x;
  at.value = trial.value;
  at.gradient = trial.gradient;
  trial.x = x;
  trial.value = value;
  trial.gradient = gradient;
}
