import { inverseSpd } from "../math/linalg.js";
import { complete } from "./derivatives.js";
import { createInternal } from "./limits.js";
import { createNewton } from "./newton.js";
import type { MinimizeOptions, MinimizeResult, Minimizer, Objective } from "./types.js";
import * as words from "./words.js";

const EPS = 2 ** -52;
/** EDM goal of Migrad at its default tolerance 0.1: 0.002 tol errorDef. */
const EDM_GOAL = 2e-4;
const RESTARTS = 20;
/** Longest first trial of a line search, in conditional standard deviations; longer steps must prove themselves. */
const LONG = 30;
/** Bounds a standard deviation in internal coordinates. */
const SHORT = 1e-3;

/**
 * Variable metric in internal coordinates, after Migrad, with BFGS updates (DFP updates lose curvature on correlated likelihoods). The
 * metric starts from the inverse Hessian or Fisher matrix where there is one. A point counts only when the Hessian there confirms
 * its EDM; else the metric starts again from that Hessian.
 */
function minimize(f: Objective, x0: Float64Array, options: MinimizeOptions = {}): MinimizeResult {
  const n = f.n;
  const errorDef = options.errorDef ?? 1;
  const edmGoal = options.edmGoal ?? EDM_GOAL;
  const goal = edmGoal * errorDef;
  const full = complete(f, x0, options, true);
  const maxCalls = options.maxCalls ?? (200 + 100 * n + 5 * n * n) * (full.exactGradient ? 2 : 20);
  const internal = createInternal(x0, options);
  const newton = createNewton(n);
  const make = () => new Float64Array(n);
  const x = make();
  const u = make();
  const trial = make();
  const gx = make();
  const g = make();
  const gNew = make();
  const first = make();
  const second = make();
  const d = make();
  const y = make();
  const vy = make();
  const h = new Float64Array(n * n);
  const fisher = new Float64Array(n * n);
  const v = new Float64Array(n * n);
  const curvature = make();
  let iterations = 0;

  const valueAt = (p: Float64Array): number => {
    internal.toExternal(p, x);
    return full.value(x);
  };
  const gradientAt = (p: Float64Array, out: Float64Array): number => {
    internal.toExternal(p, x);
    const value = full.gradient(x, gx);
    internal.derivatives(p, first, second);
    for (let i = 0; i < n; i++) out[i] = gx[i]! * first[i]!;
    return value;
  };

  /** Metric from a matrix of second derivatives at u (whose gradient is gx): false if it is not positive definite. */
  function seed(from: Float64Array, gradient: Float64Array | undefined): boolean {
    internal.derivatives(u, first, second);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) v[i * n + j] = from[i * n + j]! * first[i]! * first[j]!;
      if (gradient) v[i * n + i]! += gradient[i]! * second[i]!;
    }
    return inverseSpd(v, n, v) && v.every(Number.isFinite);
  }

  /** Diagonal metric: curvatures of the last Hessian where they are positive, else the natural steps. */
  function seedDiagonal(): void {
    internal.derivatives(u, first, second);
    v.fill(0);
    for (let i = 0; i < n; i++) {
      const c = curvature[i]!;
      const sigma = (c > 0 ? Math.sqrt((2 * errorDef) / c) : full.scale[i]!) / Math.abs(first[i]!);
      v[i * n + i] = Math.min(sigma, 1 / SHORT) ** 2 / (2 * errorDef);
    }
  }

  function remember(matrix: Float64Array): void {
    for (let i = 0; i < n; i++) curvature[i] = matrix[i * n + i]!;
  }

  function failure(reason: MinimizeResult["reason"], value: number, edm: number): MinimizeResult {
    internal.toExternal(u, x);
    return {
      x: x.slice(),
      value,
      success: false,
      reason,
      message:
        reason === "call limit"
          ? words.callLimitInWords(maxCalls, edm, "")
          : reason === "aborted"
            ? words.ABORTED
            : reason === "non-finite"
              ? words.nonFiniteInWords(value)
              : words.stuckInWords(edm, ""),
      edm,
      nfev: full.calls.nfev,
      ngrad: full.calls.ngrad,
      nhess: full.calls.nhess,
      iterations,
      atBound: new Uint8Array(n),
    };
  }

  internal.toInternal(x0, u);
  let value = gradientAt(u, g);
  if (!Number.isFinite(value) || !g.every(Number.isFinite))
    return failure("non-finite", value, Number.POSITIVE_INFINITY);
  let seeded = false;
  if (full.exactGradient) {
    fisher[0] = Number.NaN;
    internal.toExternal(u, x);
    full.hessian(x, gx, h, fisher);
    remember(Number.isNaN(fisher[0]!) ? h : fisher);
    seeded = (!Number.isNaN(fisher[0]!) && seed(fisher, undefined)) || seed(h, gx);
  }
  if (!seeded) seedDiagonal();

  let confirmed: MinimizeResult | undefined;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const edm = descend(0.1 * goal * 0.1 ** restart);
    if (options.signal?.aborted) return failure("aborted", value, edm);
    if (full.calls.nfev >= maxCalls) return failure("call limit", value, edm);
    internal.toExternal(u, x);
    confirmed = newton.confirm(full, x, { ...options, edmGoal });
    if (confirmed.reason !== "no progress") break;
    value = confirmed.value;
    internal.toInternal(confirmed.x, u);
    remember(newton.last.hessian);
    const metric = seed(newton.last.hessian, newton.last.gradient);
    value = gradientAt(u, g);
    if (!metric) seedDiagonal();
  }
  const result = confirmed!;
  return { ...result, nfev: full.calls.nfev, ngrad: full.calls.ngrad, nhess: full.calls.nhess, iterations };

  /** Steps until the metric's own EDM is small or no step helps; returns that EDM. */
  function descend(enough: number): number {
    let edm = Number.POSITIVE_INFINITY;
    let fresh = true;
    while (full.calls.nfev < maxCalls && !options.signal?.aborted) {
      let slope = 0;
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let j = 0; j < n; j++) s -= v[i * n + j]! * g[j]!;
        d[i] = s;
        slope += s * g[i]!;
      }
      edm = -0.5 * slope;
      if (!(slope < 0) && edm !== 0) {
        if (fresh) return edm;
        seedDiagonal();
        fresh = true;
        continue;
      }
      if (edm <= enough || edm < 16 * EPS * Math.abs(value)) return edm;
      const alpha = lineSearch(slope);
      if (alpha === 0) {
        if (fresh) return edm;
        seedDiagonal();
        fresh = true;
        continue;
      }
      for (let i = 0; i < n; i++) trial[i] = u[i]! + alpha * d[i]!;
      value = gradientAt(trial, gNew);
      if (!gNew.every(Number.isFinite)) return edm;
      update(alpha);
      u.set(trial);
      g.set(gNew);
      fresh = false;
      iterations++;
    }
    return edm;
  }

  /** A step length along d that lowers the function enough (Armijo), by parabolas; 0 if there is none. */
  function lineSearch(slope: number): number {
    const noise = 4 * EPS * Math.abs(value);
    const at = (alpha: number) => {
      for (let i = 0; i < n; i++) trial[i] = u[i]! + alpha * d[i]!;
      return valueAt(trial);
    };
    let long = 0;
    internal.derivatives(u, first, second);
    for (let i = 0; i < n; i++) {
      const c = curvature[i]!;
      const sigma = c > 0 ? Math.sqrt((2 * errorDef) / c) : full.scale[i]!;
      long = Math.max(long, Math.abs(d[i]! * first[i]!) / sigma);
    }
    const start = long > LONG ? LONG / long : 1;
    let alpha = start;
    let fa = at(alpha);
    for (let k = 0; k < 40; k++) {
      if (fa <= value + 1e-4 * alpha * slope + noise) break;
      if (k === 39) return 0;
      const parabola = Number.isFinite(fa) ? (-slope * alpha) / (2 * ((fa - value) / alpha - slope)) / alpha : 0.1;
      alpha *= Math.min(0.5, Math.max(0.1, parabola));
      fa = at(alpha);
    }
    // the function falls faster than a parabola: go on
    if (alpha === start) {
      for (let k = 0; k < 20 && fa - value < 0.9 * alpha * slope; k++) {
        const longer = at(3 * alpha);
        if (!(longer < fa)) break;
        alpha *= 3;
        fa = longer;
      }
    }
    return alpha;
  }

  /** BFGS on the inverse [Nocedal & Wright, equation 6.17], skipped where the curvature along the step is not positive. */
  function update(alpha: number): void {
    let sy = 0;
    let yvy = 0;
    for (let i = 0; i < n; i++) {
      y[i] = gNew[i]! - g[i]!;
      d[i]! *= alpha;
      sy += d[i]! * y[i]!;
    }
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += v[i * n + j]! * y[j]!;
      vy[i] = s;
      yvy += s * y[i]!;
    }
    if (!(sy > 1e-10 * Math.sqrt(Math.abs(sy * yvy)))) return;
    const c = (1 + yvy / sy) / sy;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) v[i * n + j]! += c * d[i]! * d[j]! - (vy[i]! * d[j]! + d[i]! * vy[j]!) / sy;
    }
  }
}

export const minuit: Minimizer = {
  name: "minuit",
  method: "variable metric",
  about:
    "Variable metric after Migrad (BFGS updates), for functions without second derivatives; confirmed by a Hessian.",
  minimize,
};
