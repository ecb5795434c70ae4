import { cholesky, choleskySolve } from "../math/linalg.js";

/** Pivots below this, in coordinates of unit diagonal, count as singular: the condition number is then above about 1e13. */
const PIVOT = 1e-13;

/** Where parameter i of a step stands. */
export const FREE = 0;
export const AT_LOWER = -1;
export const AT_UPPER = 1;
export const FIXED = 2;

/** Work space for steps of a quadratic model in a box; arrays [n] and [n, n]. */
export interface BoxStep {
  readonly n: number;
  /** The step of the last `solveBox`. */
  readonly p: Float64Array;
  /** FREE, AT_LOWER, AT_UPPER or FIXED (lower = upper), by parameter: the active set. */
  readonly state: Int8Array;
  /** pT (B + lambda)^-1 p over the free parameters of the last solve: what Newton on the step length needs. */
  curvature: number;
  /** g p + 1/2 pT B p, without lambda: the change that the model predicts. */
  change: number;
  /** The k free parameters [k]; minimum of the model over them [k]; right-hand side [k]; Cholesky factor [k, k]. */
  readonly index: Int32Array;
  readonly q: Float64Array;
  readonly rhs: Float64Array;
  readonly l: Float64Array;
}

export function createBoxStep(n: number): BoxStep {
  return {
    n,
    p: new Float64Array(n),
    state: new Int8Array(n),
    curvature: 0,
    change: 0,
    q: new Float64Array(n),
    rhs: new Float64Array(n),
    l: new Float64Array(n * n),
    index: new Int32Array(n),
  };
}

/**
 * Minimises g p + 1/2 pT (B + lambda 1) p in the box lo <= p <= hi (which holds p = 0) by a primal active-set method
 * [Nocedal & Wright 2006, Numerical Optimization, algorithm 16.3]: exact, ends after finitely many steps. False if the matrix is
 * not positive definite over the free parameters.
 */
export function solveBox(
  w: BoxStep,
  b: Float64Array,
  g: Float64Array,
  lambda: number,
  lo: Float64Array,
  hi: Float64Array,
): boolean {
  const { n, p, q, index, state } = w;
  startActiveSet(w, g, lo, hi);
  for (let round = 0; round < 20 + 10 * n; round++) {
    const k = solveFree(w, b, g, lambda);
    if (k < 0) return false;
    if (stopAtLimit(w, k, lo, hi)) continue;
    for (let a = 0; a < k; a++) p[index[a]!] = q[a]!;
    const worst = k < n ? wrongMultiplier(w, b, g, lambda) : -1;
    if (worst < 0) {
      finish(w, b, g, k);
      return true;
    }
    state[worst] = FREE;
  }
  finish(w, b, g, 0);
  return true;
}

/** p = 0; held are the parameters on a limit that the gradient pushes against, and the fixed ones. */
function startActiveSet({ n, p, state }: BoxStep, g: Float64Array, lo: Float64Array, hi: Float64Array): void {
  p.fill(0);
  for (let i = 0; i < n; i++) {
    if (lo[i]! >= hi[i]!) state[i] = FIXED;
    else if (lo[i]! >= 0 && g[i]! >= 0) state[i] = AT_LOWER;
    else if (hi[i]! <= 0 && g[i]! <= 0) state[i] = AT_UPPER;
    else state[i] = FREE;
  }
}

/** The minimum q of the model over the free parameters, the others held at p; returns their number, or -1 if it is not positive definite over them. */
function solveFree(w: BoxStep, b: Float64Array, g: Float64Array, lambda: number): number {
  const { n, p, q, rhs, l, index, state } = w;
  let k = 0;
  for (let i = 0; i < n; i++) if (state[i] === FREE) index[k++] = i;
  for (let a = 0; a < k; a++) {
    const i = index[a]!;
    const row = i * n;
    let r = -g[i]!;
    if (k < n) for (let j = 0; j < n; j++) if (state[j] !== FREE) r -= b[row + j]! * p[j]!;
    rhs[a] = r;
    for (let c = 0; c < a; c++) l[a * k + c] = l[c * k + a] = b[row + index[c]!]!;
    l[a * k + a] = b[row + i]! + lambda;
  }
  if (k === 0) return 0;
  if (!cholesky(l, k, l)) return -1;
  for (let a = 0; a < k; a++) {
    const pivot = l[a * k + a]!;
    if (pivot * pivot < PIVOT * (1 + lambda)) return -1;
  }
  choleskySolve(l, k, rhs, q);
  return k;
}

/** If the way from p to q leaves the box: goes as far as the first limit, holds that parameter there, and returns true. */
function stopAtLimit({ p, q, index, state }: BoxStep, k: number, lo: Float64Array, hi: Float64Array): boolean {
  let alpha = 1;
  let blocking = -1;
  let low = false;
  for (let a = 0; a < k; a++) {
    const i = index[a]!;
    const to = q[a]!;
    if (to < lo[i]! || to > hi[i]!) {
      const limit = to < lo[i]! ? lo[i]! : hi[i]!;
      const part = (limit - p[i]!) / (to - p[i]!);
      if (part < alpha) {
        alpha = part;
        blocking = i;
        low = to < lo[i]!;
      }
    }
  }
  if (blocking < 0) return false;
  for (let a = 0; a < k; a++) {
    const i = index[a]!;
    const to = p[i]! + alpha * (q[a]! - p[i]!);
    p[i] = Math.min(Math.max(to, lo[i]!), hi[i]!);
  }
  state[blocking] = low ? AT_LOWER : AT_UPPER;
  p[blocking] = low ? lo[blocking]! : hi[blocking]!;
  return true;
}

/** The held parameter whose Lagrange multiplier has the wrong sign and is largest: the model falls when it moves inwards; -1 if there is none. */
function wrongMultiplier(w: BoxStep, b: Float64Array, g: Float64Array, lambda: number): number {
  const { n, p, state } = w;
  let worst = -1;
  let size = 0;
  for (let i = 0; i < n; i++) {
    const s = state[i]!;
    if (s === FREE || s === FIXED) continue;
    let m = g[i]! + lambda * p[i]!;
    let magnitude = Math.abs(g[i]!);
    for (let j = 0; j < n; j++) {
      const t = b[i * n + j]! * p[j]!;
      m += t;
      magnitude += Math.abs(t);
    }
    // the gradient must be >= 0 at a lower limit, <= 0 at an upper one
    const inward = s === AT_LOWER ? -m : m;
    if (inward > 1e-13 * magnitude && inward > size) {
      size = inward;
      worst = i;
    }
  }
  return worst;
}

/** The predicted change of the step p, and its `curvature` from the factor of the k free parameters. */
function finish(w: BoxStep, b: Float64Array, g: Float64Array, k: number): void {
  const { n, p, q, rhs, l, index } = w;
  let change = 0;
  for (let i = 0; i < n; i++) {
    let t = 0;
    for (let j = 0; j < n; j++) t += b[i * n + j]! * p[j]!;
    change += p[i]! * (g[i]! + 0.5 * t);
  }
  w.change = change;
  w.curvature = 0;
  if (k === 0) return;
  for (let a = 0; a < k; a++) rhs[a] = p[index[a]!]!;
  choleskySolve(l, k, rhs, q);
  for (let a = 0; a < k; a++) w.curvature += rhs[a]! * q[a]!;
}
