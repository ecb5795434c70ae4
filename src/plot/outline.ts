/** A smooth closed curve through points. */
import { extent } from "./check.js";
import type { Values } from "./marks.js";

/** Pieces between two points. */
const PIECES = 8;

/**
 * A closed centripetal Catmull-Rom spline through points in order, which neither overshoots nor loops where points are close to each other (Yuksel, Schaefer &
 * Keyser 2011, Computer-Aided Design 43, 747). Distances are shares of the extent in x and y. Fewer than five points, or one that is not finite: straight lines.
 */
export function smoothOutline(xs: Values, ys: Values): { x: number[]; y: number[] } {
  const points = distinct(xs, ys);
  const n = points.length;
  const closed = [...points, ...points.slice(0, 1)];
  if (n < 5 || points.some(([x, y]) => !Number.isFinite(x + y))) {
    return { x: closed.map((p) => p[0]), y: closed.map((p) => p[1]) };
  }
  const [spanX, spanY] = [0, 1].map((axis) => {
    const [lo, hi] = extent(points.map((p) => p[axis]!))!;
    return hi - lo || 1;
  }) as [number, number];
  const out: { x: number[]; y: number[] } = { x: [], y: [] };
  for (let i = 0; i < n; i++) {
    const [a, b, c, d] = [i + n - 1, i, i + 1, i + 2].map((k) => points[k % n]!) as [Pair, Pair, Pair, Pair];
    const knot = (p: Pair, q: Pair) => Math.hypot((q[0] - p[0]) / spanX, (q[1] - p[1]) / spanY) ** 0.5;
    const [h0, h1, h2] = [knot(a, b), knot(b, c), knot(c, d)];
    for (let k = 0; k < PIECES; k++) {
      out.x.push(between(a[0], b[0], c[0], d[0], h0, h1, h2, k / PIECES));
      out.y.push(between(a[1], b[1], c[1], d[1], h0, h1, h2, k / PIECES));
    }
  }
  return { x: [...out.x, points[0]![0]], y: [...out.y, points[0]![1]] };
}

type Pair = readonly [number, number];

/** Points that differ from the one before. */
function distinct(xs: Values, ys: Values): Pair[] {
  const n = xs.length;
  return Array.from({ length: n }, (_, i): Pair => [xs[i]!, ys[i]!]).filter(
    ([x, y], i) => n === 1 || x !== xs[(i + n - 1) % n] || y !== ys[(i + n - 1) % n],
  );
}

/** The cubic from b to c, t from 0 to 1, with the slopes of the parabolas through a, b, c and b, c, d; h: distances of the knots. */
function between(a: number, b: number, c: number, d: number, h0: number, h1: number, h2: number, t: number): number {
  const slopeB = h1 * ((b - a) / h0 - (c - a) / (h0 + h1) + (c - b) / h1);
  const slopeC = h1 * ((c - b) / h1 - (d - b) / (h1 + h2) + (d - c) / h2);
  const cubic = 2 * (b - c) + slopeB + slopeC;
  const square = 3 * (c - b) - 2 * slopeB - slopeC;
  return ((cubic * t + square) * t + slopeB) * t + b;
}
