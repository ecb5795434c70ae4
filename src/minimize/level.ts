import { cholesky, choleskySolve } from "../math/linalg.js";
import { complete, type FullObjective } from "./derivatives.js";
import { createNewton, type Newton } from "./newton.js";
import type { MinimizeOptions, Objective } from "./types.js";

const EPS = 2 ** -52;
/** Relative accuracy of the level, ten times what is promised. */
const LEVEL = 1e-7;
/** EDM, in units of errorDef, of a minimum with parameters held, and that from which one more step is expected to reach it. */
const FIXED_EDM = 1e-9;
const NEAR = 1e-4;

export interface LevelOptions extends Omit<MinimizeOptions, "edmGoal"> {
  /** Value at xMin; absent: computed. */
  readonly value?: number;
}

/** Where a search along one direction ended. */
export type LevelStatus = "ok" | "at limit" | "not found" | "aborted";

export interface LevelPoint {
  readonly status: LevelStatus;
  /** In words, where the status is not "ok". */
  readonly message: string;
  /** Full vector [n] of the point, others re-optimised. */
  readonly x: Float64Array;
  /** Distance along the direction. */
  readonly t: number;
  /** f(x) - f(xMin). */
  readonly delta: number;
}

/** A minimum with one or two parameters held. */
export interface FixedPoint {
  readonly x: Float64Array;
  readonly value: number;
  /** Empty if it converged. */
  readonly message: string;
  /** Gradient [n] there, and Hessian [n, n] there or one step before: until the next search. */
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** Searches of one function from one minimum; not re-entrant. */
export interface Levels {
  readonly f: FullObjective;
  readonly xMin: Float64Array;
  readonly fMin: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly errorDef: number;
  /** Hessian at xMin [n, n]. */
  readonly hessian: Float64Array;
  /** Where f falls to fMin + delta along x_i = xMin_i + t vi, x_j = xMin_j + t vj (t > 0, no j if it is negative), others re-optimised. */
  find(delta: number, i: number, vi: number, j: number, vj: number, start?: { t: number; x: Float64Array }): LevelPoint;
  /** Minimum over the others with x_i (and x_j) fixed, from `start`. */
  fixed(i: number, xi: number, j: number, xj: number, start: Float64Array): FixedPoint;
  /** A point lower than xMin beyond rounding, if one was met. */
  lowerMinimum(): { x: Float64Array; value: number } | undefined;
}

/**
 * Newton on {d f / d others = 0, f = fMin + delta} [Venzon & Moolgavkar 1988, Appl. Statist. 37, 87] along a direction in
 * one or two parameters, with a bracketing search over re-optimised others where that fails.
 */
export function createLevels(objective: Objective, xMin: Float64Array, options: LevelOptions = {}): Levels {
  const n = objective.n;
  const errorDef = options.errorDef ?? 1;
  const f = complete(objective, xMin, options);
  const lower = Float64Array.from({ length: n }, (_, i) => options.lower?.[i] ?? Number.NEGATIVE_INFINITY);
  const upper = Float64Array.from({ length: n }, (_, i) => options.upper?.[i] ?? Number.POSITIVE_INFINITY);
  const g0 = new Float64Array(n);
  const h0 = new Float64Array(n * n);
  if (!f.exactHessian) f.hessian(xMin, g0, h0); // finds the steps of the differences
  const fMin = f.hessian(xMin, g0, h0);
  const noise = 16 * EPS * Math.abs(fMin);
  const x = new Float64Array(n);
  const g = new Float64Array(n);
  const h = new Float64Array(n * n);
  const m = new Float64Array(n * n);
  const y = new Float64Array(n);
  const z = new Float64Array(n);
  const hv = new Float64Array(n);
  const scale = new Float64Array(n);
  const index = new Int32Array(n);
  let newton: Newton | undefined; // only the robust search and scans need it
  const boxLower = lower.slice();
  const boxUpper = upper.slice();
  let lowest: { x: Float64Array; value: number } | undefined;

  function note(p: Float64Array, v: number): void {
    if (v < (lowest?.value ?? fMin) - Math.max(1e-6 * errorDef, 10 * noise)) lowest = { x: p.slice(), value: v };
  }

  /** Largest t that keeps x_i and x_j inside their limits. */
  function reach(i: number, vi: number, j: number, vj: number): number {
    const one = (k: number, v: number) =>
      k < 0 || v === 0 ? Number.POSITIVE_INFINITY : ((v > 0 ? upper[k]! : lower[k]!) - xMin[k]!) / v;
    return Math.max(0, Math.min(one(i, vi), one(j, vj)));
  }

  /** x_k at t, exactly on the limit where t is the reach. */
  function place(p: Float64Array, k: number, v: number, t: number): void {
    if (k >= 0) p[k] = Math.min(Math.max(xMin[k]! + t * v, lower[k]!), upper[k]!);
  }

  /** One quadratic model at x: leaves the Newton step of the others as -(y + z dt); false if it has no minimum there. */
  let k = 0;
  let slope = 0;
  let bend = 0;
  let distance = 0;
  function model(i: number, vi: number, j: number, vj: number): boolean {
    k = 0;
    for (let o = 0; o < n; o++) {
      if (o === i || o === j) continue;
      if (lower[o]! >= upper[o]!) continue;
      if ((x[o]! <= lower[o]! && g[o]! > 0) || (x[o]! >= upper[o]! && g[o]! < 0)) continue;
      const d = h[o * n + o]!;
      if (!(d > 0)) return false;
      scale[k] = 1 / Math.sqrt(d);
      index[k++] = o;
    }
    let hvv = h[i * n + i]! * vi * vi;
    slope = g[i]! * vi;
    if (j >= 0) {
      hvv += 2 * h[i * n + j]! * vi * vj + h[j * n + j]! * vj * vj;
      slope += g[j]! * vj;
    }
    for (let a = 0; a < k; a++) {
      const o = index[a]!;
      for (let b = 0; b <= a; b++) m[a * k + b] = m[b * k + a] = h[o * n + index[b]!]! * scale[a]! * scale[b]!;
      hv[a] = (h[o * n + i]! * vi + (j >= 0 ? h[o * n + j]! * vj : 0)) * scale[a]!;
      y[a] = g[o]! * scale[a]!;
    }
    if (k > 0 && !cholesky(m, k, m)) return false;
    for (let a = 0; a < k; a++) if (m[a * k + a]! * m[a * k + a]! < 1e-13) return false;
    distance = 0;
    if (k > 0) {
      choleskySolve(m, k, hv, z);
      for (let a = 0; a < k; a++) {
        slope -= z[a]! * y[a]!;
        hvv -= z[a]! * hv[a]!;
        hv[a] = y[a]!;
      }
      choleskySolve(m, k, hv, y);
      for (let a = 0; a < k; a++) distance += 0.5 * hv[a]! * y[a]!;
    }
    bend = 0.5 * hvv;
    return Number.isFinite(distance + slope + bend);
  }

  /** Newton from (t, x); returns t at the crossing, or NaN where the robust search must take over. x, value left in place. */
  let value = 0;
  function fast(
    target: number,
    delta: number,
    i: number,
    vi: number,
    j: number,
    vj: number,
    t0: number,
    atMin: boolean,
  ) {
    const far = reach(i, vi, j, vj);
    let t = t0;
    let known = atMin;
    const tolerance = LEVEL * delta + noise;
    if (atMin) {
      g.set(g0);
      h.set(h0);
      value = fMin;
    }
    let blocked = 0;
    for (let round = 0; round < 20; round++) {
      if (!known) {
        value = f.hessian(x, g, h);
        if (!Number.isFinite(value)) return Number.NaN;
        note(x, value);
      }
      if (!model(i, vi, j, vj)) return Number.NaN;
      if (!known && t > 0 && Math.abs(value - target) <= tolerance && distance <= LEVEL * delta && slope > 0) return t;
      known = false;
      const c = value - distance - target;
      let dt = Number.NaN;
      if (bend > 0) {
        const disc = slope * slope - 4 * bend * c;
        if (disc < 0) return Number.NaN;
        const root = Math.sqrt(disc);
        dt = slope > 0 ? (-2 * c) / (slope + root) : (root - slope) / (2 * bend);
      } else if (slope > 0) dt = -c / slope;
      if (!Number.isFinite(dt)) return Number.NaN;
      if (t > 0) dt = Math.min(Math.max(dt, -0.8 * t), 2 * t);
      if (t + dt >= far) {
        if (t >= far) {
          // at the limit: only the others move; below the level there is no crossing
          if (distance <= LEVEL * delta && ++blocked > 0) return Number.POSITIVE_INFINITY;
        }
        dt = far - t;
      }
      t = t + dt;
      place(x, i, vi, t);
      place(x, j, vj, t);
      for (let a = 0; a < k; a++) {
        const o = index[a]!;
        const to = x[o]! - (y[a]! + z[a]! * dt) * scale[a]!;
        x[o] = Math.min(Math.max(to, lower[o]!), upper[o]!);
      }
    }
    return Number.NaN;
  }

  /** Minimum over the others, x_i and x_j held. */
  function fixed(i: number, xi: number, j: number, xj: number, start: Float64Array): FixedPoint {
    boxLower.set(lower);
    boxUpper.set(upper);
    boxLower[i] = boxUpper[i] = xi;
    if (j >= 0) boxLower[j] = boxUpper[j] = xj;
    newton ??= createNewton(n);
    const settings = {
      lower: boxLower,
      upper: boxUpper,
      steps: f.scale,
      errorDef,
      signal: options.signal,
    };
    // from a good start the first step goes so near that its gradient tells, without another Hessian
    let r = newton.minimize(f, start, { ...settings, edmGoal: NEAR });
    const there = r.success && r.edm <= FIXED_EDM * errorDef;
    if (!there && r.reason !== "call limit" && r.reason !== "non-finite") {
      r = newton.minimize(f, r.x, { ...settings, edmGoal: FIXED_EDM });
    }
    if (Number.isFinite(r.value)) note(r.x, r.value);
    const message = r.success || r.reason === "flat direction" ? "" : r.message;
    const { gradient, hessian } = newton.last;
    return { x: r.x, value: r.value, message, gradient, hessian };
  }

  function find(
    delta: number,
    i: number,
    vi: number,
    j: number,
    vj: number,
    start?: { t: number; x: Float64Array },
  ): LevelPoint {
    const target = fMin + delta;
    const far = reach(i, vi, j, vj);
    const point = (status: LevelStatus, message: string, t: number): LevelPoint => ({
      status,
      message,
      x: x.slice(),
      t,
      delta: value - fMin,
    });
    x.set(xMin);
    value = fMin;
    if (far === 0) return point("at limit", limitInWords(0), 0);
    if (start) {
      x.set(start.x);
      place(x, i, vi, Math.min(start.t, far));
      place(x, j, vj, Math.min(start.t, far));
    }
    let t = fast(target, delta, i, vi, j, vj, start ? Math.min(start.t, far) : 0, start === undefined);
    if (start && Number.isNaN(t)) {
      x.set(xMin);
      t = fast(target, delta, i, vi, j, vj, 0, true);
    }
    if (t === Number.POSITIVE_INFINITY && value < target) return point("at limit", limitInWords(value - fMin), far);
    if (Number.isFinite(t)) return point("ok", "", t);
    return bracket();

    function limitInWords(rise: number): string {
      return `parameter ${j >= 0 && far < reach(i, vi, -1, 0) ? j : i} reaches its limit, where the function has risen by ${Number(rise.toPrecision(4))} of ${delta}`;
    }

    /** Profile value at t; Infinity outside the domain. Leaves the point in x. */
    function profile(at: number, from: Float64Array): number {
      const p = from.slice();
      place(p, i, vi, at);
      place(p, j, vj, at);
      const r = fixed(i, p[i]!, j, j >= 0 ? p[j]! : 0, p);
      x.set(Number.isFinite(r.value) ? r.x : p);
      value = Number.isFinite(r.value) ? r.value : Number.POSITIVE_INFINITY;
      words = r.message;
      return value;
    }

    function bracket(): LevelPoint {
      let a = 0;
      let fa = fMin;
      let xa = xMin;
      const curvature = h0[i * n + i]! * vi * vi + (j >= 0 ? h0[j * n + j]! * vj * vj : 0);
      let b = curvature > 0 ? Math.sqrt((2 * delta) / curvature) : 0;
      const unit = Math.min(
        f.scale[i]! / Math.abs(vi || 1e-300),
        j >= 0 ? f.scale[j]! / Math.abs(vj || 1e-300) : Number.POSITIVE_INFINITY,
      );
      if (!(b > 0) || !Number.isFinite(b)) b = unit;
      b = Math.min(start && start.t > 0 ? start.t : b, far);
      let fb = Number.NaN;
      for (let grow = 0; grow < 80; grow++) {
        if (options.signal?.aborted) return point("aborted", "stopped by the caller", b);
        fb = profile(b, xa);
        if (fb > target) break;
        a = b;
        fa = fb;
        xa = x.slice();
        if (b >= far) return point("at limit", limitInWords(fb - fMin), far);
        b = Math.min(far, b * (grow < 8 ? 1.7 : 4));
      }
      if (!(fb > target)) {
        return point(
          "not found",
          `the function rises only by ${Number((fb - fMin).toPrecision(4))} of ${delta} as far as parameter ${i} = ${Number(x[i]!.toPrecision(4))}`,
          a,
        );
      }
      // root of sqrt(rise), nearly linear in t: Illinois, bisection beside the edge of the domain
      const height = Math.sqrt(delta);
      const s = (v: number) => Math.sqrt(Math.max(0, v - fMin)) - height;
      let sa = s(fa);
      let sb = s(fb);
      for (let step = 0; step < 200; step++) {
        if (options.signal?.aborted) return point("aborted", "stopped by the caller", b);
        let c = Number.isFinite(sb) ? b - (sb * (b - a)) / (sb - sa) : 0.5 * (a + b);
        if (!(c > a && c < b) || step % 8 === 7) c = 0.5 * (a + b);
        if (c <= a || c >= b) break;
        const fc = profile(c, xa);
        if (Math.abs(fc - target) <= LEVEL * delta + noise) {
          if (words === "") return point("ok", "", c);
          return point("not found", `the others could not be re-optimised: ${words}`, c);
        }
        const sc = s(fc);
        if (fc > target) {
          b = c;
          sb = sc;
          sa *= 0.5;
        } else {
          a = c;
          sa = s(fc);
          fa = fc;
          xa = x.slice();
          if (Number.isFinite(sb)) sb *= 0.5;
        }
      }
      x.set(xa);
      value = fa;
      return point(
        "not found",
        `the function jumps across the level at parameter ${i} = ${Number(xa[i]!.toPrecision(6))} (edge of its domain, or another minimum of the others)`,
        a,
      );
    }
  }
  let words = "";

  return {
    f,
    xMin,
    fMin,
    lower,
    upper,
    errorDef,
    hessian: h0,
    find,
    fixed,
    lowerMinimum: () => lowest,
  };
}
