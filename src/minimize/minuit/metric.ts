import { inverseSpd } from "../../math/linalg.js";
import { setDerivatives } from "./coordinates.js";
import { type Search, sigmaOf } from "./state.js";

/** Longest standard deviation in internal coordinates: beside a limit dx/du vanishes, and what is divided by it has no end. */
const MAX_SIGMA = 1000;

/** Takes second derivatives by x at the present point [n, n] as the metric, with the gradient by x there where they are the exact ones; false if they are not positive definite. */
export function seedMetric(s: Search, hessian: Float64Array, gradient: Float64Array | undefined): boolean {
  const { n, coordinates, u, first, second, v } = s;
  setDerivatives(coordinates, u, first, second);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) v[i * n + j] = hessian[i * n + j]! * first[i]! * first[j]!;
    if (gradient) v[i * n + i]! += gradient[i]! * second[i]!;
  }
  return inverseSpd(v, n, v) && v.every(Number.isFinite);
}

/** A diagonal metric at the present point: from the curvatures of the last Hessian where they are positive, else from the natural steps. */
export function seedDiagonal(s: Search): void {
  const { n, coordinates, u, first, second, v, errorDef } = s;
  setDerivatives(coordinates, u, first, second);
  v.fill(0);
  for (let i = 0; i < n; i++) {
    const sigma = sigmaOf(s, i) / Math.abs(first[i]!);
    v[i * n + i] = Math.min(sigma, MAX_SIGMA) ** 2 / (2 * errorDef);
  }
}

/** Keeps the diagonal of a Hessian or Fisher matrix [n, n]. */
export function keepCurvature({ n, curvature }: Search, matrix: Float64Array): void {
  for (let i = 0; i < n; i++) curvature[i] = matrix[i * n + i]!;
}

/** The direction of steepest descent in the metric; returns the slope along it. */
export function setDirection({ n, v, g, d }: Search): number {
  let slope = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum -= v[i * n + j]! * g[j]!;
    d[i] = sum;
    slope += sum * g[i]!;
  }
  return slope;
}

/**
 * BFGS update of the metric for a step alpha d to the trial point [Nocedal & Wright 2006, equation 6.17], left out where the
 * curvature along the step is not positive.
 */
export function updateMetric({ n, v, d, g, gTrial, y, vy }: Search, alpha: number): void {
  let sy = 0;
  let yvy = 0;
  for (let i = 0; i < n; i++) {
    y[i] = gTrial[i]! - g[i]!;
    d[i]! *= alpha;
    sy += d[i]! * y[i]!;
  }
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += v[i * n + j]! * y[j]!;
    vy[i] = sum;
    yvy += sum * y[i]!;
  }
  if (!(sy > 1e-10 * Math.sqrt(Math.abs(sy * yvy)))) return;
  const c = (1 + yvy / sy) / sy;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) v[i * n + j]! += c * d[i]! * d[j]! - (vy[i]! * d[j]! + d[i]! * vy[j]!) / sy;
  }
}
