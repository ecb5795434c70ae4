import { standardCatalogues } from "../../catalogues/index.js";
import type { MapDataset } from "../../datasets/types.js";
import { FormatError, GammatsError } from "../../errors.js";
import { diffuseModel, isotropicModel } from "../../models/fermi/diffuse.js";
import type { Model, SkyModel } from "../../models/types.js";
import { openedCatalogue } from "../catalogue.js";
import { type FermipyComponent, type FermipyConfig, type NamedFile, readFermipyConfig } from "../fermi/config.js";
import { sourcesInBox } from "../fermi/sources.js";
import { basename, dirname, expandPath, joinPath, stemOf } from "../files.js";
import { resourceReaders } from "../resources.js";
import { encodeAnalysis } from "../yaml/analysis.js";
import { throwProblems } from "../yaml/source.js";
import { datasetsYamlFormat } from "./datasets-yaml.js";
import { fermiFormats, fermiParts } from "./fermi.js";
import { openFile, textOf } from "./open.js";
import { NO, SURE } from "./sniff.js";
import type { Contents, FileContext, FileFormat } from "./types.js";
import { knownFile } from "./use.js";

const KEYS = ["data", "binning", "selection", "gtlike", "fileio"];

interface FermipyContents extends Contents {
  readonly datasets: readonly MapDataset[];
  readonly models: { readonly components: readonly Model[] };
}

/** What reading a configuration works with: problems are collected, so that a user hears of all at once. */
interface Reading extends FileContext {
  readonly config: FermipyConfig;
  readonly path: string;
  readonly problems: GammatsError[];
}

/** An analysis of fermipy: the counts, exposure, psf and energy dispersion that it made, and the models that its configuration names. */
export const fermipyConfigFormat: FileFormat<FermipyContents> = {
  name: "fermipy-config",
  about: "configuration of an analysis (fermipy)",
  holds: ["datasets", "models"],
  sniff: ({ keys }) => (KEYS.filter((name) => keys.has(name)).length >= 2 ? SURE : NO),
  async read(file, context) {
    const config = readFermipyConfig(textOf(file, "a configuration of fermipy"), file.path);
    const problems = [...config.source.problems];
    const reading: Reading = { ...context, config, path: file.path, problems };
    const components = problems.length > 0 ? [] : config.components;
    const datasets: MapDataset[] = [];
    const models: Model[] = [];
    for (const component of components) await readComponent(reading, component, datasets, models);
    for (const named of problems.length > 0 ? [] : config.galdiff) {
      const model = await readDiffuse(reading, named);
      if (model !== undefined) models.push(model);
    }
    if (datasets[0] !== undefined) models.push(...(await readSources(reading, datasets[0])));
    for (const key of config.unread)
      context.onNote?.(`${file.path}: model.${key} is not read: add such sources as models`);
    if (!context.keepGoing) throwProblems(file.path, problems);
    return { datasets, models: { components: models }, problems: problems.map(({ message }) => message) };
  },
  /** A folder with datasets.yaml, models.yaml and their files; or the name of the datasets.yaml. */
  write(contents, options) {
    const { name, format, ...more } = options;
    if (/\.ya?ml$/i.test(name)) {
      const text = { datasets: "" };
      return datasetsYamlFormat.write!({ problems: [], warnings: [], ...contents, text } as never, options);
    }
    const files = encodeAnalysis(contents, { ...more, prefix: "", spectra: format });
    return new Map(Array.from(files, ([file, bytes]) => [`${name}/${file}`, bytes]));
  },
};

async function attempt<T>({ problems }: Reading, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    problems.push(...(error.problems ?? [error]));
    return undefined;
  }
}

/** Adds the dataset of a component, and its isotropic emission. */
async function readComponent(reading: Reading, component: FermipyComponent, datasets: MapDataset[], models: Model[]) {
  const { config, registry, files } = reading;
  const { isodiff, edisp, edispDisable } = component;
  const iso = isodiff && (await attempt(reading, () => placeOf(reading, isodiff)));
  const first = isodiff === undefined ? `ccube_${component.id}` : stemOf(isodiff.name).replace(/^iso_/, "");
  const isTaken = datasets.some(({ name }) => name === first);
  const name = isTaken ? `${first}_${component.id}` : first;
  const dataset = await attempt(reading, () => readDataset(reading, component, name));
  if (dataset !== undefined) datasets.push(dataset);
  if (iso === undefined || isodiff === undefined) return;
  const table = await attempt(reading, async () =>
    resourceReaders["spectral-text"](await files.read(iso.path), { where: iso.path }),
  );
  if (table === undefined) return;
  models.push(
    isotropicModel(`isotropic_${name}`, table, {
      registry,
      datasetsNames: [name],
      edisp: edisp && !edispDisable.includes("isodiff"),
      // one source of fermipy, whose spectrum is another in each component
      link: config.components.length > 1 ? "isotropic-norm" : undefined,
    }),
  );
}

