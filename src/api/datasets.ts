/** What can be done with datasets and models without a fit. */
import type { BinnedDataset, Dataset, DatasetInfo } from "../datasets/types.js";
import * as memory from "../fold/memory.js";
import * as compile from "../likelihood/compile.js";
import * as info from "../likelihood/info.js";
import type { SimulateOptions } from "../likelihood/kind.js";
import * as predict from "../likelihood/npred.js";
import * as draw from "../likelihood/simulate.js";
import * as summary from "../likelihood/summary.js";
import type { CompiledTerm } from "../likelihood/types.js";
import type { MemoryNeed } from "../memory.js";
import type { Model, Models } from "../models/types.js";
import type { SkyMap } from "../sky/types.js";
import { type ContextOptions, contextOf, type RegistryOption, registryOf } from "./context.js";

const NONE: Models = { components: [] };

/**
 * What is in the datasets, one row each: counts, background, excess and its significance sqrtTs (Li & Ma 1983, ApJ 272, 317, for ON/OFF data), exposure [cm2 s],
 * times [s], and with models what they predict. NaN where a dataset has no such thing.
 * @throws SpecError where the type of a dataset is unknown, or models cannot be used.
 * @example
 * ```ts
 * import { infoTable } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets } = await readCrab(exampleFolder(), nodeFiles());
 * const [, hess] = infoTable(datasets);
 * console.assert(hess.counts === 286 && hess.sqrtTs > 25 && Math.round(hess.livetime) === 3158);
 * ```
 */
export function infoTable(
  datasets: readonly Dataset[],
  models: Models = NONE,
  options: ContextOptions = {},
): DatasetInfo[] {
  return info.infoTable(datasets, contextOf(models, options));
}

/** A summary to read: counts, exposure, bins, statistic, and the models that apply, laid out like Gammapy's print(dataset). */
export function formatDataset(dataset: Dataset, models: Models = NONE, options: ContextOptions = {}): string {
  return summary.describe(dataset, contextOf(models, options));
}

/**
 * Predicted counts `[energy, lat, lon]` of all bins, inside the masks and outside: sources and background, negative totals as 0. For ON/OFF data the background
 * is the one that the statistic profiles. With `model`: the counts of that model alone, of either sign. Flux points: dnde at e_ref [cm-2 s-1 TeV-1].
 * @throws SpecError where `model` is none of the models, or the models have parts that are unknown.
 * @example
 * ```ts
 * import { fit, npred } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const [fermi] = datasets;
 * const predicted = npred(fermi, fit(datasets, models).models);
 * const sum = predicted.data.reduce((total, x) => total + x, 0);
 * console.assert(Math.abs(sum - 3000) < 100); // 5 x 40 x 50 bins; 2996 counts
 * ```
 */
export function npred(
  dataset: Dataset,
  models: Models,
  options: ContextOptions & { readonly model?: string } = {},
): SkyMap {
  const { model } = options;
  return predict.npred(dataset, contextOf(models, options), model === undefined ? "all" : { model });
}

/**
 * Predicted counts `[energy, lat, lon]` of all sources, of either sign.
 * @throws SpecError where a model does not fit the dataset, or something is missing that predictions need.
 */
export function npredSignal(dataset: Dataset, models: Models, options: ContextOptions = {}): SkyMap {
  return predict.npred(dataset, contextOf(models, options), "signal");
}

/**
 * Predicted background counts `[energy, lat, lon]`: the background map times its model; for ON/OFF data alpha times the background that the statistic profiles.
 * @throws SpecError where a model does not fit the dataset, or something is missing that predictions need.
 */
export function npredBackground(dataset: BinnedDataset, models: Models, options: ContextOptions = {}): SkyMap {
  return predict.npred(dataset, contextOf(models, options), "background");
}

/**
 * Draws the datasets again and again around what the models predict: `simulator(...)(seed, toy)`. What to draw from is computed once.
 * @throws SpecError where a model does not fit a dataset, or something is missing that predictions need.
 */
export function simulator(
  datasets: readonly Dataset[],
  models: Models,
  options: ContextOptions & SimulateOptions = {},
): draw.Simulator {
  return draw.simulator(datasets, contextOf(models, options), options);
}

/**
 * The datasets with random counts (flux points: norms) around what the models predict, reproducible to the bit from the seed, a whole number.
 * @throws SpecError where a model does not fit the dataset, or something is missing that predictions need.
 * @example
 * ```ts
 * import { infoTable, simulate } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const drawn = simulate(datasets[0], models, 42);
 * const [{ counts, npred }] = infoTable([drawn], models);
 * console.assert(Math.abs(counts - npred) < 5 * Math.sqrt(npred)); // Poisson
 * ```
 */
export function simulate<D extends Dataset>(
  dataset: D,
  models: Models,
  seed: number,
  options?: ContextOptions & SimulateOptions,
): D;
export function simulate(
  datasets: readonly Dataset[],
  models: Models,
  seed: number,
  options?: ContextOptions & SimulateOptions,
): Dataset[];
export function simulate(
  datasets: Dataset | readonly Dataset[],
  models: Models,
  seed: number,
  options: ContextOptions & SimulateOptions = {},
): Dataset | Dataset[] {
  if ("type" in datasets) return simulator([datasets], models, options)(seed)[0]!;
  return simulator(datasets, models, options)(seed);
}

/**
 * The dataset with exactly what the models predict, no whole counts: the fit of these models to it finds them again, and its errors and test statistics are
 * those to expect [Cowan et al. 2011, Eur. Phys. J. C 71, 1554].
 * @throws SpecError where a model does not fit the dataset, or something is missing that predictions need.
 * @example
 * ```ts
 * import { asimov, fit } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const expected = datasets.map((dataset) => asimov(dataset, models));
 * const alpha = fit(expected, models).parameters.find((p) => p.name === "alpha")!;
 * console.assert(Math.abs(alpha.value - 1.5) < 0.01 * alpha.error); // the value of the models
 * ```
 */
export function asimov<D extends Dataset>(
  dataset: D,
  models: Models,
  options: ContextOptions & SimulateOptions = {},
): D {
  return draw.asimov(dataset, contextOf(models, options), options);
}

/**
 * -2 ln L of one dataset as a function of the free parameters of its models.
 * @throws SpecError where a model does not fit the dataset, or something is missing that its statistic needs.
 * @throws UnsupportedError where more than `maxBytes` of memory may be needed.
 */
export function compileDataset(
  dataset: Dataset,
  models: Models,
  options: ContextOptions & compile.CompileOptions = {},
): CompiledTerm {
  return compile.compileDataset(dataset, contextOf(models, options), options);
}

/** What a fit of a dataset with models takes besides the dataset, as an upper bound, bytes. */
export function fitMemory(
  dataset: BinnedDataset,
  models: readonly Model[],
  options: RegistryOption = {},
): MemoryNeed[] {
  return memory.fitMemory(dataset, models, registryOf(options));
}
