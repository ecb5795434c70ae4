import { type Bounds, boundsOf } from "../bounds.js";
import { complete, type FullObjective } from "../derivatives.js";
import type { MinimizeOptions, Objective } from "../types.js";

/** A Nelder-Mead minimisation under way; vectors are [n]. */
export interface Search extends Bounds {
  readonly n: number;
  readonly f: FullObjective;
  readonly options: MinimizeOptions;
  readonly maxCalls: number;
  /** Spread of the values of the simplex at which it has converged. */
  readonly goal: number;
  iterations: number;
  /** The best point so far. */
  best: Float64Array;
  bestValue: number;
  /** The n + 1 points of the simplex with their values, the best first. */
  readonly points: Float64Array[];
  readonly values: Float64Array;
  /** Mean of all but the worst. */
  readonly centre: Float64Array;
  /** The worst point reflected at it, and a second trial. */
  reflected: Float64Array;
  tried: Float64Array;
}

export function createSearch(f: Objective, x0: Float64Array, options: MinimizeOptions, edmGoal: number): Search {
  const { n } = f;
  const vector = () => new Float64Array(n);
  const s: Search = {
    n,
    f: complete({ n, value: f.value }, x0, options, true),
    options,
    ...boundsOf(options, n),
    maxCalls: options.maxCalls ?? 2000 + 2000 * n * (1 + n / 10),
    goal: 0.01 * edmGoal * (options.errorDef ?? 1),
    iterations: 0,
    best: vector(),
    bestValue: Number.NaN,
    points: Array.from({ length: n + 1 }, vector),
    values: new Float64Array(n + 1),
    centre: vector(),
    reflected: vector(),
    tried: vector(),
  };
  for (let i = 0; i < n; i++) s.best[i] = clip(s, i, x0[i]!);
  s.bestValue = valueAt(s, s.best);
  return s;
}

/** v inside the limits of parameter i. */
export function clip({ lower, upper }: Bounds, i: number, v: number): number {
  return Math.min(Math.max(v, lower[i]!), upper[i]!);
}

/** The value at x; NaN counts as outside the domain. */
export function valueAt({ f }: Search, x: Float64Array): number {
  const v = f.value(x);
  return Number.isNaN(v) ? Number.POSITIVE_INFINITY : v;
}

export function isOver({ f, maxCalls, options }: Search): boolean {
  return f.calls.nfev >= maxCalls || options.signal?.aborted === true;
}
