import { isMap, type Node } from "yaml";
import type { ModelRegistry } from "../../models/declaration.js";
import { compoundData, compoundSpectrum } from "../../models/spectral/compound.js";
import { eblAbsorption } from "../../models/spectral/table.js";
import type { Models, SpectralTable, Submodel } from "../../models/types.js";
import { editModels } from "./edit-models.js";
import { openYaml } from "./open.js";
import { type ParsedModels, parseModels, type ReadModelsOptions } from "./read-models.js";
import { type Fields, readFields, readItems, readPlain, readText, throwProblems } from "./source.js";
import { composeModels } from "./write-models.js";

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

/** Names of the files that the models of a models.yaml need: maps and tables of `readModels`. */
export function filesOfModels(
  text: string,
  where = "models.yaml",
): { readonly maps: string[]; readonly tables: string[] } {
  const found = { maps: [] as string[], tables: [] as string[] };
  // most files need none
  if (!/TemplateNPredModel|EBLAbsorption|ebl-norm/.test(text)) return found;
  const source = openYaml(text, where);
  // reading the models tells what is wrong
  if (source.problems.length > 0) return found;
  const components = readFields(source, source.document.contents, "")?.get("components");
  const fileOf = (fields: Fields | undefined, types: readonly string[]): string[] => {
    const [type, file] = [fields?.get("type"), fields?.get("filename")];
    if (type === undefined || file === undefined || !types.includes(readText(source, type) ?? "")) return [];
    return [readText(source, file) ?? ""];
  };
  const tables = (node: Node | null): string[] => {
    if (!isMap(node)) return [];
    const fields = readFields(source, node, "");
    const parts = ["model1", "model2"].flatMap((key) => tables(fields?.get(key)?.node ?? null));
    return [...fileOf(fields, [eblAbsorption.type, eblAbsorption.tag]), ...parts];
  };
  if (components === undefined) return found;
  for (const item of readItems(source, components.node, "components")) {
    const fields = readFields(source, item, "");
    found.maps.push(...fileOf(fields, ["TemplateNPredModel"]));
    found.tables.push(...tables(fields?.get("spectral")?.node ?? null));
  }
  return found;
}

export interface WriteModelsOptions {
  readonly registry: ModelRegistry;
  /** Name to write under `covariance:`; absent: none. */
  readonly covarianceFile?: string;
  /** The text that the models were read from: where only values, errors, limits and frozen flags differ, it is edited in place. */
  readonly original?: string;
}

/** Gammapy's models.yaml in its current form. With `original`, its comments, order and other keys survive. */
export function writeModels(models: Models, options: WriteModelsOptions): string {
  const { registry, covarianceFile, original } = options;
  const maps = Object.fromEntries(
    models.components.flatMap((m) => (m.type === "TemplateNPredModel" ? [[m.filename, m.map]] : [])),
  );
  const tables = tablesOfModels(models);
  const parsed = original === undefined ? undefined : parseModels(original, { registry, maps, tables });
  const edited = parsed === undefined ? undefined : editModels(parsed, models, covarianceFile);
  if (edited !== undefined) return edited;
  return composeModels(models, registry, {
    ...(covarianceFile !== undefined && { covariance: covarianceFile }),
    ...(parsed === undefined ? {} : otherKeys(parsed)),
  });
}

/** Tables that were read from files, by name. */
export function tablesOfModels(models: Models): Record<string, SpectralTable> {
  return Object.fromEntries(models.components.flatMap(({ spectral }) => tablesOf(spectral)));
}

function tablesOf({ extra, table, type }: Omit<Submodel, "parameters">): [string, SpectralTable][] {
  if (table !== undefined) return [[String(extra?.filename), table]];
  if (type !== compoundSpectrum.type) return [];
  const { model1, model2 } = compoundData(extra);
  return [...tablesOf(model1), ...tablesOf(model2)];
}

/** Keys of the original beside components and covariance, as they are. */
function otherKeys({ root, reading }: ParsedModels): Record<string, unknown> {
  const own = ["components", "calibration", "penalties", "covariance", "checksum"];
  const keys = root?.keys.filter((key) => !own.includes(key)) ?? [];
  return Object.fromEntries(keys.map((key) => [key, readPlain(reading.source, root!.get(key)!.node)]));
}
