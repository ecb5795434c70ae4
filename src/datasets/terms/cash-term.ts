import { cash, cashDerivatives } from "../../stats/cash.js";
import type { Term } from "../types.js";
import { blockDerivatives, blockValue, type CountsBlock } from "./cash-block.js";
import {
  addCurvature,
  addGradient,
  addNpred,
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
  const all = makeBlocks(stack, mask);
  let blocks = fillCounts(all, mask, current);
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
      blocks = fillCounts(all, mask, current);
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

/** One block for each energy bin with pixels, still without counts. */
function makeBlocks(stack: Stack, mask: MaskPixels): CountsBlock[] {
  const blocks: CountsBlock[] = [];
  for (const [r, pixels] of mask.entries()) {
    if (pixels.length === 0) continue;
    const columns: number[] = [];
    stack.components.forEach((c, i) => {
      for (const k of c.columns(r)) columns.push(stack.column[i]! + k);
    });
    blocks.push({
      r,
      pixels: new Int32Array(0),
      n: new Float64Array(0),
      columns: Int32Array.from(columns),
      rows: new Float64Array(0),
      z: new Float64Array(columns.length),
      dz: new Float64Array(columns.length * stack.n),
      gram: new Float64Array(columns.length * columns.length),
      y: new Float64Array(stack.n),
    });
  }
  return blocks;
}

/**
 * Puts the bins with counts into their blocks, equal counts together so that the loops hardly branch; returns the blocks with any. `counts` in the
 * order of the mask.
 */
function fillCounts(blocks: readonly CountsBlock[], mask: MaskPixels, counts: Float64Array): CountsBlock[] {
  let hits = new Int32Array(0);
  let first = 0;
  for (const block of blocks) {
    const pixels = mask[block.r]!;
    if (hits.length < pixels.length) hits = new Int32Array(pixels.length);
    let ones = 0;
    let twos = 0;
    let count = 0;
    for (let i = 0; i < pixels.length; i++) {
      // no branch: which bins have counts cannot be predicted
      hits[count] = i;
      count += Number(counts[first + i]! > 0);
    }
    for (let j = 0; j < count; j++) {
      const n = counts[first + hits[j]!]!;
      if (n === 1) ones++;
      else if (n === 2) twos++;
    }
    resize(block, count);
    let at1 = 0;
    let at2 = ones;
    let at3 = ones + twos;
    for (let j = 0; j < count; j++) {
      const i = hits[j]!;
      const n = counts[first + i]!;
      const to = n === 1 ? at1++ : n === 2 ? at2++ : at3++;
      block.pixels[to] = pixels[i]!;
      block.n[to] = n;
    }
    first += pixels.length;
  }
  return blocks.filter((block) => block.n.length > 0);
}

/** Room for `count` rows; the buffers only grow. */
function resize(block: CountsBlock, count: number): void {
  const k = block.columns.length;
  if (block.n.buffer.byteLength < 8 * count) {
    const room = block.n.length === 0 ? count : Math.ceil(1.5 * count);
    block.pixels = new Int32Array(room);
    block.n = new Float64Array(room);
    block.rows = new Float64Array(room * k);
  }
  block.pixels = new Int32Array(block.pixels.buffer, 0, count);
  block.n = new Float64Array(block.n.buffer, 0, count);
}

function fillRows(stack: Stack, block: CountsBlock): void {
  let at = 0;
  for (const c of stack.components) {
    c.rows(block.r, block.pixels, block.rows, block.columns.length, at);
    at += c.columns(block.r).length;
  }
}
