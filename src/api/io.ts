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

/** How to read a models.yaml: its name for messages, the files that its models need, and the models that may be used. */
export type ReadModelsOptions = WithDefault<read.ReadModelsOptions>;
/** How to write a models.yaml: the text whose comments and order survive, the name of the covariance file, and the models that may be used. */
export type WriteModelsOptions = WithDefault<yaml.WriteModelsOptions>;
/** How to read a datasets.yaml: the path of its models, whether to go on after problems, and what declarations may be used. */
export type ReadDatasetsOptions = Omit<analysis.ReadDatasetsOptions, "registry"> & FormatsOption;
/** How to write datasets and models: folder, prefix of the names, file formats, and what declarations may be used. */
export type WriteDatasetsOptions = Omit<analysis.WriteDatasetsOptions, "registry"> & FormatsOption;

const filled = <T extends ModelsOption>(options: T): Omit<T, "registry"> & { readonly registry: ModelRegistry } => ({
  ...options,
  registry: modelsOf(options),
});

/**
 * Reads the text of Gammapy's models.yaml, in its current form and in older ones. Files that it names come with `readModelsWithFiles`.
 * @throws FormatError that lists every problem with file and line number.
 * @example
 * ```ts
 * import { readModels } from "gammats";
 * const { models } = readModels(`components:
 * - name: source
 *   type: SkyModel
 *   spectral: {type: pl, parameters: [{name: index, value: 2.3}]}
 * `);
 * console.assert(models.components[0].spectral.parameters[0].value === 2.3);
 * ```
 */
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

/**
 * What `readModels` needs beside the text of `path`.
 * @throws FormatError with every file that is missing or wrong.
 */
export async function readModelFiles(
  text: string,
  path: string,
  files: FileAccess,
  options: ModelsOption = {},
): Promise<{ readonly resources: ResourceFiles }> {
  return modelFiles.readModelFiles(text, path, files, modelsOf(options));
}

/**
 * `readModels` of the text of `path`, with the files that it names.
 * @throws FormatError that lists every problem with file and line number.
 */
export async function readModelsWithFiles(
  text: string,
  path: string,
  files: FileAccess,
  options: ModelsOption = {},
): Promise<yaml.ModelsFile> {
  return modelFiles.readModelsWithFiles(text, path, files, modelsOf(options));
}

/**
 * The text of Gammapy's models.yaml in its current form. With `original`, its comments, order and other keys survive.
 * @throws SpecError where a model has data without the name of a file for them.
 * @example
 * ```ts
 * import { createSubmodel, readModels, skyModel, writeModels } from "gammats";
 * const spectral = createSubmodel("pl", { index: 2.3, amplitude: "3e-12 cm-2 s-1 TeV-1" });
 * const text = writeModels({ components: [skyModel({ name: "source", spectral })] });
 * console.assert(text.includes("type: PowerLawSpectralModel"));
 * console.assert(readModels(text).models.components[0].name === "source");
 * ```
 */
export function writeModels(models: Models, options: WriteModelsOptions = {}): string {
  return yaml.writeModels(models, filled(options));
}

/**
 * Reads a datasets.yaml (Gammapy's) with the files that it names and, with `modelsPath`, models with their covariance. Energies become TeV, areas cm2, times s.
 * @throws FormatError that lists all problems of all files, each with where, what was found and what was expected; with `keepGoing` they are in `problems`
 * instead.
 * @example
 * ```ts
 * import { readDatasets } from "gammats";
 * import { exampleFolder, nodeFiles } from "gammats/node";
 * const stem = `${exampleFolder()}/fermi-3fhl-crab/Fermi-LAT-3FHL`;
 * const modelsPath = `${stem}_models.yaml`;
 * const { datasets, models } = await readDatasets(`${stem}_datasets.yaml`, nodeFiles(), { modelsPath });
 * console.assert(datasets[0].name === "Fermi-LAT" && models.components.length === 2);
 * ```
 */
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

/**
 * Writes datasets, models and covariance in Gammapy's current form, all of their files or none. Returns the paths, the YAML files last.
 * @throws SpecError where a file exists and `overwrite` is not set, two files would have one name, or the data cannot be written in the format.
 * @example
 * ```ts
 * import { memoryFiles, writeDatasets } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const crab = await readCrab(exampleFolder(), nodeFiles());
 * const files = memoryFiles(); // or nodeFiles(), for the disk
 * const paths = await writeDatasets(crab, files, { folder: "results", prefix: "crab" });
 * console.assert(paths.includes("results/crab_datasets.yaml") && paths.includes("results/crab_models.yaml"));
 * ```
 */
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

/**
 * Writes the datasets with the fitted models and covariance, and `fit-result.yaml`, all files or none. Returns their paths.
 * @throws SpecError where a file exists and `overwrite` is not set, or two files would have one name.
 * @example
 * ```ts
 * import { fit, memoryFiles, writeFit } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const result = fit(datasets, models);
 * const paths = await writeFit(result, datasets, memoryFiles(), { folder: "results", prefix: "crab" });
 * console.assert(paths.includes("results/fit-result.yaml"));
 * console.assert(paths.includes("results/crab_models_covariance.dat"));
 * ```
 */
export async function writeFit(
  result: FitResult,
  datasets: readonly Dataset[],
  files: FileAccess,
  options: results.WriteFitOptions & FileContextOptions,
): Promise<string[]> {
  return results.writeFit(result, datasets, files, fileContextOf(result.models, options), options);
}
