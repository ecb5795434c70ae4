import { findCell } from "./interpolate.js";
import { solve } from "./linalg.js";

/** A piecewise quadratic: on piece i, a + b t + c t^2 with t = x - start[i]; the end pieces extrapolate. */
export interface QuadraticSpline {
  /** [m + 1] breaks, increasing */
  readonly breaks: Float64Array;
  /** [m, 3] */
  readonly coefficients: Float64Array;
}

/**
 * The quadratic spline through (x, y) that scipy's interp1d(kind="quadratic") takes: smooth across knots midway between the points, the
 * first and last of which are left out. Needs at least 3 strictly increasing x; returns undefined otherwise.
 */
export function quadraticSpline(x: Float64Array, y: Float64Array): QuadraticSpline | undefined {
  const n = x.length;
  if (n < 3) return undefined;
  for (let i = 0; i < n - 1; i++) if (!(x[i + 1]! > x[i]!)) return undefined;
  const m = n - 2;
  const breaks = new Float64Array(m + 1);
  breaks[0] = x[0]!;
  for (let i = 1; i < m; i++) breaks[i] = (x[i]! + x[i + 1]!) / 2;
  breaks[m] = x[n - 1]!;
  // Unknowns in the truncated power basis, scaled to unit range: value, slope, curvature, then the jump of the curvature at each knot.
  const width = x[n - 1]! - x[0]!;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const t = (x[i]! - x[0]!) / width;
    a[i * n] = 1;
    a[i * n + 1] = t;
    a[i * n + 2] = t * t;
    for (let k = 1; k < m; k++) {
      const s = Math.max(0, (x[i]! - breaks[k]!) / width);
      a[i * n + 2 + k] = s * s;
    }
  }
  const p = new Float64Array(n);
  if (!solve(a, n, y, p)) return undefined;
  // From the knots' curvatures each piece follows from its left one.
  const coefficients = new Float64Array(3 * m);
  let value = p[0]!;
  let slope = p[1]! / width;
  let curvature = 0;
  for (let k = 0; k < m; k++) {
    curvature += p[2 + k]! / (width * width);
    coefficients.set([value, slope, curvature], 3 * k);
    const t = breaks[k + 1]! - breaks[k]!;
    value += t * (slope + t * curvature);
    slope += 2 * t * curvature;
  }
  return { breaks, coefficients };
}

/** Fills `out` with value, first and second derivative at x; returns the value. */
export function evaluateSpline(spline: QuadraticSpline, x: number, out?: Float64Array): number {
  const i = findCell(spline.breaks, x);
  const t = x - spline.breaks[i]!;
  const a = spline.coefficients[3 * i]!;
  const b = spline.coefficients[3 * i + 1]!;
  const c = spline.coefficients[3 * i + 2]!;
  const value = a + t * (b + t * c);
  if (out !== undefined) {
    out[0] = value;
    out[1] = b + 2 * c * t;
    out[2] = 2 * c;
  }
  return value;
}
