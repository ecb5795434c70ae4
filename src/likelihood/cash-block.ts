import type { Stack } from "../fold/component.js";
import type { CountsBlock } from "./counts-blocks.js";
import { addGram } from "./gram.js";
import { addProduct, addProducts, addWeighted, type Columns } from "./kernels/dense-rows.js";
import { logCounts, logCountsOfTwo, logCountsOfTwoWithGram, logCountsWithGram } from "./kernels/log-counts.js";

/** Work arrays of all blocks: npred and derivatives by the directions [rows, 1 + D], and n / mu [rows]. */
export interface Scratch {
  folded: Float64Array;
  ratio: Float64Array;
}

export const scratch = (): Scratch => ({ folded: new Float64Array(0), ratio: new Float64Array(0) });

function reserve(s: Scratch, count: number, width: number): void {
  if (s.folded.length < count * width) s.folded = new Float64Array(count * width);
  if (s.ratio.length < count) s.ratio = new Float64Array(count);
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

/** Two columns and nothing else: the rule for maps without energy dispersion. */
const isPair = ({ columns, directions, frozen, hasHidden }: CountsBlock) =>
  columns.length === 2 && directions === 2 && frozen.length === 0 && !hasHidden;

/** sum n ln mu */
export function blockValue(block: CountsBlock, stack: Stack, s: Scratch): number {
  const { n, rows, z } = block;
  gather(block, stack.z);
  if (isPair(block)) return logCountsOfTwo(n, rows, z);
  reserve(s, n.length, 1);
  startBase(block, s.folded, 1);
  addProduct(allColumns(block), z, s.folded, 1);
  return logCounts(n, s.folded, s.ratio);
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
  s: Scratch,
): number {
  const { n, rows, z, sums, gram, columns } = block;
  gather(block, stack.z);
  const value = isPair(block)
    ? logCountsOfTwoWithGram(n, rows, z, sums, gram)
    : derivativesOfMany(block, stack, h !== undefined, s);
  for (let c = 0; c < columns.length; c++) lambda[columns[c]!]! -= sums[c]!;
  if (h !== undefined) addGram(block, stack, h);
  return value;
}

/** Fills the block's sums and, with `fisher`, its gram. */
function derivativesOfMany(block: CountsBlock, stack: Stack, fisher: boolean, s: Scratch): number {
  const { n, z, sums, gram, directions } = block;
  const width = fisher ? 1 + directions : 1;
  reserve(s, n.length, width);
  const { folded, ratio } = s;
  startBase(block, folded, width);
  const all = allColumns(block);
  if (fisher) foldParts(block, stack, folded, width);
  else addProduct(all, z, folded, 1);
  const value = fisher ? logCountsWithGram(n, folded, ratio, gram, directions) : logCounts(n, folded, ratio);
  if (fisher && block.hasHidden) {
    for (const { component } of block.parts) stack.components[component]!.hidden?.add(block.r, block.pixels, ratio);
  }
  sums.fill(0);
  addWeighted(all, ratio, sums);
  return value;
}

/** Rows of `out` begin with the npred of the frozen components, and zeros. */
function startBase({ n, base, frozen }: CountsBlock, out: Float64Array, width: number): void {
  out.fill(0, 0, n.length * width);
  if (frozen.length > 0) for (let i = 0; i < n.length; i++) out[i * width] = base[i]!;
}

/** npred and its derivatives by the directions. */
function foldParts(block: CountsBlock, stack: Stack, out: Float64Array, width: number): void {
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
