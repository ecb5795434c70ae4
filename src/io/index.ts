/** Files of the field to plain data and back. */
export { basename, dirname, expandPath, type FileAccess, inflate, joinPath, memoryFiles } from "./files.js";
export {
  defaultReference,
  type ReferenceSpectrum,
  SED_TYPES,
} from "./flux-points/quantities.js";
export { readFluxPoints, readFluxPointsDataset, type ReadFluxPointsOptions } from "./flux-points/read.js";
export { writeFluxPoints, writeFluxPointsDataset, type WriteFluxPointsOptions } from "./flux-points/write.js";
export { readMapDataset, type ReadDatasetOptions, writeMapDataset } from "./map-dataset.js";
export { readMap, type ReadMapOptions, writeMap } from "./map-fits.js";
export { readOgip } from "./ogip/read.js";
export { writeOgip } from "./ogip/write.js";
export { type FileKind, recognise, type Recognised } from "./recognise.js";
export {
  type Analysis,
  readDatasets,
  type ReadDatasetsOptions,
  writeDatasets,
  type WriteDatasetsOptions,
} from "./yaml/analysis.js";
export { readCovariance, writeCovariance } from "./yaml/covariance.js";
export {
  filesOfModels,
  type ModelsFile,
  problemsOfModels,
  readModels,
  writeModels,
  type WriteModelsOptions,
} from "./yaml/models.js";
export type { ReadModelsOptions } from "./yaml/read-models.js";
