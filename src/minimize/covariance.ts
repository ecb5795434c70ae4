import { eigenSymmetric, eigenvaluesSymmetric, inverseSpd } from "../math/linalg.js";
import { complete } from "./derivatives.js";
import { hasNoInfluence } from "./no-influence.js";
import type { MinimizeOptions, Objective } from "./types.js";

export interface HessianResult {
  readonly value: number;
  readonly gradient: Float64Array;
  /** [n, n] */
  readonly hessian: Float64Array;
  /** False: from differences. */
  readonly exact: boolean;
  readonly nfev: number;
}

/** Gradient and Hessian at x: the function's own, else five-point differences whose steps follow the curvature. */
export function hessianAt(f: Objective, x: Float64Array, options: MinimizeOptions = {}): HessianResult {
  const full = complete(f, x, options, true);
  const gradient = new Float64Array(f.n);
  const hessian = new Float64Array(f.n * f.n);
  // a first round finds the steps
  if (!full.exactHessian) full.hessian(x, gradient, hessian);
  const value = full.hessian(x, gradient, hessian);
  return { value, gradient, hessian, exact: full.exactHessian, nfev: full.calls.nfev };
}

/** Why a parameter's error is not a plain two-sided one. */
export type ErrorReason =
  | "ok"
  /** One-sided: the distance into the allowed region at which the function has risen by errorDef. */
  | "at lower limit"
  | "at upper limit"
  /** lower = upper: no error. */
  | "fixed"
  /** No finite error: the function does not depend on this parameter, alone or in combination with others. */
  | "flat"
  /** The Hessian has a negative eigenvalue that involves this parameter: not a minimum. */
  | "negative curvature"
  | "non-finite";

export interface Covariance {
  /** [n, n] 2 errorDef H^-1; rows and columns of parameters without a two-sided error are 0. */
  readonly matrix: Float64Array;
  /** [n] Infinity where flat, NaN where curvature is negative or not finite, each with its reason. */
  readonly errors: Float64Array;
  readonly reasons: readonly ErrorReason[];
  /** [n, n] */
  readonly correlation: Float64Array;
  /** [n] sqrt(1 - 1 / (H_ii C_ii)), as in Minuit. */
  readonly globalCorrelation: Float64Array;
  /** Of the Hessian scaled to unit diagonal, over the parameters inside their limits, ascending. */
  readonly eigenvalues: Float64Array;
  /** Ratio of the largest to the smallest of them; Infinity if that is not positive. */
  readonly condition: number;
  readonly hessian: Float64Array;
  readonly exact: boolean;
  readonly success: boolean;
  readonly message: string;
  readonly nfev: number;
}

/** Eigenvalues of the scaled Hessian below this are zero. */
const ZERO_EXACT = 1e-13;
const ZERO_DIFFERENCES = 1e-8;

/** Covariance at a minimum x, from the Hessian in coordinates of unit diagonal. */
export function covarianceAt(f: Objective, x: Float64Array, options: MinimizeOptions = {}): Covariance {
  return covarianceFrom(hessianAt(f, x, options), f, x, options);
}

