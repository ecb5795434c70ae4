import type { StopSignal } from "../../math/types.js";
import { type Bounds, boundsOf } from "../bounds.js";
import { complete, type FullObjective } from "../derivatives.js";
import type { Newton } from "../newton.js";
import type { MinimizeOptions, MinimizeResult, Objective } from "../types.js";

/** Relative accuracy of the level, ten times what is promised. */
export const LEVEL_ACCURACY = 1e-7;

const EPSILON = 2 ** -52;

export type LevelOptions = Omit<MinimizeOptions, "edmGoal">;

/** A straight line through the minimum in one or two parameters: x_i = xMin_i + t vi, x_j = xMin_j + t vj; j = -1 where it is one. */
export interface Line {
  readonly i: number;
  readonly vi: number;
  readonly j: number;
  readonly vj: number;
}

/** The line along parameter i, upwards or downwards; t is the distance from the minimum. */
export function lineAlong(i: number, side: 1 | -1): Line {
  return { i, vi: side, j: -1, vj: 0 };
}

/** How a search along a line ended. */
export type LevelEnd =
  | { readonly status: "ok" }
  /** The limit of `parameter` comes first; `delta` is less than wanted there. */
  | { readonly status: "at limit"; readonly parameter: number }
  /** The function stays below the level as far as was looked. */
  | { readonly status: "not found"; readonly reason: "no rise"; readonly parameter: number }
  /** The function jumps across the level: the edge of its domain, or another minimum of the other parameters. */
  | { readonly status: "not found"; readonly reason: "jump"; readonly parameter: number }
  /** The minimisation over the other parameters failed. */
  | { readonly status: "not found"; readonly reason: "others"; readonly failure: MinimizeResult }
  | { readonly status: "aborted" };

export type LevelStatus = LevelEnd["status"];

/** The point at which a search along a line ended. */
export interface LevelPoint {
  readonly end: LevelEnd;
  /** Full vector [n], the other parameters at their minimum. */
  readonly x: Float64Array;
  /** Distance along the line. */
  readonly t: number;
  /** f(x) - f(xMin), and what it should be. */
  readonly delta: number;
  readonly wanted: number;
  /** The Hessian there [n, n], where the search has made it. */
  readonly hessian?: Float64Array;
}

/** A minimum lower than the one that a search started from. */
export interface LowerMinimum {
  readonly x: Float64Array;
  readonly value: number;
}

/** Searches of one function from one minimum, one after the other. */
export interface Levels extends Bounds {
  readonly n: number;
  readonly f: FullObjective;
  readonly errorDef: number;
  readonly signal: StopSignal | undefined;
  /** The minimum [n], with value, gradient [n] and Hessian [n, n]. */
  readonly xMin: Float64Array;
  readonly fMin: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  /** Rounding error of the function near the minimum. */
  readonly rounding: number;
  /** The lowest point that was met, if it is lower than xMin by more than rounding. */
  lowest: LowerMinimum | undefined;
  /** The present point of a search, with its derivatives. */
  readonly x: Float64Array;
  value: number;
  readonly g: Float64Array;
  readonly h: Float64Array;
  readonly model: LevelModel;
  /** For minimisations over the other parameters, if there were any: work space, and limits [n] that hold some. */
  newton: Newton | undefined;
  readonly held: Bounds;
}

/**
 * Quadratic model of f at a point, along a line and in the k other parameters that can move, these scaled to unit diagonal of their Hessian. Along the line, the
 * others at the minimum of the model, f = value - distance + slope dt + halfCurvature dt^2; they get there by -scale (y + z dt).
 */
export interface LevelModel {
  k: number;
  /** Which parameters the others are [k], and their scale [k]. */
  readonly index: Int32Array;
  readonly scale: Float64Array;
  /** Hessian over the others, then its Cholesky factor [k, k]. */
  readonly m: Float64Array;
  /** Right-hand side [k], and the solutions y for the gradient and z for the line [k]. */
  readonly rhs: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** How far f is above its minimum over the others. */
  distance: number;
  slope: number;
  halfCurvature: number;
}

export function createLevels(objective: Objective, xMin: Float64Array, options: LevelOptions = {}): Levels {
  const { n } = objective;
  const vector = () => new Float64Array(n);
  const f = complete(objective, xMin, options);
  const gradient = vector();
  const hessian = new Float64Array(n * n);
  // differences need a first round to find their steps
  if (!f.exactHessian) f.hessian(xMin, gradient, hessian);
  const fMin = f.hessian(xMin, gradient, hessian);
  const { lower, upper } = boundsOf(options, n);
  return {
    n,
    f,
    errorDef: options.errorDef ?? 1,
    signal: options.signal,
    lower,
    upper,
    xMin,
    fMin,
    gradient,
    hessian,
    rounding: 16 * EPSILON * Math.abs(fMin),
    lowest: undefined,
    x: vector(),
    value: Number.NaN,
    g: vector(),
    h: new Float64Array(n * n),
    model: createModel(n),
    newton: undefined,
    held: { lower: lower.slice(), upper: upper.slice() },
  };
}

function createModel(n: number): LevelModel {
  const vector = () => new Float64Array(n);
  return {
    k: 0,
    index: new Int32Array(n),
    scale: vector(),
    m: new Float64Array(n * n),
    rhs: vector(),
    y: vector(),
    z: vector(),
    distance: Number.NaN,
    slope: Number.NaN,
    halfCurvature: Number.NaN,
  };
}
