import type { Component, MaskPixels } from "./component.js";

/**
 * Rows of one component in compressed form: entries of row i at start[i] .. start[i + 1]. Rows of neighbouring columns, the rule for spectra, are read
 * without looking each column up: entry j of row i is in column j - start[i] + column[start[i]].
 */
export interface SparseRows {
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
  readonly banded: boolean;
}

export function sparseRows(component: Component, mask: MaskPixels, count: number): SparseRows {
  const start = new Int32Array(count + 1);
  let i = 0;
  for (let r = 0; r < mask.length; r++) {
    const k = component.columns(r).length;
    for (let j = 0; j < mask[r]!.length; j++, i++) start[i + 1] = start[i]! + k;
  }
  const column = new Int32Array(start[count]!);
  const rows = { start, column, value: new Float64Array(start[count]!), banded: false };
  fillRows(component, mask, rows);
  let banded = true;
  for (let r = 0; r < count && banded; r++) {
    for (let j = start[r]! + 1; j < start[r + 1]!; j++) if (column[j] !== column[j - 1]! + 1) banded = false;
  }
  return { ...rows, banded };
}

export function fillRows(component: Component, mask: MaskPixels, rows: SparseRows): void {
  let at = 0;
  for (let r = 0; r < mask.length; r++) {
    const columns = component.columns(r);
    const k = columns.length;
    const pixels = mask[r]!;
    if (k === 0 || pixels.length === 0) continue;
    component.rows(r, pixels, rows.value, k, at);
    for (let i = 0; i < pixels.length; i++, at += k) rows.column.set(columns, at);
  }
}

/** mu [count] += rows z, the component's columns beginning at z0. */
export function addProduct(rows: SparseRows, z: Float64Array, z0: number, mu: Float64Array): void {
  const { start, column, value } = rows;
  const count = mu.length;
  if (rows.banded) {
    for (let i = 0; i < count; i++) {
      let j = start[i]!;
      const end = start[i + 1]!;
      if (j === end) continue;
      let k = z0 + column[j]!;
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
    for (; j < end; j++) sum += value[j]! * z[z0 + column[j]!]!;
    mu[i]! += sum;
  }
}

/** lambda += rows^T d, the component's columns beginning at z0. */
export function addTransposed(rows: SparseRows, d: Float64Array, lambda: Float64Array, z0: number): void {
  const { start, column, value } = rows;
  const count = d.length;
  if (rows.banded) {
    for (let i = 0; i < count; i++) {
      const from = start[i]!;
      const end = start[i + 1]!;
      if (from === end) continue;
      const w = d[i]!;
      for (let j = from, k = z0 + column[from]!; j < end; j++, k++) lambda[k]! += w * value[j]!;
    }
    return;
  }
  for (let i = 0, j = 0; i < count; i++) {
    const end = start[i + 1]!;
    const w = d[i]!;
    for (; j < end; j++) lambda[z0 + column[j]!]! += w * value[j]!;
  }
}

/** y [count, n] += rows ds, with ds [columns, m] the component's Jacobian, into the parameters from `at`. */
export function addGradientRows(
  rows: SparseRows,
  ds: Float64Array,
  m: number,
  y: Float64Array,
  n: number,
  at: number,
): void {
  const { start, column, value } = rows;
  const count = start.length - 1;
  if (m === 3 && rows.banded) {
    addThree(rows, ds, y, n, at);
    return;
  }
  for (let i = 0, j = 0; i < count; i++) {
    const end = start[i + 1]!;
    const to = i * n + at;
    for (; j < end; j++) {
      const x = value[j]!;
      const k = column[j]! * m;
      for (let a = 0; a < m; a++) y[to + a]! += x * ds[k + a]!;
    }
  }
}

/** The same for three parameters and banded rows. */
function addThree(rows: SparseRows, ds: Float64Array, y: Float64Array, n: number, at: number): void {
  const { start, column, value } = rows;
  const count = start.length - 1;
  for (let i = 0; i < count; i++) {
    const from = start[i]!;
    const end = start[i + 1]!;
    if (from === end) continue;
    let y0 = 0;
    let y1 = 0;
    let y2 = 0;
    for (let j = from, k = 3 * column[from]!; j < end; j++, k += 3) {
      const x = value[j]!;
      y0 += x * ds[k]!;
      y1 += x * ds[k + 1]!;
      y2 += x * ds[k + 2]!;
    }
    const to = i * n + at;
    y[to]! += y0;
    y[to + 1]! += y1;
    y[to + 2]! += y2;
  }
}

/** Lower triangle of h [n, n] += w y y^T, with y at `from`. */
export function addOuter(h: Float64Array, y: Float64Array, from: number, w: number, n: number): void {
  for (let a = 0; a < n; a++) {
    const ya = w * y[from + a]!;
    if (ya === 0) continue;
    const row = a * n;
    for (let b = 0; b <= a; b++) h[row + b]! += ya * y[from + b]!;
  }
}
