/** From files that a user gave, in whatever order and folder, to datasets and models. */
import {
  basename,
  createSubmodel,
  type Dataset,
  decodeText,
  type FileAccess,
  FormatError,
  fovBackground,
  hasCode,
  inflate,
  isMapDataset,
  type Model,
  type Models,
  readDatasets,
  readFluxPointsDataset,
  readMapDataset,
  readModelsWithFiles,
  readOgip,
  recognise,
  skyModel,
} from "gammats";
import { skyImageOf } from "gammats/plot";
import type { NamedBytes } from "./types.js";

export interface Opened {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly text?: { readonly datasets?: string; readonly models?: string };
  readonly notes: readonly string[];
}

/** The given files by name: folders in a path need not be those of the user's disk. `used` collects what was read. */
function givenFiles(given: ReadonlyMap<string, Uint8Array>, used: Set<string>): FileAccess {
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
      return inflate(given.get(name)!, name);
    },
    exists: async (path) => find(path) !== undefined,
    write: async () => {
      throw new FormatError("files are only read here");
    },
    // $GAMMAPY_DATA/... is found by the name of the file
    env: (name) => name,
  };
}

export async function openFiles(list: readonly NamedBytes[]): Promise<Opened> {
  try {
    return await openAll(list);
  } catch (error) {
    if (!hasCode(error, "missing-file")) throw error;
    const { code, where, problems } = error;
    throw new FormatError(
      `${error.message}\nOpen all files of an analysis together: the YAML files and the files that they name.`,
      { code, where, problems },
    );
  }
}

async function openAll(list: readonly NamedBytes[]): Promise<Opened> {
  const given = new Map(list);
  const used = new Set<string>();
  const files = givenFiles(given, used);
  const kinds = new Map<string, string>();
  const kindOf = async (name: string) => {
    if (!kinds.has(name)) kinds.set(name, recognise(await inflate(given.get(name)!, name), name).kind);
    return kinds.get(name)!;
  };
  // FITS files only where nothing else names them
  const texts = [...given.keys()].filter((name) => !/\.fits?(\.gz)?$/i.test(name));
  for (const name of texts) await kindOf(name);
  const of = (kind: string) => texts.filter((name) => kinds.get(name) === kind);
  const modelsPath = one(of("models-yaml"), "models.yaml");
  const datasetsPath = one(of("datasets-yaml"), "datasets.yaml");
  const datasets: Dataset[] = [];
  const notes: string[] = [];
  let models: Models | undefined;
  let text: Opened["text"];
  if (datasetsPath !== undefined) {
    const analysis = await readDatasets(datasetsPath, files, modelsPath === undefined ? {} : { modelsPath });
    datasets.push(...analysis.datasets);
    notes.push(...analysis.warnings);
    models = analysis.models;
    text = analysis.text;
  } else if (modelsPath !== undefined) {
    const read = await readModelsWithFiles(decodeText(await files.read(modelsPath), modelsPath), modelsPath, files);
    models = read.models;
  }
  for (const name of given.keys()) {
    if (used.has(name)) continue;
    const kind = await kindOf(name);
    if (kind === "ogip-pha") datasets.push(await readOgip(name, files));
    if (kind === "flux-points") datasets.push(readFluxPointsDataset(await files.read(name), { where: name }));
    if (kind === "map-dataset")
      datasets.push(readMapDataset(await files.read(name), { where: name, name: stem(name) }));
  }
  if (datasets.length === 0) {
    const found = [...kinds].map(([name, kind]) => `${basename(name)} (${kind})`).join(", ");
    throw new FormatError(
      `no dataset among the files: found ${found || "none"}; expected a datasets.yaml, map datasets, OGIP spectra (PHA) or flux points`,
    );
  }
  if (models === undefined) {
    models = firstModels(datasets);
    notes.push("No models.yaml was given: a power law was taken to begin with.");
  }
  return { datasets, models, ...(text && { text }), notes };
}

function one(names: readonly string[], what: string): string | undefined {
  if (names.length > 1) {
    throw new FormatError(
      `${names.length} files could be the ${what}: ${names.map(basename).join(", ")}; open one of them at a time`,
    );
  }
  return names[0];
}

const stem = (path: string) => basename(path).replace(/(\.fits?)?(\.gz)?$/, "");

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
