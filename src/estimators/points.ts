import type { BinnedDataset, Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { KindContext } from "../likelihood/kind.js";
import { kindOf } from "../likelihood/registry.js";
import { findFluxSource } from "../models/flux.js";
import { collectFluxPoints, referenceFluxes } from "./flux-point-table.js";
import { emptyRow, type FluxPointRow, measureNorm, type NormSettings } from "./norm.js";
import { createSlicer, joinSlices, type SliceFit, type Slicer, type SliceTerm, slicesRange } from "./slice.js";
import { createSourceFluxes, type SourceFluxes } from "./source-fluxes.js";

export interface FluxPointsOptions {
  /** Name of the model. */
  readonly source: string;
  /** Edges of the points, TeV [n + 1]; each is rounded to the nearest edge of the data. */
  readonly energyEdges: ArrayLike<number>;
  /** Fit the other free parameters (backgrounds, other sources) again in each bin. */
  readonly reoptimize?: boolean;
  /** Significance of the errors and of the upper limit. */
  readonly nSigma?: number;
  readonly nSigmaUl?: number;
  /** Norms at which the statistic is scanned; default 11 from 0.2 to 5, geometric. */
  readonly normScan?: ArrayLike<number>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const defaultScan = Float64Array.from({ length: 11 }, (_, i) => 0.2 * 25 ** (i / 10));

interface SharedOptions {
  /** Without the source's change with time. */
  readonly steady?: boolean;
  /** Of several sets of points of one source. */
  readonly fluxes?: SourceFluxes;
}

/** Checks what is given; the points are measured one by one, each by itself. Nothing is compiled before the first. */
export function preparePoints(
  datasets: readonly Dataset[],
  context: KindContext,
  options: FluxPointsOptions,
  { steady = false, fluxes = createSourceFluxes() }: SharedOptions = {},
) {
  const { source, energyEdges } = options;
  const { models, registry } = context;
  const model = findFluxSource(models, source, "flux points", registry);
  const binned = withBins(datasets, context, "flux points");
  checkEdges(energyEdges);
  const settings: NormSettings = {
    nSigma: options.nSigma ?? 1,
    nSigmaUl: options.nSigmaUl ?? 2,
    normScan: Float64Array.from(options.normScan ?? defaultScan),
  };
  const reoptimize = options.reoptimize === true;
  const reference = referenceFluxes(model.spectral, registry);
  let slicers: readonly (Slicer | null)[] | undefined;
  const rangeOf = (i: number) => [energyEdges[i]!, energyEdges[i + 1]!] as const;
  const terms = (i: number): SliceTerm[] => {
    slicers ??= binned.map((dataset) => createSlicer(dataset, context, { model, reoptimize, steady, fluxes }));
    return slicers.map((slicer) => slicer?.(rangeOf(i)) ?? null).filter((t) => t !== null);
  };
  return {
    total: energyEdges.length - 1,
    settings,
    /** What the datasets hold of point i, ready to be fitted; null where they hold nothing. */
    slice(i: number): SliceFit | null {
      const used = terms(i);
      return used.length === 0 ? null : joinSlices(used, models, registry);
    },
    measure(i: number, signal?: AbortSignal): FluxPointRow {
      const used = terms(i);
      if (used.length === 0) return emptyRow(rangeOf(i), settings);
      const slices = joinSlices(used, models, registry);
      return measureNorm(slices, slices.predicted, slicesRange(used), { ...settings, signal });
    },
    table: (rows: readonly FluxPointRow[]) => collectFluxPoints(rows, reference, settings),
  };
}

/** The datasets whose kind is made of bins. */
export function withBins(
  datasets: readonly Dataset[],
  { registry }: Pick<KindContext, "registry">,
  where: string,
): BinnedDataset[] {
  const found = datasets.filter((d): d is BinnedDataset => kindOf(d, registry).binned !== undefined);
  if (found.length > 0) return found;
  throw new SpecError(`${where}: none of the datasets has counts; give maps or spectra`);
}

function checkEdges(energyEdges: ArrayLike<number>): void {
  for (let i = 0; i + 1 < energyEdges.length; i++) {
    if (!(energyEdges[i + 1]! > energyEdges[i]!)) {
      throw new SpecError(
        `flux points: energy edges ${Array.from(energyEdges).join(", ")} TeV do not increase; sort them`,
      );
    }
  }
  if (energyEdges.length < 2) throw new SpecError("flux points: fewer than two energy edges; give at least one bin");
}
