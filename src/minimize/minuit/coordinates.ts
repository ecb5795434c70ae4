import { type Bounds, boundsOf } from "../bounds.js";
import { guessScale } from "../derivatives.js";
import type { MinimizeOptions } from "../types.js";

/**
 * Internal coordinates u without limits, as in Minuit [James & Roos 1975, Comput. Phys. Commun. 10, 343]: x = a + (b - a)(1 + sin u) / 2
 * between two limits, x = a + s (sqrt(u^2 + 1) - 1) above one. The length s, one natural step, keeps the digits of
 * parameters of any size; without limits u = x / s.
 */
export interface InternalCoordinates extends Bounds {
  readonly n: number;
  /** s [n]. */
  readonly scale: Float64Array;
  /** Which limits there are [n]. */
  readonly kind: Uint8Array;
}

const NONE = 0;
const LOWER = 1;
const UPPER = 2;
const BOTH = 3;

/** Where a start on a limit is moved to, since dx/du vanishes there: the angle between two limits, and u beside one. */
const MAX_ANGLE = 1.5;
const MIN_DISTANCE = 0.1;

export function createCoordinates(x0: Float64Array, options: MinimizeOptions): InternalCoordinates {
  const n = x0.length;
  const { lower, upper } = boundsOf(options, n);
  const scale = new Float64Array(n);
  const kind = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [lower[i]!, upper[i]!];
    scale[i] = guessScale(x0[i]!, options.steps?.[i], a, b);
    kind[i] = (a > Number.NEGATIVE_INFINITY ? LOWER : NONE) | (b < Number.POSITIVE_INFINITY ? UPPER : NONE);
  }
  return { n, lower, upper, scale, kind };
}

export function toInternal(c: InternalCoordinates, x: Float64Array, u: Float64Array): void {
  const { n, lower: a, upper: b, scale: s, kind } = c;
  for (let i = 0; i < n; i++) {
    const k = kind[i]!;
    if (k === NONE) u[i] = x[i]! / s[i]!;
    else if (k === BOTH) {
      const width = b[i]! - a[i]!;
      u[i] = width > 0 ? Math.asin(Math.min(1, Math.max(-1, (2 * (x[i]! - a[i]!)) / width - 1))) : 0;
      if (Math.abs(u[i]!) > MAX_ANGLE) u[i] = MAX_ANGLE * Math.sign(u[i]!);
    } else {
      const d = Math.max(0, k === LOWER ? x[i]! - a[i]! : b[i]! - x[i]!) / s[i]!;
      u[i] = Math.max(MIN_DISTANCE, Math.sqrt(d * (d + 2)));
    }
  }
}

export function toExternal(c: InternalCoordinates, u: Float64Array, x: Float64Array): void {
  const { n, lower: a, upper: b, scale: s, kind } = c;
  for (let i = 0; i < n; i++) {
    const k = kind[i]!;
    const v = u[i]!;
    if (k === NONE) x[i] = v * s[i]!;
    else if (k === BOTH) x[i] = Math.min(b[i]!, a[i]! + 0.5 * (b[i]! - a[i]!) * (1 + Math.sin(v)));
    else {
      const d = (s[i]! * v * v) / (Math.sqrt(v * v + 1) + 1);
      x[i] = k === LOWER ? a[i]! + d : b[i]! - d;
    }
  }
}

/** Fills `first` and `second` [n] with dx/du and d2x/du2 at u. */
export function setDerivatives(
  c: InternalCoordinates,
  u: Float64Array,
  first: Float64Array,
  second: Float64Array,
): void {
  const { n, lower: a, upper: b, scale: s, kind } = c;
  for (let i = 0; i < n; i++) {
    const k = kind[i]!;
    const v = u[i]!;
    if (k === NONE) {
      first[i] = s[i]!;
      second[i] = 0;
    } else if (k === BOTH) {
      const half = 0.5 * (b[i]! - a[i]!);
      first[i] = half * Math.cos(v);
      second[i] = -half * Math.sin(v);
    } else {
      const root = Math.sqrt(v * v + 1);
      const sign = k === LOWER ? s[i]! : -s[i]!;
      first[i] = (sign * v) / root;
      second[i] = sign / (root * root * root);
    }
  }
}
