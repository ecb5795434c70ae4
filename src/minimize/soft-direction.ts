import { eigenSymmetric } from "../math/linalg.js";
import { FREE } from "./box-step.js";
import { flatInWords } from "./words.js";

/** Smallest eigenvalue over the free parameters of a scaled Hessian [n, n], with its vector [n] (0 elsewhere). */
export function softest(h: Float64Array, state: Int8Array, n: number): { eigenvalue: number; v: Float64Array } {
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

/** The direction v of coordinates u_i = x_i d_i in x, its largest component in u as 1. */
export function inUnits(v: Float64Array, d: Float64Array): Float64Array {
  let top = 0;
  for (let i = 1; i < v.length; i++) if (Math.abs(v[i]!) > Math.abs(v[top]!) * (1 + 1e-9)) top = i;
  const unit = v[top]! / d[top]! || 1;
  return v.map((c, i) => c / d[i]! / unit);
}

/** Smallest eigenvalue of a Hessian of unit diagonal that is still curvature: 1e5 errors of a parameter alone along the combination. */
const NO_CURVATURE = 1e-10;

/** Says along which combination of parameters a Hessian h [n, n] has no curvature; undefined where it has some in all directions. */
export function flatCombination(h: Float64Array, state: Int8Array, n: number): string | undefined {
  const d = Float64Array.from({ length: n }, (_, i) => (state[i] === FREE ? Math.sqrt(h[i * (n + 1)]!) : 1));
  if (!d.every((x) => x > 0)) return undefined;
  const scaled = h.map((x, e) => x / (d[Math.floor(e / n)]! * d[e % n]!));
  const { eigenvalue, v } = softest(scaled, state, n);
  return eigenvalue > NO_CURVATURE ? undefined : flatInWords(inUnits(v, d), v);
}
