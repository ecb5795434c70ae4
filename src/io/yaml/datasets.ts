/**
 * `datasets.yaml` of Gammapy: names, types and files of datasets. Entries of version 0.17 and before (`likelihood`,
 * `models`, `background`) are read too.
 */
import type { Node } from "yaml";
import type { Dataset } from "../../datasets/types.js";
import { FormatError, GammatsError, nameHint } from "../../errors.js";
import { checkedFiles } from "../checked-files.js";
import { dirname, expandPath, type FileAccess, joinPath, spellings } from "../files.js";
import { datasetTypes, readDatasetFile } from "../formats/dataset-files.js";
import { openFile } from "../formats/open.js";
import { textFor } from "../formats/recognise.js";
import type { DatasetContext, FileFormat, OpenedFile } from "../formats/types.js";
import { splitSelector } from "../selector.js";
import { md5 } from "./md5.js";
import { openYaml, type YamlSource } from "./open.js";
import { gammapyChecksum } from "./pyyaml.js";
import { type Fields, readFields, readItems, readText, readTexts, report, throwProblems } from "./source.js";

/** What the key `likelihood` of old files says of a type. */
const OLD_LIKELIHOODS: Readonly<Record<string, string>> = {
  MapDataset: "cash",
  MapDatasetOnOff: "wstat",
  SpectrumDataset: "cash",
  SpectrumDatasetOnOff: "wstat",
  FluxPointsDataset: "chi2",
};
export const datasetKeys = ["name", "type", "filename", "likelihood", "models", "background"];

/** What an old entry says about models; the current form says it in models.yaml. */
export interface DatasetModels {
  readonly dataset: string;
  /** Names of the models that apply to the dataset; absent: not said. */
  readonly models?: readonly string[];
  /** Name of the component that scales the dataset's background. */
  readonly background?: string;
}

interface DatasetsFile {
  readonly datasets: readonly Dataset[];
  readonly assignments: readonly DatasetModels[];
  /** Only with `keepGoing`. */
  readonly problems: readonly GammatsError[];
  /** A checksum that does not fit, what readers note of their files, and the like. */
  readonly warnings: readonly string[];
  /** The text, to be given to the writer again so that comments and metadata survive. */
  readonly text: string;
}

export interface ReadDatasetsFileOptions extends Pick<DatasetContext, "reference"> {
  /** List errors in `problems` and read what can be read, instead of throwing them. */
  readonly keepGoing?: boolean | undefined;
}

const LIST = {
  key: "datasets",
  expected: 'a datasets.yaml (list "datasets")',
  isOne: ({ isList = false }: FileFormat) => isList,
};

interface Context {
  readonly source: YamlSource;
  readonly formats: readonly FileFormat[];
  readonly reading: DatasetContext;
}

/** Reads a datasets.yaml and every file that it names. Throws one FormatError with all problems, unless `keepGoing`. */
export async function readDatasetsFile(
  file: OpenedFile,
  files: FileAccess,
  formats: readonly FileFormat[],
  options: ReadDatasetsFileOptions,
): Promise<DatasetsFile> {
  const text = textFor(file, formats, LIST);
  const source = openYaml(text, file.path);
  const warnings: string[] = [];
  const onNote = (note: string) => warnings.push(note);
  // a file that was edited may be meant as it is
  const checked = checkedFiles(files, onNote);
  const context: Context = { source, formats, reading: { files: checked, reference: options.reference, onNote } };
  const datasets: Dataset[] = [];
  const assignments: DatasetModels[] = [];
  const taken = new Map<string, string>();
  if (source.problems.length === 0) {
    const root = readFields(source, source.document.contents as Node | null, "", ["datasets", "metadata", "checksum"]);
    const list = root?.get("datasets");
    if (root && list === undefined)
      report(source, root.node, "", 'no list "datasets"; write "datasets:" and a list below it');
    if (root) warnings.push(...checkChecksum(source, root));
    for (const [i, item] of (list ? readItems(source, list.node, "datasets") : []).entries()) {
      const fields = readFields(source, item, `datasets[${i}]`, datasetKeys);
      const dataset = fields && (await readEntry(context, fields));
      if (fields === undefined || dataset === undefined) continue;
      const twin = taken.get(dataset.name);
      if (twin !== undefined) {
        report(source, item, fields.path, `the name "${dataset.name}" is taken by ${twin}; rename one of the two`);
      }
      taken.set(dataset.name, fields.path);
      datasets.push(dataset);
      const models = oldModels(source, fields);
      if (Object.keys(models).length > 0) assignments.push({ dataset: dataset.name, ...models });
    }
  }
  if (!options.keepGoing) throwProblems(file.path, source.problems);
  return { datasets, assignments, problems: source.problems, warnings, text };
}

