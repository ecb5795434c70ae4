/** A whole analysis: datasets.yaml, the models.yaml beside it, the covariance and all data files. */
import type { Dataset } from "../../datasets/types.js";
import { FormatError, type GammatsError, nameHint, SpecError } from "../../errors.js";
import type { Model, Models } from "../../models/types.js";
import { type FileAccess, writeFiles } from "../files.js";
import { openFile } from "../formats/open.js";
import { formatOf, isOfModels, textFor } from "../formats/recognise.js";
import type { AnalysisRegistry, Contents, FileContext, OpenedFile } from "../formats/types.js";
import { writeCovariance } from "./covariance.js";
import { withCovarianceFile } from "./covariance-file.js";
import { type DatasetModels, type ReadDatasetsFileOptions, readDatasetsFile } from "./datasets.js";
import { readModelFiles } from "./model-files.js";
import { placeResources } from "./place-resources.js";
import { parseModels } from "./read-models.js";
import { throwProblems } from "./source.js";
import { type EncodeDatasetsOptions, encodeDatasets } from "./write-datasets.js";

export interface ReadDatasetsOptions extends ReadDatasetsFileOptions {
  readonly modelsPath?: string | undefined;
  readonly registry: AnalysisRegistry;
}

/** Datasets and models of an analysis, as read from its files. */
export interface Analysis extends Contents {
  readonly datasets: readonly Dataset[];
  /** Only with `keepGoing`. One line each: where, what was found, what was expected. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** Texts of the YAML files, to be given to `writeDatasets` so that comments and metadata survive. */
  readonly text: { readonly datasets: string; readonly models?: string };
}

const MODELS = {
  key: "components",
  expected: 'a models.yaml (list "components")',
  isOne: isOfModels,
};

/** Reads datasets and, with `modelsPath`, models with their covariance. Throws one FormatError with all problems, unless `keepGoing`. */
export async function readDatasets(path: string, files: FileAccess, options: ReadDatasetsOptions): Promise<Analysis> {
  return readAnalysis(await openFile(path, files), options.modelsPath, files, options);
}

/** How an analysis is read whose files are open. */
export interface ReadAnalysisOptions extends Omit<ReadDatasetsOptions, "modelsPath"> {
  /** Datasets of files that stand beside the list; models may be for them too. */
  readonly others?: readonly Dataset[];
}

