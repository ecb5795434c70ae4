import type { LevelEnd, LevelPoint, LevelStatus, Levels, Line } from "./state.js";

/** Whether a search ended on the level, or at a limit before it. */
export function isFound({ status }: { readonly status: LevelStatus }): boolean {
  return status === "ok" || status === "at limit";
}

/** Largest t that keeps the parameters of the line inside their limits. */
export function reachOf({ xMin, lower, upper }: Levels, { i, vi, j, vj }: Line): number {
  const one = (k: number, v: number) =>
    k < 0 || v === 0 ? Number.POSITIVE_INFINITY : ((v > 0 ? upper[k]! : lower[k]!) - xMin[k]!) / v;
  return Math.max(0, Math.min(one(i, vi), one(j, vj)));
}

/** Sets the line's parameters of x [n] to t, exactly on the limit where t is the reach. */
export function placeOnLine({ xMin, lower, upper }: Levels, { i, vi, j, vj }: Line, t: number, x: Float64Array): void {
  x[i] = Math.min(Math.max(xMin[i]! + t * vi, lower[i]!), upper[i]!);
  if (j >= 0) x[j] = Math.min(Math.max(xMin[j]! + t * vj, lower[j]!), upper[j]!);
}

/** The present point as the end of a search. */
export function endHere({ x, value, fMin }: Levels, wanted: number, t: number, end: LevelEnd): LevelPoint {
  return { end, x: x.slice(), t, delta: value - fMin, wanted };
}

/** The end at the limit that the line reaches at `t`. */
export function endAtLimit(s: Levels, wanted: number, line: Line, t: number): LevelPoint {
  const isOfJ = line.j >= 0 && t < reachOf(s, { ...line, j: -1, vj: 0 });
  return endHere(s, wanted, t, { status: "at limit", parameter: isOfJ ? line.j : line.i });
}
