import type { Joint } from "./joint.js";

/** Steps away from a limit that are tried, in parts of the range, and numbers of values of what has a period. */
const STEPS = [0.1, 0.3, 0.6];
const PHASES = 6;
/** A search may end next to a limit at which the function is stationary: within this part of the range. */
const NEAR = 1e-3;
/** A slope at a limit counts as none where it changes -2 ln L by less than this over the whole range. */
const NO_SLOPE = 1e-3;

/**
 * A point from which to go on where a minimum x lies on a limit, or next to it, at which the function is stationary by symmetry: it may fall away from there, and that in
 * some directions only. At eccentricity 0 an angle has no influence, and the function falls for half of the angles unless the data are round. Undefined
 * where nothing is lower.
 */
export function leaveLimits({ objective, parameters, entries, lower, upper }: Joint, x: Float64Array) {
  const limits = Array.from(x).flatMap((v, i) => {
    const range = upper[i]! - lower[i]!;
    if (!(range > 0 && Number.isFinite(range))) return [];
    const isLow = v - lower[i]! <= NEAR * range;
    return isLow || upper[i]! - v <= NEAR * range ? [{ i, range, away: isLow ? 1 : -1 }] : [];
  });
  if (limits.length === 0) return undefined;
  const g = new Float64Array(x.length);
  let least = objective.gradient(x, g) - 1e-9;
  let found: Float64Array | undefined;
  const tryAt = (p: Float64Array) => {
    const value = objective.value(p);
    if (!(value < least)) return;
    least = value;
    found = p.slice();
  };
  const modelOf = (i: number) => entries[parameters[i]!.entries[0]!]!.model;
  for (const { i, range, away } of limits) {
    if (Math.abs(g[i]!) * range > NO_SLOPE) continue;
    const angles = parameters.flatMap(({ period }, j) =>
      period !== undefined && modelOf(j) === modelOf(i) && Math.abs(g[j]!) * period <= NO_SLOPE ? [j] : [],
    );
    for (const step of STEPS) {
      const p = x.slice();
      p[i]! += away * step * range;
      tryAt(p);
      for (const j of angles) {
        for (let k = 1; k < PHASES; k++) {
          p[j] = x[j]! + (k / PHASES) * parameters[j]!.period!;
          tryAt(p);
        }
        p[j] = x[j]!;
      }
    }
  }
  return found;
}
