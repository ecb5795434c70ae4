import { sinhcDerivatives } from "../../../math/quadrature.js";
import { type FluxVector, packedIndex, packedLength } from "../types.js";
import type { NodeTable } from "./table.js";

/** Integrals over the bins as sums over segments between nodes, with their derivatives. */
export interface SegmentSums extends Pick<FluxVector, "n" | "s" | "ds" | "d2s"> {
  readonly table: NodeTable;
  /** Segments of a bin, and their width in ln E in each bin. */
  readonly perBin: number;
  readonly step: Float64Array;
  /** The free parameters of the basis, and whether s is one more, the last. */
  readonly theta: Float64Array;
  readonly hasScale: boolean;
  /** Places of these parameters, theta and then s, among the free ones; place of the norm, -1 where it is frozen. */
  readonly position: Int32Array;
  readonly norm: number;
  /** Of one segment: sinhc with its derivatives [3]; the means m and half differences v of l at its ends by theta and s. */
  readonly shape: Float64Array;
  readonly dm: Float64Array;
  readonly dv: Float64Array;
}

/** Logarithm of the largest number. */
const LARGEST = Math.log(Number.MAX_VALUE);

/** Bin t for a norm `amplitude` and 1 / s = `scale`, from the table as it is. */
export function sumBin(f: SegmentSums, t: number, amplitude: number, scale: number, order: 0 | 1 | 2): void {
  const { perBin, step, table, shape } = f;
  const l = table.l.value;
  let sum = 0;
  for (let k = t * perBin; k < (t + 1) * perBin; k++) {
    const v = (l[k + 1]! - l[k]!) / 2;
    const e = step[t]! * Math.exp((l[k]! + l[k + 1]!) / 2);
    if (!(e > 0)) {
      // in the middle too small for a number, at an end too large
      if (Math.max(l[k]!, l[k + 1]!) > LARGEST) sum = Number.POSITIVE_INFINITY;
      continue;
    }
    sinhcDerivatives(v, shape);
    sum += e * shape[0]!;
    if (order === 0) continue;
    fillSlopes(f, k, scale);
    addFirst(f, t, e);
    if (order === 2) addSecond(f, t, k, e, scale);
  }
  f.s[t] = amplitude * sum;
  if (order !== 0) scaleByAmplitude(f, t, sum, amplitude, order);
}

/** m and v of segment k by the parameters. */
function fillSlopes({ table, theta, hasScale, dm, dv }: SegmentSums, k: number, scale: number): void {
  const nb = theta.length;
  for (let j = 0; j < nb; j++) {
    const f = table.phi[j]!.value;
    dm[j] = (f[k]! + f[k + 1]!) / 2;
    dv[j] = (f[k + 1]! - f[k]!) / 2;
  }
  if (!hasScale) return;
  const l1 = table.l.first;
  dm[nb] = (-(l1[k]! + l1[k + 1]!) / 2) * scale;
  dv[nb] = (-(l1[k + 1]! - l1[k]!) / 2) * scale;
}

/** `e`: width times exp(m) of the segment. */
function addFirst({ n, ds, position, shape, dm, dv }: SegmentSums, t: number, e: number): void {
  const a0 = e * shape[0]!;
  const a1 = e * shape[1]!;
  for (let i = 0; i < position.length; i++) ds[t * n + position[i]!]! += a0 * dm[i]! + a1 * dv[i]!;
}

/** Products of first derivatives of m and v, and where s is one of the two parameters their second ones. */
function addSecond(f: SegmentSums, t: number, k: number, e: number, scale: number): void {
  const { n, d2s, position, shape, dm, dv, hasScale, theta, table } = f;
  const nn = packedLength(n);
  const a0 = e * shape[0]!;
  const a1 = e * shape[1]!;
  const a2 = e * shape[2]!;
  for (let i = 0; i < position.length; i++) {
    const q0 = a0 * dm[i]! + a1 * dv[i]!;
    const q1 = a1 * dm[i]! + a2 * dv[i]!;
    const a = position[i]!;
    for (let j = 0; j <= i; j++) d2s[t * nn + packedIndex(a, position[j]!)]! += q0 * dm[j]! + q1 * dv[j]!;
  }
  if (!hasScale) return;
  for (let j = 0; j < theta.length; j++) {
    const phi1 = table.phi[j]!.first;
    const cross = a0 * (phi1[k]! + phi1[k + 1]!) + a1 * (phi1[k + 1]! - phi1[k]!);
    d2s[t * nn + packedIndex(n - 1, position[j]!)]! -= (cross / 2) * scale;
  }
  const { first, second } = table.l;
  const c0 = first[k]! + second[k]!;
  const c1 = first[k + 1]! + second[k + 1]!;
  d2s[t * nn + nn - 1]! += ((a0 * (c0 + c1) + a1 * (c1 - c0)) / 2) * scale * scale;
}

/** The sums are those for an amplitude of 1. */
function scaleByAmplitude(f: SegmentSums, t: number, sum: number, amplitude: number, order: 1 | 2): void {
  const { n, ds, d2s, position, norm } = f;
  const nn = packedLength(n);
  for (let i = 0; i < position.length; i++) {
    const a = position[i]!;
    if (order === 2 && norm >= 0) d2s[t * nn + packedIndex(norm, a)] = ds[t * n + a]!;
    ds[t * n + a]! *= amplitude;
    if (order === 2) for (let j = 0; j <= i; j++) d2s[t * nn + packedIndex(a, position[j]!)]! *= amplitude;
  }
  if (norm >= 0) ds[t * n + norm] = sum;
}
