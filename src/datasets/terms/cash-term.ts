import { cash, cashDerivatives } from "../../stats/cash.js";
import type { Term } from "../types.js";
import { blockDerivatives, blockValue, type CountsBlock } from "./cash-block.js";
import {
  addCurvature,
  addGradient,
  type Component,
  columnTotals,
  limitVectors,
  type MaskPixels,
  mirror,
  type Stack,
  stackComponents,
  updateStack,
} from "./component.js";
import { rowTerm } from "./row-term.js";

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
): Term {
  const stack = stackComponents(components);
  limitVectors(stack, mask);
  const { n, nz, z } = stack;
  const totals = new Float64Array(nz);
  const blocks = makeBlocks(stack, mask, counts);
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
    everyBin ??= rowTerm(name, components, mask, cashRows(mask, counts));
    return everyBin;
  };

  /** False where npred may be negative somewhere. */
  function update(p: Float64Array, order: 0 | 1 | 2): boolean {
    if (updateStack(stack, p, order)) {
      readTotals();
      for (const b of blocks) fillBlock(stack, b);
    }
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
    value(p) {
      if (!update(p, 0)) return clipped().value(p);
      let sum = totalNpred();
      for (let i = 0; i < blocks.length; i++) sum -= blockValue(blocks[i]!, z);
      return 2 * sum;
    },
    gradient(p, g) {
      if (!update(p, 1)) return clipped().gradient(p, g);
      lambda.set(totals);
      let sum = totalNpred();
      for (let i = 0; i < blocks.length; i++) sum -= blockDerivatives(blocks[i]!, z, lambda, stack, undefined);
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
      for (let i = 0; i < blocks.length; i++) sum -= blockDerivatives(blocks[i]!, z, lambda, stack, h);
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

function cashRows(mask: MaskPixels, counts: readonly Float64Array[]) {
  const n = Float64Array.from(mask.flatMap((pixels, r) => Array.from(pixels, (i) => counts[r]![i]!)));
  return {
    // npred is clipped at zero before the statistic truncates it
    value: (i: number, mu: number) => cash(n[i]!, Math.max(mu, 0)),
    derivatives(i: number, mu: number, out: Float64Array) {
      cashDerivatives(n[i]!, Math.max(mu, 0), out);
      if (mu < 0) out[1] = out[2] = 0;
    },
  };
}

/** Bins with counts, by energy bin; inside a block sorted by counts so that the loops need no branch. */
function makeBlocks(stack: Stack, mask: MaskPixels, counts: readonly Float64Array[]): CountsBlock[] {
  const blocks: CountsBlock[] = [];
  for (let r = 0; r < mask.length; r++) {
    const n = counts[r]!;
    const pixels = mask[r]!.filter((i) => n[i]! > 0).sort((a, b) => n[a]! - n[b]! || a - b);
    if (pixels.length === 0) continue;
    const columns: number[] = [];
    stack.components.forEach((c, i) => {
      for (const k of c.columns(r)) columns.push(stack.column[i]! + k);
    });
    const block: CountsBlock = {
      r,
      pixels,
      n: Float64Array.from(pixels, (i) => n[i]!),
      columns: Int32Array.from(columns),
      rows: new Float64Array(pixels.length * columns.length),
      z: new Float64Array(columns.length),
      dz: new Float64Array(columns.length * stack.n),
      gram: new Float64Array(columns.length * columns.length),
      y: new Float64Array(stack.n),
    };
    fillBlock(stack, block);
    blocks.push(block);
  }
  return blocks;
}

function fillBlock(stack: Stack, block: CountsBlock): void {
  let at = 0;
  for (const c of stack.components) {
    c.rows(block.r, block.pixels, block.rows, block.columns.length, at);
    at += c.columns(block.r).length;
  }
}
