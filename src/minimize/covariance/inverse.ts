import { eigenSymmetric, eigenvaluesSymmetric, inverseSpd } from "../../math/linalg.js";
import type { Errors } from "./state.js";

/** Eigenvalues of the scaled Hessian below this are zero. */
const ZERO_EXACT = 1e-13;
const ZERO_DIFFERENCES = 1e-8;
/** Part in an eigenvector from which a parameter counts as involved. */
const INVOLVED = 1e-3;

/** Inverse [k, k] of the Hessian over the free parameters, which is scaled by `scale` [k] to unit diagonal, and its eigenvalues [k]. */
export interface Inverse {
  readonly scale: Float64Array;
  readonly inverse: Float64Array;
  readonly values: Float64Array;
}

export function invertFree(s: Errors): Inverse {
  const { n, free } = s;
  const h = s.at.hessian;
  const k = free.length;
  const zero = s.at.exact ? ZERO_EXACT : ZERO_DIFFERENCES;
  const scale = new Float64Array(k);
  for (let a = 0; a < k; a++) scale[a] = 1 / Math.sqrt(h[free[a]! * (n + 1)]!);
  const scaled = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) scaled[a * k + b] = h[free[a]! * n + free[b]!]! * scale[a]! * scale[b]!;
  }
  const values = eigenvaluesSymmetric(scaled, k);
  const inverse = new Float64Array(k * k);
  if (k > 0 && !(values[0]! > zero && inverseSpd(scaled, k, inverse))) {
    invertPositivePart(s, scaled, values, zero, inverse);
  }
  return { scale, inverse, values };
}

/** Leaves out the directions without positive curvature, and says so of the parameters in them. */
function invertPositivePart(
  { free, reasons, errors }: Errors,
  scaled: Float64Array,
  values: Float64Array,
  zero: number,
  inverse: Float64Array,
): void {
  const k = free.length;
  inverse.fill(0);
  const { vectors } = eigenSymmetric(scaled, k);
  for (let e = 0; e < k; e++) {
    const v = vectors.subarray(e * k, e * k + k);
    const value = values[e]!;
    if (value > zero) {
      for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) inverse[a * k + b]! += (v[a]! * v[b]!) / value;
      continue;
    }
    for (let a = 0; a < k; a++) {
      if (Math.abs(v[a]!) < INVOLVED) continue;
      reasons[free[a]!] = value < -zero ? "negative curvature" : "flat";
      errors[free[a]!] = value < -zero ? Number.NaN : Number.POSITIVE_INFINITY;
    }
  }
}
