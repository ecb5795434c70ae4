/** Source catalogues: FITS and ECSV files to tables, and what their rows say as models, flux points and light curves. */
import { modelOfSpec, modelSpecs, withNormAlone } from "../catalogues/models.js";
import { openCatalogue, recognised, sourcesNear } from "../catalogues/open.js";
import { sourceRows } from "../catalogues/rows.js";
import type {
  Catalogue,
  CatalogueDeclaration,
  CatalogueSource,
  ModelSpec,
  PointsTable,
  SubmodelSpec,
} from "../catalogues/types.js";
import { sameEnergy } from "../datasets/energy-edges.js";
import type { FluxPoints, LightCurve } from "../datasets/types.js";
import { FormatError } from "../errors.js";
import { makeColumn, readFits, type TableHdu, tableHdu } from "../fits/index.js";
import type { ModelRegistry } from "../models/declaration.js";
import { dnde, energyFlux, flux } from "../models/flux.js";
import { needsOf } from "../models/resources.js";
import type { Models, Resource, SkyModel } from "../models/types.js";
import type { SkyPosition } from "../sky/types.js";
import { dirname, type FileAccess, joinPath } from "./files.js";
import { isEcsv, readEcsv } from "./flux-points/ecsv.js";
import { defaultReference, type ReferenceSpectrum } from "./flux-points/quantities.js";
import { fromTable } from "./flux-points/read.js";
import { inUnit } from "./flux-points/table.js";
import type { OpenedFile } from "./formats/types.js";
import { resourceReaders } from "./resources.js";
import { decodeText } from "./text.js";

type CatalogueFile = Pick<OpenedFile, "path" | "hdus" | "text">;

/** The tables of a FITS file, or the one of an ECSV file as FITS has them. */
function tablesIn({ path, hdus = [], text }: CatalogueFile): TableHdu[] {
  if (text === undefined) return hdus.filter((hdu): hdu is TableHdu => hdu.kind === "table");
  const { columns } = readEcsv(text, path);
  const made = columns.map(({ name, unit, values, cell, texts }) =>
    makeColumn(name, texts ?? values, texts ? {} : { unit, shape: cell }),
  );
  return [tableHdu("", made)];
}

/** The catalogue in a file that was opened. @throws FormatError where it is none that is known. */
export function openedCatalogue(file: CatalogueFile, declarations: readonly CatalogueDeclaration[]): Catalogue {
  const tables = tablesIn(file);
  const found = recognised(tables, declarations);
  if (found !== undefined) return openCatalogue(tables, file.path, found);
  throw new FormatError({
    where: file.path,
    found: "no table that has the columns of a known catalogue",
    expected: `one of ${declarations.map(({ name }) => name).join(", ")}`,
    remedy: "give the public FITS or ECSV file of the catalogue",
  });
}

export function readCatalogue(
  bytes: Uint8Array,
  where: string,
  declarations: readonly CatalogueDeclaration[],
): Catalogue {
  const isText = isEcsv(new TextDecoder().decode(bytes.subarray(0, 7)));
  const file = isText ? { text: decodeText(bytes, where) } : { hdus: readFits(bytes, { where }) };
  return openedCatalogue({ path: where, ...file }, declarations);
}

export interface CatalogueModelOptions {
  readonly registry: ModelRegistry;
  /** Of catalogues that have several models a source; absent: the first that the declaration names. */
  readonly variant?: string | undefined;
  /** Folder of the templates of extended sources; absent: where the archive lies beside the catalogue, or in $GAMMAPY_DATA/catalogs. */
  readonly templates?: string | undefined;
}

/** Models of sources alone. */
interface SourceModels extends Models {
  readonly components: readonly SkyModel[];
}

/** Models, and what is missing of them. */
export interface CatalogueModels {
  readonly models: SourceModels;
  /** One line for each source that has no model here: no spectrum, or a template that was not found. */
  readonly problems: readonly string[];
}

/** The models of sources in the order of these. */
export async function catalogueModels(
  catalogue: Catalogue,
  sources: readonly CatalogueSource[],
  files: FileAccess,
  options: CatalogueModelOptions,
): Promise<CatalogueModels> {
  const components: SkyModel[] = [];
  const problems: string[] = [];
  const read = templateReader(catalogue, files, options);
  for (const source of sources) {
    const specs = modelSpecs(catalogue, source, options.variant);
    if (specs.length === 0) problems.push(`${source.name}: the catalogue has no spectrum of it`);
    for (const spec of specs) {
      const data = await read(spec);
      if (data.missing === undefined) components.push(modelOfSpec(spec, options.registry, data.found));
      else problems.push(`${source.name}: ${data.missing}`);
    }
  }
  return { models: { components }, problems };
}

/** Reads the files that models name, each once. */
function templateReader(catalogue: Catalogue, files: FileAccess, { registry, templates }: CatalogueModelOptions) {
  const known = new Map<string, Resource>();
  const load = async (submodel: SubmodelSpec, kind: "spectral" | "spatial") => {
    for (const need of Object.values(needsOf(submodel.type, kind, registry))) {
      const name = submodel.file?.[need.from];
      if (name === undefined || known.has(name)) continue;
      const path = await placeOf(name, catalogue, files, templates);
      if (path === undefined) return missingText(name, catalogue, templates);
      const bytes = await files.read(path);
      known.set(name, resourceReaders[need.kind](bytes, { where: path, maxBytes: files.freeBytes?.() }));
    }
    return undefined;
  };
  return async ({ spectral, spatial }: ModelSpec) => {
    const missing = (await load(spectral, "spectral")) ?? (spatial && (await load(spatial, "spatial")));
    return { found: known, missing };
  };
}

