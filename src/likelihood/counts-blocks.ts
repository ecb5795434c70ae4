import type { Stack } from "../fold/component.js";
import type { Component, MaskPixels } from "../fold/types.js";

/** Columns of one component in a block. */
export interface Part {
  /** Index in the stack. */
  readonly component: number;
  /** First column in the block's rows, and how many. */
  readonly at: number;
  readonly k: number;
  /** First direction, and how many: the columns, or the component's parameters where these are fewer. */
  readonly direction: number;
  readonly directions: number;
  /** z and its derivatives by the parameters where they are the directions [1 + directions, k]; else empty */
  readonly vectors: Float64Array;
}

/** Bins with counts of one energy bin that the same components reach, so that all have the same K columns. */
export interface CountsBlock {
  readonly r: number;
  readonly support: number;
  /** The components with free parameters. */
  readonly parts: readonly Part[];
  /** Those without: their npred is summed once, into `base`. */
  readonly frozen: readonly number[];
  /** [rows] */
  pixels: Int32Array;
  /** [rows] counts: the ones, the twos, then the others */
  n: Float64Array;
  /** [K] columns of the stack */
  readonly columns: Int32Array;
  /** [rows or more, K] */
  rows: Float64Array;
  /** [rows or more] npred of the frozen components */
  base: Float64Array;
  /** One of the parts has hidden columns. */
  readonly hasHidden: boolean;
  /** Number of directions, D. */
  readonly directions: number;
  /** Work arrays: [K], [D, D], [K] */
  readonly z: Float64Array;
  readonly gram: Float64Array;
  readonly sums: Float64Array;
  /** While it is filled: rows with one, two and more counts, then where the next of each goes. */
  readonly next: Int32Array;
}

/** The blocks of a mask: made as counts ask for them, and kept for the next counts. */
export interface BlockStore {
  readonly stack: Stack;
  readonly mask: MaskPixels;
  readonly blocks: readonly CountsBlock[][];
  /** Work arrays [pixels of an energy bin]: bins with counts, and their blocks */
  hits: Int32Array;
  owner: Int32Array;
}

export function blockStore(stack: Stack, mask: MaskPixels): BlockStore {
  return { stack, mask, blocks: mask.map(() => []), hits: new Int32Array(0), owner: new Int32Array(0) };
}

/** Components beyond this many bits of an integer count as reaching every bin. */
const MAX_BITS = 52;

/** Which components reach a bin, as bits. */
export function supportOf(components: readonly Component[], r: number, pixel: number): number {
  let support = 0;
  const n = Math.min(components.length, MAX_BITS);
  for (let c = 0, bit = 1; c < n; c++, bit *= 2) {
    const component = components[c]!;
    if (component.touches === undefined || component.touches(r, pixel)) support += bit;
  }
  return support;
}

/** Whether component c is in `support`. */
export const reaches = (support: number, c: number) => c >= MAX_BITS || Math.floor(support / 2 ** c) % 2 === 1;

function makeBlock({ components, column }: Stack, r: number, support: number): CountsBlock {
  const columns: number[] = [];
  const parts: Part[] = [];
  const frozen: number[] = [];
  let direction = 0;
  components.forEach(({ columns: columnsOf, vector }, component) => {
    const own = columnsOf(r);
    if (!reaches(support, component) || own.length === 0) return;
    if (vector.n === 0) {
      frozen.push(component);
      return;
    }
    const [at, k] = [columns.length, own.length];
    const directions = Math.min(k, vector.n);
    const vectors = new Float64Array(directions === k ? 0 : (1 + directions) * k);
    parts.push({ component, at, k, direction, directions, vectors });
    direction += directions;
    for (const j of own) columns.push(column[component]! + j);
  });
  const k = columns.length;
  return {
    r,
    support,
    parts,
    frozen,
    pixels: new Int32Array(0),
    n: new Float64Array(0),
    columns: Int32Array.from(columns),
    rows: new Float64Array(0),
    base: new Float64Array(0),
    hasHidden: parts.some(({ component }) => components[component]!.hidden !== undefined),
    directions: direction,
    z: new Float64Array(k),
    gram: new Float64Array(direction * direction),
    sums: new Float64Array(k),
    next: new Int32Array(3),
  };
}

