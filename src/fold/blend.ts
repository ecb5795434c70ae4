/** Images of a shape made in two ways, passing smoothly from one to the other as a size of the shape changes. */
import type { Box } from "../math/convolution.js";
import { chain, type Jet } from "../models/jet.js";

/** Step of differences by a parameter, as a share of it: fourth order leaves 1e-11 of a derivative of what is as smooth as a power of it. */
const STEP = 1e-3;

/** f with its derivatives by the parameters `free`, by differences: for lengths of a shape, which are cheap and smooth. */
export function jetOf(f: (p: Float64Array) => number, p: Float64Array, free: readonly number[]): Jet {
  const n = free.length;
  const q = p.slice();
  const steps = free.map((i) => STEP * (Math.abs(p[i]!) || 1));
  const at = (a: number, da: number, b: number, db: number) => {
    q[free[a]!]! += da * steps[a]!;
    q[free[b]!]! += db * steps[b]!;
    const value = f(q);
    q[free[a]!] = p[free[a]!]!;
    q[free[b]!] = p[free[b]!]!;
    return value;
  };
  const v = f(p);
  const g = new Float64Array(n);
  const h = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    const [near, far] = [1, 2].map((k) => [at(a, k, a, 0), at(a, -k, a, 0)] as const) as [Sides, Sides];
    g[a] = (8 * (near[0] - near[1]) - (far[0] - far[1])) / (12 * steps[a]!);
    h[a * n + a] = (16 * (near[0] + near[1]) - (far[0] + far[1]) - 30 * v) / (12 * steps[a]! ** 2);
    for (let b = 0; b < a; b++) {
      const cross = (k: number) =>
        (at(a, k, b, k) - at(a, k, b, -k) - at(a, -k, b, k) + at(a, -k, b, -k)) / (4 * k * k);
      h[a * n + b] = h[b * n + a] = (4 * cross(1) - cross(2)) / (3 * steps[a]! * steps[b]!);
    }
  }
  return { v, g, h };
}

type Sides = readonly [up: number, down: number];

/** 0 for x <= from, 1 for x >= to, twice continuously differentiable between. */
export function smoothStep(x: Jet, from: number, to: number): Jet {
  const width = to - from;
  const t = Math.min(Math.max((x.v - from) / width, 0), 1);
  const first = (30 * t * t * (1 - t) ** 2) / width;
  const second = (60 * t * (1 - t) * (1 - 2 * t)) / width ** 2;
  return chain(x, t * t * t * (10 + t * (6 * t - 15)), first, second);
}

/** a += weight (b - a) inside the box, with derivatives: sets of images as `shapeImages` has them, the weight by the same parameters. */
export function blend(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  weight: Jet,
  order: 0 | 1 | 2,
  width: number,
  { x0, x1, y0, y1 }: Box,
): void {
  const n = order === 0 ? 0 : weight.g.length;
  const { v, g, h } = weight;
  for (let y = y0; y < y1; y++) {
    for (let k = y * width + x0; k < y * width + x1; k++) {
      const difference = b[0]![k]! - a[0]![k]!;
      // from the last derivatives to the value: each needs lower ones of both sets
      for (let i = n - 1, q = a.length - 1; order === 2 && i >= 0; i--) {
        for (let j = i; j >= 0; j--, q--) {
          const slopes = g[i]! * (b[1 + j]![k]! - a[1 + j]![k]!) + g[j]! * (b[1 + i]![k]! - a[1 + i]![k]!);
          a[q]![k]! += v * (b[q]![k]! - a[q]![k]!) + slopes + h[i * n + j]! * difference;
        }
      }
      for (let i = 0; i < n; i++) a[1 + i]![k]! += v * (b[1 + i]![k]! - a[1 + i]![k]!) + g[i]! * difference;
      a[0]![k]! += v * difference;
    }
  }
}
