import { addCurvature, limitVectors, mirror, stackComponents, updateStack } from "../fold/component.js";
import type { Component, MaskPixels } from "../fold/types.js";
import { addOuters, addWeighted } from "./kernels/gradient-rows.js";
import { addProduct, addTransposed, addWithGradient, type Folding } from "./kernels/sparse-rows.js";
import { fillRows, sparseRows } from "./sparse-rows.js";
import type { Term } from "./types.js";

/** A statistic per bin: value and derivatives with respect to the predicted counts (or flux) of bin i. */
export interface RowStatistic {
  value(i: number, mu: number): number;
  /** Fills [value, first, second derivative]; with `own`, then the first and second by its parameter, and the mixed one. */
  derivatives(i: number, mu: number, out: Float64Array): void;
  /** The statistic has one parameter itself, which follows those of the components: takes its value. */
  own?(value: number): void;
}

/** The same as `addTransposed`, for columns without rows. */
function addHidden({ hidden }: Component, mask: MaskPixels, d: Float64Array, lambda: Float64Array, z0: number): void {
  if (hidden === undefined) return;
  hidden.clear();
  for (let r = 0, i = 0; r < mask.length; i += mask[r]!.length, r++) hidden.add(r, mask[r]!, d.subarray(i));
  hidden.addTo(lambda, z0, 1);
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
): Term {
  const joined = stackComponents(components);
  const stack = statistic.own === undefined ? joined : { ...joined, n: joined.n + 1 };
  limitVectors(stack, mask);
  const { n } = stack;
  let count = 0;
  for (const pixels of mask) count += pixels.length;
  const mu = new Float64Array(count);
  const d1 = new Float64Array(count);
  const d2 = new Float64Array(count);
  const lambda = new Float64Array(stack.nz);
  /** [count, n] d mu_i / dp */
  const y = new Float64Array(count * n);
  const foldings = components.map((c, i): Folding => {
    const ofComponent = (all: Float64Array) => all.subarray(stack.column[i], stack.column[i + 1]);
    const { ds, n: m } = c.vector;
    const [z, l] = [ofComponent(stack.z), ofComponent(lambda)];
    return { rows: sparseRows(c, mask, count), z, lambda: l, ds, m, mu, y, n, at: stack.parameter[i]! };
  });
  const out = new Float64Array(6);
  /** Sums of the derivatives by the statistic's own parameter, and by it and mu of each bin. */
  const ownSums = new Float64Array(3);
  const mixed = new Float64Array(statistic.own === undefined ? 0 : count);

  function update(p: Float64Array, order: 0 | 1 | 2): void {
    statistic.own?.(p[n - 1]!);
    if (updateStack(stack, p, order)) for (const [i, c] of components.entries()) fillRows(c, mask, foldings[i]!.rows);
    mu.fill(0);
    if (order > 0) y.fill(0);
    for (const folding of foldings) {
      if (order === 0) addProduct(folding.rows, folding.z, mu);
      else addWithGradient(folding);
    }
  }

  /** The statistic, its derivatives by mu in d1 and d2, and its gradient in g. */
  function sum(g: Float64Array): number {
    let total = 0;
    ownSums.fill(0);
    for (let i = 0; i < count; i++) {
      statistic.derivatives(i, mu[i]!, out);
      total += out[0]!;
      d1[i] = out[1]!;
      d2[i] = out[2]!;
      if (mixed.length > 0) takeOwn(i);
    }
    g.fill(0);
    addWeighted(g, y, d1, n);
    if (mixed.length > 0) g[n - 1]! += ownSums[0]!;
    return total;
  }

  function takeOwn(i: number): void {
    mixed[i] = out[5]!;
    ownSums[0]! += out[3]!;
    ownSums[1]! += out[4]!;
    // at least this makes the matrix of mu and the parameter positive
    ownSums[2]! += Math.max(out[4]!, out[2]! > 0 ? (out[5]! * out[5]!) / out[2]! : 0);
  }

  /** Row n - 1 of h: the own parameter's. */
  function addOwn(h: Float64Array, second: number): void {
    const row = h.subarray((n - 1) * n, n * n);
    addWeighted(row, y, mixed, n);
    row[n - 1]! += second;
  }

  return {
    name,
    n,
    npred(p) {
      update(p, 0);
      return mu.slice();
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
        if (mixed.length > 0) addOwn(fisher, ownSums[2]!);
        mirror(fisher, n);
      }
      if (mixed.length > 0) addOwn(h, ownSums[1]!);
      addOuters(h, y, d2, n, -1);
      lambda.fill(0);
      for (const folding of foldings) addTransposed(folding.rows, d1, folding.lambda);
      for (let c = 0; c < foldings.length; c++) addHidden(components[c]!, mask, d1, lambda, stack.column[c]!);
      addCurvature(stack, lambda, h);
      mirror(h, n);
      return total;
    },
  };
}
