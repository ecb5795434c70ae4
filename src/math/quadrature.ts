/** sinh(v) / v, accurate near 0. */
export function sinhc(v: number): number {
  const vv = v * v;
  if (vv < 0.04) return 1 + (vv / 6) * (1 + (vv / 20) * (1 + (vv / 42) * (1 + (vv / 72) * (1 + vv / 110))));
  return Math.sinh(v) / v;
}

/** Fills `out` with sinhc and its first and second derivative. */
export function sinhcDerivatives(v: number, out: Float64Array): void {
  const vv = v * v;
  if (vv < 0.04) {
    // sum v^2k / (2k + 1)!, differentiated term by term.
    out[0] = sinhc(v);
    out[1] = (v / 3) * (1 + (vv / 10) * (1 + (vv / 28) * (1 + (vv / 54) * (1 + vv / 88))));
    out[2] =
      1 / 3 +
      (vv / 10) * (1 + ((5 * vv) / 84) * (1 + ((7 * vv) / 270) * (1 + ((9 * vv) / 616) * (1 + (11 * vv) / 1170))));
    return;
  }
  const s = Math.sinh(v);
  const c = Math.cosh(v);
  out[0] = s / v;
  out[1] = (c - out[0]) / v;
  out[2] = (s - 2 * out[1]) / v;
}

/**
 * Integral over [x0, x1] of the power law through (x0, y0) and (x1, y1): h exp(m) sinhc(v) with h = ln(x1/x0), and m, v the mean and half
 * difference of ln(x y). It equals Gammapy's trapz_loglog, without its special case at index 1. 0 if a value is 0, not finite where one is not; where the signs differ, that of the line.
 */
export function powerLawSegment(x0: number, x1: number, y0: number, y1: number): number {
  const ratio = (x1 * y1) / (x0 * y0);
  if (ratio < 0) return ((x1 - x0) * (y0 + y1)) / 2;
  if (!(ratio > 0) || ratio === Number.POSITIVE_INFINITY) return Number.isFinite(y0 + y1) ? 0 : y0 + y1;
  return Math.log(x1 / x0) * x0 * y0 * Math.sqrt(ratio) * sinhc(0.5 * Math.log(ratio));
}

/** Nodes per decade of spectra that jump: what absorbs them changes as energy to the power -3. */
export const NODES_OF_JUMPS = 500;

/**
 * Number of nodes per bin, one for all bins of an axis with these edges: trunc(100 per decade of the widest bin), at least 2. The 1e-9
 * keeps a width of exactly 0.1 decades at 10 whatever the rounding.
 */
export function nodeCount(edges: ArrayLike<number>, perDecade = 100): number {
  let most = 0;
  for (let i = 0; i + 1 < edges.length; i++) most = Math.max(most, perDecade * Math.log10(edges[i + 1]! / edges[i]!));
  return Math.max(2, Math.trunc(most + 1e-9));
}

/** Node k of n geometric nodes on [x0, x1]; the ends are exact. */
export function geometricNode(x0: number, x1: number, n: number, k: number): number {
  return k === 0 ? x0 : k === n - 1 ? x1 : x0 * (x1 / x0) ** (k / (n - 1));
}

/** Integral of f over [x0, x1] by the power-law trapezoid on n geometric nodes. */
export function integratePowerLaw(f: (x: number) => number, x0: number, x1: number, n: number): number {
  let left = x0;
  let fLeft = f(x0);
  let sum = 0;
  for (let k = 1; k < n; k++) {
    const right = geometricNode(x0, x1, n, k);
    const fRight = f(right);
    sum += powerLawSegment(left, right, fLeft, fRight);
    left = right;
    fLeft = fRight;
  }
  return sum;
}

/** Nodes and weights of Gauss-Legendre quadrature on [-1, 1], by Newton on the Legendre polynomial. */
export function gaussLegendre(n: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < (n + 1) >> 1; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let p = 1;
      let before = 0;
      for (let k = 1; k <= n; k++) [p, before] = [((2 * k - 1) * x * p - (k - 1) * before) / k, p];
      slope = (n * (x * p - before)) / (x * x - 1);
      const step = p / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

export interface IntegralResult {
  readonly value: number;
  /** Estimate from the last halving. */
  readonly error: number;
  readonly success: boolean;
}

/** Integral of f over [a, b] by adaptive halving of 15-point Gauss-Legendre panels: the check of faster rules. */
export function integrate(f: (x: number) => number, a: number, b: number, rtol = 1e-12): IntegralResult {
  const { nodes, weights } = gaussLegendre(15);
  const panel = (x0: number, x1: number) => {
    let sum = 0;
    for (let i = 0; i < 15; i++) sum += weights[i]! * f((x0 + x1) / 2 + (nodes[i]! * (x1 - x0)) / 2);
    return (sum * (x1 - x0)) / 2;
  };
  let error = 0;
  let success = true;
  const scale = Math.abs(panel(a, b));
  const halve = (x0: number, x1: number, whole: number, depth: number): number => {
    const middle = (x0 + x1) / 2;
    const left = panel(x0, middle);
    const right = panel(middle, x1);
    const difference = Math.abs(left + right - whole);
    if (difference <= rtol * Math.max(Math.abs(left + right), scale) || depth >= 40) {
      error += difference;
      if (!(difference <= rtol * Math.max(Math.abs(left + right), scale))) success = false;
      return left + right;
    }
    return halve(x0, middle, left, depth + 1) + halve(middle, x1, right, depth + 1);
  };
  const value = halve(a, b, panel(a, b), 0);
  return { value, error, success: success && Number.isFinite(value) };
}
