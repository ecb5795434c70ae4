import { follow } from "./follow.js";
import { createLevels, type LevelPoint, type LevelStatus, type Levels } from "./level.js";
import { deltaOf, lowerInWords, type MinosOptions } from "./minos.js";
import type { Objective } from "./types.js";

export interface ContourOptions extends MinosOptions {
  /** Number of points; default 20. */
  readonly points?: number;
  /** Only points [first, last) of them: a contour in parts. */
  readonly part?: readonly [first: number, last: number];
  readonly onPoint?: (done: number, total: number) => void;
}

export interface ContourResult {
  readonly indices: readonly [number, number];
  readonly delta: number;
  /** The points in order around the minimum [m]. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** f - fMin at each [m]: delta, or less where the contour is cut by a limit. */
  readonly deltas: Float64Array;
  readonly statuses: readonly LevelStatus[];
  /** Full vectors [m, n]. */
  readonly xs: Float64Array;
  readonly success: boolean;
  readonly message: string;
  readonly lowerMinimum?: { readonly x: Float64Array; readonly value: number };
  readonly nfev: number;
}

/** Points of the curve f = fMin + delta in two parameters, the others re-optimised, evenly spaced in the ellipse's own angle. */
export function contour(
  f: Objective,
  xMin: Float64Array,
  i: number,
  j: number,
  options: ContourOptions = {},
): ContourResult {
  return contourOf(createLevels(f, xMin, options), i, j, options);
}

/** The same with a work space that serves many contours. */
export function contourOf(levels: Levels, i: number, j: number, options: ContourOptions = {}): ContourResult {
  const { f } = levels;
  const n = f.n;
  const before = f.calls.nfev;
  const delta = deltaOf(options);
  const points = options.points ?? 20;
  const [first, last] = options.part ?? [0, points];
  const m = last - first;
  const axes = ellipse(levels, i, j);
  const x = new Float64Array(m);
  const y = new Float64Array(m);
  const deltas = new Float64Array(m);
  const statuses: LevelStatus[] = [];
  const xs = new Float64Array(m * n);
  const parts: string[] = [];
  let previous: { u: number; v: number; point: LevelPoint } | undefined;
  for (let k = 0; k < m; k++) {
    const phi = (2 * Math.PI * (first + k)) / points;
    const u = axes.a * Math.cos(phi);
    const v = axes.b * Math.cos(phi) + axes.c * Math.sin(phi);
    const start = previous?.point.status === "ok" ? predict(previous, u, v) : undefined;
    const point = levels.find(delta, i, u, j, v, start);
    previous = { u, v, point };
    x[k] = point.x[i]!;
    y[k] = point.x[j]!;
    deltas[k] = point.delta;
    statuses.push(point.status);
    xs.set(point.x, k * n);
    options.onPoint?.(k + 1, m);
    if (point.status !== "ok") parts.push(`point ${first + k} ${point.status}: ${point.message}`);
  }
  const lowerMinimum = levels.lowerMinimum();
  if (lowerMinimum) parts.push(lowerInWords(levels, lowerMinimum.value));
  return {
    indices: [i, j],
    delta,
    x,
    y,
    deltas,
    statuses,
    xs,
    success: parts.length === 0,
    message: parts.join("; "),
    lowerMinimum,
    nfev: f.calls.nfev - before,
  };

  /** The ellipse's answer for the others, plus what the previous point was off from it. */
  function predict(last: { u: number; v: number; point: LevelPoint }, u: number, v: number) {
    const start = last.point.x.slice();
    const t = last.point.t;
    for (let o = 0; o < n; o++) {
      if (o === i || o === j) continue;
      start[o]! += t * (axes.onI[o]! * (u - last.u) + axes.onJ[o]! * (v - last.v));
      start[o] = Math.min(Math.max(start[o]!, levels.lower[o]!), levels.upper[o]!);
    }
    return { t, x: start };
  }
}

/**
 * The curve's ellipse from the Hessian at the minimum: (x_i, x_j) = (a cos, b cos + c sin) for a rise of errorDef = 1/2 uT S u, with S the
 * Hessian of the profile, and how the others follow, d x_o / d x_i and d x_o / d x_j [n].
 */
function ellipse(levels: Levels, i: number, j: number) {
  const { hessian: h, xMin, lower, upper, errorDef } = levels;
  const n = xMin.length;
  const onI = new Float64Array(n);
  const onJ = new Float64Array(n);
  follow(h, xMin, lower, upper, i, [i, j], onI);
  follow(h, xMin, lower, upper, j, [i, j], onJ);
  let sii = h[i * n + i]!;
  let sij = h[i * n + j]!;
  let sjj = h[j * n + j]!;
  for (let o = 0; o < n; o++) {
    sii += h[i * n + o]! * onI[o]!;
    sij += h[i * n + o]! * onJ[o]!;
    sjj += h[j * n + o]! * onJ[o]!;
  }
  // no usable curvature: a circle in the units of the difference steps
  const det = sii * sjj - sij * sij;
  if (!(sii > 0) || !(sjj > 0) || !(det > 0)) return { a: levels.f.scale[i]!, b: 0, c: levels.f.scale[j]!, onI, onJ };
  const norm = 2 * errorDef;
  const cii = (norm * sjj) / det;
  const cij = (-norm * sij) / det;
  const a = Math.sqrt(cii);
  return { a, b: cij / a, c: Math.sqrt(norm / sjj), onI, onJ };
}
