import { bracketRoot, brentRoot } from "../math/roots.js";
import type { StopSignal } from "../math/types.js";
import type { MinimizeResult, Minimizer, Objective } from "../minimize/types.js";
import { coordinatesOf } from "./coordinates.js";
import type { IntervalEnd } from "./interval-end.js";
import type { Joint } from "./joint.js";
import type { Fitted } from "./search.js";
import { number, stopInWords } from "./words.js";

/** The objective [n - 1] with parameter `slot` of `full` held. */
function without(objective: Required<Objective>, full: Float64Array, slot: number): Required<Objective> {
  const { n } = objective;
  const m = n - 1;
  const g1 = new Float64Array(n);
  const h1 = new Float64Array(n * n);
  const f1 = new Float64Array(n * n);
  const expand = (x: Float64Array) => {
    for (let a = 0; a < m; a++) full[a < slot ? a : a + 1] = x[a]!;
    return full;
  };
  const place = (a: number) => (a < slot ? a : a + 1);
  const pick = (from: Float64Array, to: Float64Array) => {
    for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) to[a * m + b] = from[place(a) * n + place(b)]!;
  };
  return {
    n: m,
    value: (x) => objective.value(expand(x)),
    gradient(x, g) {
      const value = objective.gradient(expand(x), g1);
      for (let a = 0; a < m; a++) g[a] = g1[place(a)]!;
      return value;
    },
    hessian(x, g, h, fisher) {
      const value = objective.hessian(expand(x), g1, h1, f1);
      for (let a = 0; a < m; a++) g[a] = g1[place(a)]!;
      pick(h1, h);
      if (fisher !== undefined) pick(f1, fisher);
      return value;
    },
  };
}

/** Where the profile has risen by `delta`, by Brent's root of the re-minimised function: slow, and independent of the Newton search. */
export function scanForLevel(
  joint: Joint,
  fitted: Fitted,
  minimizer: Minimizer,
  search: { slot: number; side: 1 | -1; delta: number; fMin: number; signal?: StopSignal },
): IntervalEnd {
  const { slot, side, delta, fMin, signal } = search;
  const best = fitted.free.values;
  const { objective, lower, upper, toInternal, toExternal } = coordinatesOf(joint, best, false);
  const full = toInternal(best);
  const others = without(objective, full, slot);
  const drop = (x: Float64Array) => x.filter((_, i) => i !== slot);
  const settings = { lower: drop(lower), upper: drop(upper), steps: drop(fitted.free.errors), edmGoal: 1e-8, signal };
  let from = drop(full);
  let failure: MinimizeResult | undefined;
  /** sqrt of the rise, nearly linear, minus that of the level. */
  const height = (value: number) => {
    full[slot] = value;
    if (others.n > 0) {
      const r = minimizer.minimize(others, from, settings);
      failure = r.success ? undefined : r;
      if (Number.isFinite(r.value)) from = r.x.slice();
    }
    const rise = others.value(from) - fMin;
    return Math.sqrt(Math.max(rise, 0)) - Math.sqrt(delta);
  };
  const start = best[slot]!;
  const error = fitted.free.errors[slot]!;
  const step = side * (error > 0 && Number.isFinite(error) ? error : 0.1 * (Math.abs(start) || 1));
  const limit = side > 0 ? upper[slot]! : lower[slot]!;
  const bracket = bracketRoot(height, start, step, { limit });
  const xtol = 1e-9 * Math.abs(step);
  const root = bracket.success ? brentRoot(height, bracket.a, bracket.b, { xtol }).x : bracket.b;
  height(root);
  const rise = others.value(from) - fMin;
  const end = { value: root, delta: rise, parameters: toExternal(full) };
  if (failure !== undefined) {
    const names = { parameters: joint.parameters.filter((_, i) => i !== slot) };
    const message = `the others could not be fitted again: ${stopInWords(failure, names)}`;
    return { ...end, status: "not found", message };
  }
  if (bracket.success) return { ...end, status: "ok", message: "" };
  const risen = `-2 ln L has risen by ${number(rise)} of ${delta}`;
  return bracket.b === limit
    ? { ...end, status: "at limit", message: `the limit ${limit} comes first, where ${risen}` }
    : { ...end, status: "not found", message: `${risen} as far as ${number(root)}` };
}
