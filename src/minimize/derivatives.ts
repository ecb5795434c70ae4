import type { MinimizeOptions, Objective } from "./types.js";

/** Numbers of calls; `nfev` counts all of them, `ngrad` and `nhess` those with gradient and Hessian. */
export interface Calls {
  nfev: number;
  ngrad: number;
  nhess: number;
}

/** An objective that has all derivatives, its own or by differences, and counts its calls. */
export interface FullObjective extends Required<Objective> {
  readonly calls: Calls;
  /** True where the function itself offers the Hessian, the gradient. */
  readonly exactHessian: boolean;
  readonly exactGradient: boolean;
  /** Lengths [n] of about one standard deviation; differences adapt them. */
  readonly scale: Float64Array;
}

/** Difference step in units of the length over which the function changes by errorDef; truncation goes with its 4th power. */
const STEP = 0.05;

/** A first guess of one standard deviation of parameter i: the step given, else a tenth of the value. */
export function guessScale(x: number, step: number | undefined, lower: number, upper: number): number {
  let s = step !== undefined && step > 0 && Number.isFinite(step) ? step : 0.1 * Math.abs(x);
  const width = upper - lower;
  if (!(s > 1e-200)) s = Number.isFinite(width) && width > 0 ? 0.1 * width : 0.1;
  return Number.isFinite(width) && width > 0 ? Math.min(s, 0.25 * width) : s;
}

/**
 * Completes an objective. Missing gradients are five-point differences [Abramowitz & Stegun 25.3.6] whose steps follow
 * the curvature, one-sided at a limit; missing Hessians are differences of exact gradients (three-point, or five-point if
 * `accurate`), or second differences of values.
 */
