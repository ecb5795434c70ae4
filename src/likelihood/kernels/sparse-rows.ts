/**
 * Rows of one component in compressed form: entries of row i at start[i] .. start[i + 1]. Banded rows, the rule for spectra, hold all columns from
 * `first` on, zeros where the component has none, so no column is looked up; others name the `column` of each entry.
 */
import type { Component, MaskPixels } from "../../fold/types.js";
export interface SparseRows {
  readonly start: Int32Array;
  readonly value: Float64Array;
  readonly banded: boolean;
  /** Banded: column of the first entry of each row. */
  readonly first: Int32Array;
  /** Not banded: column of each entry. */
  readonly column: Int32Array;
}

/** Zeros that make rows banded may add this part to their entries: a look-up costs more. */
const PADDING = 0.5;

/** From the first to the last column, both included. */
const span = (columns: Int32Array) => (columns.length === 0 ? 0 : columns[columns.length - 1]! - columns[0]! + 1);

export function sparseRows(component: Component, mask: MaskPixels, count: number): SparseRows {
  const columns = mask.map((_, r) => component.columns(r));
  const size = (width: (columns: Int32Array) => number) =>
    columns.reduce((sum, c, r) => sum + width(c) * mask[r]!.length, 0);
  const entries = size((c) => c.length);
  const banded =
    columns.every((c) => c.every((k, j) => j === 0 || k > c[j - 1]!)) && size(span) <= (1 + PADDING) * entries;
  const start = new Int32Array(count + 1);
  const first = new Int32Array(banded ? count : 0);
  for (let r = 0, i = 0; r < mask.length; r++) {
    const width = banded ? span(columns[r]!) : columns[r]!.length;
    for (let j = 0; j < mask[r]!.length; j++, i++) {
      start[i + 1] = start[i]! + width;
      if (banded && width > 0) first[i] = columns[r]![0]!;
    }
  }
  const column = new Int32Array(banded ? 0 : entries);
  for (let r = 0, at = 0; r < mask.length && !banded; r++) {
    for (let j = 0; j < mask[r]!.length; j++, at += columns[r]!.length) column.set(columns[r]!, at);
  }
  const rows = { start, value: new Float64Array(start[count]!), banded, first, column };
  fillRows(component, mask, rows);
  return rows;
}

export function fillRows(component: Component, mask: MaskPixels, { start, value }: SparseRows): void {
  for (let r = 0, i = 0; r < mask.length; r++) {
    const columns = component.columns(r);
    const pixels = mask[r]!;
    const width = start[i + 1]! - start[i]!;
    if (columns.length > 0 && pixels.length > 0) component.rows(r, pixels, value, width, start[i]!);
    if (width > columns.length) for (let j = 0; j < pixels.length; j++) spread(value, start[i + j]!, columns, width);
    i += pixels.length;
  }
}

/** Moves a row's entries, which lie together at its beginning, to their columns. */
function spread(value: Float64Array, at: number, columns: Int32Array, width: number): void {
  let free = width;
  for (let c = columns.length - 1; c >= 0; c--) {
    const to = columns[c]! - columns[0]!;
    value[at + to] = value[at + c]!;
    value.fill(0, at + to + 1, at + free);
    free = to;
  }
}

/** mu [count] += rows z, the component's columns beginning at z0. */
export function addProduct(rows: SparseRows, z: Float64Array, z0: number, mu: Float64Array): void {
  const { start, first, column, value } = rows;
  const count = mu.length;
  if (rows.banded) {
    for (let i = 0; i < count; i++) {
      let j = start[i]!;
      const end = start[i + 1]!;
      if (j === end) continue;
      let k = z0 + first[i]!;
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
  const { start, first, column, value } = rows;
  const count = d.length;
  if (rows.banded) {
    for (let i = 0; i < count; i++) {
      const from = start[i]!;
      const end = start[i + 1]!;
      if (from === end) continue;
      const w = d[i]!;
      for (let j = from, k = z0 + first[i]!; j < end; j++, k++) lambda[k]! += w * value[j]!;
    }
    return;
  }
  for (let i = 0, j = 0; i < count; i++) {
    const end = start[i + 1]!;
    const w = d[i]!;
    for (; j < end; j++) lambda[z0 + column[j]!]! += w * value[j]!;
  }
}

/**
 * mu [count] += rows z, the component's columns beginning at z0, and y [count, n] += rows ds, with ds [columns, m] the component's Jacobian, into the
 * parameters from `at`.
 */
export function addWithGradient(
  rows: SparseRows,
  z: Float64Array,
  z0: number,
  mu: Float64Array,
  ds: Float64Array,
  m: number,
  y: Float64Array,
  n: number,
  at: number,
): void {
  if (m === 3 && rows.banded) {
    addThree(rows, z, z0, mu, ds, y, n, at);
    return;
  }
  addProduct(rows, z, z0, mu);
  const { start, first, column, value } = rows;
  const count = start.length - 1;
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

/** The same for three parameters and banded rows. */
function addThree(
  rows: SparseRows,
  z: Float64Array,
  z0: number,
  mu: Float64Array,
  ds: Float64Array,
  y: Float64Array,
  n: number,
  at: number,
): void {
  const { start, first, value } = rows;
  const count = mu.length;
  for (let i = 0; i < count; i++) {
    const from = start[i]!;
    const end = start[i + 1]!;
    let sum = 0;
    let y0 = 0;
    let y1 = 0;
    let y2 = 0;
    for (let j = from, c = z0 + first[i]!, k = 3 * first[i]!; j < end; j++, c++, k += 3) {
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
