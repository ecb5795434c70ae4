import { AT_LOWER, AT_UPPER, solveBox } from "../box-step.js";
import type { Newton, Search } from "./state.js";

/** A diagonal of the Fisher matrix that is less than this part of the Hessian's is what rounding has left of 0. */
const ROUNDING = 1e-20;
/** A parameter whose step is given and changes the root of the function by less has no influence, as an angle at eccentricity 0: rounding leaves 1e-8. */
const NO_INFLUENCE = 1e-6;

/**
 * Takes derivatives and limits at the present point to the coordinates u_i = x_i d_i, d_i = sqrt(F_ii), F the Fisher matrix, or the
 * Hessian where there is none: nothing then depends on the units of the parameters, nor on a factor of the function that `errorDef` has too. A scale falls to no less than 0.3 of the last one, so that one
 * point of weak curvature does not make the region long [Moré 1978, Lecture Notes in Mathematics 630, 105, where it does not fall at all].
 */
export function scaleAll(s: Search, isFirst: boolean): void {
  const { n, at, d, h, fisher, unit } = s.newton;
  const { hessian: hx, fisher: fx } = at;
  const hasFisher = !Number.isNaN(fx[0]!);
  const { errorDef, options } = s;
  for (let i = 0; i < n; i++) {
    const curvature = Math.abs(hx[i * n + i]!);
    let di = hasFisher ? fx[i * n + i]! : 0;
    if (!(di > ROUNDING * curvature)) di = curvature;
    di = Math.sqrt(di);
    if (di * (options.steps?.[i] ?? Number.NaN) < NO_INFLUENCE * Math.sqrt(errorDef)) di = 0;
    if (!isFirst) di = Math.max(di, 0.3 * d[i]!);
    d[i] = di > 0 ? di : Math.sqrt(errorDef) / unit[i]!;
  }
  for (let i = 0; i < n; i++) {
    const di = d[i]!;
    for (let j = 0; j < n; j++) h[i * n + j] = hx[i * n + j]! / (di * d[j]!);
    if (hasFisher) for (let j = 0; j < n; j++) fisher[i * n + j] = fx[i * n + j]! / (di * d[j]!);
  }
  scaleGradient(s.newton);
  s.hasFisher = hasFisher;
}

/** The same of gradient and limits alone, with the scale as it is. */
export function scaleGradient({ n, at, d, g, lo, hi, lower, upper }: Newton): void {
  const { x, gradient } = at;
  for (let i = 0; i < n; i++) {
    g[i] = gradient[i]! / d[i]!;
    lo[i] = (lower[i]! - x[i]!) * d[i]!;
    hi[i] = (upper[i]! - x[i]!) * d[i]!;
  }
}

/**
 * Minimum of the quadratic model inside the limits: with the Hessian; where that is not positive definite with the Fisher matrix
 * (Fisher scoring); where that is not either, with lambda times the unit matrix added. The EDM is the decrease that the model predicts, so that with limits
 * it measures how far the Karush-Kuhn-Tucker conditions are from fulfilled; without positive curvature it is at least the steepness.
 */
export function solveModel(s: Search): void {
  const { step, g, h, fisher, lo, hi } = s.newton;
  s.model = h;
  s.lambda = 0;
  s.isPositive = solveBox(step, h, g, 0, lo, hi);
  if (s.isPositive) {
    s.edm = -step.change;
    s.isStationary = s.edm <= s.goal;
    return;
  }
  if (s.hasFisher && solveBox(step, fisher, g, 0, lo, hi)) {
    s.model = fisher;
    s.isStationary = -step.change <= s.goal;
  } else {
    solveShifted(s);
    s.isStationary = steepness(s.newton) <= s.goal;
  }
  s.edm = Math.max(-step.change, steepness(s.newton));
}

/** Adds the smallest lambda (to a factor 10^(1/8)) that makes the matrix positive definite: a larger one would shorten the step in all directions. */
function solveShifted(s: Search): void {
  const { step, g, h, fisher, lo, hi } = s.newton;
  const model = s.hasFisher ? fisher : h;
  let lambda = s.shift / 10;
  let isPositive = false;
  while (!isPositive && lambda < 1e12) {
    lambda = Math.max(1e-10, lambda * 10);
    isPositive = solveBox(step, model, g, lambda, lo, hi);
  }
  for (let k = 0, low = lambda / 10; k < 3 && lambda > 1e-8; k++) {
    const middle = Math.sqrt(low * lambda);
    if (solveBox(step, model, g, middle, lo, hi)) lambda = middle;
    else low = middle;
  }
  solveBox(step, model, g, lambda, lo, hi);
  s.model = model;
  s.lambda = lambda;
  s.shift = lambda;
}

/** Half the squared gradient in u, without the components that push against a limit: how far the point is from stationary. */
function steepness({ n, g, lo, hi }: Newton): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const isInside = g[i]! > 0 ? lo[i]! < 0 : hi[i]! > 0;
    if (isInside) sum += g[i]! * g[i]!;
  }
  return 0.5 * sum;
}

/**
 * Adds to lambda until the step is no longer than the region (between 0.6 and 1.1 radii), by Newton's method on 1/radius - 1/|p(lambda)|
 * [Nocedal & Wright 2006, section 4.3; Moré & Sorensen 1983, SIAM J. Sci. Stat. Comput. 4, 553]. Returns the length of the step, Infinity if
 * none was found.
 */
export function shortenToRegion(s: Search): number {
  const { step, g, lo, hi } = s.newton;
  const { model, radius } = s;
  let size = norm(step.p);
  if (!(size > 1.1 * radius)) return size;
  let { lambda } = s;
  let tooLong = lambda;
  let tooShort = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 30 && !(size <= 1.1 * radius && (size >= 0.6 * radius || k > 15)); k++) {
    if (size > radius) tooLong = lambda;
    else tooShort = lambda;
    // parameters that a limit holds do not move with lambda, so Newton's step may leave the bracket
    const next = lambda + (((size - radius) / radius) * size * size) / step.curvature;
    const top = Math.min(tooShort, 100 * Math.max(tooLong, 1));
    lambda = next > tooLong && next < top ? next : Math.sqrt(Math.max(tooLong, 1e-4 * top) * top);
    size = solveBox(step, model, g, lambda, lo, hi) ? norm(step.p) : Number.POSITIVE_INFINITY;
  }
  return Number.isFinite(size) ? size : Number.POSITIVE_INFINITY;
}

function norm(p: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! * p[i]!;
  return Math.sqrt(sum);
}

/** Sets the trial point to the present one plus the step, exactly on the limits that the step reaches; false if that is the present one itself. */
export function moveTrial({ n, at, trial, step, d, lower, upper }: Newton): boolean {
  const { x } = at;
  const xt = trial.x;
  const { p, state } = step;
  let moved = false;
  for (let i = 0; i < n; i++) {
    const s = state[i]!;
    let v = x[i]! + p[i]! / d[i]!;
    if (s === AT_LOWER || v < lower[i]!) v = lower[i]!;
    else if (s === AT_UPPER || v > upper[i]!) v = upper[i]!;
    xt[i] = v;
    if (v !== x[i]!) moved = true;
  }
  return moved;
}
