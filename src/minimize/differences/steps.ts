import { type Bounds, boundsOf } from "../bounds.js";
import type { Calls, MinimizeOptions, Objective } from "../types.js";

/** Difference step in units of the length over which the function changes by errorDef; the error of the formulas goes with its 4th power. */
export const STEP = 0.05;

/** How often a step that was far off, or led out of the domain, is corrected. */
export const ATTEMPTS = 12;

/** Derivatives of one function by differences, with steps that follow its curvature. */
export interface Differences extends Bounds {
  readonly n: number;
  readonly f: Objective;
  readonly calls: Calls;
  readonly errorDef: number;
  /** Five-point differences of gradients in place of three-point ones. */
  readonly accurate: boolean;
  /** Lengths [n] of about one standard deviation: first guess, and as adapted so far. */
  readonly firstScale: Float64Array;
  readonly scale: Float64Array;
  /** The point [n] of the formulas; a coordinate that they displace is put back. */
  readonly x: Float64Array;
  /** Second derivative that the last first derivative came with. */
  curvature: number;
  /** Where gradients are taken [n], and gradients at up to four displaced points [n] each. */
  readonly displaced: Float64Array;
  readonly gradients: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
}

export function createDifferences(
  f: Objective,
  calls: Calls,
  scale: Float64Array,
  options: MinimizeOptions,
  accurate: boolean,
): Differences {
  const { n } = f;
  const vector = () => new Float64Array(n);
  return {
    n,
    f,
    calls,
    errorDef: options.errorDef ?? 1,
    accurate,
    ...boundsOf(options, n),
    firstScale: scale.slice(),
    scale,
    x: vector(),
    curvature: Number.NaN,
    displaced: vector(),
    gradients: [vector(), vector(), vector(), vector()],
  };
}

export function valueAt(d: Differences): number {
  d.calls.nfev++;
  return d.f.value(d.x);
}

/** f(x + h e_i). */
export function valueAlong(d: Differences, i: number, h: number): number {
  const { x } = d;
  const keep = x[i]!;
  x[i] = keep + h;
  const v = valueAt(d);
  x[i] = keep;
  return v;
}

/** Largest step <= h with x +- m h inside the limits; 0 where a limit is so near that a one-sided formula is due. */
export function centralStep({ x, lower, upper }: Differences, i: number, h: number, m: number): number {
  const r = Math.min(x[i]! - lower[i]!, upper[i]! - x[i]!) / m;
  if (r >= h) return h;
  return r >= 0.1 * h ? r : 0;
}

/** Step of length h, with its sign, to the side on which the limit is farther. */
export function oneSidedStep({ x, lower, upper }: Differences, i: number, h: number): number {
  return x[i]! - lower[i]! > upper[i]! - x[i]! ? -h : h;
}

/** Sets scale[i] to the length over which a function of the given slope and curvature changes by errorDef; true if the step was far off. */
export function adaptScale(d: Differences, i: number, slope: number, curvature: number): boolean {
  const old = d.scale[i]!;
  let s = curvature !== 0 ? Math.sqrt((2 * d.errorDef) / Math.abs(curvature)) : 10 * old;
  if (slope === 0 && curvature === 0) s = old;
  const width = d.upper[i]! - d.lower[i]!;
  if (Number.isFinite(width) && width > 0) s = Math.min(s, 0.25 * width);
  d.scale[i] = Math.min(Math.max(s, 1e-3 * old), 10 * old, 1e8 * d.firstScale[i]!);
  const ratio = d.scale[i]! / old;
  return ratio < 0.1 || ratio > 5;
}
