import { eigenSymmetric } from "../math/linalg.js";
import { FREE } from "./box-step.js";
import type { Component } from "./types.js";

/** Smallest eigenvalue over the free parameters of a scaled Hessian [n, n], with its vector v [n] (0 elsewhere): the direction of least curvature. */
export function weakestDirection(
  h: Float64Array,
  state: Int8Array,
  n: number,
): { eigenvalue: number; v: Float64Array } {
  const free: number[] = [];
  for (let i = 0; i < n; i++) if (state[i] === FREE) free.push(i);
  const k = free.length;
  const v = new Float64Array(n);
  if (k === 0) return { eigenvalue: 1, v };
  const sub = Float64Array.from({ length: k * k }, (_, e) => h[free[Math.floor(e / k)]! * n + free[e % k]!]!);
  const e = eigenSymmetric(sub, k);
  free.forEach((i, a) => {
    v[i] = e.vectors[a]!;
  });
  return { eigenvalue: e.values[0]!, v };
}

/** Components of a direction below this, relative to the largest, do not count. */
const SMALL = 1e-3;

/** The direction v [n] of coordinates u_i = x_i d_i in x, such that the component that is largest in u is 1. */
export function directionOf(v: Float64Array, d: Float64Array): Component[] {
  let top = 0;
  for (let i = 1; i < v.length; i++) if (Math.abs(v[i]!) > Math.abs(v[top]!) * (1 + 1e-9)) top = i;
  const unit = v[top]! / d[top]! || 1;
  let largest = 0;
  for (const c of v) largest = Math.max(largest, Math.abs(c));
  const direction: Component[] = [];
  for (let i = 0; i < v.length; i++) {
    if (Math.abs(v[i]!) > SMALL * largest) direction.push({ parameter: i, by: v[i]! / d[i]! / unit });
  }
  return direction;
}

/** Smallest eigenvalue of a Hessian of unit diagonal that is still curvature: 1e5 errors of a parameter alone along the combination. */
const NO_CURVATURE = 1e-10;

/**
 * The combination of parameters along which a Hessian h [n, n] has no curvature; undefined where it has some in all directions. Across a curved valley what is left
 * of the gradient g [n] shows as curvature along it, so none below that counts.
 */
export function flatCombination(
  h: Float64Array,
  g: Float64Array,
  state: Int8Array,
  n: number,
): Component[] | undefined {
  const d = Float64Array.from({ length: n }, (_, i) => (state[i] === FREE ? Math.sqrt(h[i * (n + 1)]!) : 1));
  if (!d.every((x) => x > 0)) return undefined;
  const scaled = h.map((x, e) => x / (d[Math.floor(e / n)]! * d[e % n]!));
  const { eigenvalue, v } = weakestDirection(scaled, state, n);
  const slope = g.reduce((most, x, i) => (state[i] === FREE ? Math.max(most, Math.abs(x) / d[i]!) : most), 0);
  return eigenvalue > NO_CURVATURE + slope ? undefined : directionOf(v, d);
}
