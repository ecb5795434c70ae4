/** What public functions of models alone use where the caller does not say: they need no likelihood. */
import type { ModelRegistry } from "../models/declaration.js";
import { standardModels } from "../models/registry.js";

/** What declarations of models and priors a call may use. */
export interface ModelsOption {
  /** Models and priors that may be used; default: those that come with GammaTS. */
  readonly registry?: ModelRegistry | undefined;
}

/** Options of an inner function whose registry is not left to it. */
export type WithDefault<T extends { readonly registry: unknown }> = Omit<T, "registry"> & ModelsOption;

export const modelsOf = ({ registry = standardModels }: ModelsOption): ModelRegistry => registry;
