/** Integrals over a spectrum whose jumps move with parameters, such as a table that is redshifted. */
import { type FluxVector, packedIndex, packedLength } from "./types.js";

/**
 * `inner` with derivatives by the parameters that move jumps from central differences of its values and of its other derivatives. Sums are exact where the jumps are,
 * but what these add to derivatives is seen by moving them alone. `steps`: by place among the free parameters, how far.
 */
export function movingJumps(inner: FluxVector, steps: ReadonlyMap<number, number>): FluxVector {
  const { size, n } = inner;
  const nn = packedLength(n);
  const [s, ds, d2s] = [new Float64Array(size), new Float64Array(size * n), new Float64Array(size * nn)];
  const x = new Float64Array(n);
  const values = () => new Float64Array(size);
  const slopes = () => new Float64Array(size * n);
  const ends = [...steps].map(([a, step]) => ({
    a,
    step,
    low: values(),
    high: values(),
    lowDs: slopes(),
    highDs: slopes(),
  }));
  const limit = inner.limit?.bind(inner);

  /** Values, from order 1 with slopes by the parameters that move nothing. */
  function moved(a: number, by: number, order: 0 | 1, to: Float64Array, slopesTo: Float64Array): void {
    const kept = x[a]!;
    x[a] = kept + by;
    inner.update(x, 0, order);
    x[a] = kept;
    to.set(inner.s);
    if (order === 1) slopesTo.set(inner.ds);
  }

  function both(a: number, b: number, [byA, byB]: readonly [number, number]): Float64Array {
    const [keptA, keptB] = [x[a]!, x[b]!];
    x[a] = keptA + byA;
    x[b] = keptB + byB;
    inner.update(x, 0, 0);
    x[a] = keptA;
    x[b] = keptB;
    return inner.s;
  }

  function addPairs(): void {
    for (const one of ends) {
      for (const two of ends) {
        if (two.a >= one.a) continue;
        const at = packedIndex(one.a, two.a);
        for (let t = 0; t < size; t++) d2s[t * nn + at] = 0;
        for (const [i, j] of [
          [1, 1],
          [1, -1],
          [-1, 1],
          [-1, -1],
        ] as const) {
          const found = both(one.a, two.a, [i * one.step, j * two.step]);
          for (let t = 0; t < size; t++) d2s[t * nn + at]! += (i * j * found[t]!) / (4 * one.step * two.step);
        }
      }
    }
  }

  return {
    size,
    n,
    s,
    ds,
    d2s,
    ...(limit !== undefined && { limit }),
    update(p, offset, order) {
      x.set(p.subarray(offset, offset + n));
      inner.update(x, 0, order);
      s.set(inner.s);
      if (order === 0) return;
      ds.set(inner.ds);
      d2s.set(inner.d2s);
      const slopeOrder = order === 2 ? 1 : 0;
      for (const { a, step, low, high, lowDs, highDs } of ends) {
        moved(a, -step, slopeOrder, low, lowDs);
        moved(a, step, slopeOrder, high, highDs);
        for (let t = 0; t < size; t++) {
          ds[t * n + a] = (high[t]! - low[t]!) / (2 * step);
          if (order === 1) continue;
          for (let b = 0; b < n; b++) {
            if (steps.has(b)) continue;
            d2s[t * nn + packedIndex(a, b)] = (highDs[t * n + b]! - lowDs[t * n + b]!) / (2 * step);
          }
          d2s[t * nn + packedIndex(a, a)] = (high[t]! - 2 * s[t]! + low[t]!) / step ** 2;
        }
      }
      if (order === 2) addPairs();
    },
  };
}
