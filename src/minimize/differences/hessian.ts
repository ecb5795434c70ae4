import { slopeAlong } from "./gradient.js";
import { ATTEMPTS, adaptScale, centralStep, type Differences, oneSidedStep, STEP, valueAt } from "./steps.js";

/** Displacements, in steps, at which gradients are taken: for three points, for five, and to one side. */
const THREE_POINTS = [1, -1];
const FIVE_POINTS = [1, -1, 2, -2];
const ONE_SIDED = [1, 2, 3, 4];

/** Fills g [n] with the function's own gradient at p [n] and h [n, n] with differences of it; returns the value there. */
export function hessianFromGradients(d: Differences, p: Float64Array, g: Float64Array, h: Float64Array): number {
  const { n } = d;
  const f0 = gradientAt(d, p, g);
  if (!Number.isFinite(f0)) return f0;
  for (let i = 0; i < n; i++) {
    for (let attempt = 0; attempt < ATTEMPTS && !fillRow(d, p, i, g, h); attempt++);
  }
  symmetrize(h, n);
  return f0;
}

function gradientAt({ f, calls }: Differences, p: Float64Array, g: Float64Array): number {
  calls.nfev++;
  calls.ngrad++;
  return f.gradient!(p, g);
}

/** Row i of the Hessian; false if its step was far off and has been adapted. */
function fillRow(d: Differences, p: Float64Array, i: number, g: Float64Array, h: Float64Array): boolean {
  const { n, accurate, scale, x } = d;
  const [a, b, c, e] = d.gradients;
  x.set(p);
  const wanted = (accurate ? 1 : 0.2) * STEP * scale[i]!;
  let s = centralStep(d, i, wanted, accurate ? 2 : 1);
  const central = s > 0;
  if (!central) s = oneSidedStep(d, i, wanted);
  s = p[i]! + s - p[i]!; // what the step is after rounding
  let finite = gradientsAlong(d, p, i, s, central ? (accurate ? FIVE_POINTS : THREE_POINTS) : ONE_SIDED);
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
  return !adaptScale(d, i, g[i]!, h[i * n + i]!);
}

/** Gradients at p + multiples[k] step along i; false if the function is not finite at one of them. */
function gradientsAlong(d: Differences, p: Float64Array, i: number, step: number, multiples: readonly number[]) {
  const { displaced, gradients } = d;
  displaced.set(p);
  for (let k = 0; k < multiples.length; k++) {
    displaced[i] = p[i]! + multiples[k]! * step;
    if (!Number.isFinite(gradientAt(d, displaced, gradients[k]!))) return false;
  }
  return true;
}

function symmetrize(h: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) h[i * n + j] = h[j * n + i] = 0.5 * (h[i * n + j]! + h[j * n + i]!);
  }
}

/** Fills g [n] and h [n, n] at p [n] with first and second differences of values; returns the value there. */
export function hessianFromValues(d: Differences, p: Float64Array, g: Float64Array, h: Float64Array): number {
  const { n } = d;
  d.x.set(p);
  const f0 = valueAt(d);
  if (!Number.isFinite(f0)) return f0;
  for (let i = 0; i < n; i++) {
    g[i] = slopeAlong(d, i, f0);
    h[i * n + i] = d.curvature;
  }
  for (let i = 0; i < n; i++) {
    const a = mixedStep(d, i);
    for (let j = 0; j < i; j++) {
      h[i * n + j] = h[j * n + i] = mixedDerivative(d, a, mixedStep(d, j), f0);
    }
  }
  return f0;
}

/** The step h along parameter i of a mixed difference, with its sign where only one side has room. */
interface MixedStep {
  readonly i: number;
  readonly h: number;
  readonly central: boolean;
}

function mixedStep(d: Differences, i: number): MixedStep {
  const wanted = 2 * STEP * d.scale[i]!;
  const h = centralStep(d, i, wanted, 1);
  return h > 0 ? { i, h, central: true } : { i, h: oneSidedStep(d, i, wanted), central: false };
}

/** d2f / dx_a dx_b from values: central differences, else one-sided ones, both extrapolated to step 0 [Richardson 1911]. */
function mixedDerivative(d: Differences, a: MixedStep, b: MixedStep, f0: number): number {
  if (a.central && b.central) return (4 * centralMixed(d, a, b, 0.5) - centralMixed(d, a, b, 1)) / 3;
  const quarter = oneSidedMixed(d, a, b, 0.25, f0);
  const half = oneSidedMixed(d, a, b, 0.5, f0);
  return (8 * quarter - 6 * half + oneSidedMixed(d, a, b, 1, f0)) / 3;
}

function centralMixed(d: Differences, a: MixedStep, b: MixedStep, s: number): number {
  const difference =
    shifted(d, a, s, b, s) - shifted(d, a, s, b, -s) - shifted(d, a, -s, b, s) + shifted(d, a, -s, b, -s);
  return difference / (4 * s * s * a.h * b.h);
}

function oneSidedMixed(d: Differences, a: MixedStep, b: MixedStep, s: number, f0: number): number {
  return (shifted(d, a, s, b, s) - shifted(d, a, s, b, 0) - shifted(d, a, 0, b, s) + f0) / (s * s * a.h * b.h);
}

/** The value at s steps along a and t steps along b. */
function shifted(d: Differences, a: MixedStep, s: number, b: MixedStep, t: number): number {
  const { x } = d;
  const xa = x[a.i]!;
  const xb = x[b.i]!;
  x[a.i] = xa + s * a.h;
  x[b.i] = xb + t * b.h;
  const v = valueAt(d);
  x[a.i] = xa;
  x[b.i] = xb;
  return v;
}
