import { predict } from "../minimize/follow.js";
import {
  findLevel,
  isFound,
  type KnownMinimum,
  type LevelStart,
  type Levels,
  lineAlong,
  minimizeOthers,
  minimumBeside,
} from "../minimize/level.js";
import { anchorAt } from "../minimize/scan.js";

/** The statistic of a fit at fixed norms (parameter 0), the others fitted again from where the minima that are known lead to. */
export interface NormProfile {
  readonly levels: Levels;
  /** Where the fit began [n]. */
  readonly start: Float64Array;
  /** In the order of their norms. */
  readonly known: KnownMinimum[];
  /** The last level that was found: at how many standard deviations, and how far from the minimum; both negative below it. */
  found: { readonly n: number; readonly u: number } | undefined;
}

export function createNormProfile(levels: Levels, start: Float64Array): NormProfile {
  const profile: NormProfile = { levels, start, known: [], found: undefined };
  addMinimum(profile, levels.xMin, levels.hessian);
  return profile;
}

/** Takes up a minimum over the others, with its Hessian. */
function addMinimum({ levels, known }: NormProfile, x: Float64Array, hessian: Float64Array): void {
  if (known.some(({ at }) => at === x[0])) return;
  const anchor = anchorAt(levels, { x: x.slice(), hessian, failure: undefined }, 0, [0]);
  known.push({ ...anchor, hessian: hessian.slice() });
  known.sort((a, b) => a.at - b.at);
}

/** Distance from the minimum to where the statistic has risen by delta, on the side of `sign`; `error`: one standard deviation. NaN where there is none. */
export function riseOf(profile: NormProfile, delta: number, sign: 1 | -1, error: number): number {
  const { levels } = profile;
  const point = findLevel(levels, delta, lineAlong(0, sign), expectedLevel(profile, error, delta, sign));
  if (point.hessian !== undefined) {
    addMinimum(profile, point.x, point.hessian);
    profile.found = { n: sign * Math.sqrt(delta), u: sign * point.t };
  }
  return isFound(point.end) ? point.t : Number.NaN;
}

/** The nearest minima on either side of a norm, or the two nearest on the side where there are some; the nearest one last. */
function neighbours({ known }: NormProfile, norm: number): [KnownMinimum | undefined, KnownMinimum] {
  const above = known.findIndex(({ at }) => at >= norm);
  const first = above < 0 ? known.length - 2 : Math.max(0, above - 1);
  const [a, b] = [known[Math.max(0, first)]!, known[first + 1]];
  if (b === undefined || first < 0) return [undefined, b ?? a];
  return Math.abs(a.at - norm) < Math.abs(b.at - norm) ? [b, a] : [a, b];
}

/** All parameters where the others are expected to be at their minimum. */
const expectedAt = (profile: NormProfile, norm: number): Float64Array =>
  withinLimits(profile, predict(...neighbours(profile, norm), norm), norm);

/** Puts the norm into x [n], and those at a limit to their start, as at the limit nothing may be predicted. */
function withinLimits({ start, levels }: NormProfile, x: Float64Array, norm: number): Float64Array {
  const { lower, upper } = levels;
  for (let i = 0; i < x.length; i++) if (!(x[i]! > lower[i]! && x[i]! < upper[i]!)) x[i] = start[i]!;
  x[0] = norm;
  return x;
}

/** The minimum over the others at a norm. */
export function statisticAt(profile: NormProfile, norm: number): number {
  const { levels } = profile;
  const from = expectedAt(profile, norm);
  const near = minimumBeside(levels, from, 0, neighbours(profile, norm)[1]);
  if (Number.isFinite(near)) return near;
  const found = minimizeOthers(levels, from, 0, -1);
  if (found.failure === undefined) {
    addMinimum(profile, found.x, found.hessian);
    return found.value;
  }
  const again = minimizeOthers(levels, withinLimits(profile, levels.xMin.slice(), norm), 0, -1);
  return again.value <= found.value ? again.value : found.value;
}

/**
 * Where a level is expected, as a distance from the minimum on the side of `sign`: u(n) = n sigma + n^2 skew at n standard deviations, the skew from the last level that was found. Undefined
 * before there is one.
 */
function expectedLevel(profile: NormProfile, error: number, delta: number, sign: 1 | -1): LevelStart | undefined {
  const { levels, found } = profile;
  if (found === undefined) return undefined;
  const skew = (found.u - found.n * error) / (found.n * found.n);
  const n = sign * Math.sqrt(delta);
  const t = sign * (n * error + n * n * skew);
  if (!(t > 0)) return undefined;
  const norm = levels.xMin[0]! + sign * t;
  return { t, x: expectedAt(profile, norm) };
}
