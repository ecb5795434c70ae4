/**
 * Fluxes of a model whose ln dnde is linear in its parameters: S_t = A sum_k w_k over the nodes k of bin t, w_k = exp(offset_k + sum_j theta_j phi_jk). No
 * model is evaluated and no logarithm taken. Plainly in `reference.ts`.
 */
import { type FluxVector, packedIndex, packedLength } from "../types.js";

/** Nodes k of the sums, ordered so that node q of bin t is at q * nBins + t. */
export interface NodeTable {
  readonly nBins: number;
  readonly perBin: number;
  /** [perBin * nBins] */
  readonly offset: Float64Array;
  /** One [perBin * nBins] for each free basis function. */
  readonly phi: readonly Float64Array[];
}

/** The sums of one model, and what they are made from. */
export interface LogLinear extends Pick<FluxVector, "n" | "s" | "ds" | "d2s"> {
  readonly table: NodeTable;
  /** The parameters of the basis functions, and their places among the free ones. */
  readonly theta: Float64Array;
  readonly position: Int32Array;
  /** Place of the norm A among the free parameters; -1: it is frozen. */
  readonly norm: number;
  /** w [perBin * nBins] */
  readonly w: Float64Array;
  /** Bins [first, last) are needed, the others zero. */
  first: number;
  last: number;
  /** First and last node of each chain of `chainsOf` in these bins, one after the other. */
  chains: Int32Array;
}

/** Restart the recurrence after this many steps: its error grows with the square, 16^2 / 2 roundings are 3e-14. */
const MAX_CHAIN = 16;

/** Chains of nodes of bins [first, last) over which offset and phi are quadratic in the number of the node: [first, end) of each, one after the other. */
export function chainsOf({ nBins, perBin, offset, phi }: NodeTable, first: number, last: number): Int32Array {
  const all = [offset, ...phi];
  const ends: number[] = [];
  for (let q = 0; q < perBin && last > first; q++) {
    let start = q * nBins + first;
    const end = q * nBins + last;
    for (let k = start + 1; k < end; k++) {
      if (k - start >= MAX_CHAIN || (k - start > 2 && !all.every((a) => isContinued(a, start, k)))) {
        ends.push(start, k);
        start = k;
      }
    }
    ends.push(start, end);
  }
  return Int32Array.from(ends);
}

/** Whether a[k] is on the parabola through the three entries from `start` on. */
function isContinued(a: Float64Array, start: number, k: number): boolean {
  const i = k - start;
  const d1 = a[start + 1]! - a[start]!;
  const d2 = a[start + 2]! - 2 * a[start + 1]! + a[start]!;
  const predicted = a[start]! + i * d1 + ((i * (i - 1)) / 2) * d2;
  return Math.abs(predicted - a[k]!) < 1e-12 * Math.max(1, Math.abs(a[k]!));
}

function exponent({ table: { offset, phi }, theta }: LogLinear, k: number): number {
  let m = offset[k]!;
  for (let j = 0; j < theta.length; j++) m += theta[j]! * phi[j]![k]!;
  return m;
}

/** Within these two, weights of a chain have all digits of float64. */
const SMALLEST = 1e-290;
const LARGEST = 1e290;

/** Fills w: along a chain exponents are quadratic, so w_k+1 / w_k grows by a constant factor, and two multiplications take the place of an exponential. */
export function fillWeights(f: LogLinear): void {
  const { chains, w } = f;
  for (let c = 0; c < chains.length; c += 2) {
    const k0 = chains[c]!;
    const k1 = chains[c + 1]!;
    const m0 = exponent(f, k0);
    let e = Math.exp(m0);
    w[k0] = e;
    if (k1 - k0 === 1) continue;
    const m1 = exponent(f, k0 + 1);
    if (k1 - k0 === 2) {
      w[k0 + 1] = Math.exp(m1);
      continue;
    }
    let q = Math.exp(m1 - m0);
    const r = Math.exp(exponent(f, k0 + 2) - 2 * m1 + m0);
    let isExact = e > SMALLEST;
    for (let k = k0 + 1; k < k1; k++) {
      e *= q;
      q *= r;
      w[k] = e;
    }
    isExact &&= e > SMALLEST && e < LARGEST;
    if (!isExact) for (let k = k0; k < k1; k++) w[k] = Math.exp(exponent(f, k));
  }
}

/** s, ds and d2s from w, for at most two basis functions, the rule: the sums of a bin stay in registers. */
export function sumsOfTwo(f: LogLinear, order: 0 | 1 | 2, amplitude: number): void {
  const { table, position, norm, n, w, s, ds, d2s, first, last } = f;
  const { nBins, phi } = table;
  const nb = position.length;
  const nn = packedLength(n);
  const phi0 = phi[0] ?? w;
  const phi1 = phi[1] ?? w;
  const a = nb > 0 ? position[0]! : 0;
  const b = nb > 1 ? position[1]! : 0;
  for (let t = first; t < last; t++) {
    let s0 = 0;
    let sa = 0;
    let sb = 0;
    let saa = 0;
    let sab = 0;
    let sbb = 0;
    for (let k = t; k < w.length; k += nBins) {
      const e = w[k]!;
      const x = e * phi0[k]!;
      const y = e * phi1[k]!;
      s0 += e;
      sa += x;
      sb += y;
      saa += x * phi0[k]!;
      sab += x * phi1[k]!;
      sbb += y * phi1[k]!;
    }
    s[t] = amplitude * s0;
    if (order === 0) continue;
    if (norm >= 0) ds[t * n + norm] = s0;
    if (nb > 0) ds[t * n + a] = amplitude * sa;
    if (nb > 1) ds[t * n + b] = amplitude * sb;
    if (order === 1) continue;
    if (nb > 0) d2s[t * nn + packedIndex(a, a)] = amplitude * saa;
    if (nb > 1) {
      d2s[t * nn + packedIndex(a, b)] = amplitude * sab;
      d2s[t * nn + packedIndex(b, b)] = amplitude * sbb;
    }
    if (norm >= 0) {
      if (nb > 0) d2s[t * nn + packedIndex(norm, a)] = sa;
      if (nb > 1) d2s[t * nn + packedIndex(norm, b)] = sb;
    }
  }
}

/** The same for any number of basis functions. */
export function sumsOfMany(f: LogLinear, order: 0 | 1 | 2, amplitude: number): void {
  const { table, position, norm, n, w, s, ds, d2s, first, last } = f;
  const { nBins, phi } = table;
  const nb = position.length;
  const nn = packedLength(n);
  ds.fill(0);
  d2s.fill(0);
  for (let t = first; t < last; t++) {
    let s0 = 0;
    for (let k = t; k < w.length; k += nBins) {
      const e = w[k]!;
      s0 += e;
      if (order === 0) continue;
      for (let i = 0; i < nb; i++) {
        const a = position[i]!;
        const x = e * phi[i]![k]!;
        ds[t * n + a]! += amplitude * x;
        if (order === 1) continue;
        if (norm >= 0) d2s[t * nn + packedIndex(norm, a)]! += x;
        for (let j = 0; j <= i; j++) d2s[t * nn + packedIndex(a, position[j]!)]! += amplitude * x * phi[j]![k]!;
      }
    }
    s[t] = amplitude * s0;
    if (order > 0 && norm >= 0) ds[t * n + norm] = s0;
  }
}
