/**
 * `datasets.yaml` of Gammapy: names, types and files of datasets. Entries of version 0.17 and before (`likelihood`,
 * `models`, `background`) are read too.
 */
import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import type { Dataset } from "../../datasets/types.js";
import { didYouMean, FormatError } from "../../errors.js";
import { readFits } from "../../fits/index.js";
import { basename, dirname, expandPath, type FileAccess, joinPath } from "../files.js";
import { type ReadFluxPointsOptions, readFluxPointsDataset } from "../flux-points/read.js";
import { readMapDataset } from "../map-dataset.js";
import { isOgipSpectrum } from "../ogip/pha.js";
import { readOgip } from "../ogip/read.js";
import { checkKeys, listOfMaps, type Problem, parseYaml, textValue, type YamlSource } from "./document.js";
import { md5 } from "./md5.js";

/** Dataset types with the name of their statistic in old files. */
const STATISTICS: Readonly<Record<Dataset["type"], string>> = {
  MapDataset: "cash",
  MapDatasetOnOff: "wstat",
  SpectrumDataset: "cash",
  SpectrumDatasetOnOff: "wstat",
  FluxPointsDataset: "chi2",
};
const KEYS = ["name", "type", "filename", "likelihood", "models", "background"];

/** What an old entry says about models; the current form says it in models.yaml. */
export interface DatasetModels {
  readonly dataset: string;
  /** Names of the models that apply to the dataset; absent: not said. */
  readonly models?: readonly string[];
  /** Name of the component that scales the dataset's background. */
  readonly background?: string;
}

export interface DatasetsFile {
  readonly datasets: readonly Dataset[];
  readonly assignments: readonly DatasetModels[];
  readonly problems: readonly Problem[];
  /** The text, to be given to `writeDatasets` again so that comments and metadata survive. */
  readonly text: string;
}

export interface ReadDatasetsOptions extends Pick<ReadFluxPointsOptions, "reference"> {
  /** Report errors in `problems` and read what can be read, instead of throwing them. */
  readonly keepGoing?: boolean;
}

/** Reads a datasets.yaml and every file that it names. Throws one FormatError with all problems, unless `keepGoing`. */
export async function readDatasets(
  path: string,
  files: FileAccess,
  options: ReadDatasetsOptions = {},
): Promise<DatasetsFile> {
  const text = new TextDecoder().decode(await files.read(path));
  const source = parseYaml(text, path);
  const problems: Problem[] = [];
  const root = source.doc.contents;
  if (isMap(root)) checkKeys(source, root, ["datasets", "metadata", "checksum"], "datasets file", problems);
  checkChecksum(text, source, problems);
  const datasets: Dataset[] = [];
  const assignments: DatasetModels[] = [];
  for (const [i, entry] of listOfMaps(source, "datasets").entries()) {
    const what = `datasets[${i}]`;
    try {
      checkKeys(source, entry, KEYS, what, problems);
      const dataset = await readEntry(source, entry, what, files, options);
      const twin = datasets.findIndex((d) => d.name === dataset.name);
      if (twin >= 0) {
        throw new FormatError(
          `${source.at(entry)} ${what}: the name "${dataset.name}" is taken by datasets[${twin}]; names must differ, rename one`,
        );
      }
      datasets.push(dataset);
      const models = oldModels(entry);
      if (Object.keys(models).length > 0) assignments.push({ dataset: dataset.name, ...models });
    } catch (error) {
      if (!(error instanceof Error) || !/^(Format|Spec|Unsupported)Error$/.test(error.name)) throw error;
      problems.push({ severity: "error", message: error.message });
    }
  }
  const errors = problems.filter((p) => p.severity === "error");
  if (errors.length > 0 && !options.keepGoing) throw new FormatError(errors.map((p) => p.message).join("\n"));
  return { datasets, assignments, problems, text };
}

