import type { Stack } from "../../fold/component.js";
import type { CountsBlock, Part } from "./blocks.js";

/** Lower triangle of h += J^T gram J, with J the derivatives of the directions by the parameters. */
export function addGram(block: CountsBlock, stack: Stack, h: Float64Array): void {
  const { parts } = block;
  for (const a of parts) {
    for (const b of parts) {
      if (stack.parameter[b.component]! <= stack.parameter[a.component]!) addParts(block, stack, a, b, h);
    }
  }
}

/** The share of the directions of parts a and b: each is one parameter, or depends on all of the component's by a row of ds. */
function addParts({ gram, columns, directions }: CountsBlock, stack: Stack, a: Part, b: Part, h: Float64Array): void {
  const pa = stack.parameter[a.component]!;
  const pb = stack.parameter[b.component]!;
  const va = stack.components[a.component]!.vector;
  const vb = stack.components[b.component]!.vector;
  const isOneA = a.vectors.length > 0;
  const isOneB = b.vectors.length > 0;
  for (let i = 0; i < a.directions; i++) {
    const ja = isOneA ? 0 : (columns[a.at + i]! - stack.column[a.component]!) * va.n;
    for (let j = 0; j < b.directions; j++) {
      const w = gram[(a.direction + i) * directions + b.direction + j]!;
      const jb = isOneB ? 0 : (columns[b.at + j]! - stack.column[b.component]!) * vb.n;
      for (let p = isOneA ? i : 0; p < (isOneA ? i + 1 : va.n); p++) {
        const x = isOneA ? w : w * va.ds[ja + p]!;
        const row = (pa + p) * stack.n;
        for (let q = isOneB ? j : 0; q < (isOneB ? j + 1 : vb.n); q++) {
          if (pb + q <= pa + p) h[row + pb + q]! += isOneB ? x : x * vb.ds[jb + q]!;
        }
      }
    }
  }
}
