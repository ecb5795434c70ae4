import { isUpperLimit, normError } from "../datasets/flux-points.js";
import { isBinned } from "../datasets/masks.js";
import type { Dataset, FluxPoints, FluxPointsDataset, OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { backgroundNormOf } from "../fold/calibration.js";
import { createResponse } from "../fold/response.js";
import { type RandomStream, randomStream } from "../math/random.js";
import type { ModelRegistry } from "../models/declaration.js";
import { standardModels } from "../models/registry.js";
import type { Models } from "../models/types.js";
import type { SkyMap } from "../sky/types.js";
import { npred, npredBackground, npredSignal } from "./npred.js";
import { alphaOf } from "./on-off.js";

export interface SimulateOptions {
  readonly registry?: ModelRegistry;
  /** ON/OFF data, by dataset name: predicted background counts in the ON region; default: the background that wstat profiles from the dataset's own counts. */
  readonly backgrounds?: Readonly<Record<string, SkyMap>>;
}

/** Draws all datasets anew: toy number `toy` of `seed` is the same in whatever order toys are drawn. */
export type Simulator = (seed: number, toy?: number) => Dataset[];

/** What to draw from is computed once. Each dataset has a random stream of its own. */
export function simulator(datasets: readonly Dataset[], models: Models, options: SimulateOptions = {}): Simulator {
  const draws = datasets.map((dataset) => expectation(dataset, models, options));
  return (seed, toy = 0) =>
    draws.map((draw, i) => {
      const stream = randomStream(seed, toy);
      for (let k = 0; k < i; k++) stream.jump();
      return draw(stream);
    });
}

/** The datasets with random counts (flux points: norms) around what the models predict, reproducible to the bit from the seed. */
export function simulate<D extends Dataset>(dataset: D, models: Models, seed: number, options?: SimulateOptions): D;
export function simulate(
  datasets: readonly Dataset[],
  models: Models,
  seed: number,
  options?: SimulateOptions,
): Dataset[];
export function simulate(
  datasets: Dataset | readonly Dataset[],
  models: Models,
  seed: number,
  options: SimulateOptions = {},
): Dataset | Dataset[] {
  if ("type" in datasets) return simulator([datasets], models, options)(seed)[0]!;
  return simulator(datasets, models, options)(seed);
}

/** The dataset with exactly what the models predict: the fit of these models to it finds them again. */
export function asimov<D extends Dataset>(dataset: D, models: Models, options: SimulateOptions = {}): D {
  return expectation(dataset, models, options)(null) as D;
}

/** Fills a dataset from a stream of random numbers; null: with the expectations themselves. */
type Draw = (stream: RandomStream | null) => Dataset;

function expectation(dataset: Dataset, models: Models, options: SimulateOptions): Draw {
  const registry = options.registry ?? standardModels;
  if (!isBinned(dataset)) {
    const { data } = npred(dataset, models, { registry });
    return (stream) => drawPoints(dataset, data, stream);
  }
  const response = createResponse(dataset);
  if (dataset.type === "SpectrumDatasetOnOff" || dataset.type === "MapDatasetOnOff") {
    const signal = npredSignal(dataset, models, { registry, response });
    const norm = backgroundNormOf(models, dataset.name);
    const alpha = alphaOf(dataset).map((ratio) => norm * ratio);
    const given = options.backgrounds?.[dataset.name];
    checkBackground(dataset, given);
    const background = given?.data ?? npredBackground(dataset, models, { registry, response }).data;
    const on = signal.data.map((s, i) => Math.max(0, s + background[i]!));
    // no OFF region, or an ON region without acceptance: no OFF counts
    const off = background.map((b, i) => (Number.isFinite(b / alpha[i]!) ? Math.max(0, b / alpha[i]!) : 0));
    return (stream) => ({
      ...dataset,
      counts: drawCounts({ ...signal, data: on }, stream),
      countsOff: drawCounts({ ...signal, data: off }, stream),
    });
  }
  const mu = npred(dataset, models, { registry, response });
  return (stream) => ({ ...dataset, counts: drawCounts(mu, stream) });
}

function checkBackground(dataset: OnOffDataset, given: SkyMap | undefined): void {
  const where = `dataset "${dataset.name}": simulation`;
  if (dataset.acceptanceOff === undefined) {
    throw new SpecError(
      `${where} needs acceptanceOff, which the dataset lacks; give it the acceptance of the OFF region`,
    );
  }
  if (given === undefined && (dataset.counts === undefined || dataset.countsOff === undefined)) {
    throw new SpecError(
      `${where} needs a background: neither \`backgrounds\` nor ON and OFF counts are there; give one`,
    );
  }
  if (given !== undefined && given.data.length !== dataset.acceptance.data.length) {
    throw new SpecError(
      `${where}: the background has ${given.data.length} bins, expected ${dataset.acceptance.data.length} as in the dataset`,
    );
  }
}

function drawCounts(mu: SkyMap, stream: RandomStream | null): SkyMap {
  return { ...mu, data: stream === null ? mu.data.slice() : mu.data.map((x) => stream.poisson(x)) };
}

/**
 * Points around the model by their errors, which stay: errn for values above the model, errp below, as the likelihood reads them. Limits and points without
 * value or error stay as they are.
 */
function drawPoints(dataset: FluxPointsDataset, model: Float64Array, stream: RandomStream | null): FluxPointsDataset {
  const { points, statistic } = dataset;
  const limit = points.norm.map((_, i) => (isUpperLimit(points, i) ? 1 : 0));
  const shift = points.norm.map((norm, i) => {
    const z = stream === null ? 0 : stream.normal();
    const err = normError(points, i);
    const side = (statistic === "distrib" ? (z > 0 ? points.normErrn : points.normErrp)?.[i] : undefined) ?? Number.NaN;
    const sigma = Number.isNaN(side) ? err : side;
    if (limit[i] === 1 || !Number.isFinite(norm) || !Number.isFinite(sigma)) return 0;
    return model[i]! / points.reference.dnde[i]! + z * sigma - norm;
  });
  return { ...dataset, points: shiftPoints(points, shift, Uint8Array.from(limit)) };
}

/** Norms with their limits and scans moved; what else the estimation said of them no longer holds and is left out. */
function shiftPoints(points: FluxPoints, shift: Float64Array, isUlStored: Uint8Array): FluxPoints {
  const { ts, sqrtTs, statNull, npred: _, npredExcess, counts, success, ...rest } = points;
  const move = (x: Float64Array) => x.map((value, k) => value + shift[Math.floor(k / (x.length / shift.length))]!);
  return {
    ...rest,
    norm: move(points.norm),
    ...(points.normUl && { normUl: move(points.normUl) }),
    ...(points.normScan && { normScan: move(points.normScan) }),
    isUlStored,
  };
}