/** One dataset; undefined after problems, which are noted. */
async function readEntry(context: Context, fields: Fields): Promise<Dataset | undefined> {
  const { source, formats, reading } = context;
  const text = (key: string) => {
    const field = fields.get(key);
    const value = field && readText(source, field);
    return value === "" ? undefined : value;
  };
  const [type, filename, name, likelihood] = ["type", "filename", "name", "likelihood"].map(text);
  if (type === undefined || filename === undefined) {
    report(
      source,
      fields.node,
      fields.path,
      `the key "${type === undefined ? "type" : "filename"}" is missing; add it`,
    );
    return undefined;
  }
  const types = datasetTypes(formats);
  if (!types.includes(type)) {
    const hint = nameHint(type, types);
    report(source, fields.get("type")!.node, fields.path, `unknown dataset type "${type}"${hint}`, "unknown-name");
    return undefined;
  }
  const statistic = OLD_LIKELIHOODS[type];
  if (likelihood !== undefined && likelihood !== statistic) {
    const message = `the likelihood is "${likelihood}", expected ${statistic ? `"${statistic}"` : "none"} for a ${type}; remove the key`;
    report(source, fields.get("likelihood")!.node, fields.path, message);
  }
  const place = fields.get("filename")!;
  try {
    const where = `${source.where}:${source.lineOf(place.node)} ${place.path}`;
    const path = await dataPath(filename, source.where, reading.files, where);
    const dataset = await readDatasetFile(await openFile(path, reading.files), type, formats, { ...reading, name });
    if (dataset.type === type) return dataset;
    report(source, place.node, fields.path, `${path} holds a ${dataset.type}, expected a ${type}; correct the type`);
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    source.problems.push(...(error.problems ?? [error]));
  }
  return undefined;
}

/** The same of data, whose name may end with a part of a file: "grb.pha{3}". */
async function dataPath(name: string, yamlPath: string, files: FileAccess, where: string): Promise<string> {
  const { file, selector } = splitSelector(name);
  return (await resolvePath(file, yamlPath, files, where)) + (selector?.text ?? "");
}

/** A file named in a YAML file: next to it, else as given; `$NAME` is expanded. */
export async function resolvePath(name: string, yamlPath: string, files: FileAccess, where: string): Promise<string> {
  const given = spellings(expandPath(name, files, where));
  const places = [...new Set(given.flatMap((one) => [joinPath(dirname(yamlPath), one), one]))];
  for (const path of places) {
    if (!(await files.exists(path))) continue;
    if (path !== yamlPath) return path;
    throw new FormatError(`${where}: the file "${name}" is the YAML file itself; name the data file`);
  }
  const tried = places.join(", ");
  throw new FormatError({
    code: "missing-file",
    where,
    what: `no file "${name}" (looked for ${tried})`,
    found: name,
    remedy: "check the name",
  });
}

function oldModels(source: YamlSource, fields: Fields): Omit<DatasetModels, "dataset"> {
  const models = fields.get("models");
  const background = fields.get("background");
  const name = background && readText(source, background);
  return { ...(models && { models: readTexts(source, models) }), ...(name && { background: name }) };
}

/** Gammapy writes the MD5 of the text before it, and verifies that of the data as PyYAML writes them; the two differ where there are comments. */
function checkChecksum(source: YamlSource, root: Fields): string[] {
  const field = root.get("checksum");
  const start = source.text.search(/^checksum:/m);
  if (field === undefined || start < 0) return [];
  const said = readText(source, field);
  if (said === md5(source.text.slice(0, start)) || said === gammapyChecksum(source.text)) return [];
  return [
    `${source.where}:${source.lineOf(field.node)}: the checksum does not fit the text: the file was changed after it was written; remove the line "checksum" if that was meant`,
  ];
}
