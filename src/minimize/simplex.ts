import { complete } from "./derivatives.js";
import { createNewton } from "./newton.js";
import type { MinimizeOptions, MinimizeResult, Minimizer, Objective } from "./types.js";
import * as words from "./words.js";

const EDM_GOAL = 1e-4;
const RESTARTS = 30;

/**
 * Nelder-Mead with the coefficients of Gao & Han 2012 (Comput. Optim. Appl. 51, 259), which hold up in many dimensions, started again
 * with a new simplex until that no longer helps; limits by projection. The end point is confirmed by differences.
 */
function minimize(f: Objective, x0: Float64Array, options: MinimizeOptions = {}): MinimizeResult {
  const n = f.n;
  const errorDef = options.errorDef ?? 1;
  const edmGoal = options.edmGoal ?? EDM_GOAL;
  const full = complete({ n, value: f.value }, x0, options, true);
  const maxCalls = options.maxCalls ?? 2000 + 2000 * n * (1 + n / 10);
  const lower = Float64Array.from({ length: n }, (_, i) => options.lower?.[i] ?? Number.NEGATIVE_INFINITY);
  const upper = Float64Array.from({ length: n }, (_, i) => options.upper?.[i] ?? Number.POSITIVE_INFINITY);
  const points = Array.from({ length: n + 1 }, () => new Float64Array(n));
  const values = new Float64Array(n + 1);
  const centre = new Float64Array(n);
  const expand = 1 + 2 / n;
  const contract = 0.75 - 1 / (2 * n);
  const shrink = n > 1 ? 1 - 1 / n : 0.5;
  let reflected = new Float64Array(n);
  let tried = new Float64Array(n);
  let best = new Float64Array(n);
  let iterations = 0;

  const stopped = () => full.calls.nfev >= maxCalls || options.signal?.aborted === true;
  const clip = (v: number, i: number) => Math.min(Math.max(v, lower[i]!), upper[i]!);
  /** NaN counts as outside the domain. */
  const at = (p: Float64Array) => {
    const v = full.value(p);
    return Number.isNaN(v) ? Number.POSITIVE_INFINITY : v;
  };
  for (let i = 0; i < n; i++) best[i] = clip(x0[i]!, i);
  let fBest = at(best);

  function result(reason: MinimizeResult["reason"], edm: number, message: string): MinimizeResult {
    const atBound = new Uint8Array(n);
    for (let i = 0; i < n; i++) if (best[i] === lower[i] || best[i] === upper[i]) atBound[i] = 1;
    return {
      x: best.slice(),
      value: fBest,
      success: reason === "converged",
      reason,
      message,
      edm,
      nfev: full.calls.nfev,
      ngrad: full.calls.ngrad,
      nhess: full.calls.nhess,
      iterations,
      atBound,
    };
  }
  if (!Number.isFinite(fBest)) return result("non-finite", Number.POSITIVE_INFINITY, words.nonFiniteInWords(fBest));

  const newton = createNewton(n);
  const step = full.scale.slice();
  let stale = 0;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const before = fBest;
    const spread = search(restart % 2 === 0 ? 1 : -0.7);
    if (options.signal?.aborted) return result("aborted", spread, words.ABORTED);
    if (full.calls.nfev >= maxCalls) return result("call limit", spread, words.callLimitInWords(maxCalls, spread, ""));
    if (before - fBest > edmGoal * errorDef && restart > 0) stale = 0;
    const judged = newton.confirm(full, best, { ...options, edmGoal, maxCalls });
    if (judged.reason !== "no progress" || (judged.value >= fBest && ++stale > 6)) {
      const { nfev, ngrad, nhess } = full.calls;
      return { ...judged, nfev, ngrad, nhess, iterations };
    }
    if (judged.value < fBest) {
      best = judged.x.slice();
      fBest = judged.value;
    }
    // a new simplex of about one conditional standard deviation
    for (let i = 0; i < n; i++) step[i] = full.scale[i]!;
  }
  return result("no progress", Number.POSITIVE_INFINITY, words.stuckInWords(Number.POSITIVE_INFINITY, ""));

  /** One Nelder-Mead run around `best`; returns the spread of values at its end. */
  function search(size: number): number {
    for (let k = 0; k <= n; k++) {
      const p = points[k]!;
      p.set(best);
      if (k > 0) {
        const i = k - 1;
        p[i] = clip(best[i]! + size * step[i]!, i);
        if (p[i] === best[i]) p[i] = clip(best[i]! - size * step[i]!, i);
      }
      values[k] = k === 0 ? fBest : at(p);
    }
    let spread = Number.POSITIVE_INFINITY;
    while (!stopped()) {
      sort();
      spread = values[n]! - values[0]!;
      if (spread <= 0.01 * edmGoal * errorDef) break;
      if (!iterate()) break;
      iterations++;
    }
    sort();
    best.set(points[0]!);
    fBest = values[0]!;
    return spread;
  }

  /** Insertion sort of the simplex, best first. */
  function sort(): void {
    for (let k = 1; k <= n; k++) {
      const v = values[k]!;
      const p = points[k]!;
      let m = k - 1;
      for (; m >= 0 && values[m]! > v; m--) {
        values[m + 1] = values[m]!;
        points[m + 1] = points[m]!;
      }
      values[m + 1] = v;
      points[m + 1] = p;
    }
  }

  /** out = centre + c (centre - worst), inside the limits; returns its value. */
  function probe(out: Float64Array, c: number): number {
    const worst = points[n]!;
    for (let i = 0; i < n; i++) out[i] = clip(centre[i]! + c * (centre[i]! - worst[i]!), i);
    return at(out);
  }

  /** One step of the simplex; false if it has collapsed. */
  function iterate(): boolean {
    centre.fill(0);
    for (let k = 0; k < n; k++) for (let i = 0; i < n; i++) centre[i]! += points[k]![i]! / n;
    const fr = probe(reflected, 1);
    if (fr < values[0]!) {
      const fe = probe(tried, expand);
      if (fe < fr) replaceWorst(true, fe);
      else replaceWorst(false, fr);
      return true;
    }
    if (fr < values[n - 1]!) {
      replaceWorst(false, fr);
      return true;
    }
    const outside = fr < values[n]!;
    const fc = probe(tried, outside ? contract : -contract);
    if (fc < Math.min(fr, values[n]!)) {
      replaceWorst(true, fc);
      return true;
    }
    let moved = false;
    for (let k = 1; k <= n; k++) {
      const p = points[k]!;
      for (let i = 0; i < n; i++) {
        const to = points[0]![i]! + shrink * (p[i]! - points[0]![i]!);
        if (to !== p[i]!) moved = true;
        p[i] = to;
      }
      values[k] = at(p);
    }
    return moved;
  }

  function replaceWorst(useTried: boolean, v: number): void {
    const old = points[n]!;
    if (useTried) {
      points[n] = tried;
      tried = old as Float64Array<ArrayBuffer>;
    } else {
      points[n] = reflected;
      reflected = old as Float64Array<ArrayBuffer>;
    }
    values[n] = v;
  }
}

export const simplex: Minimizer = {
  name: "simplex",
  method: "Nelder-Mead",
  about: "Nelder-Mead simplex with restarts, from values alone; slow but does not mind rough functions.",
  minimize,
};
