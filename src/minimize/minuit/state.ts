import { complete, type FullObjective } from "../derivatives.js";
import type { MinimizeOptions, Objective } from "../types.js";
import { createCoordinates, type InternalCoordinates, setDerivatives, toExternal } from "./coordinates.js";

/** A variable-metric minimisation under way. All is in the internal coordinates u, unless it says x; vectors are [n], matrices [n, n]. */
export interface Search {
  readonly n: number;
  readonly f: FullObjective;
  readonly coordinates: InternalCoordinates;
  readonly options: MinimizeOptions;
  readonly errorDef: number;
  readonly maxCalls: number;
  iterations: number;
  /** The present point, with value and gradient. */
  readonly u: Float64Array;
  value: number;
  readonly g: Float64Array;
  /** The point that is tried, with its gradient. */
  readonly trial: Float64Array;
  readonly gTrial: Float64Array;
  /** The metric: an approximation of the inverse Hessian. */
  readonly v: Float64Array;
  /** Direction of the step, and then the step. */
  readonly d: Float64Array;
  /** Second derivatives by x of the last Hessian or Fisher matrix; 0 if there was none. */
  readonly curvature: Float64Array;
  /** Place and gradient of the last evaluation in x. */
  readonly x: Float64Array;
  readonly gx: Float64Array;
  /** dx/du and d2x/du2 where they were last needed. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Change of the gradient, and the metric times it. */
  readonly y: Float64Array;
  readonly vy: Float64Array;
}

export function createSearch(f: Objective, x0: Float64Array, options: MinimizeOptions): Search {
  const { n } = f;
  const vector = () => new Float64Array(n);
  const full = complete(f, x0, options, true);
  return {
    n,
    f: full,
    coordinates: createCoordinates(x0, options),
    options,
    errorDef: options.errorDef ?? 1,
    maxCalls: options.maxCalls ?? (200 + 100 * n + 5 * n * n) * (full.exactGradient ? 2 : 20),
    iterations: 0,
    u: vector(),
    value: Number.NaN,
    g: vector(),
    trial: vector(),
    gTrial: vector(),
    v: new Float64Array(n * n),
    d: vector(),
    curvature: vector(),
    x: vector(),
    gx: vector(),
    first: vector(),
    second: vector(),
    y: vector(),
    vy: vector(),
  };
}

export function isOver({ f, maxCalls, options }: Search): boolean {
  return f.calls.nfev >= maxCalls || options.signal?.aborted === true;
}

export function valueAt({ f, coordinates, x }: Search, u: Float64Array): number {
  toExternal(coordinates, u, x);
  return f.value(x);
}

/** Fills g [n] with the gradient by u at u, and returns the value. */
export function gradientAt(s: Search, u: Float64Array, g: Float64Array): number {
  const { n, f, coordinates, x, gx, first, second } = s;
  toExternal(coordinates, u, x);
  const value = f.gradient(x, gx);
  setDerivatives(coordinates, u, first, second);
  for (let i = 0; i < n; i++) g[i] = gx[i]! * first[i]!;
  return value;
}

/** A standard deviation of parameter i in x, the others held: by its curvature, else its natural step. */
export function sigmaOf({ curvature, errorDef, f }: Search, i: number): number {
  const c = curvature[i]!;
  return c > 0 ? Math.sqrt((2 * errorDef) / c) : f.scale[i]!;
}
