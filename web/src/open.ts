/** From files that a user gave, in whatever order and folder, to datasets and models. */

import {
  createResponses,
  createSubmodel,
  type Dataset,
  FormatError,
  fovBackground,
  isMapDataset,
  type Model,
  type Models,
  openFile,
  skyModel,
} from "gammats";
import { hasCode, likelihoodRegistry } from "gammats/extend";
import {
  analysisFormats,
  appearance,
  basename,
  type Contents,
  contentsOf,
  type FileRegistry,
  type KnownFile,
  stemOf,
} from "gammats/io";
import { skyImageOf } from "gammats/plot";
import { givenFiles, inflated, listed, MAX_BYTES } from "./given-files.js";
import { EVENT_FILES, type Made, type NamedBytes } from "./types.js";

/** What the page knows unless it is told of more. */
export const pageRegistry: FileRegistry = { ...likelihoodRegistry, formats: analysisFormats };

const FIRST = "No models.yaml was given: a power law was taken to begin with.";

export interface Opened {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly text?: Contents["text"];
  readonly notes: readonly string[];
}

/** `maxBytes`: of all files together, inflated. */
export async function openFiles(
  list: readonly NamedBytes[],
  registry = pageRegistry,
  maxBytes = MAX_BYTES,
): Promise<Opened> {
  try {
    return await openAll(list, registry, maxBytes);
  } catch (error) {
    if (!hasCode(error, "missing-file")) throw error;
    const { code, where, problems } = error;
    throw new FormatError(
      `${error.message}\nOpen all files of an analysis together: the YAML files and the files that they name.`,
      { code, where, problems },
    );
  }
}

async function openAll(list: readonly NamedBytes[], registry: FileRegistry, maxBytes: number): Promise<Opened> {
  const given = new Map(list);
  const used = new Set<string>();
  const damages: string[] = [];
  const bytesOf = inflated(given, maxBytes, (note) => damages.push(note));
  const files = givenFiles(given, used, bytesOf);
  const opened = new Map<string, KnownFile>();
  const open = async (name: string) => {
    const own = { read: () => bytesOf(name), exists: async () => true };
    const file = opened.get(name) ?? (await openFile(name, own, registry.formats));
    opened.set(name, file);
    return file;
  };
  // FITS files only where nothing else names them
  for (const name of given.keys()) if (!/\.fits?(\.gz)?$/i.test(name)) await open(name);
  const texts = [...opened.values()];
  const models = one(texts.filter(isModels), "models.yaml");
  const first =
    one(
      texts.filter(({ format }) => format.isList),
      "datasets.yaml",
    ) ?? models;
  const read = (file: KnownFile) => {
    used.add(file.path);
    const context = { files, registry, responses: createResponses(), ...(file !== models && { models }) };
    return contentsOf(file, context);
  };
  const main: Contents = first === undefined ? {} : await read(first);
  if (models !== undefined) used.add(models.path);
  const datasets = [...(main.datasets ?? [])];
  const warnings = [...(main.warnings ?? [])];
  for (const name of given.keys()) {
    if (used.has(name)) continue;
    const file = await open(name);
    if (!file.format.holds.includes("datasets")) continue;
    for (const dataset of (await read(file)).datasets ?? []) datasets.push(named(dataset, name, datasets));
  }
  const eventFiles = [...opened.values()].filter(holdsEvents).map(({ path }) => path);
  if (datasets.length === 0 && eventFiles.length > 0) {
    throw new FormatError({
      code: "unsupported",
      where: EVENT_FILES,
      found: listed(eventFiles),
      expected: "datasets: events are to be made into spectra first",
    });
  }
  if (datasets.length === 0) {
    const found = [...opened].map(([name, file]) => `${basename(name)} (${appearance(file)})`).join(", ");
    throw new FormatError(
      `no dataset among the files: found ${found || "none"}; expected a datasets.yaml, map datasets, OGIP spectra (PHA) or flux points`,
    );
  }
  const notes = [...damages, ...warnings];
  if (eventFiles.length > 0) {
    notes.push(`Event files beside datasets are left out (${listed(eventFiles)}): open them by themselves.`);
  }
  if (main.models !== undefined) return { datasets, models: main.models, text: main.text, notes };
  notes.push(FIRST);
  return { datasets, models: firstModels(datasets), text: main.text, notes };
}

/** Events, or an index of files with events. */
const holdsEvents = ({ hdus = [] }: KnownFile): boolean =>
  hdus.some(({ name }) => /^(EVENTS|HDU_INDEX)$/i.test(name.trim()));

/** Datasets that were made here, with a power law to begin with. */
export const openMade = ({ datasets }: Made): Opened => ({
  datasets,
  models: firstModels(datasets),
  notes: [FIRST],
});

const isModels = ({ format: { holds } }: KnownFile) => holds[0] === "models";

/** A dataset whose name another has is called as its file. */
function named(dataset: Dataset, path: string, others: readonly Dataset[]): Dataset {
  return others.some(({ name }) => name === dataset.name) ? { ...dataset, name: stemOf(path) } : dataset;
}

function one(files: readonly KnownFile[], what: string): KnownFile | undefined {
  if (files.length > 1) {
    throw new FormatError(
      `${files.length} files could be the ${what}: ${files.map(({ path }) => basename(path)).join(", ")}; open one of them at a time`,
    );
  }
  return files[0];
}

/** A power law, as a point source in the middle where there are maps, and the backgrounds of the maps. */
function firstModels(datasets: readonly Dataset[]): Models {
  const components: Model[] = [];
  let place = {};
  for (const dataset of datasets) {
    if (!isMapDataset(dataset) || dataset.counts === undefined) continue;
    const { geom } = dataset.counts;
    if (geom.kind !== "wcs") continue;
    const [nx, ny] = geom.npix;
    const [lon, lat] = skyImageOf(geom.wcs, nx, ny).pixToSky((nx - 1) / 2, (ny - 1) / 2);
    const at = { lon_0: { value: lon, frozen: true }, lat_0: { value: lat, frozen: true } };
    place = { spatial: { ...createSubmodel("PointSpatialModel", at), frame: geom.wcs.frame } };
    if (dataset.background !== undefined) components.push(fovBackground(dataset.name));
  }
  const spectral = createSubmodel("PowerLawSpectralModel", { index: 2.3, amplitude: 1e-11, reference: 1 });
  return { components: [skyModel({ name: "source", spectral, ...place }), ...components] };
}
