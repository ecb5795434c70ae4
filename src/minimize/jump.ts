/** Minima at which the slope jumps, on a surface that nobody has named: there a search steps from side to side. */
import { cholesky, choleskySolve } from "../math/linalg.js";
import type { MinimizeOptions, Objective } from "./types.js";

/** EDM of what is left of the gradients of all sides at which a point is a minimum, in units of errorDef. */
const GOAL = 1e-7;
const ROUNDS = 40;
/** Sides of which gradients are kept: two surfaces that cross have four. */
const SIDES = 6;
/** Parts of a step at which the slope beside a jump is looked at; a smooth function has nearly the same there. */
const FIRST = 1e-9;
const LAST = 0.03;
/** Halvings of the stretch that holds a jump, and of a step that does not lower the function. */
const HALVINGS = 40;
const SHORTENINGS = 8;
/** Part of the predicted decrease that a step has to bring. */
const ENOUGH = 1e-3;
const CYCLES = 60;

export interface JumpMinimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly edm: number;
  /** The parameter by which the slope jumps most, in units of the errors at fixed other parameters. */
  readonly parameter: number;
  readonly nfev: number;
}

/**
 * The minimum near x0 where the slope jumps: the shortest mean of the gradients on all sides, in the metric of the Hessian, is 0 there [Wolfe 1975, Math. Prog.
 * Study 3, 145]. Undefined where there is no jump, or no positive Hessian beside it.
 */
export function minimumAtJump(
  f: Required<Objective>,
  x0: Float64Array,
  { lower, upper, errorDef = 1 }: MinimizeOptions,
): JumpMinimum | undefined {
  const metric = metricAt(f, x0, lower, upper);
  if (metric === undefined) return undefined;
  const { stepOf, dot, free } = metric;
  const inside = (x: Float64Array, p: Float64Array, t: number) =>
    x.map((v, i) =>
      Math.min(Math.max(v + t * p[i]!, lower?.[i] ?? Number.NEGATIVE_INFINITY), upper?.[i] ?? Number.POSITIVE_INFINITY),
    );
  let nfev = 1;
  const gradientAt = (x: Float64Array) => {
    const g = new Float64Array(f.n);
    nfev++;
    return { value: f.gradient(x, g), g };
  };
  let x: Float64Array = x0.slice();
  let { value, g: first } = gradientAt(x);
  let sides = [first];
  for (let round = 0; round < ROUNDS; round++) {
    const mean = shortestMean(sides, (a, b) => -dot(a, stepOf(b)));
    const p = stepOf(mean);
    const edm = -0.5 * dot(mean, p);
    if (edm <= GOAL * errorDef) {
      return sides.length < 2 ? undefined : { x, value, edm, parameter: jumpOf(sides, metric.scale, free), nfev };
    }
    const lowered = stepDown(f, { x, value, p, edm }, inside);
    nfev += lowered.nfev;
    if (lowered.x !== undefined) {
      x = lowered.x;
      ({ value, g: first } = gradientAt(x));
      sides = [first];
      continue;
    }
    const slopeAt = (t: number) => {
      const { g } = gradientAt(inside(x, p, t));
      return { g, slope: dot(g, p) };
    };
    let far = FIRST;
    let other = slopeAt(far);
    while (!(other.slope > 0) && far < LAST) other = slopeAt((far *= 10));
    if (!(other.slope > 0)) return undefined;
    let near = 0;
    for (let k = 0; k < HALVINGS && far - near > 1e-12; k++) {
      const t = 0.5 * (near + far);
      const at = slopeAt(t);
      if (at.slope > 0) [far, other] = [t, at];
      else near = t;
    }
    x = inside(x, p, near);
    value = f.value(x);
    nfev++;
    sides = [...sides, other.g].slice(-SIDES);
  }
  return undefined;
}

/** Steps and products by the Hessian at x, over the parameters that no limit holds; undefined where it is not positive there. */
function metricAt(f: Required<Objective>, x: Float64Array, lower?: Float64Array, upper?: Float64Array) {
  const { n } = f;
  const [g, h] = [new Float64Array(n), new Float64Array(n * n)];
  f.hessian(x, g, h);
  const free = Array.from(x.keys()).filter(
    (i) =>
      !(
        (x[i]! <= (lower?.[i] ?? Number.NEGATIVE_INFINITY) && g[i]! > 0) ||
        (x[i]! >= (upper?.[i] ?? Number.POSITIVE_INFINITY) && g[i]! < 0)
      ),
  );
  const k = free.length;
  const scale = free.map((i) => Math.sqrt(h[i * n + i]!));
  const l = Float64Array.from(
    { length: k * k },
    (_, q) => h[free[Math.floor(q / k)]! * n + free[q % k]!]! / (scale[Math.floor(q / k)]! * scale[q % k]!),
  );
  if (k === 0 || !cholesky(l, k, l)) return undefined;
  const [b, u] = [new Float64Array(k), new Float64Array(k)];
  return {
    free,
    scale,
    dot: (a: Float64Array, c: Float64Array) => free.reduce((sum, i) => sum + a[i]! * c[i]!, 0),
    /** -H^-1 g */
    stepOf(gradient: Float64Array): Float64Array {
      for (let a = 0; a < k; a++) b[a] = -gradient[free[a]!]! / scale[a]!;
      choleskySolve(l, k, b, u);
      const p = new Float64Array(n);
      free.forEach((i, a) => {
        p[i] = u[a]! / scale[a]!;
      });
      return p;
    },
  };
}

/** A point along p that is lower by enough; none if there is none. */
function stepDown(
  f: Required<Objective>,
  at: { readonly x: Float64Array; readonly value: number; readonly p: Float64Array; readonly edm: number },
  inside: (x: Float64Array, p: Float64Array, t: number) => Float64Array,
): { x?: Float64Array; nfev: number } {
  for (let k = 0, t = 1; k < SHORTENINGS; k++, t /= 2) {
    const x = inside(at.x, at.p, t);
    if (f.value(x) < at.value - ENOUGH * t * at.edm) return { x, nfev: k + 1 };
  }
  return { nfev: SHORTENINGS };
}

/** The shortest mean of vectors, by what each pair can do. */
function shortestMean(
  vectors: readonly Float64Array[],
  product: (a: Float64Array, b: Float64Array) => number,
): Float64Array {
  const n = vectors.length;
  const q = vectors.map((a) => vectors.map((b) => product(a, b)));
  const w = vectors.map(() => 1 / n);
  const along = (i: number) => w.reduce((sum, v, k) => sum + v * q[i]![k]!, 0);
  for (let cycle = 0; cycle < CYCLES * (n - 1); cycle++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const bend = q[i]![i]! + q[j]![j]! - 2 * q[i]![j]!;
        if (!(bend > 0)) continue;
        const move = Math.min(Math.max((along(j) - along(i)) / bend, -w[i]!), w[j]!);
        w[i]! += move;
        w[j]! -= move;
      }
    }
  }
  return vectors[0]!.map((_, k) => vectors.reduce((sum, v, i) => sum + w[i]! * v[k]!, 0));
}

/** The parameter by which the gradients of two sides differ most, in its own scale. */
function jumpOf(sides: readonly Float64Array[], scale: readonly number[], free: readonly number[]): number {
  const [a, b] = [sides[0]!, sides.at(-1)!];
  const jumps = free.map((i, k) => Math.abs(a[i]! - b[i]!) / scale[k]!);
  return free[jumps.indexOf(Math.max(...jumps))]!;
}
