/** What a light curve is made of: intervals of time, the datasets in each, and their flux points. */

import type { Dataset, Gti, LightCurve } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { KindContext } from "../likelihood/kind.js";
import type { StopSignal } from "../math/types.js";
import { datasetIntervals, datasetsInside, pickIntervals, sortedIntervals } from "../time/intervals.js";
import type { FluxPointRow } from "./norm.js";
import { checkMeasured, datasetsOf, energyRange, type FluxPointsOptions, preparePoints } from "./points.js";

/** Options of `estimateLightCurve`. */
export interface LightCurveOptions extends Omit<FluxPointsOptions, "energyEdges"> {
  /** Edges of the energy bins, TeV [n + 1]; each is rounded to the nearest edge of the data. Default: one bin from the lowest to the highest energy in the fit. */
  readonly energyEdges?: ArrayLike<number>;
  /** `mjdIntervals`, `nightIntervals` and others make them. Default "gti": one for each dataset, from its first start to its last stop. */
  readonly timeIntervals?: Gti | "gti";
  /** Tolerance in s with which a dataset lies in an interval; default 1e-6. */
  readonly atol?: number;
}

/** All that follows from the data is filled in, so that the same options mean the same everywhere. */
export type ResolvedOptions = Omit<LightCurveOptions, "signal" | "onProgress" | "onNote"> & {
  readonly energyEdges: Float64Array;
  readonly timeIntervals: Gti;
};

export function intervalParts(datasets: readonly Dataset[], context: KindContext, given: LightCurveOptions) {
  const { signal: _, onProgress: _1, onNote, ...settings } = given;
  const { used: seen, messages } = datasetsOf(given.source, datasets, context, "light curve");
  const { atol = 1e-6, timeIntervals = "gti" } = given;
  const all = timeIntervals === "gti" ? datasetIntervals(seen, atol) : sortedIntervals(timeIntervals);
  const inside = datasetsInside(seen, all, atol);
  const kept = inside.flatMap((group, i) => (group.length > 0 ? [i] : []));
  if (kept.length === 0) throw new SpecError(emptyMessage(all));
  const time = pickIntervals(all, kept);
  const members = kept.map((i) => inside[i]!.sort((a, b) => a - b).map((k) => seen[k]!));
  const indices = new Set(kept.flatMap((i) => inside[i]!));
  const used = seen.filter((_, k) => indices.has(k));
  const wanted = { ...settings, energyEdges: given.energyEdges ?? energyRange(used, "light curve") };
  const points = preparePoints(used, context, wanted, { steady: true, where: "light curve" });
  for (const message of [...messages, ...points.messages]) onNote?.(`light curve: ${message}`);
  const options: ResolvedOptions = { ...settings, atol, energyEdges: points.edges, timeIntervals: time };
  return {
    total: kept.length,
    bands: points.total,
    used,
    options,
    pointsIn: (i: number) => points.of(members[i]!),
    measure(i: number, signal?: StopSignal): FluxPointRow[] {
      const { measure } = points.of(members[i]!);
      return Array.from({ length: points.total }, (_, k) => {
        signal?.throwIfAborted();
        return measure(k, signal);
      });
    },
    curve(rows: readonly (readonly FluxPointRow[])[]): LightCurve {
      checkMeasured(rows.flat(), used, "light curve");
      return { time, points: rows.map(points.table), datasets: members.map((group) => group.map((d) => d.name)) };
    },
  };
}

function emptyMessage(intervals: Gti): string {
  const n = intervals.start.length;
  return `light curve: no dataset lies inside ${n === 1 ? "the interval" : `any of the ${n} intervals`} of time, with all its good time intervals; choose longer intervals, in the time scale of the data`;
}
