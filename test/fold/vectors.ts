/** Derivatives of a vector held against differences of its values. */
import { expect } from "vitest";
import type { FluxVector } from "../../src/fold/flux/types.js";

export interface VectorCheck {
  /** Step of each parameter, as a share of it. */
  readonly step?: number;
  /** Largest deviation of a derivative times the parameters, as a share of the largest value. */
  readonly first?: number;
  readonly second?: number;
}

/** Where the parameters begin in the array that a vector is given; what stands before and after them is of others. */
const OFFSET = 2;
const within = (x: Float64Array) => Float64Array.of(Number.NaN, -7, ...x, Number.NaN);

/** Values at parameters x. */
export function valuesAt(vector: FluxVector, x: Float64Array): Float64Array {
  vector.update(within(x), OFFSET, 0);
  return vector.s.slice();
}

/** Holds first derivatives against sixth order differences of values, and second ones against those of first ones. */
export function checkVector(vector: FluxVector, x: Float64Array, options: VectorCheck = {}): void {
  const { step = 1e-3, first = 1e-9, second = 1e-9 } = options;
  const { size, n } = vector;
  expect(n).toBe(x.length);
  const at = (y: Float64Array, order: 0 | 1 | 2) => {
    vector.update(within(y), OFFSET, order);
    return { s: vector.s.slice(), ds: vector.ds.slice(), d2s: vector.d2s.slice() };
  };
  const here = at(x, 2);
  const largest = Math.max(...here.s.map(Math.abs));
  // the same formula in another order: rounding
  at(x, 0).s.forEach((value, t) => {
    expect(Math.abs(value - here.s[t]!)).toBeLessThanOrEqual(1e-13 * largest);
  });
  for (let a = 0; a < n; a++) {
    const h = step * (Math.abs(x[a]!) || 1);
    const slopes = new Float64Array(size);
    const bends = new Float64Array(size * n);
    for (const k of [1, -1, 2, -2, 3, -3]) {
      const moved = at(
        x.map((v, i) => (i === a ? v + k * h : v)),
        1,
      );
      const weight = (Math.sign(k) * [45, -9, 1][Math.abs(k) - 1]!) / (60 * h);
      for (let t = 0; t < size; t++) slopes[t]! += weight * moved.s[t]!;
      for (let i = 0; i < size * n; i++) bends[i]! += weight * moved.ds[i]!;
    }
    const unit = (i: number) => Math.abs(x[i]!) || 1;
    for (let t = 0; t < size; t++) {
      const found = here.ds[t * n + a]!;
      expect(Math.abs(found - slopes[t]!) * unit(a), `entry ${t}, by ${a}: ${found}, ${slopes[t]}`).toBeLessThanOrEqual(
        first * largest,
      );
      for (let b = 0; b < n; b++) {
        const [high, low] = [Math.max(a, b), Math.min(a, b)];
        const bend = here.d2s[(t * n * (n + 1)) / 2 + (high * (high + 1)) / 2 + low]!;
        const expected = bends[t * n + b]!;
        expect(
          Math.abs(bend - expected) * unit(a) * unit(b),
          `entry ${t}, by ${a} and ${b}: ${bend}, ${expected}`,
        ).toBeLessThanOrEqual(second * largest);
      }
    }
  }
}
