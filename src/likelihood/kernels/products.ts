/*
 * Products of rows [count, stride] with vectors, over the columns [at, at + k) of the rows. Vectors stand one after the other, k entries each, from
 * `v` in `vectors`; row i of the result is at i * step of `out`.
 */

/** Columns of rows that are multiplied. */
export interface Columns {
  readonly rows: Float64Array;
  readonly count: number;
  readonly stride: number;
  readonly at: number;
  readonly k: number;
}

/** out[i * step + o0] += row_i . vector */
export function addProduct(
  { rows, count, stride, at, k }: Columns,
  vectors: Float64Array,
  v: number,
  out: Float64Array,
  step: number,
  o0: number,
): void {
  let i = 0;
  for (; i + 1 < count; i += 2) {
    let j = i * stride + at;
    let l = j + stride;
    let a = 0;
    let b = 0;
    for (let q = v; q < v + k; q++) {
      const x = vectors[q]!;
      a += rows[j++]! * x;
      b += rows[l++]! * x;
    }
    out[i * step + o0]! += a;
    out[(i + 1) * step + o0]! += b;
  }
  if (i === count) return;
  let sum = 0;
  for (let q = v, j = i * stride + at; q < v + k; q++) sum += rows[j++]! * vectors[q]!;
  out[i * step + o0]! += sum;
}

/** The same for three vectors, into o0, o1 and o2. */
function addProduct3(
  { rows, count, stride, at, k }: Columns,
  vectors: Float64Array,
  v: number,
  out: Float64Array,
  step: number,
  o0: number,
  o1: number,
  o2: number,
): void {
  for (let i = 0; i < count; i++) {
    let j = i * stride + at;
    let a = 0;
    let b = 0;
    let c = 0;
    for (let q = v; q < v + k; q++) {
      const x = rows[j++]!;
      a += x * vectors[q]!;
      b += x * vectors[q + k]!;
      c += x * vectors[q + 2 * k]!;
    }
    out[i * step + o0]! += a;
    out[i * step + o1]! += b;
    out[i * step + o2]! += c;
  }
}

/** Products with 1 + n vectors: the first is added at 0 of each row of `out`, the others from `to` on. */
export function addProducts(
  columns: Columns,
  vectors: Float64Array,
  n: number,
  out: Float64Array,
  step: number,
  to: number,
): void {
  const { k } = columns;
  const place = (a: number) => (a === 0 ? 0 : to + a - 1);
  let a = 0;
  for (; a + 3 <= 1 + n; a += 3) {
    addProduct3(columns, vectors, a * k, out, step, place(a), place(a + 1), place(a + 2));
  }
  for (; a <= n; a++) addProduct(columns, vectors, a * k, out, step, place(a));
}

/** out [k] += sum_i weights_i row_i, four rows at a time. */
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
