import type { Stack } from "../../fold/component.js";
import type { MaskPixels } from "../../fold/types.js";
import { type CountsBlock, createBlock, resize, supportOf } from "./blocks.js";

/** The blocks of a mask: made as counts ask for them, and kept for the next counts. */
export interface BlockStore {
  readonly stack: Stack;
  readonly mask: MaskPixels;
  /** By energy bin. */
  readonly blocks: readonly CountsBlock[][];
  /** Work arrays [pixels of an energy bin]: its bins with counts, and the number of the block of each. */
  hits: Int32Array;
  owner: Int32Array;
}

export function createBlockStore(stack: Stack, mask: MaskPixels): BlockStore {
  return { stack, mask, blocks: mask.map(() => []), hits: new Int32Array(0), owner: new Int32Array(0) };
}

/**
 * Puts the bins with counts into their blocks, equal counts together so that the loops hardly branch; returns the blocks with any. `counts` in the
 * order of the mask.
 */
export function fillCounts(store: BlockStore, counts: Float64Array): CountsBlock[] {
  const { mask, blocks } = store;
  for (let r = 0, first = 0; r < mask.length; first += mask[r]!.length, r++) fillEnergyBin(store, r, counts, first);
  return blocks.flatMap((own) => own.filter((block) => block.n.length > 0));
}

/** Bins with one, two and more counts. */
const classOf = (n: number) => (n === 1 ? 0 : n === 2 ? 1 : 2);

/** `first`: the first bin of the energy bin in `counts`. */
function fillEnergyBin(store: BlockStore, r: number, counts: Float64Array, first: number): void {
  const pixels = store.mask[r]!;
  const blocks = store.blocks[r]!;
  for (const block of blocks) block.next.fill(0);
  const count = findCounts(store, r, counts, first);
  findBlocks(store, r, count, counts, first);
  for (const block of blocks) makeRoom(block);
  const { hits, owner } = store;
  for (let j = 0; j < count; j++) {
    const i = hits[j]!;
    const n = counts[first + i]!;
    const block = blocks[owner[j]!]!;
    const to = block.next[classOf(n)]!++;
    block.pixels[to] = pixels[i]!;
    block.n[to] = n;
  }
}

/** Fills `hits`; returns the number of bins with counts. */
function findCounts(store: BlockStore, r: number, counts: Float64Array, first: number): number {
  const size = store.mask[r]!.length;
  if (store.hits.length < size) {
    store.hits = new Int32Array(size);
    store.owner = new Int32Array(size);
  }
  const { hits } = store;
  let count = 0;
  for (let i = 0; i < size; i++) {
    // no branch: which bins have counts cannot be predicted
    hits[count] = i;
    count += Number(counts[first + i]! > 0);
  }
  return count;
}

/** Fills `owner`, and `next` of the blocks with the numbers of their bins; makes blocks for supports that have none. */
function findBlocks(store: BlockStore, r: number, count: number, counts: Float64Array, first: number): void {
  const { stack, mask, hits, owner } = store;
  const pixels = mask[r]!;
  const blocks = store.blocks[r]!;
  for (let j = 0; j < count; j++) {
    const i = hits[j]!;
    const support = supportOf(stack.components, r, pixels[i]!);
    let b = 0;
    while (b < blocks.length && blocks[b]!.support !== support) b++;
    if (b === blocks.length) blocks.push(createBlock(stack, r, support));
    owner[j] = b;
    blocks[b]!.next[classOf(counts[first + i]!)]!++;
  }
}

/** From the numbers of bins in `next` to where the first of each goes. */
function makeRoom(block: CountsBlock): void {
  const { next } = block;
  const ones = next[0]!;
  const twos = next[1]!;
  resize(block, ones + twos + next[2]!);
  next[0] = 0;
  next[1] = ones;
  next[2] = ones + twos;
}
