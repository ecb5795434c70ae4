import { type BinnedDataset, isBinned } from "../datasets/masks.js";
import type { Dataset, MapDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { bindCalibration } from "../fold/calibration.js";
import { modelComponents } from "../fold/components.js";
import type { SharedVectors } from "../fold/flux/shared.js";
import { fitMemory } from "../fold/memory.js";
import { fitPixels } from "../fold/pixels.js";
import { type Response, responseOf } from "../fold/response.js";
import type { BoundComponent, Component, MaskPixels, Nuisance } from "../fold/types.js";
import { type CashTerm, cashTerm, inMask } from "../likelihood/cash-term.js";
import { flatBins, poissonSampler, replaceBins } from "../likelihood/data.js";
import type { CompiledTerm, Term, TermData } from "../likelihood/types.js";
import { requireMemory, withMemory } from "../memory.js";
import type { ModelRegistry } from "../models/declaration.js";
import { allParameters, type ParameterEntry } from "../models/parameters.js";
import { standardModels } from "../models/registry.js";
import type { Model, Models } from "../models/types.js";
import { fluxPointsTerm } from "./flux-points-term.js";
import { onOffTerm } from "./on-off.js";

export interface CompileOptions {
  readonly registry?: ModelRegistry;
  /** Which entries of `allParameters(models)` vary; default: those not frozen. */
  readonly free?: (entry: ParameterEntry, index: number) => boolean;
  /** The dataset's instrument, if it was made before. */
  readonly response?: Response;
  /** Spectra of other datasets of the same likelihood, which share what they have in common. */
  readonly shared?: SharedVectors;
  /** Refuse a dataset whose fit may need more memory than this beside its own arrays; default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** Models that apply to a dataset, in order. */
export function modelsFor(models: Models, dataset: string): Model[] {
  return models.components.filter((m) => m.datasetsNames === undefined || m.datasetsNames.includes(dataset));
}

/** The dataset's -2 ln L as a function of the free parameters of its models: the one place that allocates. */
export function compileDataset(dataset: Dataset, models: Models, options: CompileOptions = {}): CompiledTerm {
  const registry = options.registry ?? standardModels;
  const entries = allParameters(models);
  const isFree = options.free ?? ((entry: ParameterEntry) => !entry.parameter.frozen);
  const applicable = modelsFor(models, dataset.name);
  const context = { models, entries, isFree, registry, shared: options.shared };
  if (!isBinned(dataset)) return fluxPointsTerm(dataset, applicable, context);
  const where = `the fit of dataset "${dataset.name}"`;
  const needs = () => fitMemory(dataset, applicable, registry);
  if (options.maxBytes !== undefined) requireMemory(where, needs(), options.maxBytes);
  return withMemory(where, needs, () => {
    const response = options.response ?? responseOf(dataset);
    const components = modelComponents(dataset, applicable, response, context);
    const { backgroundNorm } = bindCalibration(dataset, context);
    return joinComponents(dataset, components, fitPixels(dataset, response), backgroundNorm);
  });
}

/** Components of a dataset and its bins as a term. `backgroundNorm`: of ON/OFF data, which have no component for their background. */
export function joinComponents(
  dataset: BinnedDataset,
  components: readonly BoundComponent[],
  mask: MaskPixels,
  backgroundNorm: Nuisance = { value: 1 },
): CompiledTerm & Required<Pick<CompiledTerm, "mask" | "components">> {
  const shares = components.map((c) => c.component);
  const own = "acceptance" in dataset && backgroundNorm.parameter !== undefined ? [backgroundNorm.parameter] : [];
  return {
    ...binnedTerm(dataset, shares, mask, backgroundNorm),
    parameters: [...components.flatMap((c) => c.parameters), ...own],
    nBins: mask.reduce((n, pixels) => n + pixels.length, 0),
    mask,
    components: shares,
  };
}

function binnedTerm(
  dataset: BinnedDataset,
  components: readonly Component[],
  mask: MaskPixels,
  backgroundNorm: Nuisance,
): { readonly term: Term; readonly data: TermData } {
  if (dataset.counts === undefined) {
    throw new SpecError(`dataset "${dataset.name}": no counts; simulate them or read a dataset that has them`);
  }
  if (mask.every((pixels) => pixels.length === 0)) {
    throw new SpecError(
      `dataset "${dataset.name}": no bin is left for the fit, mask_safe and mask_fit exclude all ${dataset.counts.data.length}; widen the masks or the energy range, or leave the dataset out`,
    );
  }
  if ("acceptance" in dataset) {
    return onOffTerm(dataset, components, mask, backgroundNorm);
  }
  const counts = inMask(mask, dataset.counts.data);
  const term = cashTerm(dataset.name, components, mask, counts);
  return { term, data: countsData(dataset, term, mask, counts) };
}

/** Data: the counts of the bins in the fit. */
function countsData(dataset: MapDataset, term: CashTerm, mask: MaskPixels, measured: Float64Array): TermData {
  const expected = (out: Float64Array) => {
    term.npred(out);
    for (let i = 0; i < out.length; i++) out[i] = Math.max(out[i]!, 0);
  };
  return {
    measured,
    set: (data) => term.setCounts(data),
    expected,
    total: () => term.total(),
    negative: () => term.negative(),
    simulator() {
      const means = new Float64Array(measured.length);
      expected(means);
      return poissonSampler(means);
    },
    saturated: () => term.saturated(),
    dataset(data) {
      const counts = dataset.counts!;
      const nPix = counts.data.length / mask.length;
      return { ...dataset, counts: { ...counts, data: replaceBins(counts.data, flatBins(mask, nPix), data) } };
    },
  };
}
