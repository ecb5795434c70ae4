import { findLevel, isFound, type LevelPoint, type Levels, type LowerMinimum, lineAlong } from "./level.js";

/** How far the function is to rise. */
export interface Rise {
  /** Number of standard deviations; default 1. */
  readonly sigma?: number;
  /** Rise of the function instead: sigma^2 errorDef. */
  readonly delta?: number;
}

export interface MinosResult {
  readonly index: number;
  readonly delta: number;
  /** Distances from the minimum, both positive: to the crossing, or to the limit; NaN where not found, see the status. */
  readonly errn: number;
  readonly errp: number;
  readonly lower: LevelPoint;
  readonly upper: LevelPoint;
  /** Each side ends at a crossing or at a limit, and no lower minimum was met. */
  readonly success: boolean;
  readonly lowerMinimum: LowerMinimum | undefined;
  readonly nfev: number;
}

export function deltaOf({ delta, sigma = 1 }: Rise, errorDef: number): number {
  return delta ?? sigma ** 2 * errorDef;
}

/** Errors of parameter `index` from the profile of f: where it has risen by delta, the other parameters at their minimum [James & Roos 1975]. */
export function minosOf(levels: Levels, index: number, rise: Rise = {}): MinosResult {
  const { calls } = levels.f;
  const before = calls.nfev;
  const delta = deltaOf(rise, levels.errorDef);
  const lower = findLevel(levels, delta, lineAlong(index, -1));
  const upper = findLevel(levels, delta, lineAlong(index, 1));
  const lowerMinimum = levels.lowest;
  return {
    index,
    delta,
    errn: isFound(lower.end) ? lower.t : Number.NaN,
    errp: isFound(upper.end) ? upper.t : Number.NaN,
    lower,
    upper,
    success: isFound(lower.end) && isFound(upper.end) && lowerMinimum === undefined,
    lowerMinimum,
    nfev: calls.nfev - before,
  };
}