/** The same where the derivatives at x are known. */
export function covarianceFrom(at: HessianResult, f: Objective, x: Float64Array, options: MinimizeOptions): Covariance {
  const n = f.n;
  const { value, gradient, hessian: h, exact, nfev } = at;
  const errorDef = options.errorDef ?? 1;
  const matrix = new Float64Array(n * n);
  const errors = new Float64Array(n).fill(Number.NaN);
  const reasons: ErrorReason[] = new Array(n).fill("ok");
  const globalCorrelation = new Float64Array(n);
  const zero = exact ? ZERO_EXACT : ZERO_DIFFERENCES;

  // which parameters have a two-sided error
  const free: number[] = [];
  const pressed: number[] = [];
  for (let i = 0; i < n; i++) {
    const hi = h[i * n + i]!;
    const low = x[i] === options.lower?.[i];
    const high = x[i] === options.upper?.[i];
    if (low && high) {
      reasons[i] = "fixed";
      errors[i] = 0;
      continue;
    }
    if (!Number.isFinite(hi) || !Number.isFinite(gradient[i]!)) {
      reasons[i] = "non-finite";
      continue;
    }
    if (low || high) {
      reasons[i] = low ? "at lower limit" : "at upper limit";
      const push = (low ? gradient[i]! : -gradient[i]!) / errorDef;
      // a gradient that changes the function by less than 1e-3 errorDef over one error leaves the minimum interior
      if (!(hi > 0) || push > 1e-3 * Math.sqrt(hi / (2 * errorDef))) {
        pressed.push(i);
        continue;
      }
    }
    const natural = Math.max(Math.abs(x[i]!), options.steps?.[i] ?? 0);
    if (hasNoInfluence(f, x, value, i, Math.abs(hi), natural, options)) {
      reasons[i] = "flat";
      errors[i] = Number.POSITIVE_INFINITY;
    } else if (hi < 0) reasons[i] = "negative curvature";
    else free.push(i);
  }

  const k = free.length;
  const scale = new Float64Array(k);
  for (let a = 0; a < k; a++) scale[a] = 1 / Math.sqrt(h[free[a]! * (n + 1)]!);
  const scaled = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) scaled[a * k + b] = h[free[a]! * n + free[b]!]! * scale[a]! * scale[b]!;
  }
  const values = eigenvaluesSymmetric(scaled, k);
  const inverse = new Float64Array(k * k);
  if (k > 0 && !(values[0]! > zero && inverseSpd(scaled, k, inverse))) {
    // leave out the directions without positive curvature and name the parameters in them
    inverse.fill(0);
    const { vectors } = eigenSymmetric(scaled, k);
    for (let e = 0; e < k; e++) {
      const v = vectors.subarray(e * k, e * k + k);
      if (values[e]! > zero) {
        for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) inverse[a * k + b]! += (v[a]! * v[b]!) / values[e]!;
        continue;
      }
      for (let a = 0; a < k; a++) {
        if (Math.abs(v[a]!) < 1e-3) continue;
        reasons[free[a]!] = values[e]! < -zero ? "negative curvature" : "flat";
        errors[free[a]!] = values[e]! < -zero ? Number.NaN : Number.POSITIVE_INFINITY;
      }
    }
  }
  const defined = (a: number) => reasons[free[a]!] !== "flat" && reasons[free[a]!] !== "negative curvature";
  for (let a = 0; a < k; a++) {
    if (!defined(a)) continue;
    const i = free[a]!;
    for (let b = 0; b < k; b++) {
      if (defined(b)) matrix[i * n + free[b]!] = 2 * errorDef * inverse[a * k + b]! * scale[a]! * scale[b]!;
    }
    errors[i] = Math.sqrt(matrix[i * n + i]!);
    globalCorrelation[i] = Math.sqrt(Math.max(0, 1 - 1 / inverse[a * k + a]!));
  }
  for (const i of pressed) {
    errors[i] = oneSided(i, Math.abs(gradient[i]!));
    if (errors[i] === Number.POSITIVE_INFINITY) reasons[i] = "flat";
  }

  /** Solves g s + 1/2 h s^2 = errorDef for the step inwards, h with the free parameters re-optimised. */
  function oneSided(i: number, g: number): number {
    let hh = h[i * n + i]!;
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        hh -= h[i * n + free[a]!]! * inverse[a * k + b]! * scale[a]! * scale[b]! * h[free[b]! * n + i]!;
      }
    }
    const root = Math.sqrt(Math.max(0, g * g + 2 * hh * errorDef));
    return g + root > 0 ? (2 * errorDef) / (g + root) : Number.POSITIVE_INFINITY;
  }

  const correlation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const s = Math.sqrt(matrix[i * n + i]! * matrix[j * n + j]!);
      correlation[i * n + j] = i === j ? 1 : s > 0 ? matrix[i * n + j]! / s : 0;
    }
  }
  const bad: string[] = [];
  for (let i = 0; i < n; i++) {
    const r = reasons[i]!;
    if (r === "flat" || r === "negative curvature" || r === "non-finite") bad.push(`parameter ${i} (${r})`);
  }
  const top = k > 0 ? values[k - 1]! : 1;
  return {
    matrix,
    errors,
    reasons,
    correlation,
    globalCorrelation,
    eigenvalues: values,
    condition: k === 0 ? 1 : values[0]! > 0 ? top / values[0]! : Number.POSITIVE_INFINITY,
    hessian: h,
    exact,
    success: bad.length === 0,
    message:
      bad.length === 0
        ? "Hesse terminated successfully."
        : `No error can be given for ${bad.join(", ")}: fix them, or set limits or priors.`,
    nfev,
  };
}
