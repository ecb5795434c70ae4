import { isBinned } from "../datasets/masks.js";
import { type Response, responseOf } from "../datasets/source/response.js";
import type { Dataset, FluxPoints } from "../datasets/types.js";
import { didYouMean, SpecError } from "../errors.js";
import { jobRange } from "../execute/run.js";
import type { Executor, TaskKind } from "../execute/types.js";
import type { ModelRegistry } from "../models/declaration.js";
import { standardModels } from "../models/registry.js";
import type { Models, SkyModel } from "../models/types.js";
import { collectFluxPoints } from "./flux-point-table.js";
import { emptyRow, type FluxPointRow, measureNorm } from "./norm.js";
import { runParts } from "./parts.js";
import { createSlicer, joinSlices, predictedInSlices, slicesRange } from "./slice.js";

export interface FluxPointsOptions {
  /** Name of the model. */
  readonly source: string;
  /** Edges of the points, TeV [n + 1]; each is rounded to the nearest edge of the data. */
  readonly energyEdges: ArrayLike<number>;
  readonly registry?: ModelRegistry;
  /** Fit the other free parameters (backgrounds, other sources) again in each bin. */
  readonly reoptimize?: boolean;
  /** Significance of the errors and of the upper limit. */
  readonly nSigma?: number;
  readonly nSigmaUl?: number;
  /** Norms at which the statistic is scanned; default 11 from 0.2 to 5, geometric. */
  readonly normScan?: ArrayLike<number>;
  /** Instruments made before, by dataset. */
  readonly responses?: ReadonlyMap<Dataset, Response>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const defaultScan = Float64Array.from({ length: 11 }, (_, i) => 0.2 * 25 ** (i / 10));

/**
 * Flux points of a source by the method of Gammapy's FluxPointsEstimator: in each energy bin the shape of the fitted spectrum is kept and one
 * norm is fitted to the datasets' bins in it, by exact derivatives; errors from the Hessian and from the likelihood's rise (errn, errp, ul).
 */
export function estimateFluxPoints(
  datasets: readonly Dataset[],
  models: Models,
  options: FluxPointsOptions,
): FluxPoints {
  const points = preparePoints(datasets, models, options);
  const rows: FluxPointRow[] = [];
  for (let i = 0; i < points.total; i++) {
    options.signal?.throwIfAborted();
    rows.push(points.measure(i));
    options.onProgress?.(i + 1, points.total);
  }
  return points.table(rows);
}

interface FluxPointsPayload {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly options: Omit<FluxPointsOptions, "registry" | "responses" | "signal" | "onProgress">;
  readonly jobSize: number;
}

/** Result: the rows of some energy bins. */
export const fluxPointsTask: TaskKind<FluxPointsPayload, FluxPointRow[]> = {
  name: "flux points",
  prepare({ datasets, models, options, jobSize }) {
    const { total, measure } = preparePoints(datasets, models, options);
    return (index) => {
      const [first, last] = jobRange(index, total, jobSize);
      return Array.from({ length: last - first }, (_, k) => measure(first + k));
    };
  },
};

export type FluxPointsOnOptions = Omit<FluxPointsOptions, "registry" | "responses"> & {
  /** Energy bins in a job; default 1. */
  readonly jobSize?: number;
};

/** `estimateFluxPoints` with the energy bins shared out among workers: the same numbers to the bit. */
export async function estimateFluxPointsOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  { jobSize = 1, signal, onProgress, ...given }: FluxPointsOnOptions,
): Promise<FluxPoints> {
  const energyEdges = Float64Array.from(given.energyEdges);
  const options = { ...given, energyEdges };
  const { total, table } = preparePoints(datasets, models, options);
  const rows = await runParts(executor, fluxPointsTask, { datasets, models, options, jobSize }, total, {
    signal,
    onProgress,
  });
  return table(rows.flat());
}

/** Checks what is given; the points are measured one by one, each by itself. */
function preparePoints(datasets: readonly Dataset[], models: Models, options: FluxPointsOptions) {
  const { source, energyEdges } = options;
  const registry = options.registry ?? standardModels;
  const model = findSource(models, source);
  const binned = datasets.filter(isBinned);
  if (binned.length === 0) throw new SpecError("flux points: none of the datasets has counts; give maps or spectra");
  checkEdges(energyEdges);
  const settings = {
    nSigma: options.nSigma ?? 1,
    nSigmaUl: options.nSigmaUl ?? 2,
    normScan: Float64Array.from(options.normScan ?? defaultScan),
    signal: options.signal,
  };
  const slicers = binned.map((dataset) => {
    const response = options.responses?.get(dataset) ?? responseOf(dataset);
    return createSlicer(dataset, models, model, response, registry, options.reoptimize === true);
  });
  return {
    total: energyEdges.length - 1,
    measure(i: number): FluxPointRow {
      const range = [energyEdges[i]!, energyEdges[i + 1]!] as const;
      const used = slicers.map((slicer) => slicer?.(range) ?? null).filter((t) => t !== null);
      if (used.length === 0) return emptyRow(range, settings);
      return measureNorm(joinSlices(used, models), () => predictedInSlices(used), slicesRange(used), settings);
    },
    table: (rows: readonly FluxPointRow[]) => collectFluxPoints(rows, model.spectral, registry, settings),
  };
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

function findSource(models: Models, name: string): SkyModel {
  const found = models.components.find((m): m is SkyModel => m.type === "SkyModel" && m.name === name);
  if (found !== undefined) return found;
  const names = models.components.filter((m) => m.type === "SkyModel").map((m) => m.name);
  throw new SpecError(
    `flux points: there is no source "${name}"${didYouMean(name, names)} The sources are ${names.map((n) => `"${n}"`).join(", ") || "none"}`,
  );
}
