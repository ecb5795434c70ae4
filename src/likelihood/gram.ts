import type { Stack } from "../fold/component.js";
import type { CountsBlock, Part } from "./counts-blocks.js";

/** Lower triangle of h += J^T gram J, with J the derivatives of the directions by the parameters. */
export function addGram(block: CountsBlock, stack: Stack, h: Float64Array): void {
  const { parts } = block;
  for (const a of parts) {
    for (const b of parts) {
      if (stack.parameter[b.component]! > stack.parameter[a.component]!) continue;
      for (let i = 0; i < a.directions; i++) {
        for (let j = 0; j < b.directions; j++) addPair(block, stack, a, i, b, j, h);
      }
    }
  }
}

/** The share of directions i of part a and j of part b. */
function addPair(
  { gram, columns, directions }: CountsBlock,
  stack: Stack,
  a: Part,
  i: number,
  b: Part,
  j: number,
  h: Float64Array,
): void {
  const w = gram[(a.direction + i) * directions + b.direction + j]!;
  const pa = stack.parameter[a.component]!;
  const pb = stack.parameter[b.component]!;
  const va = stack.components[a.component]!.vector;
  const vb = stack.components[b.component]!.vector;
  const fa = a.vectors.length > 0;
  const fb = b.vectors.length > 0;
  const ja = fa ? 0 : (columns[a.at + i]! - stack.column[a.component]!) * va.n;
  const jb = fb ? 0 : (columns[b.at + j]! - stack.column[b.component]!) * vb.n;
  for (let p = fa ? i : 0; p < (fa ? i + 1 : va.n); p++) {
    const x = fa ? w : w * va.ds[ja + p]!;
    const row = (pa + p) * stack.n;
    for (let q = fb ? j : 0; q < (fb ? j + 1 : vb.n); q++) {
      if (pb + q <= pa + p) h[row + pb + q]! += fb ? x : x * vb.ds[jb + q]!;
    }
  }
}
