import { addCurvature, limitVectors, mirror, type Stack, stackComponents, updateStack } from "../fold/component.js";
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

/** A sum over all bins of a mask, one after the other. */
interface RowTerm {
  readonly statistic: RowStatistic;
  /** Its n counts the statistic's own parameter, which is the last. */
  readonly stack: Stack;
  readonly mask: MaskPixels;
  /** Rows of each component. */
  readonly foldings: readonly Folding[];
  /** npred of each bin [count], its derivatives by the parameters [count, n], and those of the statistic by npred. */
  readonly mu: Float64Array;
  readonly y: Float64Array;
  readonly d1: Float64Array;
  readonly d2: Float64Array;
  /** First derivatives by z [nz]. */
  readonly lambda: Float64Array;
  /** By the statistic's own parameter and mu of each bin [count]; empty where it has none. */
  readonly mixed: Float64Array;
  /** Sums over the bins by the own parameter: first and second derivative, and the second as it enters the Fisher matrix. */
  readonly own: Float64Array;
  /** Of one bin, as `RowStatistic.derivatives` fills it. */
  readonly out: Float64Array;
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
  const t = createRowTerm(components, mask, statistic);
  return {
    name,
    n: t.stack.n,
    npred(p) {
      update(t, p, 0);
      return t.mu.slice();
    },
    value(p) {
      update(t, p, 0);
      const { mu } = t;
      let total = 0;
      for (let i = 0; i < mu.length; i++) total += statistic.value(i, mu[i]!);
      return total;
    },
    gradient(p, g) {
      update(t, p, 1);
      return sumGradient(t, g);
    },
    hessian(p, g, h, fisher) {
      update(t, p, 2);
      const total = sumGradient(t, g);
      sumHessian(t, h, fisher);
      return total;
    },
  };
}

function createRowTerm(components: readonly Component[], mask: MaskPixels, statistic: RowStatistic): RowTerm {
  const joined = stackComponents(components);
  const hasOwn = statistic.own !== undefined;
  const stack = hasOwn ? { ...joined, n: joined.n + 1 } : joined;
  limitVectors(stack, mask);
  const { n } = stack;
  const count = mask.reduce((sum, pixels) => sum + pixels.length, 0);
  const mu = new Float64Array(count);
  const y = new Float64Array(count * n);
  const lambda = new Float64Array(stack.nz);
  const foldings = components.map((c, i): Folding => {
    const ofComponent = (all: Float64Array) => all.subarray(stack.column[i], stack.column[i + 1]);
    const { ds, n: m } = c.vector;
    const [z, l] = [ofComponent(stack.z), ofComponent(lambda)];
    return { rows: sparseRows(c, mask, count), z, lambda: l, ds, m, mu, y, n, at: stack.parameter[i]! };
  });
  return {
    statistic,
    stack,
    mask,
    foldings,
    mu,
    y,
    d1: new Float64Array(count),
    d2: new Float64Array(count),
    lambda,
    mixed: new Float64Array(hasOwn ? count : 0),
    own: new Float64Array(3),
    out: new Float64Array(6),
  };
}

/** npred and, from order 1 on, its derivatives. */
function update({ statistic, stack, mask, foldings, mu, y }: RowTerm, p: Float64Array, order: 0 | 1 | 2): void {
  statistic.own?.(p[stack.n - 1]!);
  if (updateStack(stack, p, order)) {
    for (let c = 0; c < foldings.length; c++) fillRows(stack.components[c]!, mask, foldings[c]!.rows);
  }
  mu.fill(0);
  if (order > 0) y.fill(0);
  for (const folding of foldings) {
    if (order === 0) addProduct(folding.rows, folding.z, mu);
    else addWithGradient(folding);
  }
}

/** The statistic, its derivatives by mu in d1 and d2, and its gradient in g. */
function sumGradient(t: RowTerm, g: Float64Array): number {
  const { statistic, stack, mu, y, d1, d2, mixed, own, out } = t;
  let total = 0;
  own.fill(0);
  for (let i = 0; i < mu.length; i++) {
    statistic.derivatives(i, mu[i]!, out);
    total += out[0]!;
    d1[i] = out[1]!;
    d2[i] = out[2]!;
    if (mixed.length > 0) takeOwn(t, i);
  }
  g.fill(0);
  addWeighted(g, y, d1, stack.n);
  if (mixed.length > 0) g[stack.n - 1]! += own[0]!;
  return total;
}

function takeOwn({ mixed, own, out }: RowTerm, i: number): void {
  mixed[i] = out[5]!;
  own[0]! += out[3]!;
  own[1]! += out[4]!;
  // at least this makes the matrix of mu and the parameter positive
  own[2]! += Math.max(out[4]!, out[2]! > 0 ? (out[5]! * out[5]!) / out[2]! : 0);
}

/** After `sumGradient`: h and, if given, its part without second derivatives of npred and without bins of negative curvature. */
function sumHessian(t: RowTerm, h: Float64Array, fisher: Float64Array | undefined): void {
  const { stack, y, d1, d2, lambda, foldings, mixed, own } = t;
  const { n } = stack;
  h.fill(0);
  addOuters(h, y, d2, n, 1);
  if (fisher !== undefined) {
    fisher.set(h);
    if (mixed.length > 0) addOwn(t, fisher, own[2]!);
    mirror(fisher, n);
  }
  if (mixed.length > 0) addOwn(t, h, own[1]!);
  addOuters(h, y, d2, n, -1);
  lambda.fill(0);
  for (const folding of foldings) addTransposed(folding.rows, d1, folding.lambda);
  for (let c = 0; c < foldings.length; c++) addHidden(t, c);
  addCurvature(stack, lambda, h);
  mirror(h, n);
}

/** Row n - 1 of h: the own parameter's. */
function addOwn({ stack: { n }, y, mixed }: RowTerm, h: Float64Array, second: number): void {
  const row = h.subarray((n - 1) * n, n * n);
  addWeighted(row, y, mixed, n);
  row[n - 1]! += second;
}

/** The same as `addTransposed`, for columns of component c without rows. */
function addHidden({ stack, mask, d1, lambda }: RowTerm, c: number): void {
  const { hidden } = stack.components[c]!;
  if (hidden === undefined) return;
  hidden.clear();
  for (let r = 0, i = 0; r < mask.length; i += mask[r]!.length, r++) hidden.add(r, mask[r]!, d1.subarray(i));
  hidden.addTo(lambda, stack.column[c]!, 1);
}
