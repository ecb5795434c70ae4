/** Nodes of integrals over a function that jumps. */

/** How near to a jump, relative to its place, the function is evaluated on both sides of it. */
const BESIDE = 1e-10;

/** Nodes of an interval, and where the function is evaluated for each: beside its jumps. */
export interface CutNodes {
  /** [n] in their order; each jump is twice there */
  readonly nodes: Float64Array;
  /** [n] */
  readonly at: Float64Array;
}

/** Index of the first of increasing `values` that is above x. */
function firstAbove(values: Float64Array, x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `count` geometric nodes on [x0, x1] with those at the jumps (increasing) inside and at the ends; undefined where there are no jumps. */
export function cutNodes(x0: number, x1: number, count: number, jumps: Float64Array): CutNodes | undefined {
  const first = firstAbove(jumps, x0 * (1 - BESIDE));
  const end = firstAbove(jumps, x1 * (1 + BESIDE));
  if (first === end) return undefined;
  const nodes: number[] = [];
  const at: number[] = [];
  let next = first;
  for (let k = 0; k < count; k++) {
    const x = k === count - 1 ? x1 : x0 * (x1 / x0) ** (k / (count - 1));
    let isJump = false;
    for (; next < end && jumps[next]! <= x * (1 + BESIDE); next++) {
      const jump = jumps[next]!;
      const place = Math.min(Math.max(jump, x0), x1);
      if (jump > x0 * (1 + BESIDE)) {
        nodes.push(place);
        at.push(jump * (1 - BESIDE));
      }
      if (jump < x1 * (1 - BESIDE)) {
        nodes.push(place);
        at.push(jump * (1 + BESIDE));
      }
      isJump = jump >= x * (1 - BESIDE);
    }
    if (isJump) continue;
    nodes.push(x);
    at.push(x);
  }
  return { nodes: Float64Array.from(nodes), at: Float64Array.from(at) };
}
