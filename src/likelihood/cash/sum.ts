import { addCurvature, addGradient, mirror, type Stack } from "../../fold/component.js";
import type { CountsBlock } from "./blocks.js";
import { type BlockWork, blockDerivatives, blockValue, createBlockWork } from "./derivatives.js";

/** 2 sum(mu - n ln mu) over bins of which only those with counts are visited: sum(mu) = totals z, with z as `updateStack` left it. */
export interface CashSum {
  readonly stack: Stack;
  /** Sum of the rows over the bins [nz] */
  readonly totals: Float64Array;
  blocks: readonly CountsBlock[];
  /** Work arrays: [nz], those of the blocks */
  readonly lambda: Float64Array;
  readonly work: BlockWork;
}

export function createCashSum(stack: Stack): CashSum {
  const { nz } = stack;
  return { stack, totals: new Float64Array(nz), blocks: [], lambda: new Float64Array(nz), work: createBlockWork() };
}

/** Sum of npred over the bins. */
export function totalNpred({ stack, totals }: CashSum): number {
  let sum = 0;
  for (let k = 0; k < stack.nz; k++) sum += totals[k]! * stack.z[k]!;
  return sum;
}

export function cashValue(sum: CashSum): number {
  const { stack, blocks, work } = sum;
  let value = totalNpred(sum);
  for (let i = 0; i < blocks.length; i++) value -= blockValue(blocks[i]!, stack, work);
  return 2 * value;
}

/** Fills g [n]. */
export function cashGradient(sum: CashSum, g: Float64Array): number {
  const { stack, totals, blocks, lambda, work } = sum;
  lambda.set(totals);
  let value = totalNpred(sum);
  for (let i = 0; i < blocks.length; i++) value -= blockDerivatives(blocks[i]!, stack, lambda, undefined, work);
  for (let k = 0; k < lambda.length; k++) lambda[k]! *= 2;
  g.fill(0);
  addGradient(stack, lambda, g);
  return 2 * value;
}

/** Fills g [n], h [n, n] and, if given, its part without second derivatives of the fluxes. */
export function cashHessian(sum: CashSum, g: Float64Array, h: Float64Array, fisher?: Float64Array): number {
  const { stack, totals, blocks, lambda, work } = sum;
  lambda.set(totals);
  h.fill(0);
  for (const { hidden } of stack.components) hidden?.clear();
  let value = totalNpred(sum);
  for (let i = 0; i < blocks.length; i++) value -= blockDerivatives(blocks[i]!, stack, lambda, h, work);
  for (let i = 0; i < stack.components.length; i++) stack.components[i]!.hidden?.addTo(lambda, stack.column[i]!, -1);
  for (let k = 0; k < lambda.length; k++) lambda[k]! *= 2;
  for (let k = 0; k < h.length; k++) h[k]! *= 2;
  if (fisher !== undefined) {
    fisher.set(h);
    mirror(fisher, stack.n);
  }
  g.fill(0);
  addGradient(stack, lambda, g);
  addCurvature(stack, lambda, h);
  mirror(h, stack.n);
  return 2 * value;
}
