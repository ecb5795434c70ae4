/** Files of the field to plain data and back. */

export { readAbsorption, writeAbsorption } from "./absorption.js";
export { basename, dirname, expandPath, type FileAccess, inflate, joinPath, memoryFiles, writeFiles } from "./files.js";
export { type FitReport, fitReport, writeFit, writeFitResult } from "./fit-result.js";
export { type FluxMaps, readFluxMaps, type WriteFluxMapsOptions, writeFluxMaps } from "./flux-maps.js";
export { readLightCurve, writeLightCurve } from "./flux-points/light-curve.js";
export {
  defaultReference,
  type ReferenceSpectrum,
  SED_TYPES,
} from "./flux-points/quantities.js";
export { type ReadFluxPointsOptions, readFluxPoints, readFluxPointsDataset } from "./flux-points/read.js";
export { type WriteFluxPointsOptions, writeFluxPoints, writeFluxPointsDataset } from "./flux-points/write.js";
export { type ReadDatasetOptions, readMapDataset, writeMapDataset } from "./map-dataset.js";
export { type ReadMapOptions, readMap, writeMap } from "./map-fits.js";
export { readOgip } from "./ogip/read.js";
export { writeOgip } from "./ogip/write.js";
export { type FitResultFile, readFitResult } from "./read-fit-result.js";
export { type FileKind, type Recognised, recognise } from "./recognise.js";
export {
  type Analysis,
  type ReadDatasetsOptions,
  readDatasets,
  type WriteDatasetsOptions,
  writeDatasets,
} from "./yaml/analysis.js";
export { readCovariance, writeCovariance } from "./yaml/covariance.js";
export { readModelFiles, readModelsWithFiles } from "./yaml/model-files.js";
export {
  filesOfModels,
  type ModelsFile,
  problemsOfModels,
  readModels,
  type WriteModelsOptions,
  writeModels,
} from "./yaml/models.js";
export type { ReadModelsOptions } from "./yaml/read-models.js";
