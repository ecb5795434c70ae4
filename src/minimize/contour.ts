import { follow } from "./follow.js";
import { findLevel, type LevelPoint, type LevelStart, type Levels, type LowerMinimum } from "./level.js";
import { deltaOf, type Rise } from "./minos.js";

export interface ContourOptions extends Rise {
  /** Number of points; default 20. */
  readonly points?: number;
  /** Only points [first, last) of them: a contour in parts. */
  readonly part?: readonly [first: number, last: number];
  readonly onPoint?: (done: number, total: number) => void;
}

export interface ContourResult {
  readonly indices: readonly [number, number];
  readonly delta: number;
  /** In order around the minimum; `delta` of a point is less where the contour is cut by a limit. */
  readonly points: readonly LevelPoint[];
  readonly lowerMinimum: LowerMinimum | undefined;
  readonly nfev: number;
}

/** Points of the curve f = fMin + delta in two parameters, the others at their minimum, evenly spaced in the angle of `Ellipse`. */
export function contourOf(levels: Levels, i: number, j: number, options: ContourOptions = {}): ContourResult {
  const { calls } = levels.f;
  const before = calls.nfev;
  const delta = deltaOf(options, levels.errorDef);
  const total = options.points ?? 20;
  const [first, last] = options.part ?? [0, total];
  const ellipse = ellipseOf(levels, i, j);
  const points: LevelPoint[] = [];
  let previous: Direction | undefined;
  for (let k = first; k < last; k++) {
    const phi = (2 * Math.PI * k) / total;
    const vi = ellipse.a * Math.cos(phi);
    const vj = ellipse.b * Math.cos(phi) + ellipse.c * Math.sin(phi);
    const start = previous?.point.end.status === "ok" ? predict(levels, ellipse, previous, vi, vj) : undefined;
    const point = findLevel(levels, delta, { i, vi, j, vj }, start);
    previous = { vi, vj, point };
    points.push(point);
    options.onPoint?.(points.length, last - first);
  }
  return { indices: [i, j], delta, points, lowerMinimum: levels.lowest, nfev: calls.nfev - before };
}

/** A direction of the line in which a point was found. */
interface Direction {
  readonly vi: number;
  readonly vj: number;
  readonly point: LevelPoint;
}

/**
 * The contour in the parabolic approximation: (x_i, x_j) = (a cos, b cos + c sin) for a rise of errorDef = 1/2 uT S u, with S the
 * Hessian of the profile, and how the others follow, d x_o / d x_i and d x_o / d x_j [n].
 */
interface Ellipse {
  readonly i: number;
  readonly j: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly onI: Float64Array;
  readonly onJ: Float64Array;
}

function ellipseOf(levels: Levels, i: number, j: number): Ellipse {
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
  if (!(sii > 0) || !(sjj > 0) || !(det > 0)) {
    return { i, j, a: levels.f.scale[i]!, b: 0, c: levels.f.scale[j]!, onI, onJ };
  }
  const norm = 2 * errorDef;
  const cii = (norm * sjj) / det;
  const cij = (-norm * sij) / det;
  const a = Math.sqrt(cii);
  return { i, j, a, b: cij / a, c: Math.sqrt(norm / sjj), onI, onJ };
}

/** The others where the ellipse has them, plus how far the previous point was off from it. */
function predict(levels: Levels, { i, j, onI, onJ }: Ellipse, last: Direction, vi: number, vj: number): LevelStart {
  const { lower, upper } = levels;
  const { t } = last.point;
  const x = last.point.x.slice();
  for (let o = 0; o < x.length; o++) {
    if (o === i || o === j) continue;
    x[o]! += t * (onI[o]! * (vi - last.vi) + onJ[o]! * (vj - last.vj));
    x[o] = Math.min(Math.max(x[o]!, lower[o]!), upper[o]!);
  }
  return { t, x };
}
