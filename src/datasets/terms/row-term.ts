import type { Term } from "../types.js";
import {
  addCurvature,
  type Component,
  limitVectors,
  type MaskPixels,
  mirror,
  stackComponents,
  updateStack,
} from "./component.js";
import { addGradientRows, addOuter, addProduct, addTransposed, fillRows, sparseRows } from "./sparse-rows.js";

/** A statistic per bin: value and derivatives with respect to the predicted counts (or flux) of bin i. */
export interface RowStatistic {
  value(i: number, mu: number): number;
  /** Fills [value, first, second derivative]. */
  derivatives(i: number, mu: number, out: Float64Array): void;
}

export interface RowTerm extends Term {
  /** mu at the parameters of the last evaluation, in the order of the mask. */
  npred(out: Float64Array): void;
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
): RowTerm {
  const stack = stackComponents(components);
  limitVectors(stack, mask);
  const { n } = stack;
  let count = 0;
  for (const pixels of mask) count += pixels.length;
  const rows = components.map((c) => sparseRows(c, mask, count));
  const mu = new Float64Array(count);
  const d1 = new Float64Array(count);
  const d2 = new Float64Array(count);
  const lambda = new Float64Array(stack.nz);
  /** [count, n] d mu_i / dp */
  const y = new Float64Array(count * n);
  const out = new Float64Array(3);

  function update(p: Float64Array, order: 0 | 1 | 2): void {
    if (updateStack(stack, p, order)) for (const [i, c] of components.entries()) fillRows(c, mask, rows[i]!);
    mu.fill(0);
    for (let c = 0; c < rows.length; c++) addProduct(rows[c]!, stack.z, stack.column[c]!, mu);
    if (order === 0) return;
    y.fill(0);
    for (let c = 0; c < rows.length; c++) {
      addGradientRows(rows[c]!, components[c]!.vector.ds, components[c]!.vector.n, y, n, stack.parameter[c]!);
    }
  }

  /** The statistic and its derivatives by mu; adds the gradient to g. */
  function sum(g: Float64Array): number {
    let total = 0;
    for (let i = 0; i < count; i++) {
      statistic.derivatives(i, mu[i]!, out);
      total += out[0]!;
      const slope = out[1]!;
      d1[i] = slope;
      d2[i] = out[2]!;
      for (let a = 0, k = i * n; a < n; a++) g[a]! += slope * y[k++]!;
    }
    return total;
  }

  return {
    name,
    n,
    npred(out) {
      out.set(mu);
    },
    value(p) {
      update(p, 0);
      let total = 0;
      for (let i = 0; i < count; i++) total += statistic.value(i, mu[i]!);
      return total;
    },
    gradient(p, g) {
      update(p, 1);
      g.fill(0);
      return sum(g);
    },
    hessian(p, g, h, fisher) {
      update(p, 2);
      g.fill(0);
      h.fill(0);
      const total = sum(g);
      if (fisher !== undefined) {
        fisher.fill(0);
        for (let i = 0; i < count; i++) if (d2[i]! > 0) addOuter(fisher, y, i * n, d2[i]!, n);
        h.set(fisher);
        mirror(fisher, n);
        for (let i = 0; i < count; i++) if (d2[i]! < 0) addOuter(h, y, i * n, d2[i]!, n);
      } else for (let i = 0; i < count; i++) addOuter(h, y, i * n, d2[i]!, n);
      lambda.fill(0);
      for (let c = 0; c < rows.length; c++) addTransposed(rows[c]!, d1, lambda, stack.column[c]!);
      addCurvature(stack, lambda, h);
      mirror(h, n);
      return total;
    },
  };
}
