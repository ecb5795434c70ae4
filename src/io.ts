/** Files of the field to plain data and back. */
export * from "./api/catalogues.js";
export * from "./api/files.js";
export * from "./api/io.js";
export { readTextFiles } from "./api/model-texts.js";
export { readPictureStyle } from "./api/picture-style.js";
export * from "./api/schema.js";
export { standardCatalogues } from "./catalogues/index.js";
export { largeScaleMap } from "./catalogues/large-scale.js";
export { catalogueSource, type NearSource, sourcesNear } from "./catalogues/open.js";
export type * from "./catalogues/types.js";
export { readAbsorption, writeAbsorption } from "./io/absorption.js";
export type { CatalogueModels } from "./io/catalogue.js";
export { checksumProblem } from "./io/checked-files.js";
export {
  basename,
  dirname,
  expandPath,
  type FileAccess,
  joinPath,
  memoryFiles,
  stemOf,
  writeFiles,
} from "./io/files.js";
export { writeFitResult } from "./io/fit-result.js";
export { readFluxMaps, type WriteFluxMapsOptions, writeFluxMaps } from "./io/flux-maps.js";
export { readLightCurve, writeLightCurve } from "./io/flux-points/light-curve.js";
export { defaultReference, type ReferenceSpectrum, SED_TYPES } from "./io/flux-points/quantities.js";
export { type ReadFluxPointsOptions, readFluxPoints, readFluxPointsDataset } from "./io/flux-points/read.js";
export { type WriteFluxPointsOptions, writeFluxPoints, writeFluxPointsDataset } from "./io/flux-points/write.js";
export { analysisFormats } from "./io/formats/datasets.js";
export { appearance } from "./io/formats/open.js";
export { joinParts } from "./io/formats/parts.js";
export type * from "./io/formats/types.js";
export { contentsOf, openKnown as openFile } from "./io/formats/use.js";
export { type InflateOptions, inflate } from "./io/inflate.js";
export type { JsonSchema } from "./io/json-schema.js";
export { type ReadDatasetOptions, readMapDataset, writeMapDataset } from "./io/map-dataset.js";
export { type ReadMapOptions, readMap, writeMap } from "./io/map-fits.js";
export { readOgip } from "./io/ogip/read.js";
export { writeOgip } from "./io/ogip/write.js";
export { provenanceOf } from "./io/provenance/stamp.js";
export type { Provenance, ProvenanceFile, ProvenanceOption } from "./io/provenance/types.js";
export { type FitResultFile, readFitResult } from "./io/read-fit-result.js";
export {
  correlationTable,
  covarianceTable,
  datasetsTable,
  modelParametersTable,
  parametersTable,
} from "./io/table/fit.js";
export { fluxPointsTable } from "./io/table/flux-points.js";
export { lightCurveTable } from "./io/table/light-curve.js";
export type * from "./io/table/types.js";
export { writeTable } from "./io/table/write.js";
export { readTableModel } from "./io/table-model/read.js";
export { writeTableModel } from "./io/table-model/write.js";
export type { FitReport, FluxMaps } from "./io/types.js";
export type { Analysis } from "./io/yaml/analysis.js";
export { readCovariance, writeCovariance } from "./io/yaml/covariance.js";
export type { ModelFile } from "./io/yaml/model-files.js";
export type { ModelsFile } from "./io/yaml/models.js";
export type { ResourceFiles } from "./io/yaml/reading.js";
