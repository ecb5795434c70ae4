import type { FluxVector } from "./types.js";

/** Sums that are quick and good near some parameters, which become exact ones where they are found not to be. */
export interface QuickSums {
  readonly quick: FluxVector;
  /** What they stand for. */
  readonly exact: () => FluxVector;
  /** Whether they are off in entries [first, last) by more than they may, at free parameters x [n]; `quick` is up to date there. */
  readonly isOff: (x: Float64Array, first: number, last: number) => boolean;
}

/** A vector of quick sums, until `refine` finds them off; then of the exact ones, in the same arrays. */
export function refinable({ quick, exact, isOff }: QuickSums): FluxVector {
  const { size, n, s, ds, d2s } = quick;
  const checked = new Float64Array(n).fill(Number.NaN);
  let now = quick;
  let first = 0;
  let last = size;
  return {
    size,
    n,
    s,
    ds,
    d2s,
    limit(from, to) {
      first = from;
      last = to;
      now.limit?.(from, to);
      if (now !== quick) quick.limit?.(from, to);
    },
    update(x, at, order) {
      now.update(x, at, order);
      if (now === quick) return;
      s.set(now.s);
      if (order > 0) ds.set(now.ds);
      if (order > 1) d2s.set(now.d2s);
    },
    refine(x, at) {
      if (now !== quick || checked.every((v, a) => v === x[at + a]!)) return false;
      checked.set(x.subarray(at, at + n));
      quick.update(checked, 0, 0);
      if (!isOff(checked, first, last)) return false;
      now = exact();
      now.limit?.(first, last);
      return true;
    },
  };
}
