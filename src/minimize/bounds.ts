import type { MinimizeOptions } from "./types.js";

/** Limits of the parameters [n]; infinite where there is none. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A copy of the limits in the options, complete. */
export function boundsOf(options: MinimizeOptions, n: number): Bounds {
  const lower = new Float64Array(n);
  const upper = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    lower[i] = options.lower?.[i] ?? Number.NEGATIVE_INFINITY;
    upper[i] = options.upper?.[i] ?? Number.POSITIVE_INFINITY;
  }
  return { lower, upper };
}
