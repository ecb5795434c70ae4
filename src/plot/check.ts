import { SpecError } from "../errors.js";

/** All arrays that are given must have the length of the first. `where`: 'sedPlot: points "HAWC"'. */
export function sameLength(where: string, arrays: Record<string, ArrayLike<unknown> | undefined>): void {
  let expected: { name: string; length: number } | undefined;
  for (const [name, array] of Object.entries(arrays)) {
    if (array === undefined) continue;
    if (expected === undefined) expected = { name, length: array.length };
    else if (array.length !== expected.length) {
      throw new SpecError(
        `${where}: ${name} has ${array.length} values and ${expected.name} has ${expected.length}; give arrays of the same length`,
      );
    }
  }
}

/** Histogram values need one edge more. */
export function edgesOf(
  where: string,
  name: string,
  edges: ArrayLike<number>,
  values: Record<string, ArrayLike<unknown> | undefined>,
): void {
  for (const [key, array] of Object.entries(values)) {
    if (array !== undefined && array.length !== Math.max(0, edges.length - 1)) {
      throw new SpecError(
        `${where}: ${key} has ${array.length} values and ${name} has ${edges.length}; n values need n + 1 edges`,
      );
    }
  }
}

/** Smallest and largest finite value (above zero if `positive`); undefined if there is none. */
export function extent(values: Iterable<number>, positive = false): [number, number] | undefined {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (!Number.isFinite(v) || (positive && v <= 0)) continue;
    if (v < lo) lo = v;
    if (v > hi) hi = v;
  }
  return lo <= hi ? [lo, hi] : undefined;
}

/** A range with room at both ends: a share of its length (of its decades on a log axis). */
export function padded(kind: "linear" | "log", [lo, hi]: readonly [number, number], share = 0.06): [number, number] {
  if (kind === "log") {
    const decades = Math.max(Math.log10(hi / lo), 0.3);
    const room = 10 ** (share * decades);
    const [a, b] = lo === hi ? [lo / 2, hi * 2] : [lo / room, hi * room];
    // far from where float64 ends, so that decades can be counted
    return [Math.min(Math.max(a, 1e-280), 1e270), Math.max(Math.min(b, 1e280), 1e-270)];
  }
  if (lo === hi) return lo === 0 ? [-1, 1] : [lo - 0.1 * Math.abs(lo), hi + 0.1 * Math.abs(hi)];
  return [lo - share * (hi - lo), hi + share * (hi - lo)];
}

/** A range that the caller set, checked, or the automatic one. */
export function rangeOr(
  where: string,
  kind: "linear" | "log",
  given: readonly [number, number] | undefined,
  automatic: readonly [number, number],
): readonly [number, number] {
  if (given === undefined) return automatic;
  const [lo, hi] = given;
  if (!(Number.isFinite(lo) && Number.isFinite(hi) && lo < hi) || (kind === "log" && lo <= 0)) {
    throw new SpecError(
      `${where}: range [${lo}, ${hi}]; expected two increasing numbers${kind === "log" ? " above zero" : ""}`,
    );
  }
  return given;
}
