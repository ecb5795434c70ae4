import { columnTotals, type Stack, updateStack } from "../fold/component.js";
import type { MaskPixels } from "../fold/types.js";
import { cash, clippedCashDerivatives } from "../stats/cash.js";
import { cashGradient, cashHessian, cashSum, cashValue } from "./cash-sum.js";
import { blockStore, fillCounts, fillRows, reaches, supportOf } from "./counts-blocks.js";
import { type RowStatistic, rowTerm } from "./row-term.js";
import type { Term } from "./types.js";

/** Some bins of a mask. */
interface Part {
  readonly pixels: MaskPixels;
  /** Where they are in the order of the mask. */
  readonly bins: Int32Array;
}

/** The bins that at most one column reaches, where npred is negative only if that column's z is, and all others. */
function divide({ components }: Stack, mask: MaskPixels): { single: Part; mixed: Part } {
  const isSingle = (r: number, pixel: number) => {
    const support = supportOf(components, r, pixel);
    let columns = 0;
    for (let c = 0; c < components.length; c++) {
      if (reaches(support, c)) columns += components[c]!.columns(r).length;
    }
    return columns <= 1;
  };
  const flags = mask.map((pixels, r) => Uint8Array.from(pixels, (pixel) => Number(isSingle(r, pixel))));
  const part = (flag: number): Part => {
    const pixels = mask.map((all, r) => all.filter((_, i) => flags[r]![i] === flag));
    const bins = new Int32Array(pixels.reduce((n, p) => n + p.length, 0));
    let bin = 0;
    let k = 0;
    for (const own of flags) for (let i = 0; i < own.length; i++, bin++) if (own[i] === flag) bins[k++] = bin;
    return { pixels, bins };
  };
  return { single: part(1), mixed: part(0) };
}

/**
 * The Cash statistic where npred may be negative: each bin is clipped at zero. `counts` in the order of the mask; after `setCounts` they are read
 * again.
 */
export function clippedCash(
  name: string,
  stack: Stack,
  mask: MaskPixels,
  counts: Float64Array,
): Omit<Term, "npred"> & { setCounts(): void } {
  const { components, n } = stack;
  const { single, mixed } = divide(stack, mask);
  const [own, others] = [single, mixed].map(({ bins }) => new Float64Array(bins.length)) as [
    Float64Array,
    Float64Array,
  ];
  const store = blockStore(stack, single.pixels);
  const sum = cashSum(stack);
  const totals = new Float64Array(stack.nz);
  let hasRows = false;
  const setCounts = () => {
    for (const [part, to] of [
      [single, own],
      [mixed, others],
    ] as const) {
      for (let i = 0; i < to.length; i++) to[i] = counts[part.bins[i]!]!;
    }
    sum.blocks = fillCounts(store, own);
    hasRows = false;
  };
  setCounts();
  const rows = mixed.bins.length === 0 ? undefined : rowTerm(name, components, mixed.pixels, cashRows(others));
  // no component of several columns reaches the single bins, and rows of the others are zero where they do not
  for (const [i, c] of components.entries()) {
    const pixels = single.pixels.map((p, r) => (c.columns(r).length === 1 ? p : new Int32Array(0)));
    columnTotals(c, pixels, totals.subarray(stack.column[i]!, stack.column[i + 1]!));
  }
  const g1 = new Float64Array(n);
  const h1 = new Float64Array(n * n);
  const f1 = new Float64Array(n * n);

  function update(p: Float64Array, order: 0 | 1 | 2): void {
    updateStack(stack, p, order);
    if (!hasRows) for (const b of sum.blocks) fillRows(stack, b);
    hasRows = true;
    for (let k = 0; k < stack.nz; k++) sum.totals[k] = stack.z[k]! > 0 ? totals[k]! : 0;
  }

  return {
    name,
    n,
    setCounts,
    value(p) {
      update(p, 0);
      return cashValue(sum) + (rows?.value(p) ?? 0);
    },
    gradient(p, g) {
      update(p, 1);
      const value = cashGradient(sum, g);
      if (rows === undefined) return value;
      const other = rows.gradient(p, g1);
      addTo(g, g1);
      return value + other;
    },
    hessian(p, g, h, fisher) {
      update(p, 2);
      const value = cashHessian(sum, g, h, fisher);
      if (rows === undefined) return value;
      const other = rows.hessian(p, g1, h1, fisher === undefined ? undefined : f1);
      addTo(g, g1);
      addTo(h, h1);
      if (fisher !== undefined) addTo(fisher, f1);
      return value + other;
    },
  };
}

function addTo(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += x[i]!;
}

/** Cash of single bins; `n` may be refilled. */
const cashRows = (n: Float64Array): RowStatistic => ({
  value: (i, mu) => cash(n[i]!, Math.max(mu, 0)),
  derivatives: (i, mu, out) => clippedCashDerivatives(n[i]!, mu, out),
});
