import { cash, cashDerivatives } from "../../stats/cash.js";
import type { Term } from "../types.js";
import { blockDerivatives, blockValue, scratch } from "./cash-block.js";
import {
  addCurvature,
  addGradient,
  addNpred,
  type Component,
  columnTotals,
  limitVectors,
  type MaskPixels,
  mirror,
  stackComponents,
  updateStack,
} from "./component.js";
import { blockStore, fillCounts, fillRows } from "./counts-blocks.js";
import { rowTerm } from "./row-term.js";

/** Its data can be replaced without compiling again. */
export interface CashTerm extends Term {
  /** Takes other counts, in the order of the mask. */
  setCounts(counts: Float64Array): void;
  /** The statistic where npred equals the counts. */
  saturated(): number;
  /** Predicted counts at the parameters of the last evaluation, in the order of the mask; negative where the models are. */
  npred(out: Float64Array): void;
}

/**
 * Cash statistic 2 sum(mu - n ln mu) whose cost follows the events: sum(mu) over the mask is linear in z and summed once, and only bins
 * with counts are visited. While all z are >= 0 no bin can be negative; otherwise the term falls back on all bins, each clipped at zero.
 * counts: per energy bin, all pixels.
 */
export function cashTerm(
  name: string,
  components: readonly Component[],
  mask: MaskPixels,
  counts: readonly Float64Array[],
): CashTerm {
  const stack = stackComponents(components);
  limitVectors(stack, mask);
  const { n, nz, z } = stack;
  const totals = new Float64Array(nz);
  const current = inMask(mask, counts);
  const store = blockStore(stack, mask);
  const work = scratch();
  let blocks = fillCounts(store, current);
  let hasRows = false;
  const readTotals = () => {
    for (const [i, c] of components.entries()) {
      columnTotals(c, mask, totals.subarray(stack.column[i]!, stack.column[i + 1]!));
    }
  };
  readTotals();
  const lambda = new Float64Array(nz);
  let everyBin: Term | undefined;

  /** The same sum over every bin of the mask. */
  const clipped = (): Term => {
    everyBin ??= rowTerm(name, components, mask, cashRows(current));
    return everyBin;
  };

  /** False where npred may be negative somewhere. */
  function update(p: Float64Array, order: 0 | 1 | 2): boolean {
    if (updateStack(stack, p, order)) {
      readTotals();
      hasRows = false;
    }
    if (!hasRows) for (const b of blocks) fillRows(stack, b);
    hasRows = true;
    for (let k = 0; k < nz; k++) if (!(z[k]! >= 0)) return false;
    return true;
  }

  function totalNpred(): number {
    let sum = 0;
    for (let k = 0; k < nz; k++) sum += totals[k]! * z[k]!;
    return sum;
  }

  return {
    name,
    n,
    setCounts(next) {
      current.set(next);
      blocks = fillCounts(store, current);
      hasRows = false;
    },
    saturated() {
      let sum = 0;
      // cash(1, 1) = 2
      for (const { n } of blocks) for (let i = 0; i < n.length; i++) sum += n[i] === 1 ? 2 : cash(n[i]!, n[i]!);
      return sum;
    },
    npred(out) {
      addNpred(stack, mask, out.fill(0));
    },
    value(p) {
      if (!update(p, 0)) return clipped().value(p);
      let sum = totalNpred();
      for (let i = 0; i < blocks.length; i++) sum -= blockValue(blocks[i]!, stack, work);
      return 2 * sum;
    },
    gradient(p, g) {
      if (!update(p, 1)) return clipped().gradient(p, g);
      lambda.set(totals);
      let sum = totalNpred();
      for (let i = 0; i < blocks.length; i++) sum -= blockDerivatives(blocks[i]!, stack, lambda, undefined, work);
      for (let k = 0; k < nz; k++) lambda[k]! *= 2;
      g.fill(0);
      addGradient(stack, lambda, g);
      return 2 * sum;
    },
    hessian(p, g, h, fisher) {
      if (!update(p, 2)) return clipped().hessian(p, g, h, fisher);
      lambda.set(totals);
      h.fill(0);
      let sum = totalNpred();
      for (let i = 0; i < blocks.length; i++) sum -= blockDerivatives(blocks[i]!, stack, lambda, h, work);
      for (let k = 0; k < nz; k++) lambda[k]! *= 2;
      for (let k = 0; k < n * n; k++) h[k]! *= 2;
      if (fisher !== undefined) {
        fisher.set(h);
        mirror(fisher, n);
      }
      g.fill(0);
      addGradient(stack, lambda, g);
      addCurvature(stack, lambda, h);
      mirror(h, n);
      return 2 * sum;
    },
  };
}

/** One array for each energy bin, all pixels, as one array over the bins of the mask. */
export function inMask(mask: MaskPixels, data: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(mask.reduce((n, pixels) => n + pixels.length, 0));
  let k = 0;
  for (const [r, pixels] of mask.entries()) {
    const from = data[r]!;
    for (let i = 0; i < pixels.length; i++) out[k++] = from[pixels[i]!]!;
  }
  return out;
}

/** `n` may be refilled. */
function cashRows(n: Float64Array) {
  return {
    // npred is clipped at zero before the statistic truncates it
    value: (i: number, mu: number) => cash(n[i]!, Math.max(mu, 0)),
    derivatives(i: number, mu: number, out: Float64Array) {
      cashDerivatives(n[i]!, Math.max(mu, 0), out);
      if (mu < 0) out[1] = out[2] = 0;
    },
  };
}
