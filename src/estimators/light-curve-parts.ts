/** What a light curve is made of: intervals of time, the datasets in each, and their flux points. */

import { fitEnergyRange } from "../datasets/facets.js";
import type { BinnedDataset, Dataset, Gti, LightCurve } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { type KindContext, modelsFor } from "../likelihood/kind.js";
import { findFluxSource } from "../models/flux.js";
import { datasetIntervals, datasetsInside, pickIntervals, sortedIntervals } from "../time/intervals.js";
import type { FluxPointRow } from "./norm.js";
import { type FluxPointsOptions, preparePoints, withBins } from "./points.js";
import { createSourceFluxes } from "./source-fluxes.js";

export interface LightCurveOptions extends Omit<FluxPointsOptions, "energyEdges"> {
  /** Edges of the energy bins, TeV [n + 1]; each is rounded to the nearest edge of the data. Default: one bin from the lowest to the highest energy in the fit. */
  readonly energyEdges?: ArrayLike<number>;
  /** `mjdIntervals`, `nightIntervals` and others make them. Default "gti": one for each dataset, from its first start to its last stop. */
  readonly timeIntervals?: Gti | "gti";
  /** Tolerance in s with which a dataset lies in an interval; default 1e-6. */
  readonly atol?: number;
}

/** All that follows from the data is filled in, so that the same options mean the same everywhere. */
export type ResolvedOptions = Omit<LightCurveOptions, "signal" | "onProgress"> & {
  readonly energyEdges: Float64Array;
  readonly timeIntervals: Gti;
};

/** Energies of two bins that count as one: files keep edges to about 1e-7. */
const SAME_ENERGY = 1e-6;

export function intervalParts(datasets: readonly Dataset[], context: KindContext, given: LightCurveOptions) {
  const { signal: _, onProgress: _1, ...settings } = given;
  const seen = seeing(datasets, context, given.source);
  const { atol = 1e-6, timeIntervals = "gti" } = given;
  const all = timeIntervals === "gti" ? datasetIntervals(seen, atol) : sortedIntervals(timeIntervals);
  const inside = datasetsInside(seen, all, atol);
  const kept = inside.flatMap((group, i) => (group.length > 0 ? [i] : []));
  if (kept.length === 0) throw new SpecError(emptyMessage(seen, all));
  const time = pickIntervals(all, kept);
  const members = kept.map((i) => inside[i]!.sort((a, b) => a - b).map((k) => seen[k]!));
  const indices = new Set(kept.flatMap((i) => inside[i]!));
  const used = seen.filter((_, k) => indices.has(k));
  const energyEdges = Float64Array.from(given.energyEdges ?? energyRange(used));
  const options: ResolvedOptions = { ...settings, atol, energyEdges, timeIntervals: time };
  const shared = { steady: true, fluxes: createSourceFluxes() };
  const pointsOf = (group: readonly Dataset[]) => preparePoints(group, context, options, shared);
  // bad options are named before any work
  const { table } = pointsOf(used);
  return {
    total: kept.length,
    bands: energyEdges.length - 1,
    used,
    options,
    pointsIn: (i: number) => pointsOf(members[i]!),
    measure(i: number, signal?: AbortSignal): FluxPointRow[] {
      const points = pointsOf(members[i]!);
      return Array.from({ length: points.total }, (_, k) => {
        signal?.throwIfAborted();
        return points.measure(k, signal);
      });
    },
    curve: (rows: readonly (readonly FluxPointRow[])[]): LightCurve => ({
      time,
      points: alignRows(rows, members).map(table),
      datasets: members.map((group) => group.map((d) => d.name)),
    }),
  };
}

/** The datasets with counts that the source has a part in. */
function seeing(datasets: readonly Dataset[], context: KindContext, source: string): BinnedDataset[] {
  const { models } = context;
  const model = findFluxSource(models, source, "light curve", context.registry);
  const binned = withBins(datasets, context, "light curve");
  const seen = binned.filter((d) => modelsFor(models, d.name).includes(model));
  if (seen.length > 0) return seen;
  throw new SpecError(
    `light curve: source "${source}" belongs to none of the datasets ${binned.map((d) => `"${d.name}"`).join(", ")}; see datasets_names of its model`,
  );
}

function emptyMessage(datasets: readonly Dataset[], intervals: Gti): string {
  const n = intervals.start.length;
  return `light curve: no dataset lies inside ${n === 1 ? "the interval" : `any of the ${n} intervals`} of time, with all its good time intervals (${datasets.length} datasets); choose longer intervals, in the time scale of the data`;
}

/** [lowest, highest] energy of the bins in the fit, TeV. */
function energyRange(datasets: readonly BinnedDataset[]): [number, number] {
  let [lo, hi] = [Number.POSITIVE_INFINITY, 0];
  for (const dataset of datasets) {
    const [first, last] = fitEnergyRange(dataset) ?? [lo, hi];
    lo = Math.min(lo, first);
    hi = Math.max(hi, last);
  }
  if (hi > lo) return [lo, hi];
  throw new SpecError("light curve: no energy bin of the datasets is in the fit; look at their masks");
}

/** Gives bins without data the energies that they have in other intervals; all have to agree. */
function alignRows(
  rows: readonly (readonly FluxPointRow[])[],
  members: readonly (readonly Dataset[])[],
): readonly (readonly FluxPointRow[])[] {
  const nameOf = (i: number) => members[i]!.map((d) => `"${d.name}"`).join(", ");
  const bins = rows[0]!.map((_, k) => {
    const at = rows.findIndex((row) => Number.isFinite(row[k]!.stat));
    if (at < 0) return rows[0]![k]!;
    const bin = rows[at]![k]!;
    const same = (a: number, b: number) => Math.abs(a - b) <= SAME_ENERGY * b;
    rows.forEach((row, i) => {
      const { min, max, stat } = row[k]!;
      if (!Number.isFinite(stat) || (same(min, bin.min) && same(max, bin.max))) return;
      throw new SpecError(
        `light curve: energy bin ${k + 1} is ${min} to ${max} TeV for ${nameOf(i)} and ${bin.min} to ${bin.max} TeV for ${nameOf(at)}; give energy edges that all datasets have`,
      );
    });
    return bin;
  });
  return rows.map((row) => row.map((r, k) => ({ ...r, min: bins[k]!.min, max: bins[k]!.max })));
}
