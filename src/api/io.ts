/** Files of the field to plain data and back, where models are read or written. */
import type { Dataset } from "../datasets/types.js";
import type { FitResult } from "../fit/result.js";
import type { FileAccess } from "../io/files.js";
import * as results from "../io/fit-result.js";
import { datasetFormats, datasetReaders } from "../io/formats/datasets.js";
import type { FitReport } from "../io/types.js";
import * as analysis from "../io/yaml/analysis.js";
import * as modelFiles from "../io/yaml/model-files.js";
import * as yaml from "../io/yaml/models.js";
import type * as read from "../io/yaml/read-models.js";
import type { ResourceFiles } from "../io/yaml/reading.js";
import type { ModelRegistry } from "../models/declaration.js";
import type { Models } from "../models/types.js";
import { type ContextOptions, contextOf } from "./context.js";
import { analysisRegistryOf, type FileContextOptions, type FormatsOption, fileContextOf } from "./formats-option.js";
import { type ModelsOption, modelsOf, type WithDefault } from "./models-option.js";

export type ReadModelsOptions = WithDefault<read.ReadModelsOptions>;
export type WriteModelsOptions = WithDefault<yaml.WriteModelsOptions>;
export type ReadDatasetsOptions = Omit<analysis.ReadDatasetsOptions, "registry"> & FormatsOption;
export type WriteDatasetsOptions = Omit<analysis.WriteDatasetsOptions, "registry"> & FormatsOption;

const filled = <T extends ModelsOption>(options: T): Omit<T, "registry"> & { readonly registry: ModelRegistry } => ({
  ...options,
  registry: modelsOf(options),
});

/** Reads Gammapy's models.yaml, in its current form and in older ones. Throws one FormatError that lists every problem. */
export function readModels(text: string, options: ReadModelsOptions = {}): yaml.ModelsFile {
  return yaml.readModels(text, filled(options));
}

/** Everything that is wrong with a models.yaml, one line each with file and line number; an empty list if it can be read. */
export function problemsOfModels(text: string, options: ReadModelsOptions = {}): readonly string[] {
  return yaml.problemsOfModels(text, filled(options));
}

/** The files that the models of a models.yaml need, in the order of the text. `where`: name of the YAML, for messages. */
export function filesOfModels(
  text: string,
  options: ModelsOption & { readonly where?: string } = {},
): modelFiles.ModelFile[] {
  return modelFiles.filesOfModels(text, modelsOf(options), options.where);
}

/** What `readModels` needs beside the text of `path`. Throws one FormatError with every file that is missing or wrong. */
export async function readModelFiles(
  text: string,
  path: string,
  files: FileAccess,
  options: ModelsOption = {},
): Promise<{ readonly resources: ResourceFiles }> {
  return modelFiles.readModelFiles(text, path, files, modelsOf(options));
}

/** `readModels` of the text of `path`, with the files that it names. */
export async function readModelsWithFiles(
  text: string,
  path: string,
  files: FileAccess,
  options: ModelsOption = {},
): Promise<yaml.ModelsFile> {
  return modelFiles.readModelsWithFiles(text, path, files, modelsOf(options));
}

/** Gammapy's models.yaml in its current form. With `original`, its comments, order and other keys survive. */
export function writeModels(models: Models, options: WriteModelsOptions = {}): string {
  return yaml.writeModels(models, filled(options));
}

/** Reads datasets and, with `modelsPath`, models with their covariance. Throws one FormatError with all problems, unless `keepGoing`. */
export async function readDatasets(
  path: string,
  files: FileAccess,
  options: ReadDatasetsOptions & { readonly modelsPath: string; readonly keepGoing?: false },
): Promise<analysis.Analysis & { readonly models: Models }>;
export async function readDatasets(
  path: string,
  files: FileAccess,
  options?: ReadDatasetsOptions,
): Promise<analysis.Analysis>;
export async function readDatasets(
  path: string,
  files: FileAccess,
  options: ReadDatasetsOptions = {},
): Promise<analysis.Analysis> {
  return analysis.readDatasets(path, files, { ...options, registry: analysisRegistryOf(options, datasetReaders) });
}

/** Writes datasets, models and covariance in the current form, all of their files or none. Returns the paths, the YAML files last. */
export async function writeDatasets(
  given: Pick<analysis.Analysis, "datasets" | "models">,
  files: FileAccess,
  options: WriteDatasetsOptions,
): Promise<string[]> {
  return analysis.writeDatasets(given, files, { ...options, registry: analysisRegistryOf(options, datasetFormats) });
}

/** The result of a fit as plain data; NaN (a limit that does not exist) becomes null. `datasets`: those of the fit, in its order. */
export function fitReport(
  result: FitResult,
  datasets: readonly Dataset[],
  options: results.FitReportOptions & ContextOptions = {},
): FitReport {
  return results.fitReport(result, datasets, contextOf(result.models, options), options);
}

/** Writes the datasets with the fitted models and covariance, and `fit-result.yaml`, all files or none. Returns their paths. */
export async function writeFit(
  result: FitResult,
  datasets: readonly Dataset[],
  files: FileAccess,
  options: results.WriteFitOptions & FileContextOptions,
): Promise<string[]> {
  return results.writeFit(result, datasets, files, fileContextOf(result.models, options), options);
}
