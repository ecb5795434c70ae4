import { binsAcross, snapEdges } from "../datasets/energy-edges.js";
import { countsGeom, fitEnergyRange } from "../datasets/facets.js";
import type { BinnedDataset, Dataset, FluxPoints } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { type KindContext, modelsFor } from "../likelihood/kind.js";
import { kindOf } from "../likelihood/registry.js";
import type { StopSignal } from "../math/types.js";
import { findFluxSource } from "../models/flux.js";
import { collectFluxPoints } from "./flux-point-table.js";
import { emptyRow, type FluxPointRow, measureNorm, type NormSettings } from "./norm.js";
import { positiveReference, referenceFluxes } from "./reference.js";
import { createSlicer, joinSlices, type Slicer } from "./slice.js";
import type { JoinedSlices, SliceFit } from "./slice-fit.js";
import { createSourceFluxes } from "./source-fluxes.js";

/** Options of `estimateFluxPoints`. */
export interface FluxPointsOptions {
  /** Name of the model. */
  readonly source: string;
  /** Edges of the points, TeV [n + 1]; each is moved to the nearest edge of the data. Edges that fall on one another are refused. */
  readonly energyEdges: ArrayLike<number>;
  /** Fit the other free parameters (backgrounds, other sources) again in each bin. */
  readonly reoptimize?: boolean;
  /** Significance of the errors and of the upper limit. */
  readonly nSigma?: number;
  readonly nSigmaUl?: number;
  /** Limits of the fitted norms, in units of the reference spectrum: `normMin: 0` allows no negative fluxes. Default: none. */
  readonly normMin?: number;
  readonly normMax?: number;
  /** Norms at which the statistic is scanned; default 11 from 0.2 to 5, geometric. */
  readonly normScan?: ArrayLike<number>;
  /** Told what was changed: edges that were moved, the reference of a source without flux. */
  readonly onNote?: ((note: string) => void) | undefined;
  readonly signal?: StopSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const defaultScan = () => Float64Array.from({ length: 11 }, (_, i) => 0.2 * 25 ** (i / 10));

/** The points of some of the datasets, measured one by one, each by itself. Nothing is compiled before the first. */
export interface Points {
  /** What the datasets hold of point i, ready to be fitted; null where they hold nothing. */
  slice(i: number): SliceFit | null;
  measure(i: number, signal?: StopSignal): FluxPointRow;
}

export interface PreparedPoints {
  /** Edges of the points [total + 1], as the data have them. */
  readonly edges: Float64Array;
  readonly total: number;
  /** What was changed of what is given: edges that were moved, another reference. */
  readonly messages: readonly string[];
  of(datasets: readonly BinnedDataset[]): Points;
  table(rows: readonly FluxPointRow[]): FluxPoints;
}

/** Checks what is given, for datasets that the source has a part in. `steady`: without the source's change with time. */
export function preparePoints(
  datasets: readonly BinnedDataset[],
  context: KindContext,
  options: FluxPointsOptions,
  { steady = false, where = "flux points" } = {},
): PreparedPoints {
  const { registry } = context;
  const source = findFluxSource(context.models, options.source, where, registry);
  const snapped = snapEdges(datasets.map(withAxis), options.energyEdges, where);
  const { edges } = snapped;
  const reference = positiveReference(context.models, source, registry);
  const values = referenceFluxes(reference.model, registry, edges.subarray(0, -1), edges.subarray(1));
  const settings: NormSettings = {
    nSigma: options.nSigma ?? 1,
    nSigmaUl: options.nSigmaUl ?? 2,
    normScan: Float64Array.from(options.normScan ?? defaultScan()),
  };
  const given = { ...context, models: reference.models };
  const shared = {
    model: reference.model,
    reoptimize: options.reoptimize === true,
    steady,
    fluxes: createSourceFluxes(),
  };
  const [normMin, normMax] = normLimits(options, where);
  const rangeOf = (i: number) => [edges[i]!, edges[i + 1]!] as const;
  return {
    edges,
    total: edges.length - 1,
    messages: [...snapped.messages, ...(reference.message === "" ? [] : [reference.message])],
    of(group) {
      let slicers: readonly (Slicer | null)[] | undefined;
      const slices = (i: number): JoinedSlices | null => {
        slicers ??= group.map((dataset) => createSlicer(dataset, given, shared));
        const sign = values.sign[i]!;
        const used = slicers.map((slicer) => slicer?.(rangeOf(i), sign) ?? null).filter((t) => t !== null);
        return used.length === 0 ? null : joinSlices(used, reference.models, registry, sign * reference.start);
      };
      return {
        slice: slices,
        measure(i, signal) {
          const joined = slices(i);
          if (joined === null) return emptyRow(rangeOf(i), settings, whyEmpty(group, rangeOf(i)));
          return measureNorm(withNormLimits(joined, normMin, normMax), joined.predicted, rangeOf(i), {
            ...settings,
            signal,
          });
        },
      };
    },
    table: (rows) => collectFluxPoints(rows, edges, values, settings),
  };
}

function normLimits(
  { normMin = Number.NEGATIVE_INFINITY, normMax = Number.POSITIVE_INFINITY }: FluxPointsOptions,
  where: string,
) {
  if (normMin < normMax) return [normMin, normMax] as const;
  throw new SpecError(
    `${where}: the norms have the limits ${normMin} and ${normMax}, expected two numbers that increase`,
  );
}

function withNormLimits(fit: SliceFit, min: number, max: number): SliceFit {
  const [start, lower, upper] = [fit.start.slice(), fit.lower.slice(), fit.upper.slice()];
  [lower[0], upper[0], start[0]] = [min, max, Math.min(Math.max(start[0]!, min), max)];
  return { ...fit, start, lower, upper };
}

/** Why no dataset has anything of the fit between two energies. */
function whyEmpty(datasets: readonly BinnedDataset[], [min, max]: readonly [number, number]): string {
  const cut = datasets.filter((dataset) => {
    const [first, last] = fitEnergyRange(dataset) ?? [0, 0];
    return binsAcross(withAxis(dataset).energy, [min, max]).some(([lo, hi]) => lo >= first && hi <= last);
  });
  if (cut.length === 0) return "no data in this interval";
  return `left out: an edge lies inside a bin of ${cut.map(({ name }) => name).join(", ")}`;
}

/** @throws SpecError where no point has data: a table without a value hides a slip of the unit. */
export function checkMeasured(rows: readonly FluxPointRow[], datasets: readonly BinnedDataset[], where: string): void {
  if (rows.some((row) => !Number.isNaN(row.counts))) return;
  const [min, max] = [rows[0]!.min, rows.at(-1)!.max].map(inDigits);
  const [lowest, highest] = energyRange(datasets, where).map(inDigits);
  const n = new Set(rows.map((row) => row.min)).size;
  const intervals = n === 1 ? "" : `, in any of the ${n} intervals`;
  throw new SpecError(
    `${where}: no whole energy bin of the data lies between ${min} and ${max} TeV${intervals}; the data in the fit reach from ${lowest} to ${highest} TeV, take edges there`,
  );
}

const inDigits = (energy: number) => Number(energy.toPrecision(5));

/** [lowest, highest] energy of the bins in the fit, TeV. */
export function energyRange(datasets: readonly BinnedDataset[], where: string): [number, number] {
  let [lo, hi] = [Number.POSITIVE_INFINITY, 0];
  for (const dataset of datasets) {
    const [first, last] = fitEnergyRange(dataset) ?? [lo, hi];
    lo = Math.min(lo, first);
    hi = Math.max(hi, last);
  }
  if (hi > lo) return [lo, hi];
  throw new SpecError(`${where}: no energy bin of the datasets is in the fit; look at their masks`);
}

const withAxis = (dataset: BinnedDataset) => {
  const energy = countsGeom(dataset)?.axes[0];
  if (energy !== undefined) return { name: dataset.name, energy, inFit: fitEnergyRange(dataset) };
  throw new SpecError(`dataset "${dataset.name}": neither counts nor background; there is nothing to measure`);
};

/** The datasets with counts that the source has a part in, and why others are left out, in words. */
export function datasetsOf(
  source: string,
  datasets: readonly Dataset[],
  { models, registry }: Pick<KindContext, "models" | "registry">,
  where: string,
): { readonly used: BinnedDataset[]; readonly messages: readonly string[] } {
  const model = findFluxSource(models, source, where, registry);
  const hasCounts = (d: Dataset): d is BinnedDataset => kindOf(d, registry).binned !== undefined;
  const isSeen = (d: Dataset) => modelsFor(models, d.name).includes(model);
  const binned = datasets.filter(hasCounts);
  if (binned.length === 0) throw new SpecError(`${where}: none of the datasets has counts; give maps or spectra`);
  const used = binned.filter(isSeen);
  if (used.length === 0) {
    throw new SpecError(
      `${where}: source "${source}" belongs to none of the datasets ${binned.map((d) => `"${d.name}"`).join(", ")}; see datasets_names of its model`,
    );
  }
  const messages = datasets.flatMap((d) => {
    if (!hasCounts(d)) return [`dataset "${d.name}" is left out: it has no counts`];
    return isSeen(d) ? [] : [`dataset "${d.name}" is left out: "${source}" does not belong to it (datasets_names)`];
  });
  return { used, messages };
}
