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
import { addOuters, addWeighted } from "./row-sums.js";
import { addProduct, addTransposed, addWithGradient, fillRows, sparseRows } from "./sparse-rows.js";

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
    if (order > 0) y.fill(0);
    for (let c = 0; c < rows.length; c++) {
      const { ds, n: m } = components[c]!.vector;
      if (order === 0) addProduct(rows[c]!, stack.z, stack.column[c]!, mu);
      else addWithGradient(rows[c]!, stack.z, stack.column[c]!, mu, ds, m, y, n, stack.parameter[c]!);
    }
  }

  /** The statistic, its derivatives by mu in d1 and d2, and its gradient in g. */
  function sum(g: Float64Array): number {
    let total = 0;
    for (let i = 0; i < count; i++) {
      statistic.derivatives(i, mu[i]!, out);
      total += out[0]!;
      d1[i] = out[1]!;
      d2[i] = out[2]!;
    }
    g.fill(0);
    addWeighted(g, y, d1, n);
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
      return sum(g);
    },
    hessian(p, g, h, fisher) {
      update(p, 2);
      const total = sum(g);
      h.fill(0);
      addOuters(h, y, d2, n, 1);
      if (fisher !== undefined) {
        fisher.set(h);
        mirror(fisher, n);
      }
      addOuters(h, y, d2, n, -1);
      lambda.fill(0);
      for (let c = 0; c < rows.length; c++) addTransposed(rows[c]!, d1, lambda, stack.column[c]!);
      addCurvature(stack, lambda, h);
      mirror(h, n);
      return total;
    },
  };
}
