import type { Stack } from "../../fold/component.js";
import { addProduct, addProducts, addWeighted, type Columns } from "../kernels/dense-rows.js";
import { logCounts, logCountsOfTwo, logCountsOfTwoWithGram, logCountsWithGram } from "../kernels/log-counts.js";
import { isAboveTruncation, logCountsOfOne } from "../kernels/one-column.js";
import type { CountsBlock } from "./blocks.js";
import { addGram } from "./gram.js";

/** Work arrays of all blocks: npred and derivatives by the directions [bins, 1 + D], and n / mu [bins]. */
export interface BlockWork {
  npred: Float64Array;
  ratio: Float64Array;
}

export const createBlockWork = (): BlockWork => ({ npred: new Float64Array(0), ratio: new Float64Array(0) });

function reserve(work: BlockWork, count: number, width: number): void {
  if (work.npred.length < count * width) work.npred = new Float64Array(count * width);
  if (work.ratio.length < count) work.ratio = new Float64Array(count);
}

function gather(block: CountsBlock, z: Float64Array): void {
  const { columns } = block;
  for (let c = 0; c < columns.length; c++) block.z[c] = z[columns[c]!]!;
}

/** All columns of the block's rows. */
const allColumns = ({ n, rows, columns }: CountsBlock): Columns => ({
  rows,
  count: n.length,
  stride: columns.length,
  at: 0,
  k: columns.length,
});

/** sum n ln mu */
export function blockValue(block: CountsBlock, stack: Stack, work: BlockWork): number {
  const { n, rows, z, one } = block;
  gather(block, stack.z);
  if (one !== undefined && isAboveTruncation(one, z[0]!)) return logCountsOfOne(one, z[0]!);
  if (block.isPair) return logCountsOfTwo(n, rows, z);
  reserve(work, n.length, 1);
  startNpred(block, work.npred, 1);
  addProduct(allColumns(block), z, work.npred, 1);
  return logCounts(n, work.npred, work.ratio);
}

/**
 * sum n ln mu; subtracts its gradient in z from `lambda` and, if h is given, adds sum n/mu^2 (dmu/dp)(dmu/dp)^T to the lower triangle of h. The sum is taken
 * over the directions of each component: its columns where they are few, else its parameters, so that a row costs K (1 + n), not K^2.
 */
export function blockDerivatives(
  block: CountsBlock,
  stack: Stack,
  lambda: Float64Array,
  h: Float64Array | undefined,
  work: BlockWork,
): number {
  const { n, rows, z, sums, gram, columns } = block;
  gather(block, stack.z);
  const value = block.isPair
    ? logCountsOfTwoWithGram(n, rows, z, sums, gram)
    : derivativesOfMany(block, stack, h !== undefined, work);
  for (let c = 0; c < columns.length; c++) lambda[columns[c]!]! -= sums[c]!;
  if (h !== undefined) addGram(block, stack, h);
  return value;
}

/** Fills the block's sums and, with `fisher`, its gram. */
function derivativesOfMany(block: CountsBlock, stack: Stack, fisher: boolean, work: BlockWork): number {
  const { n, z, sums, gram, directions, one } = block;
  if (one !== undefined && isAboveTruncation(one, z[0]!)) {
    sums[0] = one.counts / z[0]!;
    gram[0] = one.counts / z[0]! ** 2;
    return logCountsOfOne(one, z[0]!);
  }
  const width = fisher ? 1 + directions : 1;
  reserve(work, n.length, width);
  const { npred, ratio } = work;
  startNpred(block, npred, width);
  const all = allColumns(block);
  if (fisher) addParts(block, stack, npred, width);
  else addProduct(all, z, npred, 1);
  const value = fisher ? logCountsWithGram(n, npred, ratio, gram, directions) : logCounts(n, npred, ratio);
  if (fisher && block.hasHidden) {
    for (const { component } of block.parts) stack.components[component]!.hidden?.add(block.r, block.pixels, ratio);
  }
  sums.fill(0);
  addWeighted(all, ratio, sums);
  return value;
}

/** Rows of `out` begin with the npred of the frozen components, and zeros. */
function startNpred({ n, frozenNpred, frozen }: CountsBlock, out: Float64Array, width: number): void {
  out.fill(0, 0, n.length * width);
  if (frozen.length > 0) for (let i = 0; i < n.length; i++) out[i * width] = frozenNpred[i]!;
}

/** Adds npred of the parts, and its derivatives by the directions. */
function addParts(block: CountsBlock, stack: Stack, out: Float64Array, width: number): void {
  const { rows, columns, n, z } = block;
  const [count, stride] = [n.length, columns.length];
  for (const { component, at, k, direction, directions, vectors } of block.parts) {
    if (directions === k) {
      for (let i = 0; i < count; i++) {
        for (let c = 0; c < k; c++) {
          const x = rows[i * stride + at + c]!;
          out[i * width]! += x * z[at + c]!;
          out[i * width + 1 + direction + c] = x;
        }
      }
      continue;
    }
    const { ds, n: np } = stack.components[component]!.vector;
    for (let c = 0; c < k; c++) {
      const from = (columns[at + c]! - stack.column[component]!) * np;
      vectors[c] = z[at + c]!;
      for (let a = 0; a < np; a++) vectors[(1 + a) * k + c] = ds[from + a]!;
    }
    addProducts({ rows, count, stride, at, k }, vectors, np, out, width, 1 + direction);
  }
}
