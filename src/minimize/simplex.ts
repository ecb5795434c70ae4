import { reachedLimits } from "./bounds.js";
import { confirmMinimum, createNewton } from "./newton.js";
import { runNelderMead } from "./simplex/nelder-mead.js";
import { createSearch, type Search } from "./simplex/state.js";
import type { MinimizeOptions, MinimizeResult, Minimizer, Objective, Stop } from "./types.js";

const EDM_GOAL = 1e-4;
const MAX_RESTARTS = 30;
/** Restarts in a row that lower the function by less than the goal, and are not confirmed. */
const MAX_STALE = 6;
/** Edges of the first, third, ... simplex and of the others, in natural steps: a new one starts to the other side. */
const SIZES = [1, -0.7] as const;

/**
 * Nelder-Mead from values alone, started again with a new simplex until that no longer helps. A point counts only when the Hessian there, by
 * differences, confirms its EDM.
 */
function minimize(f: Objective, x0: Float64Array, options: MinimizeOptions = {}): MinimizeResult {
  const edmGoal = options.edmGoal ?? EDM_GOAL;
  const s = createSearch(f, x0, options, edmGoal);
  const { maxCalls } = s;
  const { calls } = s.f;
  if (!Number.isFinite(s.bestValue)) return failure(s, { reason: "non-finite" }, Number.POSITIVE_INFINITY);
  const newton = createNewton(s.n);
  const edges = s.f.scale.slice();
  let stale = 0;
  for (let restart = 0; restart < MAX_RESTARTS; restart++) {
    const before = s.bestValue;
    const spread = runNelderMead(s, edges, SIZES[restart % 2]!);
    if (options.signal?.aborted) return failure(s, { reason: "aborted" }, spread);
    if (calls.nfev >= maxCalls) return failure(s, { reason: "call limit", maxCalls }, spread);
    if (before - s.bestValue > edmGoal * (options.errorDef ?? 1) && restart > 0) stale = 0;
    const judged = confirmMinimum(newton, s.f, s.best, { ...options, edmGoal, maxCalls });
    if (judged.stop.reason !== "no progress" || (judged.value >= s.bestValue && ++stale > MAX_STALE)) {
      const { nfev, ngrad, nhess } = calls;
      return { ...judged, nfev, ngrad, nhess, iterations: s.iterations };
    }
    if (judged.value < s.bestValue) {
      s.best = judged.x.slice();
      s.bestValue = judged.value;
    }
    // differences have found the standard deviations, the others held
    edges.set(s.f.scale);
  }
  return failure(s, { reason: "no progress" }, Number.POSITIVE_INFINITY);
}

function failure(s: Search, stop: Stop, edm: number): MinimizeResult {
  const { best, bestValue: value, iterations } = s;
  const { nfev, ngrad, nhess } = s.f.calls;
  const limits = reachedLimits(best, s);
  return { x: best.slice(), value, success: false, stop, edm, nfev, ngrad, nhess, iterations, limits };
}

export const simplex: Minimizer = {
  name: "simplex",
  method: "Nelder-Mead",
  about: "Nelder-Mead simplex with restarts, from values alone; slow but does not mind rough functions.",
  minimize,
};
