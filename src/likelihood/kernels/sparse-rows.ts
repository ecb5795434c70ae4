/** Products with rows of one component in compressed form. Plainly in `reference.ts`. */

/**
 * Entries of row i at start[i] .. start[i + 1]. Banded rows, the rule for spectra, hold all columns from `first` on, zeros where the component has none,
 * so no column is looked up; others name the `column` of each entry.
 */
export interface SparseRows {
  readonly start: Int32Array;
  readonly value: Float64Array;
  readonly banded: boolean;
  /** Banded: column of the first entry of each row. */
  readonly first: Int32Array;
  /** Not banded: column of each entry. */
  readonly column: Int32Array;
}

/** mu [count] += rows z, of banded rows the even and the odd entries apart: their sums do not wait for each other. */
export function addProduct(rows: SparseRows, z: Float64Array, mu: Float64Array): void {
  const { start, first, column, value } = rows;
  const count = mu.length;
  if (rows.banded) {
    for (let i = 0; i < count; i++) {
      let j = start[i]!;
      const end = start[i + 1]!;
      if (j === end) continue;
      let k = first[i]!;
      let even = 0;
      let odd = 0;
      for (; j + 1 < end; j += 2, k += 2) {
        even += value[j]! * z[k]!;
        odd += value[j + 1]! * z[k + 1]!;
      }
      if (j < end) even += value[j]! * z[k]!;
      mu[i]! += even + odd;
    }
    return;
  }
  for (let i = 0, j = 0; i < count; i++) {
    const end = start[i + 1]!;
    let sum = 0;
    for (; j < end; j++) sum += value[j]! * z[column[j]!]!;
    mu[i]! += sum;
  }
}

/** lambda += rows^T d */
export function addTransposed(rows: SparseRows, d: Float64Array, lambda: Float64Array): void {
  const { start, first, column, value } = rows;
  const count = d.length;
  if (rows.banded) {
    for (let i = 0; i < count; i++) {
      const from = start[i]!;
      const end = start[i + 1]!;
      if (from === end) continue;
      const w = d[i]!;
      for (let j = from, k = first[i]!; j < end; j++, k++) lambda[k]! += w * value[j]!;
    }
    return;
  }
  for (let i = 0, j = 0; i < count; i++) {
    const end = start[i + 1]!;
    const w = d[i]!;
    for (; j < end; j++) lambda[column[j]!]! += w * value[j]!;
  }
}

/** One component's rows, what they are multiplied with, and what the products are added to. */
export interface Folding {
  readonly rows: SparseRows;
  /** z of the component [columns], and its derivatives [columns, m]. */
  readonly z: Float64Array;
  readonly ds: Float64Array;
  readonly m: number;
  /** Derivatives of the statistic by z [columns]. */
  readonly lambda: Float64Array;
  /** npred [count], and its derivatives y [count, n]: those by the component's parameters from `at` on. */
  readonly mu: Float64Array;
  readonly y: Float64Array;
  readonly n: number;
  readonly at: number;
}

/** mu += rows z, y += rows ds */
export function addWithGradient(folding: Folding): void {
  const { rows, z, ds, m, mu, y, n, at } = folding;
  if (m === 3 && rows.banded) {
    addThree(folding);
    return;
  }
  addProduct(rows, z, mu);
  const { start, first, column, value } = rows;
  const count = mu.length;
  for (let i = 0, j = 0; i < count; i++) {
    const end = start[i + 1]!;
    const to = i * n + at;
    const shift = rows.banded ? first[i]! - j : 0;
    for (; j < end; j++) {
      const x = value[j]!;
      const k = (rows.banded ? shift + j : column[j]!) * m;
      for (let a = 0; a < m; a++) y[to + a]! += x * ds[k + a]!;
    }
  }
}

/** The same for three parameters, the rule for spectra, and banded rows: the sums of a row stay in registers. */
function addThree({ rows, z, ds, mu, y, n, at }: Folding): void {
  const { start, first, value } = rows;
  const count = mu.length;
  for (let i = 0; i < count; i++) {
    const from = start[i]!;
    const end = start[i + 1]!;
    let sum = 0;
    let y0 = 0;
    let y1 = 0;
    let y2 = 0;
    for (let j = from, c = first[i]!, k = 3 * first[i]!; j < end; j++, c++, k += 3) {
      const x = value[j]!;
      sum += x * z[c]!;
      y0 += x * ds[k]!;
      y1 += x * ds[k + 1]!;
      y2 += x * ds[k + 2]!;
    }
    mu[i]! += sum;
    const to = i * n + at;
    y[to]! += y0;
    y[to + 1]! += y1;
    y[to + 2]! += y2;
  }
}
