import { solveSpd } from "../math/linalg.js";

/**
 * How the other parameters follow parameter k, they being at their minimum: dx_o / dx_k = -(H_oo^-1 H_ok) [n] into `out`, 0 for those in `held`,
 * on a limit or without curvature, all 0 where the Hessian h [n, n] over them is singular.
 */
export function follow(
  h: Float64Array,
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  k: number,
  held: readonly number[],
  out: Float64Array,
): void {
  const n = x.length;
  const others: number[] = [];
  for (let o = 0; o < n; o++) {
    if (!held.includes(o) && x[o]! > lower[o]! && x[o]! < upper[o]! && h[o * n + o]! > 0) others.push(o);
  }
  const m = others.length;
  const hoo = new Float64Array(m * m);
  const r = new Float64Array(m);
  for (let a = 0; a < m; a++) {
    const row = others[a]! * n;
    for (let b = 0; b < m; b++) hoo[a * m + b] = h[row + others[b]!]!;
    r[a] = -h[row + k]!;
  }
  out.fill(0);
  if (!solveSpd(hoo, m, r, r)) return;
  for (let a = 0; a < m; a++) out[others[a]!] = r[a]!;
}

/** A minimum over the others with one parameter at `at`, and how they follow it [n]. */
export interface Anchor {
  readonly at: number;
  readonly x: Float64Array;
  readonly slope: Float64Array;
}

/** Farther than this, in units of the distance of two anchors, the tangent of the last one is a better guess than their cubic. */
const REACH = 2.5;

/** Where the others will be at `to`: along the tangent of the last anchor, or the cubic through the last two. */
export function predict(older: Anchor | undefined, last: Anchor, to: number): Float64Array {
  const step = to - last.at;
  const d = older === undefined ? 0 : last.at - older.at;
  const s = d === 0 ? Number.POSITIVE_INFINITY : (to - older!.at) / d;
  if (!(Math.abs(s) <= REACH)) return last.x.map((v, o) => v + last.slope[o]! * step);
  // cubic Hermite interpolation
  const end = s * s * (3 - 2 * s);
  const slope0 = s * (s - 1) ** 2 * d;
  const slope1 = s * s * (s - 1) * d;
  return last.x.map((v, o) => {
    const begin = older!.x[o]!;
    return begin + end * (v - begin) + slope0 * older!.slope[o]! + slope1 * last.slope[o]!;
  });
}