/** Files of a component, and how they are made where they are missing. */
const PARTS = [
  ["ccube", "gtbin; fermipy: gta.setup()"],
  ["bexpmap", "gtexpcube2; fermipy: gta.setup()"],
  ["psf", "gtpsf; fermipy: gta.compute_psf()"],
  ["drm", "gtdrm; fermipy: gta.compute_drm()"],
] as const;

async function readDataset(reading: Reading, component: FermipyComponent, name: string): Promise<MapDataset> {
  const { files, onNote, config } = reading;
  const { id, edisp, where } = component;
  const folder = expandPath(component.folder, files, where);
  const find = async (part: string) => {
    const path = joinPath(folder, `${part}_${id}.fits`);
    return (await files.exists(path)) ? path : (await files.exists(`${path}.gz`)) ? `${path}.gz` : undefined;
  };
  const paths: string[] = [];
  for (const [part, how] of PARTS) {
    if (part === "drm" && !edisp) continue;
    const path = await find(part);
    if (path === undefined) {
      throw new FormatError({
        code: "missing-file",
        where: `${where} (component ${id})`,
        what: `no file ${part}_${id}.fits in the folder ${folder}`,
        remedy: `make it (${how}), or correct fileio.outdir`,
      });
    }
    paths.push(path);
  }
  const weights = await find("wcube");
  if (weights !== undefined) paths.push(weights);
  const opened = await Promise.all(paths.map(async (path) => knownFile(await openFile(path, files), fermiFormats)));
  const dataset = (await fermiParts.join(opened, { ...reading, name })) as MapDataset;
  sayMargin(component, dataset, config.source.where, onNote);
  return dataset;
}

/** Where the configuration says another number of true energies beyond the counts than the files have: theirs holds. */
function sayMargin(
  { edisp, edispBins, id }: FermipyComponent,
  dataset: MapDataset,
  where: string,
  onNote: Reading["onNote"],
) {
  const bins = (axis: { readonly nodes: Float64Array } | undefined) => axis?.nodes.length ?? 0;
  const margin = (bins(dataset.exposure?.geom.axes[0]) - bins(dataset.counts?.geom.axes[0])) / 2;
  if (!edisp || Math.abs(edispBins) === margin) return;
  onNote?.(
    `${where}: gtlike.edisp_bins is ${edispBins}, and drm_${id}.fits has ${margin} bins of true energy beyond the counts on either side: these are used`,
  );
}

interface Place {
  readonly path: string;
  /** As a models.yaml may name it. */
  readonly name: string;
}

/** Where the configuration names a file, else among the diffuse models of the Fermi tools. */
async function placeOf({ files, path }: Reading, { name, where }: NamedFile, isDiffuse = true): Promise<Place> {
  const given = expandPath(name, files, where);
  const folder = (isDiffuse && files.env("FERMI_DIFFUSE_DIR")) || "";
  const beside = joinPath(dirname(path), given);
  for (const found of new Set([beside, given])) if (await files.exists(found)) return { path: found, name };
  const base = basename(given);
  if (folder !== "" && (await files.exists(joinPath(folder, base)))) {
    return { path: joinPath(folder, base), name: `$FERMI_DIFFUSE_DIR/${base}` };
  }
  const hint = isDiffuse ? "; FERMI_DIFFUSE_DIR may name the folder of such files" : "";
  const tried = folder === "" ? hint : ` and ${joinPath(folder, base)}`;
  throw new FormatError({
    code: "missing-file",
    where,
    what: `no file "${name}" (looked for ${[...new Set([beside, given])].join(", ")}${tried})`,
    found: name,
    remedy: "correct the name, or remove the key to go without",
  });
}

/** What of the models is not there is left out, and said: the counts can be looked at without. */
async function orSay<T>({ onNote }: Reading, what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    onNote?.(`${error.message}; ${what}`);
    return undefined;
  }
}

async function readDiffuse(reading: Reading, named: NamedFile): Promise<SkyModel | undefined> {
  const { config, registry, files } = reading;
  return orSay(reading, "the analysis has no model of this emission", async () => {
    const { path, name } = await placeOf(reading, named);
    const map = resourceReaders.map(await files.read(path), { where: path, maxBytes: files.freeBytes?.() });
    return diffuseModel(config.galdiff.length === 1 ? "galdiff" : stemOf(name), map, name, registry);
  });
}

async function readSources(reading: Reading, dataset: MapDataset): Promise<Model[]> {
  const { config, registry, files, onNote } = reading;
  const found: Model[] = [];
  for (const named of config.catalogs) {
    const models = await orSay(reading, "its sources are not in the models", async () => {
      const { path } = await placeOf(reading, named, false);
      const catalogue = openedCatalogue(await openFile(path, files), standardCatalogues);
      const templates = config.extdir && `${expandPath(config.extdir.name, files, config.extdir.where)}/Templates`;
      return sourcesInBox(catalogue, dataset.counts!, files, {
        registry,
        width: config.sourceWidth,
        templates,
        onNote,
      });
    });
    const names = new Set(found.map(({ name }) => name));
    found.push(...(models ?? []).filter(({ name }) => !names.has(name)));
  }
  return found;
}
