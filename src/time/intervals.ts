/** Intervals of time for light curves: given, by dataset, of one duration; and which datasets lie inside. */
import { SpecError } from "../errors.js";
import { mjdOfTai, taiSeconds } from "./scale.js";
import { dayOf, type Span, spansOf } from "./spans.js";
import type { Gti, Timed } from "./types.js";

/**
 * Pairs of times (MJD) of one time scale: tt, tdb, tai or utc.
 * @throws SpecError where there are none or one does not end after it starts.
 * @throws UnsupportedError where the time scale is another.
 */
export function mjdIntervals(pairs: readonly (readonly [number, number])[], timeScale: string): Gti {
  const where = "time intervals";
  if (pairs.length === 0) throw new SpecError(`${where}: none are given; give at least one`);
  for (const [start, stop] of pairs) {
    if (Number.isFinite(start) && Number.isFinite(stop) && stop > start) continue;
    throw new SpecError(`${where}: found ${start} to ${stop} (MJD), expected a start and a later stop`);
  }
  const reference = Math.floor(Math.min(...pairs.map(([start]) => start)));
  const zero = taiSeconds(reference, 0, { reference, timeScale }, where);
  const after = (mjd: number) => taiSeconds(reference, 0, { reference: mjd, timeScale }, where) - zero;
  return {
    start: Float64Array.from(pairs, ([start]) => after(start)),
    stop: Float64Array.from(pairs, ([, stop]) => after(stop)),
    reference,
    timeScale,
  };
}

/** Start and stop of each interval as MJD of a time scale, that of the intervals unless told. */
export function intervalsInMjd(intervals: Gti, timeScale = intervals.timeScale): [start: number, stop: number][] {
  const where = "time intervals";
  const day = dayOf(intervals);
  const mjd = (s: number) => mjdOfTai(day, taiSeconds(day, s, intervals, where), timeScale, where);
  return Array.from(intervals.start, (start, i) => [mjd(start), mjd(intervals.stop[i]!)]);
}

/** One interval for each dataset, from the first start to the last stop of its good time intervals; where those of several overlap, one for them. */
export function datasetIntervals(datasets: readonly Timed[], atol = 1e-6): Gti {
  const { spans, from } = spansOf(datasets);
  return from(joined(spans, atol));
}

/**
 * Intervals of one duration [s] from the first start on, without those in which no dataset begins. `origin` (MJD, in the datasets' scale): start of one of them.
 * @throws SpecError where the duration is not positive, or a dataset has no good time intervals.
 */
export function durationIntervals(
  datasets: readonly Timed[],
  duration: number,
  options: { readonly origin?: number; readonly atol?: number } = {},
): Gti {
  if (!(duration > 0 && Number.isFinite(duration))) {
    throw new SpecError(`time intervals: their duration is ${duration} s, expected more than 0 s`);
  }
  const { atol = 1e-6 } = options;
  const { spans, from, zero, first } = spansOf(datasets);
  const origin = options.origin === undefined ? first : zero(options.origin);
  const bins = new Set(spans.map(({ start }) => Math.floor((start + atol - origin) / duration)));
  return from(
    [...bins].sort((a, b) => a - b).map((bin) => [origin + bin * duration, origin + (bin + 1) * duration] as const),
  );
}

/**
 * The datasets inside each interval, as indices: those whose good time intervals all lie in it, give or take `atol` [s]. Others are in none, however much of
 * them overlaps: counts are not cut by time.
 */
export function datasetsInside(datasets: readonly Timed[], intervals: Gti, atol = 1e-6): number[][] {
  const where = "time intervals";
  const { spans, day } = spansOf(datasets);
  const edges = Array.from(intervals.start, (start, i) => {
    const [a, b] = [start, intervals.stop[i]!].map((s) => taiSeconds(day, s, intervals, where)) as [number, number];
    if (!(b > a)) throw new SpecError(`${where}: interval ${i + 1} ends before it starts; sort start and stop`);
    return [a, b] as const;
  });
  edges.forEach(([a], i) => {
    if (i > 0 && a < edges[i - 1]![1] - atol) {
      throw new SpecError(
        `${where}: interval ${i + 1} starts before interval ${i} stops; a light curve needs intervals that follow one another and do not overlap`,
      );
    }
  });
  return edges.map(([a, b]) =>
    spans.filter(({ start, stop }) => start >= a - atol && stop <= b + atol).map(({ index }) => index),
  );
}

/** Intervals in the order of time. */
export function sortedIntervals(intervals: Gti): Gti {
  const order = Array.from(intervals.start, (_, i) => i).sort((i, j) => intervals.start[i]! - intervals.start[j]!);
  return pickIntervals(intervals, order);
}

export function pickIntervals(intervals: Gti, indices: readonly number[]): Gti {
  const { start, stop } = intervals;
  return {
    ...intervals,
    start: Float64Array.from(indices, (i) => start[i]!),
    stop: Float64Array.from(indices, (i) => stop[i]!),
  };
}

/** Spans that overlap become one; those that only touch do not. They come sorted. */
function joined(spans: readonly Span[], atol: number): [number, number][] {
  const out: [number, number][] = [];
  for (const { start, stop } of spans) {
    const last = out.at(-1);
    if (last === undefined || start >= last[1] - atol) out.push([start, stop]);
    else last[1] = Math.max(last[1], stop);
  }
  return out;
}
