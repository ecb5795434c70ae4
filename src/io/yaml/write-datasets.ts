import { isMap, isSeq, parseDocument, stringify } from "yaml";
import { isBinned, isFluxPoints, isOnOff } from "../../datasets/facets.js";
import type { Dataset, OnOffDataset } from "../../datasets/types.js";
import { SpecError, UnsupportedError } from "../../errors.js";
import type { NoteOptions } from "../cards.js";
import { writeFluxPointsDataset } from "../flux-points/write.js";
import { writeMapDataset } from "../map-dataset.js";
import { writeOgip } from "../ogip/write.js";
import { md5 } from "./md5.js";

export interface EncodeDatasetsOptions extends NoteOptions {
  /** Name of the YAML file. */
  readonly yamlName: string;
  /** Format of ON/OFF spectra; `gadf` (as Gammapy writes) loses nothing, `ogip` opens in XSPEC and Sherpa. */
  readonly spectra?: "gadf" | "ogip";
  /** Text of a datasets.yaml whose comments and metadata survive. */
  readonly from?: string;
}

/** The files of these datasets by name: data first, the YAML last. */
export function encodeDatasets(datasets: readonly Dataset[], options: EncodeDatasetsOptions): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const entries: Entry[] = [];
  for (const dataset of datasets) {
    const filename = fileName(dataset);
    if (entries.some((e) => e.name === dataset.name || e.filename === filename)) {
      throw new SpecError(`two datasets are named "${dataset.name}" or go to the same file ${filename}; rename one`);
    }
    for (const [name, bytes] of Object.entries(encode(dataset, filename, options))) files.set(name, bytes);
    entries.push({ name: dataset.name, type: dataset.type, filename });
  }
  const text = options.from === undefined ? freshText(entries) : updatedText(options.from, entries);
  files.set(options.yamlName, new TextEncoder().encode(`${text}checksum: ${md5(text)}\n`));
  return files;
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly filename: string;
}

function fileName(dataset: Dataset): string {
  const name = dataset.name.replace(/[\s/\\]/g, "_");
  return isOnOffSpectrum(dataset) ? `pha_obs${name}.fits` : `${name}.fits`;
}

function encode(dataset: Dataset, filename: string, options: EncodeDatasetsOptions): Record<string, Uint8Array> {
  const noted: NoteOptions = { onNote: options.onNote && ((note) => options.onNote!(`${filename}: ${note}`)) };
  if (isFluxPoints(dataset)) return { [filename]: writeFluxPointsDataset(dataset, noted) };
  if (isOnOffSpectrum(dataset) && options.spectra === "ogip") {
    return writeOgip(dataset, { ...noted, name: filename.replace(/\.fits$/, "") });
  }
  if (isBinned(dataset)) return { [filename]: writeMapDataset(dataset, noted) };
  throw new UnsupportedError(
    `dataset "${dataset.name}": there is no file format for a ${dataset.type}; leave it out, or write it on your own`,
  );
}

const isOnOffSpectrum = (dataset: Dataset): dataset is OnOffDataset =>
  isOnOff(dataset) && dataset.type === "SpectrumDatasetOnOff";

/** As PyYAML lays it out, so that Gammapy finds its checksum right. Texts are quoted where YAML 1.1 needs it. */
function freshText(entries: readonly Entry[]): string {
  const scalar = (value: string) => stringify(value, { version: "1.1", singleQuote: true, lineWidth: 0 }).trimEnd();
  const items = entries.map(
    ({ name, type, filename }) => `-   name: ${scalar(name)}\n    type: ${type}\n    filename: ${scalar(filename)}\n`,
  );
  return `datasets:${items.length === 0 ? " []\n" : `\n${items.join("")}`}metadata:\n    creator: GammaTS\n`;
}

/** The old text with new entries; entries of the same name keep their comments, keys of old versions go. */
function updatedText(text: string, entries: readonly Entry[]): string {
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
  return doc.toString({ lineWidth: 0 });
}
