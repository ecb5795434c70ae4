import type { Dataset } from "../datasets/types.js";
import type { SharedVectors } from "../fold/flux/shared.js";
import { createDeclarations, type Declarations } from "../models/lookup.js";
import { allParameters, type ParameterEntry } from "../models/parameters.js";
import type { KindContext } from "./kind.js";
import { kindOf } from "./registry.js";
import type { CompiledTerm } from "./types.js";

/** How one dataset is compiled. */
export interface CompileOptions {
  /** Which entries of `allParameters(models)` vary; default: those not frozen. */
  readonly free?: (entry: ParameterEntry, index: number) => boolean;
  /** Declarations and spectra of other datasets of the same likelihood, which share what they have in common. */
  readonly declarations?: Declarations;
  readonly shared?: SharedVectors;
  /** Refuse a dataset whose fit may need more memory than this beside its own arrays; default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** The dataset's -2 ln L as a function of the free parameters of its models: the one place that allocates. */
export function compileDataset(dataset: Dataset, context: KindContext, options: CompileOptions = {}): CompiledTerm {
  const { declarations = createDeclarations(context.registry), shared, maxBytes } = options;
  return kindOf(dataset, context.registry).compile(dataset, {
    ...context,
    entries: allParameters(context.models),
    isFree: options.free ?? ((entry) => !entry.parameter.frozen),
    declarations,
    shared,
    maxBytes,
  });
}

/** The statistic of a dataset at the values of the models. */
export function statisticAt(dataset: Dataset, context: KindContext): number {
  return compileDataset(dataset, context, { free: () => false }).term.value(new Float64Array(0));
}
