/** Catalogues of sources, where models are made from them. */
import { standardCatalogues } from "../catalogues/index.js";
import type { Catalogue, CatalogueDeclaration, CatalogueSource } from "../catalogues/types.js";
import type { FluxPoints, LightCurve } from "../datasets/types.js";
import * as catalogue from "../io/catalogue.js";
import type { FileAccess } from "../io/files.js";
import type { SkyPosition } from "../sky/types.js";
import { type ModelsOption, modelsOf, type WithDefault } from "./models-option.js";

/** How models are made from rows: the variant of the catalogue, the folder of templates, and the models that may be used. */
export type CatalogueModelOptions = WithDefault<catalogue.CatalogueModelOptions>;
/** The same for a region: its radius, and the radius up to which norms are free, deg. */
export type RegionModelsOptions = WithDefault<catalogue.RegionModelsOptions>;

/** Name of the file for messages, and for the templates that lie beside it; catalogues that may be read, absent: those that come with GammaTS. */
export interface ReadCatalogueOptions {
  /** Path of the file. */
  readonly where: string;
  /** Absent: `standardCatalogues`. */
  readonly catalogues?: readonly CatalogueDeclaration[] | undefined;
}

/**
 * A catalogue of sources (3FGL, 4FGL, 2FHL, 3FHL, 2PC, 3PC, 2HWC, 3HWC, 1LHAASO, HGPS, gamma-cat) from its public FITS or ECSV file; `bytes` inflated.
 * @throws FormatError where the file is damaged, or none of a catalogue that is known.
 * @example
 * ```ts
 * import { catalogueModels, catalogueSource, readCatalogue } from "gammats/io";
 * import { memoryFiles, writeModels } from "gammats";
 * const text = `# %ECSV 1.0
 * # ---
 * # datatype:
 * # - {name: source_name, datatype: string}
 * # - {name: glon, unit: deg, datatype: float64}
 * # - {name: glat, unit: deg, datatype: float64}
 * # - {name: pos_err, unit: deg, datatype: float64}
 * # - {name: spec0_dnde, unit: 1 / (cm2 s TeV), datatype: float64}
 * # - {name: spec0_dnde_err, unit: 1 / (cm2 s TeV), datatype: float64}
 * # - {name: spec0_index, datatype: float64}
 * # - {name: spec0_index_err, datatype: float64}
 * source_name glon glat pos_err spec0_dnde spec0_dnde_err spec0_index spec0_index_err
 * "2HWC J0534+220" 184.547 -5.783 0.057 1.85e-13 2.38e-15 -2.58 0.01
 * `;
 * const catalogue = readCatalogue(new TextEncoder().encode(text), { where: "2HWC.ecsv" });
 * const source = catalogueSource(catalogue, "2HWC J0534+220");
 * const { models } = await catalogueModels(catalogue, [source], memoryFiles());
 * console.assert(writeModels(models).includes("type: PowerLawSpectralModel"));
 * ```
 */
export function readCatalogue(bytes: Uint8Array, options: ReadCatalogueOptions): Catalogue {
  const { where, catalogues = standardCatalogues } = options;
  return catalogue.readCatalogue(bytes, where, catalogues);
}

/**
 * The models of sources with the errors that the catalogue gives, in the order of the sources. One that has no spectrum, or whose template is not found, is in
 * `problems`, with what to do.
 * @throws SpecError where the catalogue has no such variant.
 * @throws FormatError where a template is damaged.
 */
export async function catalogueModels(
  of: Catalogue,
  sources: readonly CatalogueSource[],
  files: FileAccess,
  options: CatalogueModelOptions = {},
): Promise<catalogue.CatalogueModels> {
  return catalogue.catalogueModels(of, sources, files, { ...options, registry: modelsOf(options) });
}

/**
 * The models of a region of interest: all sources within `radius`, the nearest first, the norms of those within `freeRadius` free and all other parameters held.
 * @throws SpecError where the catalogue has no such variant.
 * @throws FormatError where a template is damaged.
 */
export async function regionModels(
  of: Catalogue,
  center: SkyPosition,
  files: FileAccess,
  options: RegionModelsOptions,
): Promise<catalogue.CatalogueModels> {
  return catalogue.regionModels(of, center, files, { ...options, registry: modelsOf(options) });
}

/**
 * The flux points of a source, relative to its spectrum; undefined where the catalogue has none.
 * @throws FormatError where the row makes no flux points.
 */
export function catalogueFluxPoints(
  of: Catalogue,
  source: CatalogueSource,
  options: ModelsOption = {},
): FluxPoints | undefined {
  return catalogue.catalogueFluxPoints(of, source, modelsOf(options));
}

/**
 * The fluxes of a source in intervals of time; undefined where the catalogue has none.
 * @throws FormatError where the row makes no light curve.
 */
export function catalogueLightCurve(
  of: Catalogue,
  source: CatalogueSource,
  options: ModelsOption = {},
): LightCurve | undefined {
  return catalogue.catalogueLightCurve(of, source, modelsOf(options));
}