/** `readDatasets` of a file that is open; `models`: another, or its path. */
export async function readAnalysis(
  datasets: OpenedFile,
  models: OpenedFile | string | undefined,
  files: FileAccess,
  options: ReadAnalysisOptions,
): Promise<Analysis> {
  const { registry, others = [] } = options;
  const list = await readDatasetsFile(datasets, files, registry.formats, { ...options, keepGoing: true });
  const file = { ...list, datasets: [...list.datasets, ...others] };
  const problems = [...file.problems];
  const warnings = [...file.warnings];
  let read: Models | undefined;
  let text: string | undefined;
  if (models !== undefined) {
    try {
      const opened = typeof models === "string" ? await openFile(models, files) : models;
      read = await readOtherModels(opened, files, registry);
      if (read === undefined) {
        text = textFor(opened, registry.formats, MODELS);
        read = await readAllModels(text, opened.path, files, { ...file, areKnown: true, options, problems, warnings });
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(...(error.problems ?? [error]));
    }
  }
  if (!options.keepGoing) throwProblems(headOf(datasets, models, file.problems.length, problems.length), problems);
  return {
    datasets: file.datasets,
    ...(read && { models: read }),
    problems: problems.map(({ message }) => message),
    warnings,
    text: { datasets: file.text, ...(text !== undefined && { models: text }) },
  };
}

/** The models of a file of another format than YAML. */
async function readOtherModels(
  file: OpenedFile,
  files: FileAccess,
  registry: AnalysisRegistry,
): Promise<Models | undefined> {
  const format = formatOf(file, registry.formats);
  if (format?.read === undefined || format.isText === true || !isOfModels(format)) return undefined;
  return (await format.read(file, { files, registry } as FileContext)).models;
}

/** The models of a models.yaml that is open, for datasets at hand; without these models may be for any. Throws one FormatError with all problems. */
export async function readModelsFor(
  datasets: readonly Dataset[] | undefined,
  models: OpenedFile,
  files: FileAccess,
  options: Pick<ReadDatasetsOptions, "registry">,
): Promise<{ readonly models: Models; readonly text?: string; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const other = await readOtherModels(models, files, options.registry);
  if (other !== undefined) return { models: other, warnings };
  const text = textFor(models, options.registry.formats, MODELS);
  const problems: GammatsError[] = [];
  const read = await readAllModels(text, models.path, files, {
    datasets: datasets ?? [],
    areKnown: datasets !== undefined,
    assignments: [],
    options,
    problems,
    warnings,
  });
  throwProblems(models.path, problems);
  return { models: read!, text, warnings };
}

/** The file that problems are about, of which the first `own` are of the datasets; both where they are. */
function headOf(datasets: OpenedFile, models: OpenedFile | string | undefined, own: number, all: number): string {
  const path = typeof models === "string" ? models : models?.path;
  if (path === undefined || own === all) return datasets.path;
  return own === 0 ? path : `${datasets.path}, ${path}`;
}

interface Context {
  readonly datasets: readonly Dataset[];
  /** Whether these are all that there are. */
  readonly areKnown: boolean;
  readonly assignments: readonly DatasetModels[];
  readonly options: Pick<ReadDatasetsOptions, "registry">;
  readonly problems: GammatsError[];
  readonly warnings: string[];
}

async function readAllModels(
  text: string,
  path: string,
  files: FileAccess,
  context: Context,
): Promise<Models | undefined> {
  const { datasets, areKnown, assignments, options, problems, warnings } = context;
  const backgrounds = Object.fromEntries(assignments.flatMap((a) => (a.background ? [[a.background, a.dataset]] : [])));
  const reading = {
    where: path,
    ...(await readModelFiles(text, path, files, options.registry)),
    backgrounds,
    // With a dataset missing, a model for it is no problem of its own.
    ...(areKnown && problems.length === 0 && { datasets: datasets.map((d) => d.name) }),
    registry: options.registry,
  };
  const { models, covarianceFile, problems: found } = parseModels(text, reading);
  if (found.length > 0) {
    problems.push(...found);
    return undefined;
  }
  const assigned: Models = { ...models, components: assign(models.components, context, path) };
  return withCovarianceFile(assigned, covarianceFile, path, files, (note) => warnings.push(note));
}

/** Which models apply where, as the key `models` of old datasets files says. */
function assign(components: readonly Model[], context: Context, path: string): readonly Model[] {
  const { datasets, assignments, problems } = context;
  const lists = new Map(assignments.flatMap((a) => (a.models ? [[a.dataset, a.models] as const] : [])));
  if (lists.size === 0) return components;
  const names = new Set(components.map((model) => model.name));
  const backgrounds = new Set(assignments.map((a) => a.background));
  for (const [dataset, list] of lists) {
    const unknown = list.find((name) => !names.has(name) && !backgrounds.has(name));
    if (unknown !== undefined) {
      const what = `there is no model "${unknown}", which the dataset "${dataset}" names${nameHint(unknown, names)}`;
      problems.push(new FormatError({ code: "unknown-name", where: path, what }));
    }
  }
  return components.map((model) => {
    if (model.datasetsNames !== undefined) return model;
    const applies = datasets.map((d) => d.name).filter((name) => lists.get(name)?.includes(model.name) ?? true);
    if (applies.length === 0)
      problems.push(new FormatError(`${path}: no dataset names the model "${model.name}" under its key "models"`));
    return applies.length === datasets.length ? model : ({ ...model, datasetsNames: applies } as Model);
  });
}

export interface EncodeAnalysisOptions extends Pick<EncodeDatasetsOptions, "spectra" | "onNote"> {
  /** Files are `<prefix>_datasets.yaml`, `<prefix>_models.yaml`, `<prefix>_models_covariance.dat`; without the "_" where it is empty. */
  readonly prefix: string;
  readonly registry: AnalysisRegistry;
  /** Texts that these datasets and models were read from. */
  readonly text?: Partial<Analysis["text"]>;
}

export interface WriteDatasetsOptions extends EncodeAnalysisOptions {
  readonly folder: string;
  readonly overwrite?: boolean | undefined;
}

/** Writes datasets, models and covariance in the current form, all of their files or none. Returns the paths, the YAML files last. */
export function writeDatasets(
  analysis: Pick<Analysis, "datasets" | "models">,
  files: FileAccess,
  options: WriteDatasetsOptions,
): Promise<string[]> {
  return writeFiles(encodeAnalysis(analysis, options), options.folder, files, options);
}

/** The files of `writeDatasets` by name. */
export function encodeAnalysis(
  analysis: Pick<Analysis, "datasets" | "models">,
  options: EncodeAnalysisOptions,
): Map<string, Uint8Array> {
  const { text, registry, spectra, onNote } = options;
  const { datasets, models } = analysis;
  const prefix = options.prefix === "" ? "" : `${options.prefix}_`;
  const entries = encodeDatasets(datasets, {
    yamlName: `${prefix}datasets.yaml`,
    formats: registry.formats,
    spectra,
    onNote,
    ...(text?.datasets !== undefined && { from: text.datasets }),
  });
  if (models !== undefined) {
    const encoder = new TextEncoder();
    const covarianceFile = `${prefix}models_covariance.dat`;
    if (models.covariance) entries.set(covarianceFile, encoder.encode(writeCovariance(models, models.covariance)));
    const { yaml, files } = placeResources(models, {
      registry,
      ...(models.covariance && { covarianceFile }),
      ...(text?.models !== undefined && { original: text.models }),
    });
    for (const [name, bytes] of files) addFile(name, bytes);
    addFile(`${prefix}models.yaml`, encoder.encode(yaml));
  }
  return entries;

  function addFile(name: string, bytes: Uint8Array): void {
    if (entries.has(name)) {
      throw new SpecError(
        `two files of this analysis would be named ${name}; choose another prefix, or rename the dataset or the file of the model`,
      );
    }
    entries.set(name, bytes);
  }
}
