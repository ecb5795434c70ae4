/** File formats for public functions where the caller does not say. */
import { datasetFormats } from "../io/formats/datasets.js";
import type { AnalysisRegistry, FileFormat, FileRegistry } from "../io/formats/types.js";
import type { Registry } from "../likelihood/kind.js";
import type { ModelRegistry } from "../models/declaration.js";
import type { Models } from "../models/types.js";
import { type ContextOptions, contextOf } from "./context.js";
import { modelsOf } from "./models-option.js";

type Formats = Partial<Pick<FileRegistry, "formats">>;

/** What declarations of models and file formats a call may use that reads or writes datasets. */
export interface FormatsOption {
  /** Models, priors and file formats that may be used; default: those that come with GammaTS. */
  readonly registry?: (ModelRegistry & Formats) | undefined;
}

/** `formats`: where the registry has none. */
export function analysisRegistryOf({ registry }: FormatsOption, formats: readonly FileFormat[]): AnalysisRegistry {
  return { ...modelsOf({ registry }), formats: registry?.formats ?? formats };
}

/** `ContextOptions` of a call that also writes files. */
export interface FileContextOptions extends ContextOptions {
  /** Models, priors, statistics, kinds of datasets and file formats that may be used; default: those that come with GammaTS. */
  readonly registry?: (Registry & Formats) | undefined;
}

export function fileContextOf(models: Models, options: FileContextOptions) {
  const context = contextOf(models, options);
  return { ...context, registry: { ...context.registry, formats: options.registry?.formats ?? datasetFormats } };
}
