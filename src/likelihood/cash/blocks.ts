import type { Stack } from "../../fold/component.js";
import type { Component } from "../../fold/types.js";
import { type OneColumn, oneColumn } from "../kernels/one-column.js";

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
  /** The components that reach them, as bits. */
  readonly support: number;
  /** The components with free parameters. */
  readonly parts: readonly Part[];
  /** Those without: their npred is summed once, into `frozenNpred`. */
  readonly frozen: readonly number[];
  /** [K] columns of the stack */
  readonly columns: Int32Array;
  /** One of the parts has hidden columns. */
  readonly hasHidden: boolean;
  /** Number of directions, D. */
  readonly directions: number;
  /** Two columns and nothing else: the rule for maps without energy dispersion. */
  readonly isPair: boolean;
  /** Sums of its rows, where one column and nothing else reaches its bins. */
  one: OneColumn | undefined;
  /** [bins] */
  pixels: Int32Array;
  /** [bins] counts: the ones, the twos, then the others */
  n: Float64Array;
  /** [bins or more, K] */
  rows: Float64Array;
  /** [bins or more] */
  frozenNpred: Float64Array;
  /** Work arrays: z of the columns [K], sum n / mu row [K], sum n / mu^2 y y^T [D, D] with y the derivatives of mu by the directions. */
  readonly z: Float64Array;
  readonly sums: Float64Array;
  readonly gram: Float64Array;
  /** While it is filled: bins with one, two and more counts, then where the next of each goes. */
  readonly next: Int32Array;
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

/** A block without bins. */
export function createBlock(stack: Stack, r: number, support: number): CountsBlock {
  const { components } = stack;
  const { parts, frozen, columns } = divide(stack, r, support);
  const k = columns.length;
  const directions = parts.reduce((sum, part) => sum + part.directions, 0);
  const hasHidden = parts.some(({ component }) => components[component]!.hidden !== undefined);
  return {
    r,
    support,
    parts,
    frozen,
    columns,
    hasHidden,
    directions,
    isPair: k === 2 && directions === 2 && frozen.length === 0 && !hasHidden,
    one: undefined,
    pixels: new Int32Array(0),
    n: new Float64Array(0),
    rows: new Float64Array(0),
    frozenNpred: new Float64Array(0),
    z: new Float64Array(k),
    sums: new Float64Array(k),
    gram: new Float64Array(directions * directions),
    next: new Int32Array(3),
  };
}

/** The components of a support: those with free parameters, with their columns, and those without. */
function divide({ components, column }: Stack, r: number, support: number) {
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
  return { parts, frozen, columns: Int32Array.from(columns) };
}

/** Room for `count` bins; the buffers only grow. */
export function resize(block: CountsBlock, count: number): void {
  if (block.n.buffer.byteLength < 8 * count) {
    const room = block.n.length === 0 ? count : Math.ceil(1.5 * count);
    block.pixels = new Int32Array(room);
    block.n = new Float64Array(room);
    block.rows = new Float64Array(room * block.columns.length);
    block.frozenNpred = new Float64Array(block.frozen.length === 0 ? 0 : room);
  }
  block.pixels = new Int32Array(block.pixels.buffer, 0, count);
  block.n = new Float64Array(block.n.buffer, 0, count);
}

/** Reads the rows of the components at their present state. `stack` must have been updated: frozen components count with their z. */
export function readRows(stack: Stack, block: CountsBlock): void {
  const { r, pixels, n, rows, parts, frozen, hasHidden } = block;
  const stride = block.columns.length;
  for (const { component, at } of parts) stack.components[component]!.rows(r, pixels, rows, stride, at);
  if (frozen.length > 0) sumFrozen(stack, block);
  block.one = stride === 1 && frozen.length === 0 && !hasHidden ? oneColumn(n, rows) : undefined;
}

function sumFrozen({ components }: Stack, { r, pixels, frozenNpred, frozen, n }: CountsBlock): void {
  frozenNpred.fill(0);
  for (const c of frozen) {
    const { vector } = components[c]!;
    const columns = components[c]!.columns(r);
    const k = columns.length;
    const rows = new Float64Array(n.length * k);
    components[c]!.rows(r, pixels, rows, k, 0);
    for (let i = 0, j = 0; i < n.length; i++) {
      for (let q = 0; q < k; q++) frozenNpred[i]! += rows[j++]! * vector.s[columns[q]!]!;
    }
  }
}
