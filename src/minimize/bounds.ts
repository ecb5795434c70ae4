import type { MinimizeOptions, ReachedLimit } from "./types.js";

/** Limits of the parameters [n]; infinite where there is none. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A copy of the limits in the options, complete. */
export function boundsOf(options: MinimizeOptions, n: number): Bounds {
  const lower = new Float64Array(n);
  const upper = new Float64Array(n);
  fillBounds(options, lower, upper);
  return { lower, upper };
}

/** The same into arrays [n] that are there. */
export function fillBounds(options: MinimizeOptions, lower: Float64Array, upper: Float64Array): void {
  for (let i = 0; i < lower.length; i++) {
    lower[i] = options.lower?.[i] ?? Number.NEGATIVE_INFINITY;
    upper[i] = options.upper?.[i] ?? Number.POSITIVE_INFINITY;
  }
}

const NO_LIMITS: readonly ReachedLimit[] = [];

/** The parameters of x [n] that lie on a limit; a fixed one (lower = upper) on its lower limit. */
export function reachedLimits(x: Float64Array, { lower, upper }: Bounds): readonly ReachedLimit[] {
  let reached: ReachedLimit[] | undefined;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (value !== lower[i]! && value !== upper[i]!) continue;
    reached ??= [];
    reached.push({ parameter: i, side: value === lower[i]! ? "lower" : "upper", value });
  }
  return reached ?? NO_LIMITS;
}
