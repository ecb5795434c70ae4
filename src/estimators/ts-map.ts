import { energySlice } from "../datasets/slice.js";
import type { Dataset, MapDataset } from "../datasets/types.js";
import { SpecError, UnsupportedError } from "../errors.js";
import { jobRange } from "../execute/run.js";
import type { Executor, TaskKind } from "../execute/types.js";
import { fitPixels } from "../fold/pixels.js";
import { type Response, responseOf } from "../fold/response.js";
import { npred } from "../kinds/npred.js";
import { createSubmodel, skyModel } from "../models/create.js";
import type { ModelRegistry } from "../models/declaration.js";
import { standardModels } from "../models/registry.js";
import type { Models, SkyModel, Submodel } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { pixelCenters } from "../sky/geom.js";
import type { SkyPosition, WcsGeom } from "../sky/types.js";
import { createNormStatistic } from "./norm-statistic.js";
import { runParts } from "./parts.js";
import { collectTsMap, QUANTITIES, type TsMap } from "./ts-map-table.js";
import { measureTs, type TsSettings } from "./ts-pixel.js";
import { createTsTerm } from "./ts-term.js";

export interface TsMapOptions {
  /** Spectrum of the test source; default: a power law of index 2. Its amplitude is norm 1. */
  readonly spectrum?: Submodel;
  /** Edges of the maps' energy bins, TeV, each rounded to the nearest edge of the data; default: one map over all energies. */
  readonly energyEdges?: ArrayLike<number>;
  /** Test the pixels outside the mask too; their sources are seen through the psf alone. */
  readonly everyPixel?: boolean;
  /** Significance of the errors and of the upper limit. */
  readonly nSigma?: number;
  readonly nSigmaUl?: number;
  readonly registry?: ModelRegistry;
  readonly signal?: AbortSignal;
  /** Pixels done so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Test statistics of one more point source at each pixel of the first dataset's map: to what `models` predict (which stays as it is) a source at the pixel's
 * centre is added and its norm fitted to all bins of all datasets in an energy range, by exact derivatives (after Stewart 2009, A&A 495, 989, with each
 * pixel's own psf, exposure and energy dispersion). `ts`: stat(0) - stat(norm); norms stay where no bin is predicted negative.
 */
export function estimateTsMap(datasets: readonly Dataset[], models: Models, options: TsMapOptions = {}): TsMap {
  const plan = planTsMap(datasets, models, options);
  const { signal, onProgress } = options;
  const rows: Float64Array[] = [];
  for (let i = 0; i < plan.total; i += TURN) {
    signal?.throwIfAborted();
    const last = Math.min(plan.total, i + TURN);
    rows.push(plan.measure(i, last));
    onProgress?.(last, plan.total);
  }
  return plan.collect(rows);
}

/** Pixels between two looks at the signal. */
const TURN = 20;

interface TsMapPayload {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly options: Omit<TsMapOptions, "registry" | "signal" | "onProgress">;
  readonly jobSize: number;
}

/** Result: the quantities of some pixels. */
export const tsMapTask: TaskKind<TsMapPayload, Float64Array> = {
  name: "TS map",
  prepare({ datasets, models, options, jobSize }) {
    const { total, measure } = planTsMap(datasets, models, options);
    return (index) => measure(...jobRange(index, total, jobSize));
  },
};

export type TsMapOnOptions = Omit<TsMapOptions, "registry"> & {
  /** Pixels in a job; default 200. */
  readonly jobSize?: number;
};

/** `estimateTsMap` with the pixels shared out among workers: the same numbers to the bit. */
export async function estimateTsMapOn(
  executor: Executor,
  datasets: readonly Dataset[],
  models: Models,
  { jobSize = 200, signal, onProgress, ...given }: TsMapOnOptions = {},
): Promise<TsMap> {
  const { energyEdges } = given;
  const options = { ...given, ...(energyEdges && { energyEdges: Float64Array.from(energyEdges) }) };
  const { total, collect } = planTsMap(datasets, models, options);
  const payload = { datasets, models, options, jobSize };
  return collect(await runParts(executor, tsMapTask, payload, total, { signal, onProgress }));
}

/** Checks what is given; each pixel is measured by itself. */
function planTsMap(datasets: readonly Dataset[], models: Models, options: TsMapOptions) {
  const { registry = standardModels, nSigma = 1, nSigmaUl = 2 } = options;
  const maps = datasets.map(asMap);
  if (maps.length === 0) throw new SpecError("TS map: no datasets; give at least one map");
  const source = testSource(options.spectrum);
  const geom = maps[0]!.counts!.geom as WcsGeom;
  const axis = geom.axes[0]!;
  const edges = axisEdges(axis);
  const wanted = Array.from(options.energyEdges ?? [edges[0]!, edges.at(-1)!]);
  const responses = maps.map((dataset): Response => responseOf(dataset));
  const predicted = maps.map((dataset, i) => npred(dataset, models, { registry, response: responses[i]! }).data);
  const ranges = rangesOf(wanted, (min, max) => energySlice(axis, min, max));
  const terms = ranges.map(({ min, max }) =>
    createNormStatistic(
      maps.flatMap((dataset, i) => {
        const bins = energySlice(responses[i]!.energy, min, max);
        if (bins === null) return [];
        const range = [bins.start, bins.stop] as const;
        const given = { dataset, models, source, response: responses[i]!, registry, npred: predicted[i]!, range };
        return [createTsTerm(given)];
      }),
    ),
  );
  const { lon, lat } = pixelCenters(geom);
  const pixels = testedPixels(maps[0]!, options.everyPixel === true);
  const settings: TsSettings = { nSigma, nSigmaUl };
  return {
    total: pixels.length,
    measure(first: number, last: number): Float64Array {
      const width = ranges.length * QUANTITIES.length;
      const out = new Float64Array((last - first) * width);
      for (let i = first; i < last; i++) {
        const pixel = pixels[i]!;
        const position: SkyPosition = { lon: lon[pixel]!, lat: lat[pixel]!, frame: geom.wcs.frame };
        terms.forEach((inRange, r) => {
          measureTs(inRange, position, settings, out, (i - first) * width + r * QUANTITIES.length);
        });
      }
      return out;
    },
    collect: (parts: readonly Float64Array[]) =>
      collectTsMap(parts, { pixels, geom, ranges, source, registry, ...settings, gti: maps[0]!.gti }),
  };
}

function asMap(dataset: Dataset): MapDataset {
  if (dataset.type === "MapDataset" && dataset.counts?.geom.kind === "wcs") return dataset;
  const found = dataset.type === "MapDataset" ? "no counts on a map" : `a ${dataset.type}`;
  throw new UnsupportedError(
    `TS map: dataset "${dataset.name}" is ${found}; expected a MapDataset with counts: leave it out (--dataset names those to use)`,
  );
}

function testSource(spectrum: Submodel = createSubmodel("PowerLawSpectralModel", { index: 2 })): SkyModel {
  return skyModel({ name: "ts-kernel", spectral: spectrum, spatial: createSubmodel("PointSpatialModel") });
}

function rangesOf(edges: readonly number[], slice: (min: number, max: number) => { min: number; max: number } | null) {
  if (edges.length < 2 || edges.some((e, i) => i > 0 && !(e > edges[i - 1]!))) {
    throw new SpecError(`TS map: energy edges ${edges.join(", ")} TeV; expected two or more that increase`);
  }
  return edges.slice(1).map((max, i) => {
    const found = slice(edges[i]!, max);
    if (found !== null) return found;
    throw new SpecError(
      `TS map: the data have no whole energy bin from ${edges[i]} to ${max} TeV; take edges further apart, or others`,
    );
  });
}

/** Pixels with at least one bin in the fit, or all of them. */
function testedPixels(dataset: MapDataset, every: boolean): Int32Array {
  const { geom } = dataset.counts!;
  const n = geom.npix[0] * geom.npix[1];
  if (every) return Int32Array.from({ length: n }, (_, i) => i);
  const used = new Uint8Array(n);
  for (const inside of fitPixels(dataset, responseOf(dataset))) for (const pixel of inside) used[pixel] = 1;
  return Int32Array.from({ length: n }, (_, i) => i).filter((i) => used[i] === 1);
}
