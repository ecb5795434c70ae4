import { createLevels, type LevelStatus } from "./level.js";
import { deltaOf, lowerInWords, type MinosOptions } from "./minos.js";
import type { Objective } from "./types.js";

export interface LimitResult {
  /** Value of the parameter at the limit; where the status is not "ok", the last value reached. */
  readonly limit: number;
  readonly status: LevelStatus;
  readonly message: string;
  /** f - fMin there. */
  readonly delta: number;
  readonly x: Float64Array;
  readonly lowerMinimum?: { readonly x: Float64Array; readonly value: number };
  readonly nfev: number;
}

/** Upper (or lower) limit of parameter `index`: where the profile has risen by delta; searched until found, at a limit, or shown not to exist. */
export function upperLimit(
  f: Objective,
  xMin: Float64Array,
  index: number,
  options: MinosOptions & { side?: "upper" | "lower" } = {},
): LimitResult {
  const levels = createLevels(f, xMin, options);
  const p = levels.find(deltaOf(options), index, options.side === "lower" ? -1 : 1, -1, 0);
  const lowerMinimum = levels.lowerMinimum();
  const words = lowerMinimum ? lowerInWords(levels, lowerMinimum.value) : "";
  return {
    limit: p.x[index]!,
    status: p.status,
    message: [p.message, words].filter((s) => s !== "").join("; "),
    delta: p.delta,
    x: p.x,
    lowerMinimum,
    nfev: levels.f.calls.nfev,
  };
}
