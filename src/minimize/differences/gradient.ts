import {
  ATTEMPTS,
  adaptScale,
  centralStep,
  type Differences,
  oneSidedStep,
  STEP,
  valueAlong,
  valueAt,
} from "./steps.js";

/** Fills g [n] with the gradient at p [n] from values; returns the value there. */
export function gradientFromValues(d: Differences, p: Float64Array, g: Float64Array): number {
  d.x.set(p);
  const f0 = valueAt(d);
  if (!Number.isFinite(f0)) return f0;
  for (let i = 0; i < d.n; i++) g[i] = slopeAlong(d, i, f0);
  return f0;
}

/** First derivative along i at d.x, whose value is f0; leaves the second in `curvature` and adapts scale[i]. */
export function slopeAlong(d: Differences, i: number, f0: number): number {
  const { x, scale } = d;
  let slope = Number.NaN;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const wanted = STEP * scale[i]!;
    const central = centralStep(d, i, wanted, 2);
    let h = central > 0 ? central : oneSidedStep(d, i, wanted);
    h = x[i]! + h - x[i]!; // what the step is after rounding
    slope = central > 0 ? centralSlope(d, i, h, f0) : oneSidedSlope(d, i, h, f0);
    if (!Number.isFinite(slope)) {
      scale[i]! *= 0.01;
      continue;
    }
    if (!adaptScale(d, i, slope, d.curvature)) break;
  }
  return slope;
}

/** Five points x, x +- h, x +- 2h [Abramowitz & Stegun 1964, equations 25.3.6 and 25.3.24]. */
function centralSlope(d: Differences, i: number, h: number, f0: number): number {
  const a = valueAlong(d, i, h);
  const b = valueAlong(d, i, -h);
  const c = valueAlong(d, i, 2 * h);
  const e = valueAlong(d, i, -2 * h);
  d.curvature = (16 * (a + b) - (c + e) - 30 * f0) / (12 * h * h);
  return (8 * (a - b) - (c - e)) / (12 * h);
}

/** Five points x, x + h ... x + 4h [Fornberg 1988, Math. Comput. 51, 699, table 3]. */
function oneSidedSlope(d: Differences, i: number, h: number, f0: number): number {
  const a = valueAlong(d, i, h);
  const b = valueAlong(d, i, 2 * h);
  const c = valueAlong(d, i, 3 * h);
  const e = valueAlong(d, i, 4 * h);
  d.curvature = (35 * f0 - 104 * a + 114 * b - 56 * c + 11 * e) / (12 * h * h);
  return (48 * a - 36 * b + 16 * c - 3 * e - 25 * f0) / (12 * h);
}
