import { SpecError } from "../errors.js";
import type { Gti } from "./types.js";

/**
 * All intervals, those that overlap or touch joined, in seconds after the reference of the first.
 * @throws SpecError where their time scales differ.
 */
export function stackGti(gtis: readonly Gti[]): Gti | undefined {
  const [first] = gtis;
  if (first === undefined) return undefined;
  const intervals: [number, number][] = [];
  for (const gti of gtis) {
    if (gti.timeScale !== first.timeScale) {
      throw new SpecError(
        `good time intervals in the time scales ${first.timeScale} and ${gti.timeScale} cannot be joined; write the files in one scale`,
      );
    }
    const shift = (gti.reference - first.reference) * 86400;
    for (let i = 0; i < gti.start.length; i++) intervals.push([gti.start[i]! + shift, gti.stop[i]! + shift]);
  }
  intervals.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [start, stop] of intervals) {
    const last = joined.at(-1);
    if (last === undefined || last[1] < start) joined.push([start, stop]);
    else last[1] = Math.max(last[1], stop);
  }
  return {
    ...first,
    start: Float64Array.from(joined, (x) => x[0]),
    stop: Float64Array.from(joined, (x) => x[1]),
  };
}

/** Sum of the intervals, s. */
export function ontime(gti: Gti): number {
  return gti.stop.reduce((sum, stop, i) => sum + stop - gti.start[i]!, 0);
}
