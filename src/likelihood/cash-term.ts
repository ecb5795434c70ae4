import { addNpred, columnTotals, limitVectors, stackComponents, updateStack } from "../fold/component.js";
import type { Component, MaskPixels } from "../fold/types.js";
import { cash } from "../stats/cash.js";
import { cashGradient, cashHessian, cashSum, cashValue, totalNpred } from "./cash-sum.js";
import { clippedCash } from "./clipped-cash.js";
import { blockStore, fillCounts, fillRows } from "./counts-blocks.js";
import type { CountsTerm } from "./types.js";

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
  const stack = stackComponents(components);
  limitVectors(stack, mask);
  const { n, nz, z } = stack;
  const sum = cashSum(stack);
  const store = blockStore(stack, mask);
  let current = counts;
  let isOwn = false;
  sum.blocks = fillCounts(store, current);
  let hasRows = false;
  const readTotals = () => {
    for (const [i, c] of components.entries()) {
      columnTotals(c, mask, sum.totals.subarray(stack.column[i]!, stack.column[i + 1]!));
    }
  };
  readTotals();
  let every: ReturnType<typeof clippedCash> | undefined;

  /** The same sum over every bin of the mask. */
  const clipped = (): ReturnType<typeof clippedCash> => {
    every ??= clippedCash(name, stack, mask, current);
    return every;
  };

  /** npred of every bin, after an update. */
  const everyNpred = (): Float64Array => {
    const npred = new Float64Array(current.length);
    addNpred(stack, mask, npred);
    return npred;
  };

  /** False where npred may be negative somewhere. */
  function update(p: Float64Array, order: 0 | 1 | 2): boolean {
    if (updateStack(stack, p, order)) {
      readTotals();
      hasRows = false;
      // its rows are of the former place
      every = undefined;
    }
    if (!hasRows) for (const b of sum.blocks) fillRows(stack, b);
    hasRows = true;
    return isPositive();
  }

  function isPositive(): boolean {
    for (let k = 0; k < nz; k++) if (!(z[k]! >= 0)) return false;
    return true;
  }

  return {
    name,
    n,
    setCounts(next) {
      if (!isOwn) {
        // those of the dataset stay as they are
        current = new Float64Array(current.length);
        isOwn = true;
        every = undefined;
      }
      current.set(next);
      sum.blocks = fillCounts(store, current);
      every?.setCounts();
      hasRows = false;
    },
    saturated() {
      let stat = 0;
      // cash(1, 1) = 2
      for (const { n } of sum.blocks) for (let i = 0; i < n.length; i++) stat += n[i] === 1 ? 2 : cash(n[i]!, n[i]!);
      return stat;
    },
    npred(p) {
      update(p, 0);
      return everyNpred();
    },
    total(p) {
      if (update(p, 0)) return totalNpred(sum);
      return everyNpred().reduce((total, mu) => total + Math.max(mu, 0), 0);
    },
    negative: (p) => (update(p, 0) ? 0 : everyNpred().reduce((count, mu) => count + Number(mu < 0), 0)),
    value: (p) => (update(p, 0) ? cashValue(sum) : clipped().value(p)),
    gradient: (p, g) => (update(p, 1) ? cashGradient(sum, g) : clipped().gradient(p, g)),
    hessian: (p, g, h, fisher) => (update(p, 2) ? cashHessian(sum, g, h, fisher) : clipped().hessian(p, g, h, fisher)),
  };
}
