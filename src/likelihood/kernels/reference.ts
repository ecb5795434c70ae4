/** What the kernels of this folder compute, one formula a function. Nothing else uses them: tests hold the kernels against them. */
import { truncation } from "../../stats/cash.js";
import type { Columns } from "./dense-rows.js";
import type { SparseRows } from "./sparse-rows.js";

const sum = (n: number, term: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < n; i++) total += term(i);
  return total;
};
const vector = (n: number, entry: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => entry(i));

/** Entry of row i and column c. */
const entry = ({ rows, stride, at }: Columns, i: number, c: number): number => rows[i * stride + at + c]!;

/** A matrix [count, k]. */
export const matrix = (rows: Float64Array, k: number): Columns => ({
  rows,
  count: k === 0 ? 0 : rows.length / k,
  stride: k,
  at: 0,
  k,
});

/** sum_c row_i[c] x[c] of each row [count] */
export const product = (m: Columns, x: Float64Array): Float64Array =>
  vector(m.count, (i) => sum(m.k, (c) => entry(m, i, c) * x[c]!));

/** sum_i w_i row_i [k] */
export const weighted = (m: Columns, w: Float64Array): Float64Array =>
  vector(m.k, (c) => sum(m.count, (i) => w[i]! * entry(m, i, c)));

/** sum_i w_i row_i row_i^T [k, k] */
export const outers = (m: Columns, w: Float64Array): Float64Array =>
  vector(m.k * m.k, (ab) => sum(m.count, (i) => w[i]! * entry(m, i, Math.floor(ab / m.k)) * entry(m, i, ab % m.k)));

/** Column c of a matrix [columns, m]. */
export const column = (x: Float64Array, m: number, c: number): Float64Array =>
  vector(x.length / m, (k) => x[k * m + c]!);

/** Sparse rows with all of their `size` columns written out. */
export function dense(rows: SparseRows, size: number): Columns {
  const count = rows.start.length - 1;
  const out = new Float64Array(count * size);
  for (let i = 0; i < count; i++) {
    for (let j = rows.start[i]!; j < rows.start[i + 1]!; j++) {
      const c = rows.banded ? rows.first[i]! + j - rows.start[i]! : rows.column[j]!;
      out[i * size + c]! += rows.value[j]!;
    }
  }
  return { rows: out, count, stride: size, at: 0, k: size };
}

/** sum n ln mu */
export const logCounts = (n: Float64Array, mu: Float64Array): number =>
  sum(n.length, (i) => n[i]! * Math.log(Math.max(mu[i]!, truncation)));

/** n / mu, its derivative by mu: the truncated mu is a constant. */
export const ratios = (n: Float64Array, mu: Float64Array): Float64Array =>
  vector(n.length, (i) => (mu[i]! > truncation ? n[i]! / mu[i]! : 0));

/** n / mu^2, minus the second one. */
export const curvatures = (n: Float64Array, mu: Float64Array): Float64Array =>
  vector(n.length, (i) => (mu[i]! > truncation ? n[i]! / mu[i]! ** 2 : 0));
