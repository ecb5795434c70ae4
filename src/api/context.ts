/** What public functions make their work from where the caller does not say: the one place that knows defaults for it. */

import { createResponses, type Responses } from "../fold/response.js";
import { likelihoodRegistry } from "../kinds/registry.js";
import type { KindContext, Registry } from "../likelihood/kind.js";
import type { Models } from "../models/types.js";
import { requireModels } from "./arguments.js";

/** What declarations a call may use. */
export interface RegistryOption {
  /** Models, priors, statistics and kinds of datasets that may be used; default: `standardRegistry`, those that come with GammaTS. */
  readonly registry?: Registry | undefined;
}

/** What a call works with beside datasets and models; every part has a default. */
export interface ContextOptions extends RegistryOption {
  /** The instruments of datasets, to share them among calls (`createResponses`); default: each call makes its own. */
  readonly responses?: Responses | undefined;
}

export const registryOf = ({ registry = likelihoodRegistry }: RegistryOption): Registry => registry;

export function contextOf(models: Models, options: ContextOptions): KindContext {
  requireModels(models);
  // nothing changes a dataset inside of one call
  const { responses = createResponses() } = options;
  return { models, registry: registryOf(options), responses };
}

/** The same, and all options beside it: what is plain data and may go to workers. */
export function withContext<O extends ContextOptions>(
  models: Models,
  options: O,
): [context: KindContext, rest: Omit<O, keyof ContextOptions>] {
  const { registry, responses, ...rest } = options;
  return [contextOf(models, { registry, responses }), rest];
}
