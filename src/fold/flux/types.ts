/**
 * A vector of numbers made from the free parameters of one model: fluxes per true-energy bin, or values at given energies.
 * `update` fills `s`, from order 1 `ds`, from order 2 `d2s`; nothing is allocated.
 */
export interface FluxVector {
  readonly size: number;
  /** Number of free parameters. */
  readonly n: number;
  /** [size] */
  readonly s: Float64Array;
  /** [size, n] first derivatives */
  readonly ds: Float64Array;
  /** [size, n (n + 1) / 2] second derivatives, packed: (a, b) with b <= a at a (a + 1) / 2 + b */
  readonly d2s: Float64Array;
  /** `p[offset .. offset + n]` are the free parameters in the declaration's units and order. */
  update(p: Float64Array, offset: number, order: 0 | 1 | 2): void;
  /** From now on only entries [first, last) are needed; the others become zero. */
  limit?(first: number, last: number): void;
  /** True where its sums are off at these parameters by more than they may: from now on they are exact ones. Absent: they are exact everywhere. */
  refine?(p: Float64Array, offset: number): boolean;
}

/** Length of a packed symmetric matrix. */
export const packedLength = (n: number): number => (n * (n + 1)) / 2;

/** Place of (a, b) in a packed symmetric matrix. */
export function packedIndex(a: number, b: number): number {
  return a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a;
}

/** A vector that depends on nothing. */
export function constantVector(s: Float64Array): FluxVector {
  const empty = new Float64Array(0);
  return { size: s.length, n: 0, s, ds: empty, d2s: empty, update: () => {} };
}

/** One parameter times constants s1. */
export function scaledVector(s1: Float64Array): FluxVector {
  const s = s1.slice();
  return {
    size: s1.length,
    n: 1,
    s,
    ds: s1,
    d2s: new Float64Array(s1.length),
    update(p, offset) {
      const norm = p[offset]!;
      for (let k = 0; k < s1.length; k++) s[k] = norm * s1[k]!;
    },
  };
}