export function complete(
  f: Objective,
  x0: Float64Array,
  options: MinimizeOptions = {},
  accurate = false,
): FullObjective {
  const n = f.n;
  const errorDef = options.errorDef ?? 1;
  const calls: Calls = { nfev: 0, ngrad: 0, nhess: 0 };
  const lower = (i: number) => options.lower?.[i] ?? Number.NEGATIVE_INFINITY;
  const upper = (i: number) => options.upper?.[i] ?? Number.POSITIVE_INFINITY;
  const scale = Float64Array.from({ length: n }, (_, i) => guessScale(x0[i]!, options.steps?.[i], lower(i), upper(i)));
  const first = scale.slice();
  const x = new Float64Array(n);
  const value = (p: Float64Array) => {
    calls.nfev++;
    return f.value(p);
  };

  /** f(x + h e_i), remembering nothing. */
  function along(i: number, h: number): number {
    const keep = x[i]!;
    x[i] = keep + h;
    const v = value(x);
    x[i] = keep;
    return v;
  }

  /** Largest step <= h with x +- m h inside the limits; 0 when x is so near a limit that a one-sided formula is due. */
  function room(i: number, h: number, m: number): number {
    const r = Math.min(x[i]! - lower(i), upper(i) - x[i]!) / m;
    if (r >= h) return h;
    return r >= 0.1 * h ? r : 0;
  }

  let curvature = 0;
  /** First derivative along i; leaves the second in `curvature` and adapts scale[i]. */
  function derivative(i: number, f0: number): number {
    let d = Number.NaN;
    for (let attempt = 0; attempt < 12; attempt++) {
      const wanted = STEP * scale[i]!;
      let h = room(i, wanted, 2);
      if (h > 0) {
        h = x[i]! + h - x[i]!;
        const a = along(i, h);
        const b = along(i, -h);
        const c = along(i, 2 * h);
        const e = along(i, -2 * h);
        d = (8 * (a - b) - (c - e)) / (12 * h);
        curvature = (16 * (a + b) - (c + e) - 30 * f0) / (12 * h * h);
      } else {
        h = x[i]! - lower(i) > upper(i) - x[i]! ? -wanted : wanted;
        h = x[i]! + h - x[i]!;
        const a = along(i, h);
        const b = along(i, 2 * h);
        const c = along(i, 3 * h);
        const e = along(i, 4 * h);
        d = (48 * a - 36 * b + 16 * c - 3 * e - 25 * f0) / (12 * h);
        curvature = (35 * f0 - 104 * a + 114 * b - 56 * c + 11 * e) / (12 * h * h);
      }
      if (!Number.isFinite(d)) {
        scale[i]! *= 0.01;
        continue;
      }
      if (!adapt(i, d, curvature)) break;
    }
    return d;
  }

  /** Length over which the function changes by errorDef, from slope and curvature; true if the step was far off. */
  function adapt(i: number, d: number, c: number): boolean {
    const old = scale[i]!;
    let s = c !== 0 ? Math.sqrt((2 * errorDef) / Math.abs(c)) : 10 * old;
    if (d === 0 && c === 0) s = old;
    const width = upper(i) - lower(i);
    if (Number.isFinite(width) && width > 0) s = Math.min(s, 0.25 * width);
    scale[i] = Math.min(Math.max(s, 1e-3 * old), 10 * old, 1e8 * first[i]!);
    const ratio = scale[i]! / old;
    return ratio < 0.1 || ratio > 5;
  }

  function gradientByDifferences(p: Float64Array, g: Float64Array): number {
    x.set(p);
    const f0 = value(x);
    if (!Number.isFinite(f0)) return f0;
    for (let i = 0; i < n; i++) g[i] = derivative(i, f0);
    return f0;
  }

  const gradient = f.gradient
    ? (p: Float64Array, g: Float64Array) => {
        calls.nfev++;
        calls.ngrad++;
        return f.gradient!(p, g);
      }
    : gradientByDifferences;

  const xs = new Float64Array(n);
  const at = [1, 2, 3, 4].map(() => new Float64Array(n));
  /** Gradients at p + multiples[k] step along i; false if the function is not finite at one of them. */
  function gradientsAlong(p: Float64Array, i: number, step: number, multiples: readonly number[]): boolean {
    xs.set(p);
    return multiples.every((m, k) => {
      xs[i] = p[i]! + m * step;
      return Number.isFinite(gradient(xs, at[k]!));
    });
  }

  /** Row i of the Hessian; false if its step was far off and has been adapted. */
  function row(p: Float64Array, i: number, g: Float64Array, h: Float64Array): boolean {
    const [a, b, c, e] = at as [Float64Array, Float64Array, Float64Array, Float64Array];
    x.set(p);
    const wanted = (accurate ? 1 : 0.2) * STEP * scale[i]!;
    let s = room(i, wanted, accurate ? 2 : 1);
    const central = s > 0;
    if (!central) s = x[i]! - lower(i) > upper(i) - x[i]! ? -wanted : wanted;
    s = p[i]! + s - p[i]!;
    let finite = gradientsAlong(p, i, s, central ? (accurate ? [1, -1, 2, -2] : [1, -1]) : [1, 2, 3, 4]);
    for (let j = 0; j < n; j++) {
      const v = !central
        ? (48 * a[j]! - 36 * b[j]! + 16 * c[j]! - 3 * e[j]! - 25 * g[j]!) / (12 * s)
        : accurate
          ? (8 * (a[j]! - b[j]!) - (c[j]! - e[j]!)) / (12 * s)
          : (a[j]! - b[j]!) / (2 * s);
      h[i * n + j] = v;
      if (!Number.isFinite(v)) finite = false;
    }
    if (!finite) {
      scale[i]! *= 0.01;
      return false;
    }
    return !adapt(i, g[i]!, h[i * n + i]!);
  }

  function hessianByGradients(p: Float64Array, g: Float64Array, h: Float64Array): number {
    const f0 = gradient(p, g);
    if (!Number.isFinite(f0)) return f0;
    for (let i = 0; i < n; i++) {
      for (let attempt = 0; attempt < 12 && !row(p, i, g, h); attempt++);
    }
    symmetrize(h, n);
    return f0;
  }

  function hessianByValues(p: Float64Array, g: Float64Array, h: Float64Array): number {
    x.set(p);
    const f0 = value(x);
    if (!Number.isFinite(f0)) return f0;
    for (let i = 0; i < n; i++) {
      g[i] = derivative(i, f0);
      h[i * n + i] = curvature;
    }
    for (let i = 0; i < n; i++) {
      const a = sided(i);
      for (let j = 0; j < i; j++) {
        const b = sided(j);
        h[i * n + j] = h[j * n + i] = mixed(i, a, j, b, f0);
      }
    }
    return f0;
  }

  /** Step along i for mixed differences; one-sided, with its sign, where only one side has room. */
  function sided(i: number): { h: number; central: boolean } {
    const wanted = 2 * STEP * scale[i]!;
    const h = room(i, wanted, 1);
    if (h > 0) return { h, central: true };
    return { h: x[i]! - lower(i) > upper(i) - x[i]! ? -wanted : wanted, central: false };
  }

  /** d2f / dx_i dx_j from values; Richardson-extrapolated central differences, or a second-order one-sided formula. */
  function mixed(
    i: number,
    a: { h: number; central: boolean },
    j: number,
    b: { h: number; central: boolean },
    f0: number,
  ): number {
    const shifted = (s: number, t: number) => {
      const xi = x[i]!;
      const xj = x[j]!;
      x[i] = xi + s * a.h;
      x[j] = xj + t * b.h;
      const v = value(x);
      x[i] = xi;
      x[j] = xj;
      return v;
    };
    if (a.central && b.central) {
      const d = (s: number) =>
        (shifted(s, s) - shifted(s, -s) - shifted(-s, s) + shifted(-s, -s)) / (4 * s * s * a.h * b.h);
      return (4 * d(0.5) - d(1)) / 3;
    }
    const d = (s: number) => (shifted(s, s) - shifted(s, 0) - shifted(0, s) + f0) / (s * s * a.h * b.h);
    return (8 * d(0.25) - 6 * d(0.5) + d(1)) / 3;
  }

  const hessian = f.hessian
    ? (p: Float64Array, g: Float64Array, h: Float64Array, fisher?: Float64Array) => {
        calls.nfev++;
        calls.ngrad++;
        calls.nhess++;
        return f.hessian!(p, g, h, fisher);
      }
    : f.gradient
      ? hessianByGradients
      : hessianByValues;

  return {
    n,
    value,
    gradient,
    hessian,
    calls,
    exactHessian: f.hessian !== undefined,
    exactGradient: f.gradient !== undefined,
    scale,
  };
}

