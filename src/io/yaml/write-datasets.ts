import { isMap, isSeq, parseDocument, stringify } from "yaml";
import type { Dataset } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import type { NoteOptions } from "../cards.js";
import { datasetFileName, encodeDataset } from "../formats/dataset-files.js";
import type { FileFormat } from "../formats/types.js";
import { schemaLine } from "../json-schema.js";
import { needsQuotes, printed, quotedText } from "./plain-text.js";
import { withChecksum } from "./pyyaml.js";

export interface EncodeDatasetsOptions extends NoteOptions {
  /** Name of the YAML file. */
  readonly yamlName: string;
  readonly formats: readonly FileFormat[];
  /**
   * Name or tag of the format that datasets go to where it can hold them. Of ON/OFF spectra `gadf` (as Gammapy writes) loses nothing, `ogip` opens in
   * XSPEC and Sherpa. Default: the first of the registry that can.
   */
  readonly spectra?: string | undefined;
  /** Text of a datasets.yaml whose comments and metadata survive. */
  readonly from?: string;
}

/** The files of these datasets by name: data first, the YAML last. */
export function encodeDatasets(datasets: readonly Dataset[], options: EncodeDatasetsOptions): Map<string, Uint8Array> {
  const { formats, spectra, onNote } = options;
  const writing = { formats, format: spectra, onNote };
  const files = new Map<string, Uint8Array>();
  const entries: DatasetEntry[] = [];
  for (const dataset of datasets) {
    if (entries.some((e) => e.name === dataset.name)) {
      throw new SpecError(`two datasets are named "${dataset.name}"; rename one`);
    }
    const filename = freeName(datasetFileName(dataset, writing), entries);
    for (const [name, bytes] of encodeDataset(dataset, filename, writing)) files.set(name, bytes);
    entries.push({ name: dataset.name, type: dataset.type, filename });
  }
  const text = options.from === undefined ? datasetsText(entries) : updatedText(options.from, entries);
  files.set(options.yamlName, new TextEncoder().encode(withChecksum(text)));
  return files;
}

/** The name, numbered where a file of another dataset has it: what names of files cannot have is left out, and disks may not tell a from A. */
function freeName(name: string, entries: readonly DatasetEntry[]): string {
  const taken = new Set(entries.map(({ filename }) => filename.toLowerCase()));
  let free = name;
  for (let k = 2; taken.has(free.toLowerCase()); k++) free = name.replace(/(\.\w+)?$/, `-${k}$1`);
  return free;
}

/** What a datasets.yaml says of a dataset. */
export interface DatasetEntry {
  readonly name: string;
  readonly type: string;
  readonly filename: string;
}

/** A datasets.yaml for these files, as PyYAML lays it out, without a checksum. Texts are quoted where YAML 1.1 needs it. */
export function datasetsText(entries: readonly DatasetEntry[]): string {
  const scalar = (value: string) => {
    const text = stringify(value, { version: "1.1", singleQuote: true, lineWidth: 0 }).trimEnd();
    // line ends, and "..." at the beginning, make blocks of several lines
    return needsQuotes(text) ? quotedText(value) : text;
  };
  const items = entries.map(
    ({ name, type, filename }) => `-   name: ${scalar(name)}\n    type: ${type}\n    filename: ${scalar(filename)}\n`,
  );
  return `${schemaLine("datasets")}datasets:${items.length === 0 ? " []\n" : `\n${items.join("")}`}metadata:\n    creator: GammaTS\n`;
}

/** The old text without its checksum and with new entries; entries of the same name keep their comments, keys of old versions go. */
function updatedText(text: string, entries: readonly DatasetEntry[]): string {
  const doc = parseDocument(text, { version: "1.1" });
  doc.delete("checksum");
  const list = doc.get("datasets", true);
  const old = isSeq(list) ? list.items.filter(isMap) : [];
  const items = entries.map((entry) => {
    const known = old.find((item) => String(item.get("name")) === entry.name);
    if (known === undefined) return doc.createNode({ ...entry });
    for (const key of ["likelihood", "models", "background"]) known.delete(key);
    known.set("type", entry.type);
    known.set("filename", entry.filename);
    return known;
  });
  if (isSeq(list)) list.items = items;
  else doc.set("datasets", doc.createNode(items));
  return printed(doc);
}