/**
 * Puts the bins with counts into their blocks, equal counts together so that the loops hardly branch; returns the blocks with any. `counts` in the
 * order of the mask.
 */
export function fillCounts(store: BlockStore, counts: Float64Array): CountsBlock[] {
  const { mask, blocks } = store;
  for (let r = 0, first = 0; r < mask.length; first += mask[r]!.length, r++) {
    const own = blocks[r]!;
    for (const block of own) block.next.fill(0);
    const count = findCounts(store, r, counts, first);
    for (const block of own) {
      const [ones, twos, more] = block.next as unknown as [number, number, number];
      resize(block, ones + twos + more);
      block.next[0] = 0;
      block.next[1] = ones;
      block.next[2] = ones + twos;
    }
    const { hits, owner } = store;
    const pixels = mask[r]!;
    for (let j = 0; j < count; j++) {
      const i = hits[j]!;
      const n = counts[first + i]!;
      const block = own[owner[j]!]!;
      const to = block.next[n === 1 ? 0 : n === 2 ? 1 : 2]!++;
      block.pixels[to] = pixels[i]!;
      block.n[to] = n;
    }
  }
  return blocks.flatMap((own) => own.filter((block) => block.n.length > 0));
}

/** Fills `hits` and `owner` for energy bin r, and `next` of its blocks with the numbers of their rows; returns the number of bins with counts. */
function findCounts(store: BlockStore, r: number, counts: Float64Array, first: number): number {
  const { stack, mask, blocks } = store;
  const pixels = mask[r]!;
  if (store.hits.length < pixels.length) {
    store.hits = new Int32Array(pixels.length);
    store.owner = new Int32Array(pixels.length);
  }
  const { hits, owner } = store;
  let count = 0;
  for (let i = 0; i < pixels.length; i++) {
    // no branch: which bins have counts cannot be predicted
    hits[count] = i;
    count += Number(counts[first + i]! > 0);
  }
  const own = blocks[r]!;
  for (let j = 0; j < count; j++) {
    const i = hits[j]!;
    const support = supportOf(stack.components, r, pixels[i]!);
    let b = 0;
    while (b < own.length && own[b]!.support !== support) b++;
    if (b === own.length) own.push(makeBlock(stack, r, support));
    owner[j] = b;
    const n = counts[first + i]!;
    own[b]!.next[n === 1 ? 0 : n === 2 ? 1 : 2]!++;
  }
  return count;
}

/** Room for `count` rows; the buffers only grow. */
function resize(block: CountsBlock, count: number): void {
  if (block.n.buffer.byteLength < 8 * count) {
    const room = block.n.length === 0 ? count : Math.ceil(1.5 * count);
    block.pixels = new Int32Array(room);
    block.n = new Float64Array(room);
    block.rows = new Float64Array(room * block.columns.length);
    block.base = new Float64Array(block.frozen.length === 0 ? 0 : room);
  }
  block.pixels = new Int32Array(block.pixels.buffer, 0, count);
  block.n = new Float64Array(block.n.buffer, 0, count);
}

/** Reads the rows of the components at their present state. `stack` must have been updated: frozen components count with their z. */
export function fillRows(stack: Stack, block: CountsBlock): void {
  const { r, pixels, rows, parts } = block;
  const stride = block.columns.length;
  for (const { component, at } of parts) stack.components[component]!.rows(r, pixels, rows, stride, at);
  if (block.frozen.length > 0) fillBase(stack, block);
}

function fillBase({ components }: Stack, { r, pixels, base, frozen, n }: CountsBlock): void {
  base.fill(0);
  for (const c of frozen) {
    const { vector } = components[c]!;
    const columns = components[c]!.columns(r);
    const k = columns.length;
    const rows = new Float64Array(n.length * k);
    components[c]!.rows(r, pixels, rows, k, 0);
    for (let i = 0, j = 0; i < n.length; i++) {
      for (let q = 0; q < k; q++) base[i]! += rows[j++]! * vector.s[columns[q]!]!;
    }
  }
}
