import type { Term } from "../types.js";
import {
  addCurvature,
  addGradient,
  type Component,
  type MaskPixels,
  mirror,
  type Stack,
  stackComponents,
  updateStack,
} from "./component.js";

/** A statistic per bin: value and derivatives with respect to the predicted counts (or flux) of bin i. */
export interface RowStatistic {
  value(i: number, mu: number): number;
  /** Fills [value, first, second derivative]. */
  derivatives(i: number, mu: number, out: Float64Array): void;
}

/** Rows of one component in compressed form: entries of row i at start[i] .. start[i + 1]. */
interface SparseRows {
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

/**
 * sum_i stat_i(mu_i) with mu = rows z: the general term, one bin after the other. Used for wstat and flux points, and for cash where
 * npred may become negative and has to be clipped.
 */
export function rowTerm(
  name: string,
  components: readonly Component[],
  mask: MaskPixels,
  statistic: RowStatistic,
  constant = 0,
): Term & { readonly mu: Float64Array } {
  const stack = stackComponents(components);
  const { n } = stack;
  let count = 0;
  for (const pixels of mask) count += pixels.length;
  const rows = components.map((c) => sparseRows(c, mask, count));
  const mu = new Float64Array(count);
  const lambda = new Float64Array(stack.nz);
  const y = new Float64Array(n);
  const out = new Float64Array(3);

  function update(p: Float64Array, order: 0 | 1 | 2): void {
    if (updateStack(stack, p, order)) for (const [i, c] of components.entries()) fillRows(c, mask, rows[i]!);
    mu.fill(0);
    for (let c = 0; c < components.length; c++) addProduct(rows[c]!, stack.z, stack.column[c]!, mu);
  }

  return {
    name,
    n,
    mu,
    value(p) {
      update(p, 0);
      let sum = constant;
      for (let i = 0; i < count; i++) sum += statistic.value(i, mu[i]!);
      return sum;
    },
    gradient(p, g) {
      update(p, 1);
      lambda.fill(0);
      let sum = constant;
      for (let i = 0; i < count; i++) {
        statistic.derivatives(i, mu[i]!, out);
        sum += out[0]!;
        addAdjoint(rows, stack, i, out[1]!, lambda);
      }
      g.fill(0);
      addGradient(stack, lambda, g);
      return sum;
    },
    hessian(p, g, h, fisher) {
      update(p, 2);
      lambda.fill(0);
      h.fill(0);
      fisher?.fill(0);
      let sum = constant;
      for (let i = 0; i < count; i++) {
        statistic.derivatives(i, mu[i]!, out);
        sum += out[0]!;
        addAdjoint(rows, stack, i, out[1]!, lambda);
        rowGradient(rows, stack, i, y);
        const d2 = out[2]!;
        if (fisher !== undefined && d2 > 0) addOuter(fisher, y, d2, n);
        addOuter(h, y, d2, n);
      }
      g.fill(0);
      addGradient(stack, lambda, g);
      addCurvature(stack, lambda, h);
      mirror(h, n);
      if (fisher !== undefined) mirror(fisher, n);
      return sum;
    },
  };
}

function sparseRows(component: Component, mask: MaskPixels, count: number): SparseRows {
  const start = new Int32Array(count + 1);
  let i = 0;
  for (let r = 0; r < mask.length; r++) {
    const k = component.columns(r).length;
    for (let j = 0; j < mask[r]!.length; j++, i++) start[i + 1] = start[i]! + k;
  }
  const rows = { start, column: new Int32Array(start[count]!), value: new Float64Array(start[count]!) };
  fillRows(component, mask, rows);
  return rows;
}

function fillRows(component: Component, mask: MaskPixels, rows: SparseRows): void {
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

function addProduct(rows: SparseRows, z: Float64Array, z0: number, mu: Float64Array): void {
  const { start, column, value } = rows;
  for (let i = 0, j = 0; i < mu.length; i++) {
    const end = start[i + 1]!;
    let sum = 0;
    for (; j < end; j++) sum += value[j]! * z[z0 + column[j]!]!;
    mu[i]! += sum;
  }
}

function addAdjoint(rows: readonly SparseRows[], stack: Stack, i: number, d1: number, lambda: Float64Array): void {
  for (let c = 0; c < rows.length; c++) {
    const { start, column, value } = rows[c]!;
    const k0 = stack.column[c]!;
    for (let j = start[i]!; j < start[i + 1]!; j++) lambda[k0 + column[j]!]! += d1 * value[j]!;
  }
}

/** y [n] = d mu_i / dp */
function rowGradient(rows: readonly SparseRows[], stack: Stack, i: number, y: Float64Array): void {
  y.fill(0);
  for (let c = 0; c < rows.length; c++) {
    const { start, column, value } = rows[c]!;
    const { ds, n } = stack.components[c]!.vector;
    const at = stack.parameter[c]!;
    for (let j = start[i]!; j < start[i + 1]!; j++) {
      const x = value[j]!;
      const k = column[j]! * n;
      for (let a = 0; a < n; a++) y[at + a]! += x * ds[k + a]!;
    }
  }
}

/** Lower triangle of h += w y y^T */
export function addOuter(h: Float64Array, y: Float64Array, w: number, n: number): void {
  for (let a = 0; a < n; a++) {
    const ya = w * y[a]!;
    if (ya === 0) continue;
    const row = a * n;
    for (let b = 0; b <= a; b++) h[row + b]! += ya * y[b]!;
  }
}
