/** When datasets were taken. */
import { SpecError } from "../errors.js";
import { mjdOfTai, taiSeconds } from "./scale.js";
import type { Gti, Timed } from "./types.js";

/** From the first start to the last stop of a dataset's good time intervals, s after `day` (MJD, TAI). */
export interface Span {
  readonly start: number;
  readonly stop: number;
  /** Index of the dataset. */
  readonly index: number;
}

/** The spans of datasets in the order of time, and what turns them into intervals. Datasets without good time intervals are refused by name. */
export function spansOf(datasets: readonly Timed[]) {
  const missing = datasets.filter((d) => d.gti === undefined || d.gti.start.length === 0);
  if (missing.length > 0) {
    const names = missing.map((d) => `"${d.name}"`).join(", ");
    throw new SpecError(
      `light curve: ${missing.length === 1 ? "dataset" : "the datasets"} ${names} without good time intervals (GTI): when they were taken is not known; leave them out, or write their GTI into the files`,
    );
  }
  const scale = datasets[0]!.gti!;
  const day = dayOf(scale);
  const spans = datasets.map(({ gti, name }, index): Span => {
    const at = (s: number) => taiSeconds(day, s, gti!, `dataset "${name}"`);
    // nobody says that the rows of a table are sorted
    const start = gti!.start.reduce((a, b) => Math.min(a, b));
    return { start: at(start), stop: at(gti!.stop.reduce((a, b) => Math.max(a, b))), index };
  });
  const offset = taiSeconds(day, 0, scale, `dataset "${datasets[0]!.name}"`);
  return {
    spans: spans.sort((a, b) => a.start - b.start),
    day,
    first: spans[0]!.start,
    /** Pairs of s after `day` as intervals with the reference of the first dataset. */
    from: (pairs: readonly (readonly [number, number])[]): Gti => ({
      start: Float64Array.from(pairs, (x) => x[0] - offset),
      stop: Float64Array.from(pairs, (x) => x[1] - offset),
      reference: scale.reference,
      timeScale: scale.timeScale,
    }),
    /** s after `day` of an MJD in the scale of the first dataset. */
    zero: (mjd: number) => taiSeconds(day, 0, { reference: mjd, timeScale: scale.timeScale }, "time intervals"),
    /** s after midnight of `day` in the scale of the first dataset. */
    clock: (s: number) => (mjdOfTai(day, s, scale.timeScale, "time intervals") - day) * 86400,
  };
}

/** The day that holds the first start, in the scale of the intervals. */
export const dayOf = ({ reference, start }: Gti): number => Math.floor(reference + start[0]! / 86400);