function missingText(name: string, { declaration }: Catalogue, folder: string | undefined): string {
  const archive = declaration.templates?.[0];
  const place = folder ?? (archive === undefined ? "the folder of the catalogue" : `${archive} beside the catalogue`);
  return `its shape is the map ${name}, which is not in ${place}; get the archive of extended sources of this catalogue and name the folder of its maps (--templates)`;
}

/** Where a template lies, plain or compressed. */
async function placeOf(
  name: string,
  { where, declaration }: Catalogue,
  files: FileAccess,
  folder: string | undefined,
): Promise<string | undefined> {
  const data = files.env("GAMMAPY_DATA");
  const bases = [dirname(where), ...(data ? [`${data}/catalogs`] : [])];
  const places = bases.flatMap((base) => ["", ...(declaration.templates ?? [])].map((sub) => joinPath(base, sub)));
  for (const place of folder === undefined ? places : [folder]) {
    for (const path of [joinPath(place, name), joinPath(place, `${name}.gz`)]) {
      if (await files.exists(path)) return path;
    }
  }
  return undefined;
}

/** What a region of interest is. */
export interface RegionModelsOptions extends CatalogueModelOptions {
  /** Sources further from the centre are left out, deg. */
  readonly radius: number;
  /** The norms of sources up to here are free, deg; all else is frozen. */
  readonly freeRadius: number;
}

/** The models of the sources around a place, the nearest first; their norms are free near to it. */
export async function regionModels(
  catalogue: Catalogue,
  center: SkyPosition,
  files: FileAccess,
  options: RegionModelsOptions,
): Promise<CatalogueModels> {
  const near = sourcesNear(catalogue, center, options.radius);
  const components: SkyModel[] = [];
  const problems: string[] = [];
  for (const { source, separation } of near) {
    const own = await catalogueModels(catalogue, [source], files, options);
    problems.push(...own.problems);
    const isFree = separation <= options.freeRadius;
    components.push(...own.models.components.map((model) => withNormAlone(model, isFree, options.registry)));
  }
  return { models: { components }, problems };
}

/**
 * The spectrum that flux points of a source are relative to: the sum of its components. All bands of `table` are integrated at once, as Gammapy does, for
 * the number of nodes is that of the widest.
 */
function referenceOf(
  catalogue: Catalogue,
  source: CatalogueSource,
  table: PointsTable,
  registry: ModelRegistry,
): ReferenceSpectrum {
  const spectra = modelSpecs(catalogue, source, undefined).map(
    ({ name, spectral }) => modelOfSpec({ name, spectral }, registry, new Map()).spectral,
  );
  if (spectra.length === 0) return defaultReference;
  const edges = ["e_min", "e_max"].map((name) => {
    const column = table.columns.find((c) => c.name === name);
    return column === undefined ? new Float64Array() : inUnit(column, "TeV", catalogue.where);
  }) as [Float64Array, Float64Array];
  const integrals = (integrate: typeof flux) => {
    const all = spectra.map((s) => integrate(s, ...edges, registry));
    const sum = (values: readonly Float64Array[], i: number) => values.reduce((total, v) => total + v[i]!, 0);
    return (e0: number, e1: number) => {
      const i = edges[0].findIndex((x, k) => sameEnergy(x, e0) && sameEnergy(edges[1][k]!, e1));
      return i < 0
        ? sum(
            spectra.map((s) => integrate(s, [e0], [e1], registry)),
            0,
          )
        : sum(all, i);
    };
  };
  return {
    dnde: (e) => spectra.reduce((total, s) => total + dnde(s, [e], registry)[0]!, 0),
    flux: integrals(flux),
    eflux: integrals(energyFlux),
  };
}

/** The flux points of a source, relative to its spectrum; undefined where the catalogue has none. */
export function catalogueFluxPoints(
  catalogue: Catalogue,
  source: CatalogueSource,
  registry: ModelRegistry,
): FluxPoints | undefined {
  const table = catalogue.declaration.fluxPoints?.(sourceRows(catalogue, source.row));
  if (table === undefined || table.nrows === 0) return undefined;
  const reference = referenceOf(catalogue, source, table, registry);
  return fromTable(table, { where: `${catalogue.where}, ${source.name}`, reference });
}

/** The fluxes of a source in intervals of time; undefined where the catalogue has none. */
export function catalogueLightCurve(
  catalogue: Catalogue,
  source: CatalogueSource,
  registry: ModelRegistry,
): LightCurve | undefined {
  const curve = catalogue.declaration.lightCurve?.(sourceRows(catalogue, source.row));
  const [first] = curve?.points ?? [];
  if (curve === undefined || first === undefined) return undefined;
  // all intervals have one band
  const reference = referenceOf(catalogue, source, first, registry);
  const options = { where: `${catalogue.where}, ${source.name}`, reference };
  return { time: curve.time, points: curve.points.map((table) => fromTable(table, options)) };
}
