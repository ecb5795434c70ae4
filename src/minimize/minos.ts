import { createLevels, type LevelOptions, type LevelPoint, type Levels } from "./level.js";
import type { Objective } from "./types.js";

export interface MinosOptions extends LevelOptions {
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
  /** In words, for each side that has no crossing; and a lower minimum, if one was met. */
  readonly message: string;
  readonly lowerMinimum?: { readonly x: Float64Array; readonly value: number };
  readonly nfev: number;
}

export function deltaOf(options: { sigma?: number; delta?: number; errorDef?: number }): number {
  return options.delta ?? (options.sigma ?? 1) ** 2 * (options.errorDef ?? 1);
}

/** Errors of parameter `index` from the profile of f: where it has risen by delta, the other parameters re-optimised. */
export function minos(f: Objective, xMin: Float64Array, index: number, options: MinosOptions = {}): MinosResult {
  return minosOf(createLevels(f, xMin, options), index, options);
}

/** The same with a work space that serves many parameters. */
export function minosOf(levels: Levels, index: number, options: MinosOptions = {}): MinosResult {
  const before = levels.f.calls.nfev;
  const delta = deltaOf(options);
  const down = levels.find(delta, index, -1, -1, 0);
  const up = levels.find(delta, index, 1, -1, 0);
  const error = (p: LevelPoint) => (p.status === "ok" || p.status === "at limit" ? p.t : Number.NaN);
  const parts: string[] = [];
  if (down.status !== "ok") parts.push(`lower error ${down.status}: ${down.message}`);
  if (up.status !== "ok") parts.push(`upper error ${up.status}: ${up.message}`);
  const lowerMinimum = levels.lowerMinimum();
  if (lowerMinimum) parts.push(lowerInWords(levels, lowerMinimum.value));
  return {
    index,
    delta,
    errn: error(down),
    errp: error(up),
    lower: down,
    upper: up,
    success: [down, up].every((p) => p.status === "ok" || p.status === "at limit") && lowerMinimum === undefined,
    message: parts.join("; "),
    lowerMinimum,
    nfev: levels.f.calls.nfev - before,
  };
}

export function lowerInWords(levels: Levels, value: number): string {
  return `a lower minimum was met, by ${Number((levels.fMin - value).toPrecision(4))}: fit again from there`;
}
