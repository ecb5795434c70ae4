import { columnTotals, limitVectors, type Stack, updateStack } from "../../fold/component.js";
import type { MaskPixels } from "../../fold/types.js";
import { cash, clippedCashDerivatives } from "../../stats/cash.js";
import { type RowStatistic, rowTerm } from "../row-term.js";
import type { Term } from "../types.js";
import { reaches, readRows, supportOf } from "./blocks.js";
import { type BlockStore, createBlockStore, fillCounts } from "./counts.js";
import { type CashSum, cashGradient, cashHessian, cashValue, createCashSum } from "./sum.js";

/** Some bins of a mask. */
interface Part {
  readonly pixels: MaskPixels;
  /** Where they are in the order of the mask. */
  readonly bins: Int32Array;
  /** Their counts. */
  readonly counts: Float64Array;
}

/** The Cash statistic where npred may be negative: each bin is clipped at zero. */
export interface ClippedCash {
  readonly stack: Stack;
  /** The bins that at most one column reaches, where npred is negative only if that column's z is: as a sum over those with counts. */
  readonly single: Part;
  readonly sum: CashSum;
  readonly store: BlockStore;
  /** Sum of the rows over them [nz]; a column of negative z counts as none. */
  readonly totals: Float64Array;
  hasRows: boolean;
  /** All others, one by one. */
  readonly mixed: Part;
  readonly rows: Term | undefined;
  /** Work arrays: gradient [n], Hessian and Fisher matrix [n, n] of the others. */
  readonly g: Float64Array;
  readonly h: Float64Array;
  readonly fisher: Float64Array;
}

/** `counts` in the order of the mask. */
export function createClippedCash(name: string, stack: Stack, mask: MaskPixels, counts: Float64Array): ClippedCash {
  const { components, n } = stack;
  const { single, mixed } = divide(stack, mask);
  const c: ClippedCash = {
    stack,
    single,
    sum: createCashSum(stack),
    store: createBlockStore(stack, single.pixels),
    totals: singleTotals(stack, single.pixels),
    hasRows: false,
    mixed,
    rows: mixed.bins.length === 0 ? undefined : rowTerm(name, components, mixed.pixels, cashRows(mixed.counts)),
    g: new Float64Array(n),
    h: new Float64Array(n * n),
    fisher: new Float64Array(n * n),
  };
  // the term of the others has limited them to its own bins
  limitVectors(stack, mask);
  setClippedCounts(c, counts);
  return c;
}

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
    return { pixels, bins, counts: new Float64Array(bins.length) };
  };
  return { single: part(1), mixed: part(0) };
}

/** No component of several columns reaches the single bins, and rows of the others are zero where they do not. */
function singleTotals({ components, column, nz }: Stack, pixels: MaskPixels): Float64Array {
  const totals = new Float64Array(nz);
  const none = new Int32Array(0);
  for (const [i, c] of components.entries()) {
    const own = pixels.map((p, r) => (c.columns(r).length === 1 ? p : none));
    columnTotals(c, own, totals.subarray(column[i]!, column[i + 1]!));
  }
  return totals;
}

/** Cash of single bins; `n` may be refilled. */
const cashRows = (n: Float64Array): RowStatistic => ({
  value: (i, mu) => cash(n[i]!, Math.max(mu, 0)),
  derivatives: (i, mu, out) => clippedCashDerivatives(n[i]!, mu, out),
});

/** Takes other counts, in the order of the mask. */
export function setClippedCounts(c: ClippedCash, counts: Float64Array): void {
  for (const { bins, counts: own } of [c.single, c.mixed]) {
    for (let i = 0; i < own.length; i++) own[i] = counts[bins[i]!]!;
  }
  c.sum.blocks = fillCounts(c.store, c.single.counts);
  c.hasRows = false;
}

function update(c: ClippedCash, p: Float64Array, order: 0 | 1 | 2): void {
  const { stack, sum, totals } = c;
  updateStack(stack, p, order);
  if (!c.hasRows) for (const block of sum.blocks) readRows(stack, block);
  c.hasRows = true;
  for (let k = 0; k < stack.nz; k++) sum.totals[k] = stack.z[k]! > 0 ? totals[k]! : 0;
}

export function clippedValue(c: ClippedCash, p: Float64Array): number {
  update(c, p, 0);
  return cashValue(c.sum) + (c.rows?.value(p) ?? 0);
}

/** Fills g [n]. */
export function clippedGradient(c: ClippedCash, p: Float64Array, g: Float64Array): number {
  update(c, p, 1);
  const value = cashGradient(c.sum, g);
  if (c.rows === undefined) return value;
  const other = c.rows.gradient(p, c.g);
  addTo(g, c.g);
  return value + other;
}

/** Fills g [n], h [n, n] and, if given, its part without second derivatives of the fluxes. */
export function clippedHessian(
  c: ClippedCash,
  p: Float64Array,
  g: Float64Array,
  h: Float64Array,
  fisher?: Float64Array,
): number {
  update(c, p, 2);
  const value = cashHessian(c.sum, g, h, fisher);
  if (c.rows === undefined) return value;
  const other = c.rows.hessian(p, c.g, c.h, fisher === undefined ? undefined : c.fisher);
  addTo(g, c.g);
  addTo(h, c.h);
  if (fisher !== undefined) addTo(fisher, c.fisher);
  return value + other;
}

function addTo(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += x[i]!;
}
