import { fillBounds, reachedLimits } from "./bounds.js";
import { complete, type FullObjective, guessScale } from "./derivatives.js";
import { scaleAll, solveModel } from "./newton/model.js";
import { createNewton, evaluateAll, evaluateValue, type Newton, type Search, swapPoints } from "./newton/state.js";
import { endAtMinimum, leaveSaddle } from "./newton/stationary.js";
import { mustStop, tryStep } from "./newton/step.js";
import type { MinimizeOptions, MinimizeResult, Minimizer, Objective, Stop } from "./types.js";

export { createNewton, type Newton } from "./newton/state.js";

/** Radius of the first trust region, in standard deviations at fixed other parameters. */
const FIRST_RADIUS = 100;

export interface NewtonOptions extends MinimizeOptions {
  /** The Hessian at the minimum is wanted as well, so the last step is checked with it and not with a gradient alone. */
  readonly wantsHessian?: boolean;
}

/**
 * Trust region with the exact Hessian [Nocedal & Wright 2006, Numerical Optimization, chapter 4]. The region is a ball in the
 * coordinates u_i = x_i d_i of `scaleAll`; limits are an exact active set for each quadratic model. Afterwards `newton.at` holds the
 * gradient where it ended and the Hessian there, or, unless `hessianIsAtEnd`, that of one step before.
 */
export function minimizeNewton(
  newton: Newton,
  f: Objective,
  x0: Float64Array,
  options: NewtonOptions = {},
): MinimizeResult {
  return run(newton, f, x0, options, Number.POSITIVE_INFINITY);
}

/** Judges x0 by its EDM from the Hessian: converged (after one more step), or why not. Moves on only from a saddle point. */
export function confirmMinimum(
  newton: Newton,
  f: Objective,
  x0: Float64Array,
  options: MinimizeOptions = {},
): MinimizeResult {
  return run(newton, f, x0, options, 0);
}

function run(
  newton: Newton,
  f: Objective,
  x0: Float64Array,
  options: NewtonOptions,
  maxIterations: number,
): MinimizeResult {
  const s = createSearch(newton, f, x0, options, maxIterations);
  if (!start(s)) return resultOf(s, { reason: "non-finite" });
  for (;;) {
    const stop = iterate(s);
    if (stop !== undefined) return resultOf(s, stop);
  }
}

function createSearch(
  newton: Newton,
  f: Objective,
  x0: Float64Array,
  options: NewtonOptions,
  maxIterations: number,
): Search {
  const { n } = newton;
  const full = f.hessian && f.gradient ? (f as Required<Objective>) : complete(f, x0, options);
  const counting = "calls" in full ? (full as FullObjective) : undefined;
  const isExact = counting?.exactHessian ?? true;
  const errorDef = options.errorDef ?? 1;
  const own = { nfev: 0, ngrad: 0, nhess: 0 };
  const calls = counting?.calls ?? own;
  return {
    newton,
    f: full,
    x0,
    options,
    errorDef,
    goal: (options.edmGoal ?? 1e-9) * errorDef,
    maxCalls: options.maxCalls ?? (200 + 100 * n + 5 * n * n) * (isExact ? 1 : 20),
    maxIterations,
    wantsHessian: options.wantsHessian ?? false,
    isExact,
    calls,
    before: { ...calls },
    own,
    iterations: 0,
    edm: Number.POSITIVE_INFINITY,
    hasFisher: false,
    model: newton.h,
    lambda: Number.NaN,
    isPositive: false,
    isStationary: false,
    shift: 1e-9,
    radius: FIRST_RADIUS * Math.sqrt(2 * errorDef * n),
    isConfident: true,
    rejected: 0,
    stalls: 0,
    escapes: 0,
    lastEdm: Number.POSITIVE_INFINITY,
    steps: 0,
    idleValue: Number.NaN,
  };
}

/** Evaluates the start, moved inside the limits; false if something is not finite there. */
function start(s: Search): boolean {
  const { newton, x0, options } = s;
  const { lower, upper, unit, trial } = newton;
  fillBounds(options, lower, upper);
  for (let i = 0; i < newton.n; i++) {
    unit[i] = guessScale(x0[i]!, options.steps?.[i], lower[i]!, upper[i]!);
    trial.x[i] = Math.min(Math.max(x0[i]!, lower[i]!), upper[i]!);
  }
  newton.hessianIsAtEnd = true;
  const value = evaluateAll(s);
  // the value alone, for the report
  if (!Number.isFinite(value)) evaluateValue(s);
  swapPoints(newton);
  s.idleValue = value;
  if (Number.isFinite(value)) scaleAll(s, true);
  return Number.isFinite(value);
}

/** One quadratic model and what follows from it; undefined to go on. */
function iterate(s: Search): Stop | undefined {
  solveModel(s);
  if (s.isStationary) return s.isPositive ? endAtMinimum(s) : leaveSaddle(s);
  return mustStop(s) ?? tryStep(s);
}

function resultOf(s: Search, stop: Stop): MinimizeResult {
  const { newton, calls, before } = s;
  const { x, value } = newton.at;
  return {
    x: x.slice(),
    value,
    success: stop.reason === "converged",
    stop,
    edm: s.edm,
    nfev: calls.nfev - before.nfev,
    ngrad: calls.ngrad - before.ngrad,
    nhess: calls.nhess - before.nhess,
    iterations: s.iterations,
    limits: reachedLimits(x, newton),
  };
}

export const newton: Minimizer = {
  name: "newton",
  method: "trust region",
  about: "Trust region with the exact Hessian, damped along the Fisher matrix; converges from far away.",
  minimize: (f, x0, options) => minimizeNewton(createNewton(f.n), f, x0, options),
};
