import type { MinimizeResult } from "../types.js";
import { endAtLimit, endHere, placeOnLine, reachOf } from "./line.js";
import { minimizeOthers } from "./others.js";
import { LEVEL_ACCURACY, type LevelEnd, type LevelPoint, type Levels, type Line } from "./state.js";

/** Factors by which the search outwards grows, first and after `FIRST_STEPS`; steps of it, and of the search inside the bracket. */
const GROWTH = 1.7;
const LATER_GROWTH = 4;
const FIRST_STEPS = 8;
const MAX_GROW = 80;
const MAX_STEPS = 200;

/** The profile of f along a line, the other parameters minimised over: at t = a below the level, at t = b above it. */
interface Bracket {
  readonly line: Line;
  readonly wanted: number;
  readonly target: number;
  /** With the value there, and the point [n]. */
  a: number;
  fa: number;
  xa: Float64Array;
  b: number;
  fb: number;
  /** The last minimisation over the others, where it failed. */
  failure: MinimizeResult | undefined;
}

/** Looks for the level along the profile from the minimum outwards, and then between the last two points: slow, and without derivatives along the line. */
export function findByBracket(s: Levels, wanted: number, line: Line, first: number | undefined): LevelPoint {
  const b: Bracket = {
    line,
    wanted,
    target: s.fMin + wanted,
    a: 0,
    fa: s.fMin,
    xa: s.xMin,
    b: first !== undefined && first > 0 ? first : firstStep(s, wanted, line),
    fb: Number.NaN,
    failure: undefined,
  };
  return growBracket(s, b) ?? narrowBracket(s, b);
}

/** Where a parabola with the curvature of the minimum, the others held, reaches the level; without one, about a standard deviation. */
function firstStep({ n, f, hessian: h }: Levels, wanted: number, { i, vi, j, vj }: Line): number {
  const curvature = h[i * n + i]! * vi * vi + (j >= 0 ? h[j * n + j]! * vj * vj : 0);
  const step = curvature > 0 ? Math.sqrt((2 * wanted) / curvature) : 0;
  if (step > 0 && Number.isFinite(step)) return step;
  return Math.min(
    f.scale[i]! / Math.abs(vi || 1e-300),
    j >= 0 ? f.scale[j]! / Math.abs(vj || 1e-300) : Number.POSITIVE_INFINITY,
  );
}

/** The profile at t, the others minimised over from the point `from`; Infinity outside the domain. The point is then the present one. */
function profileAt(s: Levels, b: Bracket, t: number, from: Float64Array): number {
  const { i, j } = b.line;
  const p = from.slice();
  placeOnLine(s, b.line, t, p);
  const r = minimizeOthers(s, p, i, j);
  const isInDomain = Number.isFinite(r.value);
  s.x.set(isInDomain ? r.x : p);
  s.value = isInDomain ? r.value : Number.POSITIVE_INFINITY;
  b.failure = r.failure;
  return s.value;
}

/** Moves a and b outwards until the level lies between them (undefined), or says why it does not. */
function growBracket(s: Levels, b: Bracket): LevelPoint | undefined {
  const { line, wanted } = b;
  const far = reachOf(s, line);
  b.b = Math.min(b.b, far);
  for (let step = 0; step < MAX_GROW; step++) {
    if (s.signal?.aborted) return endHere(s, wanted, b.b, { status: "aborted" });
    b.fb = profileAt(s, b, b.b, b.xa);
    if (b.fb > b.target) return undefined;
    b.a = b.b;
    b.fa = b.fb;
    b.xa = s.x.slice();
    if (b.b >= far) return endAtLimit(s, wanted, line, far);
    b.b = Math.min(far, b.b * (step < FIRST_STEPS ? GROWTH : LATER_GROWTH));
  }
  return endHere(s, wanted, b.a, { status: "not found", reason: "no rise", parameter: line.i });
}

/**
 * Root of sqrt(rise) - sqrt(wanted), which is nearly linear in t, by the Illinois method [Dowell & Jarratt 1971, BIT 11, 168]; halves the
 * bracket at every eighth step, and beside the edge of the domain.
 */
function narrowBracket(s: Levels, bracket: Bracket): LevelPoint {
  const { line, wanted, target } = bracket;
  let { a, fa, xa, b } = bracket;
  const height = (value: number) => Math.sqrt(Math.max(0, value - s.fMin)) - Math.sqrt(wanted);
  let ha = height(fa);
  let hb = height(bracket.fb);
  for (let step = 0; step < MAX_STEPS; step++) {
    if (s.signal?.aborted) return endHere(s, wanted, b, { status: "aborted" });
    let c = Number.isFinite(hb) ? b - (hb * (b - a)) / (hb - ha) : 0.5 * (a + b);
    if (!(c > a && c < b) || step % 8 === 7) c = 0.5 * (a + b);
    if (c <= a || c >= b) break;
    const fc = profileAt(s, bracket, c, xa);
    if (Math.abs(fc - target) <= LEVEL_ACCURACY * wanted + s.rounding) {
      return endHere(s, wanted, c, endOnLevel(bracket.failure));
    }
    const hc = height(fc);
    if (fc > target) {
      b = c;
      hb = hc;
      ha *= 0.5;
    } else {
      a = c;
      ha = hc;
      fa = fc;
      xa = s.x.slice();
      if (Number.isFinite(hb)) hb *= 0.5;
    }
  }
  s.x.set(xa);
  s.value = fa;
  return endHere(s, wanted, a, { status: "not found", reason: "jump", parameter: line.i });
}

function endOnLevel(failure: MinimizeResult | undefined): LevelEnd {
  return failure === undefined ? { status: "ok" } : { status: "not found", reason: "others", failure };
}