export function symmetrize(h: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) h[i * n + j] = h[j * n + i] = 0.5 * (h[i * n + j]! + h[j * n + i]!);
  }
}

/**
 * Whether a function with curvature `h` along parameter i at x does not depend on it. Suspicious is a standard deviation beyond all
 * proportion (1e8) to the `natural` size of the parameter; then one look at that distance tells.
 */
export function isFlat(
  f: Objective,
  x: Float64Array,
  fx: number,
  i: number,
  h: number,
  natural: number,
  options: MinimizeOptions,
): boolean {
  const errorDef = options.errorDef ?? 1;
  if (h * natural * natural > 1e-16 * errorDef) return false;
  const sigma = Math.sqrt((2 * errorDef) / Math.abs(h));
  if (!Number.isFinite(sigma)) return true;
  const up = (options.upper?.[i] ?? Number.POSITIVE_INFINITY) - x[i]!;
  const down = x[i]! - (options.lower?.[i] ?? Number.NEGATIVE_INFINITY);
  const step = Math.min(sigma, Math.max(up, down));
  const p = x.slice();
  p[i] = up >= down ? x[i]! + step : x[i]! - step;
  const rise = ((f.value(p) - fx) * sigma * sigma) / (step * step);
  return !(rise > 0.1 * errorDef && rise < 10 * errorDef);
}
