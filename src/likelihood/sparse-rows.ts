/** The rows of one component in compressed form, made and filled. */
import type { Component, MaskPixels } from "../fold/types.js";
import type { SparseRows } from "./kernels/sparse-rows.js";

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
