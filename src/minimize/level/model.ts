import { cholesky, choleskySolve } from "../../math/linalg.js";
import type { Levels, Line } from "./state.js";

/** Pivots below this, in coordinates of unit diagonal, count as singular. */
const PIVOT = 1e-13;

/** The quadratic model at the present point; false if it has no minimum over the others there. */
export function setModel(s: Levels, line: Line): boolean {
  return pickOthers(s, line) && eliminateOthers(s, line);
}

/** The parameters that can move beside those of the line: neither fixed nor pushed against a limit; false where one has no positive curvature. */
function pickOthers({ n, x, g, h, lower, upper, model }: Levels, { i, j }: Line): boolean {
  const { index, scale } = model;
  let k = 0;
  for (let o = 0; o < n; o++) {
    if (o === i || o === j) continue;
    if (lower[o]! >= upper[o]!) continue;
    if ((x[o]! <= lower[o]! && g[o]! > 0) || (x[o]! >= upper[o]! && g[o]! < 0)) continue;
    const curvature = h[o * n + o]!;
    if (!(curvature > 0)) return false;
    scale[k] = 1 / Math.sqrt(curvature);
    index[k++] = o;
  }
  model.k = k;
  return true;
}

/** Solves for the others (a Schur complement), and leaves distance, slope and halfCurvature along the line; false if their Hessian is not positive definite. */
function eliminateOthers({ n, g, h, model }: Levels, { i, vi, j, vj }: Line): boolean {
  const { k, index, scale, m, rhs, y, z } = model;
  let hvv = h[i * n + i]! * vi * vi;
  let slope = g[i]! * vi;
  if (j >= 0) {
    hvv += 2 * h[i * n + j]! * vi * vj + h[j * n + j]! * vj * vj;
    slope += g[j]! * vj;
  }
  for (let a = 0; a < k; a++) {
    const o = index[a]!;
    for (let b = 0; b <= a; b++) m[a * k + b] = m[b * k + a] = h[o * n + index[b]!]! * scale[a]! * scale[b]!;
    rhs[a] = (h[o * n + i]! * vi + (j >= 0 ? h[o * n + j]! * vj : 0)) * scale[a]!;
    y[a] = g[o]! * scale[a]!;
  }
  if (k > 0 && !cholesky(m, k, m)) return false;
  for (let a = 0; a < k; a++) if (m[a * k + a]! * m[a * k + a]! < PIVOT) return false;
  let distance = 0;
  if (k > 0) {
    choleskySolve(m, k, rhs, z);
    for (let a = 0; a < k; a++) {
      slope -= z[a]! * y[a]!;
      hvv -= z[a]! * rhs[a]!;
      rhs[a] = y[a]!;
    }
    choleskySolve(m, k, rhs, y);
    for (let a = 0; a < k; a++) distance += 0.5 * rhs[a]! * y[a]!;
  }
  model.distance = distance;
  model.slope = slope;
  model.halfCurvature = 0.5 * hvv;
  return Number.isFinite(distance + slope + model.halfCurvature);
}

/** The step along the line to where the model is `excess` lower; NaN if it is nowhere. */
export function stepToLevel({ slope, halfCurvature }: Levels["model"], excess: number): number {
  if (halfCurvature > 0) {
    const discriminant = slope * slope - 4 * halfCurvature * excess;
    if (discriminant < 0) return Number.NaN;
    const root = Math.sqrt(discriminant);
    return slope > 0 ? (-2 * excess) / (slope + root) : (root - slope) / (2 * halfCurvature);
  }
  return slope > 0 ? -excess / slope : Number.NaN;
}

/** Moves the others to their minimum of the model for a step dt along the line, inside the limits. */
export function moveOthers({ x, lower, upper, model }: Levels, dt: number): void {
  const { k, index, scale, y, z } = model;
  for (let a = 0; a < k; a++) {
    const o = index[a]!;
    const to = x[o]! - (y[a]! + z[a]! * dt) * scale[a]!;
    x[o] = Math.min(Math.max(to, lower[o]!), upper[o]!);
  }
}
