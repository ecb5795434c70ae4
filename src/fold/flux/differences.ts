/** A vector of numbers that is known by its values alone. */
import { type FluxVector, packedIndex, packedLength } from "./types.js";

/**
 * f of the parameters p, of which those in `free` vary; derivatives by central differences with `steps` [p], which leave (step / width)^2 / 6 of a slope of what changes over a width.
 * One evaluation of f for the values, 2 n more for slopes, n (n - 1) more for second derivatives.
 */
export function differencesVector(
  f: (p: Float64Array) => Float64Array,
  start: Float64Array,
  free: readonly number[],
  steps: Float64Array,
): FluxVector {
  const n = free.length;
  const nn = packedLength(n);
  const p = start.slice();
  const s = f(p).slice();
  const size = s.length;
  const ds = new Float64Array(size * n);
  const d2s = new Float64Array(size * nn);
  const at = (a: number, b: number, sign: number) => {
    const moved = p.slice();
    for (const i of a === b ? [a] : [a, b]) moved[free[i]!]! += sign * steps[free[i]!]!;
    return f(moved);
  };
  const step = (a: number) => steps[free[a]!]!;
  return {
    size,
    n,
    s,
    ds,
    d2s,
    update(x, offset, order) {
      for (let a = 0; a < n; a++) p[free[a]!] = x[offset + a]!;
      s.set(f(p));
      if (order === 0) return;
      const ends = Array.from({ length: n }, (_, a) => [at(a, a, -1), at(a, a, 1)] as const);
      for (const [a, [low, high]] of ends.entries()) {
        for (let k = 0; k < size; k++) {
          ds[k * n + a] = (high[k]! - low[k]!) / (2 * step(a));
          d2s[k * nn + packedIndex(a, a)] = (high[k]! - 2 * s[k]! + low[k]!) / step(a) ** 2;
        }
      }
      if (order === 1) return;
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < a; b++) {
          const [low, high] = [at(a, b, -1), at(a, b, 1)];
          for (let k = 0; k < size; k++) {
            const alone = ends[a]![0][k]! + ends[a]![1][k]! + ends[b]![0][k]! + ends[b]![1][k]!;
            d2s[k * nn + packedIndex(a, b)] = (low[k]! + high[k]! + 2 * s[k]! - alone) / (2 * step(a) * step(b));
          }
        }
      }
    },
  };
}
