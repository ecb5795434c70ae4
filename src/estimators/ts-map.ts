import { binsInside, snapEdges } from "../datasets/energy-edges.js";
import { countsGeom, fitEnergyRange, isMapDataset } from "../datasets/facets.js";
import type { Dataset, MapDataset } from "../datasets/types.js";
import { SpecError, UnsupportedError } from "../errors.js";
import { jobRange } from "../execute/run.js";
import type { Executor } from "../execute/types.js";
import type { MaskPixels } from "../fold/types.js";
import type { KindContext } from "../likelihood/kind.js";
import { npred } from "../likelihood/npred.js";
import type { StopSignal } from "../math/types.js";
import { createSubmodel, skyModel } from "../models/create.js";
import type { ModelRegistry } from "../models/declaration.js";
import type { SkyModel, Submodel } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { describePixels, nPix, pixelCenters } from "../sky/pixels.js";
import type { SkyPosition, WcsGeom } from "../sky/types.js";
import { createNormStatistic } from "./norm-statistic.js";
import { defineTask, type Payload, type Plan, payloadOf, runPlan, runPlanOn } from "./plan.js";
import { collectTsMap, QUANTITIES, type TsMap } from "./ts-map-table.js";
import { measureTs, type TsSettings } from "./ts-pixel.js";
import { createTsTerm } from "./ts-term.js";

/** Options of `estimateTsMap`. */
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
  /** Told what was changed: edges that were moved. */
  readonly onNote?: ((note: string) => void) | undefined;
  readonly signal?: StopSignal;
  /** Pixels done so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface TsMapPayload extends Payload {
  readonly options: Omit<TsMapOptions, "signal" | "onProgress" | "onNote">;
}

/** Result: the quantities of some pixels. */
export const tsMapTask = defineTask<TsMapPayload, Float64Array>("TS map", ({ datasets, options, jobSize }, context) => {
  const { total, measure } = preparePixels(datasets, context, options);
  return (index) => measure(...jobRange(index, total, jobSize));
});

/** Options of `estimateTsMapOn`. */
export type TsMapOnOptions = TsMapOptions & {
  /** Pixels in a job; default 200. */
  readonly jobSize?: number;
};

function planTsMap(
  datasets: readonly Dataset[],
  context: KindContext,
  { jobSize = 200, signal: _, onProgress: _1, onNote, ...given }: TsMapOnOptions,
): Plan<TsMapPayload, Float64Array, TsMap> {
  const { total, collect, edges, messages } = preparePixels(datasets, context, given);
  for (const message of messages) onNote?.(`TS map: ${message}`);
  const options = { ...given, energyEdges: edges };
  const payload = { ...payloadOf(datasets, context, jobSize), options };
  return { kind: tsMapTask, payload, context, total, collect };
}

/** Pixels between two looks at the signal. */
const TURN = 20;

/**
 * Test statistics of one more point source at each pixel of the first dataset's map: to what `models` predict (which stays as it is) a source at the pixel's
 * centre is added and its norm fitted to all bins of all datasets in an energy range, by exact derivatives (after Stewart 2009, A&A 495, 989, with each
 * pixel's own psf, exposure and energy dispersion). `ts`: stat(0) - stat(norm); norms stay where no bin is predicted negative.
 */
export const estimateTsMap = (datasets: readonly Dataset[], context: KindContext, options: TsMapOptions = {}): TsMap =>
  runPlan(planTsMap(datasets, context, { ...options, jobSize: TURN }), options);

/** `estimateTsMap` with the pixels shared out among workers: the same numbers to the bit. */
export const estimateTsMapOn = (
  executor: Executor,
  datasets: readonly Dataset[],
  context: KindContext,
  options: TsMapOnOptions = {},
): Promise<TsMap> => runPlanOn(executor, planTsMap(datasets, context, options), options);

/** Checks what is given; each pixel is measured by itself. */
function preparePixels(datasets: readonly Dataset[], context: KindContext, options: TsMapOptions) {
  const { models, registry } = context;
  const { nSigma = 1, nSigmaUl = 2 } = options;
  const maps = datasets.map(asMap);
  if (maps.length === 0) throw new SpecError("TS map: no datasets; give at least one map");
  const source = testSource(options.spectrum, registry);
  const geom = maps[0]!.counts!.geom as WcsGeom;
  const axis = geom.axes[0]!;
  const edges = axisEdges(axis);
  const wanted = Array.from(options.energyEdges ?? [edges[0]!, edges.at(-1)!]);
  const responses = maps.map((dataset) => context.responses.of(dataset));
  const predicted = maps.map((dataset) => npred(dataset, context).data);
  const { edges: snapped, messages } = snapEdges(
    maps.map((d) => ({ name: d.name, energy: countsGeom(d)!.axes[0]!, inFit: fitEnergyRange(d) })),
    wanted,
    "TS map",
  );
  const ranges = Array.from(snapped.subarray(1), (max, i) => ({ min: snapped[i]!, max }));
  const terms = ranges.map(({ min, max }) =>
    createNormStatistic(
      maps.flatMap((dataset, i) => {
        const range = binsInside(responses[i]!.energy, min, max);
        if (range[0] >= range[1]) return [];
        const given = { dataset, models, source, response: responses[i]!, registry, npred: predicted[i]!, range };
        return [createTsTerm(given)];
      }),
    ),
  );
  const { lon, lat } = pixelCenters(geom);
  const pixels = testedPixels(geom, responses[0]!.mask, options.everyPixel === true);
  const settings: TsSettings = { nSigma, nSigmaUl };
  return {
    total: pixels.length,
    edges: snapped,
    messages,
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
  if (isMapDataset(dataset) && dataset.counts?.geom.kind === "wcs") {
    const { statistic = "cash" } = dataset;
    if (statistic === "cash") return dataset;
    throw new UnsupportedError(
      `TS map: dataset "${dataset.name}" has the statistic "${statistic}"; TS maps are made with cash: leave it out, or give it that statistic`,
    );
  }
  const geom = isMapDataset(dataset) ? dataset.counts?.geom : undefined;
  if (geom?.kind === "healpix") {
    throw new UnsupportedError(
      `TS map: dataset "${dataset.name}" has ${describePixels(geom)}, expected an image with rows and columns (WCS): bring its events or maps to one, or add a source and take the difference of the statistics of two fits`,
    );
  }
  const found = isMapDataset(dataset) ? "no counts on a map" : `a ${dataset.type}`;
  throw new UnsupportedError(
    `TS map: dataset "${dataset.name}" is ${found}; expected a MapDataset with counts: leave it out (--dataset names those to use)`,
  );
}

function testSource(given: Submodel | undefined, registry: ModelRegistry): SkyModel {
  const spectral = given ?? createSubmodel(registry, "PowerLawSpectralModel", { index: 2 });
  return skyModel({ name: "ts-kernel", spectral, spatial: createSubmodel(registry, "PointSpatialModel") });
}

/** Pixels with at least one bin in the fit, or all of them. */
function testedPixels(geom: WcsGeom, mask: MaskPixels, every: boolean): Int32Array {
  const n = nPix(geom);
  if (every) return Int32Array.from({ length: n }, (_, i) => i);
  const used = new Uint8Array(n);
  for (const inside of mask) for (const pixel of inside) used[pixel] = 1;
  return Int32Array.from({ length: n }, (_, i) => i).filter((i) => used[i] === 1);
}
