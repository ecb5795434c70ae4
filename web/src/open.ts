/** From files that a user gave, in whatever order and folder, to datasets and models. */

import {
  createResponses,
  createSubmodel,
  type Dataset,
  type FileAccess,
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
  checksumProblem,
  contentsOf,
  type FileRegistry,
  inflate,
  type KnownFile,
  stemOf,
} from "gammats/io";
import { skyImageOf } from "gammats/plot";
import type { NamedBytes } from "./types.js";

/** What the page knows unless it is told of more. */
export const pageRegistry: FileRegistry = { ...likelihoodRegistry, formats: analysisFormats };

export interface Opened {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly text?: Contents["text"];
  readonly notes: readonly string[];
}

/** Files that are opened together may have this many bytes, inflated: the page has to live in the memory of a tab. */
const MAX_BYTES = 1e9;

/** Reads the given files, each inflated and held against its checksums once and one after the other, so that all together stay within `maxBytes`. */
function inflated(
  given: ReadonlyMap<string, Uint8Array>,
  maxBytes: number,
  onNote: (note: string) => void,
): (name: string) => Promise<Uint8Array> {
  const known = new Map<string, Promise<Uint8Array>>();
  let left = maxBytes;
  let last: Promise<unknown> = Promise.resolve();
  const read = async (name: string) => {
    const bytes = await inflate(given.get(name)!, name, { maxBytes: left });
    left -= bytes.length;
    const problem = checksumProblem(bytes, name);
    if (problem !== undefined) onNote(problem);
    return bytes;
  };
  return (name) => {
    let found = known.get(name);
    if (found === undefined) {
      found = last.then(() => read(name));
      last = found.catch(() => undefined);
      known.set(name, found);
    }
    return found;
  };
}

/** The given files by name: folders in a path need not be those of the user's disk. `used` collects what was read. */
function givenFiles(
  given: ReadonlyMap<string, Uint8Array>,
  used: Set<string>,
  bytesOf: (name: string) => Promise<Uint8Array>,
): FileAccess {
  const find = (path: string): string | undefined => {
    const ends = [...given.keys()].filter((name) => name === path || basename(name) === basename(path));
    // two files of one name in different folders: the one whose folders agree further
    const shared = (name: string) => {
      const [a, b] = [name.split("/").reverse(), path.split("/").reverse()];
      return a.findIndex((part, i) => part !== b[i]);
    };
    return ends.sort((a, b) => (a === path ? -1 : b === path ? 1 : shared(b) - shared(a)))[0];
  };
  return {
    isChecked: true,
    async read(path) {
      const name = find(path) ?? find(`${path}.gz`);
      if (name === undefined) {
        throw new FormatError({
          code: "missing-file",
          what: `${basename(path)} is missing among the files`,
          found: path,
          remedy: `another file names it (${path})`,
        });
      }
      used.add(name);
      return bytesOf(name);
    },
    exists: async (path) => find(path) !== undefined,
    write: async () => {
      throw new FormatError("files are only read here");
    },
    // $GAMMAPY_DATA/... is found by the name of the file
    env: (name) => name,
  };
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
  if (datasets.length === 0) {
    const found = [...opened].map(([name, file]) => `${basename(name)} (${appearance(file)})`).join(", ");
    throw new FormatError(
      `no dataset among the files: found ${found || "none"}; expected a datasets.yaml, map datasets, OGIP spectra (PHA) or flux points`,
    );
  }
  const notes = [...damages, ...warnings];
  if (main.models !== undefined) return { datasets, models: main.models, text: main.text, notes };
  notes.push("No models.yaml was given: a power law was taken to begin with.");
  return { datasets, models: firstModels(datasets), text: main.text, notes };
}

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
