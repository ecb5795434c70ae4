import type { ModelRegistry } from "../../models/declaration.js";
import { heldResources } from "../../models/resources.js";
import type { Models, Resource, ResourceKind } from "../../models/types.js";
import { editModels } from "./edit-models.js";
import { withChecksum } from "./pyyaml.js";
import { type ParsedModels, parseModels, type ReadModelsOptions } from "./read-models.js";
import type { ResourceFiles } from "./reading.js";
import { readPlain, throwProblems } from "./source.js";
import { composeModels } from "./write-models.js";

/** What is in a models.yaml. */
export interface ModelsFile {
  readonly models: Models;
  /** Name of the covariance file as written, relative to the folder of the models. */
  readonly covarianceFile?: string;
}

/** Reads Gammapy's models.yaml, in its current form and in older ones. Throws one FormatError that lists every problem. */
export function readModels(text: string, options: ReadModelsOptions): ModelsFile {
  const { models, covarianceFile, problems } = parseModels(text, options);
  throwProblems(options.where ?? "models.yaml", problems);
  return { models, ...(covarianceFile !== undefined && { covarianceFile }) };
}

/** Everything that is wrong with a models.yaml, one line each with file and line number; an empty list if it can be read. */
export function problemsOfModels(text: string, options: ReadModelsOptions): readonly string[] {
  return parseModels(text, options).problems.map(({ message }) => message);
}

export interface WriteModelsOptions {
  readonly registry: ModelRegistry;
  /** Name to write under `covariance:`; absent: none. */
  readonly covarianceFile?: string;
  /** The text that the models were read from: where only values, errors, limits and frozen flags differ, it is edited in place. */
  readonly original?: string;
}

/** Gammapy's models.yaml in its current form, with its checksum. With `original`, its comments, order and other keys survive. */
export function writeModels(models: Models, options: WriteModelsOptions): string {
  const { registry, covarianceFile, original } = options;
  const parsed =
    original === undefined ? undefined : parseModels(original, { registry, resources: dataByFile(models, registry) });
  const edited = parsed === undefined ? undefined : editModels(parsed, models, covarianceFile);
  const text =
    edited ??
    composeModels(models, registry, {
      ...(covarianceFile !== undefined && { covariance: covarianceFile }),
      ...(parsed === undefined ? {} : otherKeys(parsed)),
    });
  return withChecksum(text);
}

/** Data of the models by kind and by the file that they name. */
function dataByFile(models: Models, registry: ModelRegistry): ResourceFiles {
  const found: { [K in ResourceKind]?: Record<string, Resource> } = {};
  for (const { need, file, data } of heldResources(models, registry)) {
    if (file !== undefined && data !== undefined) (found[need.kind] ??= {})[file] = data;
  }
  return found as ResourceFiles;
}

/** Keys of the original beside components and covariance, as they are. */
function otherKeys({ root, reading }: ParsedModels): Record<string, unknown> {
  const own = ["components", "calibration", "penalties", "covariance", "checksum"];
  const keys = root?.keys.filter((key) => !own.includes(key)) ?? [];
  return Object.fromEntries(keys.map((key) => [key, readPlain(reading.source, root!.get(key)!.node)]));
}
