import { type Anchor, follow, predict } from "./follow.js";
import {
  createLevels,
  type HeldMinimum,
  type LevelOptions,
  type Levels,
  type LowerMinimum,
  minimizeOthers,
} from "./level.js";
import type { MinimizeResult, Objective } from "./types.js";

export interface ScanOptions extends LevelOptions {
  /** Minimise over the other parameters at every value; default true. */
  readonly reoptimize?: boolean;
  readonly onPoint?: (done: number, total: number) => void;
}

/** What is wrong with a point of a scan. */
export interface ScanProblem {
  /** The values of the point lie outside the limits. */
  readonly isOutside: boolean;
  /** The minimisation over the other parameters, where it failed. */
  readonly failure: MinimizeResult | undefined;
  /** The value of the function, where it is not finite. */
  readonly value: number | undefined;
}

export interface ScanResult {
  /** f at each point [m]; NaN where it is not finite, with a problem. */
  readonly stat: Float64Array;
  /** Full vectors [m, n]. */
  readonly xs: Float64Array;
  /** Gradients there [m, n]; 0 unless the others were minimised over. */
  readonly gradients: Float64Array;
  /** Undefined where all is well [m]. */
  readonly problems: readonly (ScanProblem | undefined)[];
  readonly lowerMinimum: LowerMinimum | undefined;
  readonly nfev: number;
}

/** A scan under way: what has been found so far is as in `ScanResult`. */
export interface Scan {
  readonly levels: Levels;
  readonly stat: Float64Array;
  readonly xs: Float64Array;
  readonly gradients: Float64Array;
  readonly problems: (ScanProblem | undefined)[];
  readonly reoptimize: boolean;
  /** Called after each point. */
  readonly done: () => void;
}

export function createScan(f: Objective, xMin: Float64Array, size: number, options: ScanOptions): Scan {
  let points = 0;
  return {
    levels: createLevels(f, xMin, options),
    stat: new Float64Array(size).fill(Number.NaN),
    xs: new Float64Array(size * f.n),
    gradients: new Float64Array(size * f.n),
    problems: new Array(size).fill(undefined),
    reoptimize: options.reoptimize ?? true,
    done: () => options.onPoint?.(++points, size),
  };
}

export function resultOf({ levels, stat, xs, gradients, problems }: Scan): ScanResult {
  return { stat, xs, gradients, problems, lowerMinimum: levels.lowest, nfev: levels.f.calls.nfev };
}

/** Minima along one parameter: the next one is looked for where the last two point. */
export interface Path {
  /** Which parameter. */
  readonly along: number;
  older: Anchor | undefined;
  last: Anchor;
}

/** A minimum from which a path starts or goes on, with its Hessian. */
export type Found = Pick<HeldMinimum, "x" | "hessian" | "failure">;

/** The minimum that the scan starts from. */
export function minimumOf({ levels }: Scan): Found {
  return { x: levels.xMin, hessian: levels.hessian, failure: undefined };
}

/** How the others follow parameter `along`, those in `held` not; where the minimisation over them failed, a place to start from without a direction. */
export function anchorAt(
  { lower, upper }: Levels,
  { x, hessian, failure }: Found,
  along: number,
  held: readonly number[],
): Anchor {
  const slope = new Float64Array(x.length);
  if (failure === undefined) follow(hessian, x, lower, upper, along, held, slope);
  return { at: x[along]!, x, slope };
}

/** A point of a scan: x_i = xi and x_j = xj, or j = -1 where it is one parameter; `slot` is its place in the results. */
export interface ScanPoint {
  readonly slot: number;
  readonly i: number;
  readonly xi: number;
  readonly j: number;
  readonly xj: number;
}

/** One point of a scan; goes on with the path unless f is not finite here. */
export function scanPoint(s: Scan, point: ScanPoint, path: Path): HeldMinimum | undefined {
  const { levels } = s;
  const { slot, i, xi, j, xj } = point;
  const { n } = levels;
  const found = s.reoptimize ? minimizeAlong(levels, point, path) : undefined;
  const x = found?.x ?? levels.xMin.slice();
  if (found === undefined) placePoint(point, x);
  else s.gradients.set(found.gradient, slot * n);
  const value = found?.value ?? levels.f.value(x);
  const isInDomain = Number.isFinite(value);
  const isOutside = isBeyond(levels, i, xi) || isBeyond(levels, j, xj);
  if (isOutside || found?.failure !== undefined || !isInDomain) {
    s.problems[slot] = { isOutside, failure: found?.failure, value: isInDomain ? undefined : value };
  }
  s.stat[slot] = isInDomain ? value : Number.NaN;
  s.xs.set(x, slot * n);
  s.done();
  if (found === undefined || !isInDomain) return undefined;
  extendPath(levels, path, found, j < 0 ? [i] : [i, j]);
  return found;
}

function isBeyond({ lower, upper }: Levels, k: number, value: number): boolean {
  return k >= 0 && (value < lower[k]! || value > upper[k]!);
}

function placePoint({ i, xi, j, xj }: ScanPoint, x: Float64Array): void {
  x[i] = xi;
  if (j >= 0) x[j] = xj;
}

/** The minimum over the others, from where the path leads; where that fails, from its last point. */
function minimizeAlong(levels: Levels, point: ScanPoint, path: Path): HeldMinimum {
  const { i, xi, j, xj } = point;
  const { lower, upper } = levels;
  const search = (start: Float64Array) => {
    for (let o = 0; o < start.length; o++) start[o] = Math.min(Math.max(start[o]!, lower[o]!), upper[o]!);
    placePoint(point, start);
    return minimizeOthers(levels, start, i, j);
  };
  const found = search(predict(path.older, path.last, path.along === i ? xi : xj));
  const isDirected = path.older !== undefined || path.last.slope.some((v) => v !== 0);
  if (!isDirected || (found.failure === undefined && Number.isFinite(found.value))) return found;
  const again = search(path.last.x.slice());
  return again.failure === undefined || !(again.value >= found.value) ? again : found;
}

function extendPath(levels: Levels, path: Path, found: HeldMinimum, held: readonly number[]): void {
  const next = anchorAt(levels, found, path.along, held);
  if (found.failure !== undefined) path.older = undefined;
  else if (next.at !== path.last.at) path.older = path.last;
  path.last = next;
}
