import { findByBracket } from "./level/bracket.js";
import { endAtLimit, endHere, placeOnLine, reachOf } from "./level/line.js";
import { moveOthers, setModel, stepToLevel } from "./level/model.js";
import { noteLowest } from "./level/others.js";
import { LEVEL_ACCURACY, type LevelPoint, type Levels, type Line } from "./level/state.js";

export { isFound } from "./level/line.js";
export { type KnownMinimum, minimumBeside } from "./level/near.js";
export { type HeldMinimum, minimizeOthers } from "./level/others.js";
export {
  createLevels,
  type LevelEnd,
  type LevelOptions,
  type LevelPoint,
  type LevelStatus,
  type Levels,
  type Line,
  type LowerMinimum,
  lineAlong,
} from "./level/state.js";

/** A point near the level that is looked for: its distance along the line, and the full vector [n]. */
export interface LevelStart {
  readonly t: number;
  readonly x: Float64Array;
}

/** Newton steps before the search by bracket takes over. */
const MAX_STEPS = 20;

/**
 * Where f rises to fMin + wanted along a line (t > 0), the other parameters at their minimum: Newton's method on
 * {d f / d others = 0, f = fMin + wanted} [Venzon & Moolgavkar 1988, Appl. Statist. 37, 87], and a bracketing search along the profile
 * where that fails.
 */
export function findLevel(s: Levels, wanted: number, line: Line, start?: LevelStart): LevelPoint {
  const far = reachOf(s, line);
  moveToMinimum(s);
  if (far === 0) return endAtLimit(s, wanted, line, 0);
  let t = start === undefined ? Number.NaN : findByNewton(s, wanted, line, moveToStart(s, line, start, far));
  if (Number.isNaN(t)) {
    moveToMinimum(s);
    t = findByNewton(s, wanted, line, undefined);
  }
  if (t === Number.POSITIVE_INFINITY && s.value < s.fMin + wanted) return endAtLimit(s, wanted, line, far);
  if (Number.isFinite(t)) return { ...endHere(s, wanted, t, { status: "ok" }), hessian: s.h.slice() };
  return findByBracket(s, wanted, line, start?.t);
}

/** Returns t there. */
function moveToStart(s: Levels, line: Line, start: LevelStart, far: number): number {
  const t = Math.min(start.t, far);
  s.x.set(start.x);
  placeOnLine(s, line, t, s.x);
  return t;
}

function moveToMinimum(s: Levels): void {
  s.x.set(s.xMin);
  s.value = s.fMin;
}

/**
 * Newton's method from the present point at t, or, t undefined, from the minimum, where the derivatives are known. Returns t at the level, Infinity where
 * it is beyond the reach of the line, NaN where the method fails; the point is then the present one.
 */
function findByNewton(s: Levels, wanted: number, line: Line, from: number | undefined): number {
  const { f, x, g, h, model, fMin, rounding } = s;
  const far = reachOf(s, line);
  const target = fMin + wanted;
  let t = from ?? 0;
  let isKnown = from === undefined;
  if (isKnown) {
    g.set(s.gradient);
    h.set(s.hessian);
    s.value = fMin;
  }
  for (let step = 0; step < MAX_STEPS; step++) {
    if (!isKnown) {
      s.value = f.hessian(x, g, h);
      if (!Number.isFinite(s.value)) return Number.NaN;
      noteLowest(s, x, s.value);
    }
    if (!setModel(s, line)) return Number.NaN;
    const { distance, slope } = model;
    const isOnLevel = Math.abs(s.value - target) <= LEVEL_ACCURACY * wanted + rounding;
    const isAtMinimum = distance <= LEVEL_ACCURACY * wanted;
    if (!isKnown && t > 0 && isOnLevel && isAtMinimum && slope > 0) return t;
    isKnown = false;
    let dt = stepToLevel(model, s.value - distance - target);
    if (!Number.isFinite(dt)) return Number.NaN;
    if (t > 0) dt = Math.min(Math.max(dt, -0.8 * t), 2 * t);
    if (t + dt >= far) {
      // at the limit only the others move; at their minimum there, the level is beyond
      if (t >= far && isAtMinimum) return Number.POSITIVE_INFINITY;
      dt = far - t;
    }
    t = t + dt;
    placeOnLine(s, line, t, x);
    moveOthers(s, dt);
  }
  return Number.NaN;
}
