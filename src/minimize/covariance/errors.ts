import { hasNoInfluence } from "../no-influence.js";
import type { MinimizeOptions, Objective } from "../types.js";
import type { Inverse } from "./inverse.js";
import { type Errors, hasNoError } from "./state.js";

/** A slope at a limit, in units of errorDef over one error, below which the minimum counts as inside. */
const NO_SLOPE = 1e-3;

/** Which kind of error parameter i has, by itself. */
export function classify(s: Errors, i: number, f: Objective, x: Float64Array, options: MinimizeOptions): void {
  const { at, n, errorDef, errors, reasons } = s;
  if (i === s.kink) {
    reasons[i] = "at kink";
    errors[i] = Number.NaN;
    return;
  }
  const curvature = at.hessian[i * n + i]!;
  const slope = at.gradient[i]!;
  const isLow = x[i] === options.lower?.[i];
  const isHigh = x[i] === options.upper?.[i];
  if (isLow && isHigh) {
    reasons[i] = "fixed";
    errors[i] = 0;
    return;
  }
  if (!Number.isFinite(curvature) || !Number.isFinite(slope)) {
    reasons[i] = "non-finite";
    return;
  }
  if (isLow || isHigh) {
    reasons[i] = isLow ? "at lower limit" : "at upper limit";
    const push = (isLow ? slope : -slope) / errorDef;
    if (!(curvature > 0) || push > NO_SLOPE * Math.sqrt(curvature / (2 * errorDef))) {
      s.pressed.push(i);
      return;
    }
  }
  const natural = Math.max(Math.abs(x[i]!), options.steps?.[i] ?? 0);
  if (hasNoInfluence(f, x, at.value, i, Math.abs(curvature), natural, options)) {
    reasons[i] = "flat";
    errors[i] = Number.POSITIVE_INFINITY;
  } else if (curvature < 0) reasons[i] = "negative curvature";
  else s.free.push(i);
}

/** Covariance, errors and global correlations [James & Roos 1975] of the free parameters that have a two-sided error after all. */
export function fillTwoSided(s: Errors, { scale, inverse }: Inverse, matrix: Float64Array, global: Float64Array): void {
  const { n, errorDef, free, reasons } = s;
  const k = free.length;
  for (let a = 0; a < k; a++) {
    const i = free[a]!;
    if (hasNoError(reasons[i]!)) continue;
    for (let b = 0; b < k; b++) {
      const j = free[b]!;
      if (!hasNoError(reasons[j]!)) matrix[i * n + j] = 2 * errorDef * inverse[a * k + b]! * scale[a]! * scale[b]!;
    }
    s.errors[i] = Math.sqrt(matrix[i * n + i]!);
    global[i] = Math.sqrt(Math.max(0, 1 - 1 / inverse[a * k + a]!));
  }
}

/** Errors of the parameters at a limit: the step s inwards with g s + 1/2 h s^2 = errorDef, h with the free parameters at their minimum. */
export function fillOneSided(s: Errors, { scale, inverse }: Inverse): void {
  const { n, errorDef, free, reasons, errors } = s;
  const { hessian: h, gradient } = s.at;
  const k = free.length;
  for (const i of s.pressed) {
    let hh = h[i * n + i]!;
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        hh -= h[i * n + free[a]!]! * inverse[a * k + b]! * scale[a]! * scale[b]! * h[free[b]! * n + i]!;
      }
    }
    const g = Math.abs(gradient[i]!);
    const root = Math.sqrt(Math.max(0, g * g + 2 * hh * errorDef));
    errors[i] = g + root > 0 ? (2 * errorDef) / (g + root) : Number.POSITIVE_INFINITY;
    if (errors[i] === Number.POSITIVE_INFINITY) reasons[i] = "flat";
  }
}
