import { gradientByDifferences, hessianByDifferences } from "../../math/differences.js";

/** A first step by a parameter, as a share of it (of a day for a time), small enough not to leave a pulse or a period. */
const FIRST = 1e-6;
/** The largest step of the differences moves about this share of the value ... */
const SHARE = 0.1;
/** ... and is no longer than so many days for a time, than this share of the parameter else: near the top of a pulse nothing moves the value. */
const LONGEST = 10;
const LARGEST = 0.1;

/**
 * Derivatives of f by the parameters `free`, for temporal models that have none: extrapolated differences, with steps measured by what they do. Fills g [n] and h
 * [n, n], n the number of free ones. `reference`: index of the parameter that is a time, -1 where there is none.
 */
export function temporalDifferences(
  f: (p: Float64Array) => number,
  p: Float64Array,
  free: readonly number[],
  reference: number,
  g: Float64Array,
  h: Float64Array,
): void {
  const q = p.slice();
  const along = (x: Float64Array) => {
    for (let a = 0; a < free.length; a++) q[free[a]!] = x[a]!;
    return f(q);
  };
  const x = Float64Array.from(free, (i) => p[i]!);
  const steps = Float64Array.from(free, (i, a) => {
    const moved = (step: number) => {
      const y = x.slice();
      y[a]! += step;
      return along(y);
    };
    const size = Math.abs(p[i]!) || 1;
    return i === reference ? stepOf(moved, FIRST, LONGEST) : stepOf(moved, FIRST * size, LARGEST * size);
  });
  gradientByDifferences(along, x, steps, g);
  hessianByDifferences(along, x, steps, h);
}

/** A step, at most `longest`, that moves about the wanted share of the value. */
function stepOf(moved: (step: number) => number, first: number, longest: number): number {
  const base = moved(0);
  let step = first;
  for (let round = 0; round < 12; round++) {
    const share = Math.abs(moved(step) / base - 1);
    const factor = SHARE / share;
    if (!(factor < 0.5 || factor > 2)) break;
    step = Math.min(step * Math.min(Math.max(factor, 1 / 16), 16), longest);
  }
  return step;
}
