/** Times of events within the good time intervals. */
import { SpecError } from "../errors.js";
import { timesOf } from "../fold/temporal.js";
import { brentRoot } from "../math/roots.js";
import type { TemporalDeclaration } from "../models/declaration.js";
import type { Submodel } from "../models/types.js";
import type { Gti } from "../time/types.js";
import { partOf, sumsOf } from "./streams.js";

/** A rate over the good time intervals. */
export interface TimeSampler {
  /** Its integral, s: the ontime of a constant rate of 1. */
  readonly total: number;
  /** s after the reference of the intervals, of a uniform number. */
  draw(u: number): number;
}

/** The same rate at all times. */
export function evenTimes({ start, stop }: Gti): TimeSampler {
  const sums = sumsOf(start.map((t, k) => stop[k]! - t));
  const total = sums.at(-1)!;
  return {
    total,
    draw(u) {
      const k = partOf(sums, u);
      return Math.min(start[k]! + (u * total - sums[k]!), stop[k]!);
    },
  };
}

/** Parts of an interval in which a rate is looked at for negative values. */
const PARTS = 200;
/** s: times are found to this, or to what a day in float64 holds. */
const PRECISION = 1e-7;

/**
 * The rate of a temporal model, whose integral is inverted: there are no steps in time.
 * @throws SpecError where it is negative within the intervals.
 */
export function modelTimes(
  declaration: TemporalDeclaration,
  temporal: Submodel,
  p: Float64Array,
  gti: Gti,
  where: string,
): TimeSampler {
  const origin = timesOf(declaration, temporal, gti, p, where).origin(p);
  const { start, stop } = gti;
  const integral = (from: number, to: number) =>
    to > from ? (to - from) * declaration.mean(origin + from / 86400, origin + to / 86400, p) : 0;
  for (let k = 0; k < start.length; k++) {
    const step = (stop[k]! - start[k]!) / PARTS;
    for (let j = 0; j < PARTS; j++) {
      const [from, to] = [start[k]! + j * step, start[k]! + (j + 1) * step];
      if (integral(from, to) >= 0) continue;
      throw new SpecError({
        where,
        found: `a rate below 0 (${temporal.type}) from ${from.toFixed(1)} to ${to.toFixed(1)} s after MJD ${gti.reference}`,
        expected: "a rate of at least 0 in the good time intervals",
      });
    }
  }
  const sums = sumsOf(start.map((t, k) => integral(t, stop[k]!)));
  const total = sums.at(-1)!;
  return {
    total,
    draw(u) {
      const k = partOf(sums, u);
      const wanted = u * total - sums[k]!;
      const [from, to] = [start[k]!, stop[k]!];
      return brentRoot((t) => integral(from, t) - wanted, from, to, { xtol: PRECISION }).x;
    },
  };
}