async function readEntry(
  source: YamlSource,
  entry: YAMLMap,
  what: string,
  files: FileAccess,
  options: ReadDatasetsOptions,
): Promise<Dataset> {
  const at = source.at(entry);
  const type = textValue(source, entry, "type", what);
  const filename = textValue(source, entry, "filename", what);
  const name = textValue(source, entry, "name", what);
  if (type === undefined || filename === undefined) {
    throw new FormatError(`${at} ${what}: no key "${type === undefined ? "type" : "filename"}"; add it`);
  }
  if (!(type in STATISTICS)) {
    const known = Object.keys(STATISTICS);
    throw new FormatError(
      `${source.at(entry.get("type", true))} ${what}: unknown dataset type "${type}"${didYouMean(type, known)}; expected ${known.join(", ")}`,
    );
  }
  const likelihood = textValue(source, entry, "likelihood", what);
  const statistic = STATISTICS[type as Dataset["type"]];
  if (likelihood !== undefined && likelihood !== statistic) {
    throw new FormatError(
      `${source.at(entry.get("likelihood", true))} ${what}: the likelihood is "${likelihood}", expected "${statistic}" for a ${type}; remove the key`,
    );
  }
  const where = source.at(entry.get("filename", true));
  const path = await resolvePath(filename, source.path, files, `${where} ${what}.filename`);
  const dataset = await readFile(path, type as Dataset["type"], name, files, options);
  if (dataset.type !== type) {
    throw new FormatError(`${where} ${what}: ${path} holds a ${dataset.type}, expected a ${type}; correct the type`);
  }
  return dataset;
}

async function readFile(
  path: string,
  type: Dataset["type"],
  name: string | undefined,
  files: FileAccess,
  options: ReadDatasetsOptions,
): Promise<Dataset> {
  const bytes = await files.read(path);
  const named = { where: path, ...(name === undefined ? {} : { name }) };
  if (type === "FluxPointsDataset") return readFluxPointsDataset(bytes, { ...options, ...named });
  if (type === "SpectrumDatasetOnOff" && isOgipSpectrum(readFits(bytes, { where: path, headersOnly: true }))) {
    return readOgip(path, files, named);
  }
  return readMapDataset(bytes, named);
}

/** A file named in a YAML file: next to it, else as given; `$NAME` is expanded. */
export async function resolvePath(name: string, yamlPath: string, files: FileAccess, where: string): Promise<string> {
  const given = expandPath(name, files, where);
  const beside = joinPath(dirname(yamlPath), given);
  const path = !(await files.exists(beside)) && (await files.exists(given)) ? given : beside;
  if (basename(path) === basename(yamlPath) && path === yamlPath) {
    throw new FormatError(`${where}: the file "${name}" is the YAML file itself; name the data file`);
  }
  if (!(await files.exists(path))) {
    throw new FormatError(
      `${where}: no file "${name}" (looked for ${[...new Set([beside, given])].join(", ")}); check the name`,
    );
  }
  return path;
}

function oldModels(entry: YAMLMap): Omit<DatasetModels, "dataset"> {
  const list = entry.get("models", true);
  const background = entry.get("background", true);
  const names = isSeq(list) ? list.items.map((item) => String(isScalar(item) ? item.value : item)) : undefined;
  return {
    ...(names && { models: names }),
    ...(isScalar(background) && background.value !== null && { background: String(background.value) }),
  };
}

/** Gammapy's checksum is the MD5 of the text before it. */
function checkChecksum(text: string, source: YamlSource, problems: Problem[]): void {
  const start = text.search(/^checksum:/m);
  const root = source.doc.contents;
  const node = isMap(root) ? root.get("checksum", true) : undefined;
  if (start < 0 || !isScalar(node) || typeof node.value !== "string") return;
  if (md5(text.slice(0, start)) === node.value) return;
  problems.push({
    severity: "warning",
    message: `${source.at(node)}: the checksum does not fit the text: the file was changed after it was written; remove the line "checksum" if that was meant`,
  });
}
