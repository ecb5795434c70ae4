/**
 * Products of rows [count, stride] with vectors, over the columns [at, at + k) of the rows. Vectors stand one after the other, k entries each; row i of a
 * result is at i * step of `out`. Several rows, or vectors, at a time: their sums do not wait for each other. Plainly in `reference.ts`.
 */

/** Columns of rows that are multiplied. */
export interface Columns {
  readonly rows: Float64Array;
  readonly count: number;
  readonly stride: number;
  readonly at: number;
  readonly k: number;
}

/** out[i * step] += row_i . vector [k] */
export function addProduct(
  { rows, count, stride, at, k }: Columns,
  vector: Float64Array,
  out: Float64Array,
  step: number,
): void {
  let i = 0;
  for (; i + 1 < count; i += 2) {
    let j = i * stride + at;
    let l = j + stride;
    let a = 0;
    let b = 0;
    for (let q = 0; q < k; q++) {
      const x = vector[q]!;
      a += rows[j++]! * x;
      b += rows[l++]! * x;
    }
    out[i * step]! += a;
    out[(i + 1) * step]! += b;
  }
  if (i === count) return;
  let sum = 0;
  for (let q = 0, j = i * stride + at; q < k; q++) sum += rows[j++]! * vector[q]!;
  out[i * step]! += sum;
}

/** The same with `vectors` [1 + n, k]: the product with the first is added at 0 of each row of `out`, those with the others from `to` on. */
export function addProducts(
  { rows, count, stride, at, k }: Columns,
  vectors: Float64Array,
  n: number,
  out: Float64Array,
  step: number,
  to: number,
): void {
  for (let i = 0; i < count; i += 2) {
    const row = i * stride + at;
    // to the second row and vector; where there is none, the first counts for it and its sum is left out
    const down = i + 1 < count ? stride : 0;
    for (let a = 0; a <= n; a += 2) {
      const next = a < n ? k : 0;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let j = row, q = a * k; j < row + k; j++, q++) {
        const x = rows[j]!;
        const y = rows[j + down]!;
        const u = vectors[q]!;
        const v = vectors[q + next]!;
        s00 += x * u;
        s01 += x * v;
        s10 += y * u;
        s11 += y * v;
      }
      const o0 = i * step + (a === 0 ? 0 : to + a - 1);
      const o1 = i * step + to + a;
      out[o0]! += s00;
      if (next > 0) out[o1]! += s01;
      if (down === 0) continue;
      out[o0 + step]! += s10;
      if (next > 0) out[o1 + step]! += s11;
    }
  }
}

/** out [k] += sum_i weights_i row_i */
export function addWeighted({ rows, count, stride, at, k }: Columns, weights: Float64Array, out: Float64Array): void {
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const j = i * stride + at;
    const w0 = weights[i]!;
    const w1 = weights[i + 1]!;
    const w2 = weights[i + 2]!;
    const w3 = weights[i + 3]!;
    for (let c = 0, q = j; c < k; c++, q++) {
      out[c]! += w0 * rows[q]! + w1 * rows[q + stride]! + (w2 * rows[q + 2 * stride]! + w3 * rows[q + 3 * stride]!);
    }
  }
  for (; i < count; i++) {
    const w = weights[i]!;
    for (let c = 0, q = i * stride + at; c < k; c++) out[c]! += w * rows[q++]!;
  }
}
