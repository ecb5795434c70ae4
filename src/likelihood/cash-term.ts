import { addNpred, columnTotals, limitVectors, type Stack, stackComponents, updateStack } from "../fold/component.js";
import type { Component, MaskPixels } from "../fold/types.js";
import { cash } from "../stats/cash.js";
import { readRows } from "./cash/blocks.js";
import {
  type ClippedCash,
  clippedGradient,
  clippedHessian,
  clippedValue,
  createClippedCash,
  setClippedCounts,
} from "./cash/clipped.js";
import { type BlockStore, createBlockStore, fillCounts } from "./cash/counts.js";
import { type CashSum, cashGradient, cashHessian, cashValue, createCashSum, totalNpred } from "./cash/sum.js";
import type { CountsTerm } from "./types.js";

/** The Cash statistic of one dataset. */
interface CashTerm {
  readonly name: string;
  readonly stack: Stack;
  readonly mask: MaskPixels;
  readonly sum: CashSum;
  readonly store: BlockStore;
  /** In the order of the mask; those of the dataset, which stay as they are, until others are set. */
  counts: Float64Array;
  isOwn: boolean;
  /** Whether the blocks have the rows of the components as they are. */
  hasRows: boolean;
  /** The same sum over every bin of the mask; made when it is needed. */
  clipped: ClippedCash | undefined;
}

/**
 * Cash statistic 2 sum(mu - n ln mu) whose cost follows the events: sum(mu) over the mask is linear in z and summed once, and only bins
 * with counts are visited. While all z are >= 0 no bin can be negative; otherwise the term goes through all bins that sources reach, each clipped at zero.
 * `counts`: in the order of the mask.
 */
export function cashTerm(
  name: string,
  components: readonly Component[],
  mask: MaskPixels,
  counts: Float64Array,
): CountsTerm {
  const t = createCashTerm(name, components, mask, counts);
  const { sum } = t;
  return {
    name,
    n: t.stack.n,
    setCounts: (next) => setCounts(t, next),
    saturated: () => saturated(t),
    npred(p) {
      update(t, p, 0);
      return npredOf(t);
    },
    total: (p) => (update(t, p, 0) ? totalNpred(sum) : npredOf(t).reduce((total, mu) => total + Math.max(mu, 0), 0)),
    negative: (p) => (update(t, p, 0) ? 0 : npredOf(t).reduce((count, mu) => count + Number(mu < 0), 0)),
    negativeWithCounts: (p) =>
      update(t, p, 0) ? 0 : npredOf(t).reduce((count, mu, i) => count + Number(mu < 0 && t.counts[i]! > 0), 0),
    value: (p) => (update(t, p, 0) ? cashValue(sum) : clippedValue(clippedOf(t), p)),
    gradient: (p, g) => (update(t, p, 1) ? cashGradient(sum, g) : clippedGradient(clippedOf(t), p, g)),
    hessian: (p, g, h, fisher) =>
      update(t, p, 2) ? cashHessian(sum, g, h, fisher) : clippedHessian(clippedOf(t), p, g, h, fisher),
  };
}

function createCashTerm(
  name: string,
  components: readonly Component[],
  mask: MaskPixels,
  counts: Float64Array,
): CashTerm {
  const stack = stackComponents(components);
  limitVectors(stack, mask);
  const sum = createCashSum(stack);
  const store = createBlockStore(stack, mask);
  sum.blocks = fillCounts(store, counts);
  const t: CashTerm = { name, stack, mask, sum, store, counts, isOwn: false, hasRows: false, clipped: undefined };
  readTotals(t);
  return t;
}

function readTotals({ stack, mask, sum }: CashTerm): void {
  for (const [i, c] of stack.components.entries()) {
    columnTotals(c, mask, sum.totals.subarray(stack.column[i]!, stack.column[i + 1]!));
  }
}

/** Evaluates the components; false where npred may be negative somewhere. */
function update(t: CashTerm, p: Float64Array, order: 0 | 1 | 2): boolean {
  const { stack, sum } = t;
  if (updateStack(stack, p, order)) {
    readTotals(t);
    t.hasRows = false;
    // its rows are of the former place
    t.clipped = undefined;
  }
  if (!t.hasRows) for (const block of sum.blocks) readRows(stack, block);
  t.hasRows = true;
  for (let k = 0; k < stack.nz; k++) if (!(stack.z[k]! >= 0)) return false;
  return true;
}

function clippedOf(t: CashTerm): ClippedCash {
  t.clipped ??= createClippedCash(t.name, t.stack, t.mask, t.counts);
  return t.clipped;
}

/** npred of every bin, after an update. */
function npredOf({ stack, mask, counts }: CashTerm): Float64Array {
  const npred = new Float64Array(counts.length);
  addNpred(stack, mask, npred);
  return npred;
}

function setCounts(t: CashTerm, counts: Float64Array): void {
  if (!t.isOwn) {
    t.counts = new Float64Array(t.counts.length);
    t.isOwn = true;
  }
  t.counts.set(counts);
  t.sum.blocks = fillCounts(t.store, t.counts);
  if (t.clipped !== undefined) setClippedCounts(t.clipped, t.counts);
  t.hasRows = false;
}

function saturated({ sum }: CashTerm): number {
  let stat = 0;
  // cash(1, 1) = 2
  for (const { n } of sum.blocks) for (let i = 0; i < n.length; i++) stat += n[i] === 1 ? 2 : cash(n[i]!, n[i]!);
  return stat;
}
