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

/** What is in the datasets, one row each. */
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
 * Predicted counts `[energy, lat, lon]` of all bins, inside the masks and outside: sources and background, negative totals as 0. For ON/OFF data the
 * background is the one that the statistic profiles. With `model`: the counts of that model alone, of either sign. Flux points: dnde at e_ref [cm-2 s-1 TeV-1].
 */
export function npred(
  dataset: Dataset,
  models: Models,
  options: ContextOptions & { readonly model?: string } = {},
): SkyMap {
  const { model } = options;
  return predict.npred(dataset, contextOf(models, options), model === undefined ? "all" : { model });
}

/** Predicted counts of all sources, of either sign. */
export function npredSignal(dataset: Dataset, models: Models, options: ContextOptions = {}): SkyMap {
  return predict.npred(dataset, contextOf(models, options), "signal");
}

/** Predicted background counts: the background map times its model; for ON/OFF data alpha times the background that the statistic profiles. */
export function npredBackground(dataset: BinnedDataset, models: Models, options: ContextOptions = {}): SkyMap {
  return predict.npred(dataset, contextOf(models, options), "background");
}

/** Draws the datasets again and again around what the models predict: `simulator(...)(seed, toy)`. What to draw from is computed once. */
export function simulator(
  datasets: readonly Dataset[],
  models: Models,
  options: ContextOptions & SimulateOptions = {},
): draw.Simulator {
  return draw.simulator(datasets, contextOf(models, options), options);
}

/** The datasets with random counts (flux points: norms) around what the models predict, reproducible to the bit from the seed. */
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

/** The dataset with exactly what the models predict: the fit of these models to it finds them again. */
export function asimov<D extends Dataset>(
  dataset: D,
  models: Models,
  options: ContextOptions & SimulateOptions = {},
): D {
  return draw.asimov(dataset, contextOf(models, options), options);
}

/** -2 ln L of one dataset as a function of the free parameters of its models. */
export function compileDataset(
  dataset: Dataset,
  models: Models,
  options: ContextOptions & compile.CompileOptions = {},
): CompiledTerm {
  return compile.compileDataset(dataset, contextOf(models, options), options);
}

/** What a fit of a dataset with models takes besides the dataset, as an upper bound. */
export function fitMemory(
  dataset: BinnedDataset,
  models: readonly Model[],
  options: RegistryOption = {},
): MemoryNeed[] {
  return memory.fitMemory(dataset, models, registryOf(options));
}
