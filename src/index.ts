/**
 * GammaTS: what an analysis needs. Entries of their own have the rest: `gammats/models` (models in detail), `gammats/io` (every file format), `gammats/sky` (maps,
 * axes, regions), `gammats/time` (good time intervals), `gammats/reduce` (event lists to datasets), `gammats/plot` (pictures), `gammats/node` (files, threads, Redis), `gammats/extend` (declarations and estimators of one's own) and `gammats/types`
 * (the types of all arguments and results).
 */

export type { ContextOptions } from "./api/context.js";
export {
  asimov,
  formatDataset,
  infoTable,
  npred,
  npredBackground,
  npredSignal,
  simulate,
} from "./api/datasets.js";
export {
  calibratedInterval,
  cutoffHypotheses,
  estimateFluxPoints,
  estimateFluxPointsOn,
  estimateLightCurve,
  estimateLightCurveOn,
  estimateTsMap,
  estimateTsMapOn,
  expectedLimit,
  extensionHypotheses,
  nestedPValue,
  sourceHypotheses,
  testConstancy,
  testConstancyOn,
  toyDatasets,
  toyGoodness,
  toys,
} from "./api/estimators.js";
export { compileJoint, expectedComparison, fit, pivotEnergy, propagateErrors, pulls } from "./api/fit.js";
export {
  readDatasets,
  readModels,
  readModelsWithFiles,
  writeDatasets,
  writeFit,
  writeModels,
} from "./api/io.js";
export {
  createSubmodel,
  dnde,
  energyFlux,
  flux,
  fluxSources,
  fovBackground,
  updateParameters,
  validateModels,
} from "./api/models.js";
export {
  backgroundMap,
  fitEnergyRange,
  fitMask,
  isBinned,
  isFluxPoints,
  isMapDataset,
  isOnOff,
  withEnergyRange,
} from "./datasets/facets.js";
export { inSedType, isUpperLimit, sqrtTsOf } from "./datasets/flux-points.js";
export { sliceByEnergy } from "./datasets/slice.js";
export { stackReduce, toMasked } from "./datasets/stack.js";
export type {
  BinnedDataset,
  Dataset,
  FluxPoints,
  FluxPointsDataset,
  Gti,
  LightCurve,
  MapDataset,
  OnOffDataset,
} from "./datasets/types.js";
export { type ErrorCode, FormatError, GammatsError, SpecError, UnsupportedError } from "./errors.js";
export { coverage } from "./estimators/coverage.js";
export { feldmanCousins } from "./estimators/feldman-cousins.js";
export { findPeaks } from "./estimators/peaks.js";
export { statContourOn, statProfileOn, statSurfaceOn } from "./estimators/scans.js";
export type { Toys } from "./estimators/toys.js";
export { fluxMap, type TsMap } from "./estimators/ts-map-table.js";
export { variability } from "./estimators/variability.js";
export { serialExecutor } from "./execute/serial.js";
export type { Executor } from "./execute/types.js";
export { serveWebWorker, webExecutor } from "./execute/web.js";
export { type StatContour, statContour } from "./fit/contours.js";
export { type FitOptions, fitJoint } from "./fit/fit.js";
export { compareModels, goodnessOfFit, informationCriteria } from "./fit/goodness.js";
export { type Confidence, confidence, confidenceAll, type Limit, upperLimit } from "./fit/intervals.js";
export type { Joint } from "./fit/joint.js";
export type { Posterior } from "./fit/posterior.js";
export { formatFitResult, formatParameters } from "./fit/print.js";
export { type StatProfile, type StatSurface, statProfile, statSurface } from "./fit/profiles.js";
export { profileErrors } from "./fit/propagate-profile.js";
export type { FitResult } from "./fit/result.js";
export { sample as samplePosterior } from "./fit/sample.js";
export { impacts } from "./fit/systematics.js";
export { createResponses, type Responses } from "./fold/response.js";
export { type FileAccess, memoryFiles } from "./io/files.js";
export { openKnown as openFile } from "./io/formats/use.js";
export { type RegistryAdditions, standardRegistry } from "./io/registry.js";
export type { FitReport, FluxMaps } from "./io/types.js";
export type { Analysis } from "./io/yaml/analysis.js";
export { extendRegistry } from "./kinds/additions.js";
export { alphaOf, onOffBackground } from "./kinds/on-off-data.js";
export type { XYPointsDataset } from "./kinds/xy-points.js";
export type { Registry } from "./likelihood/kind.js";
export type { Likelihood } from "./likelihood/likelihood.js";
export { formatModels } from "./likelihood/summary.js";
export { calibration } from "./models/calibration.js";
export { covarianceOf, withCovariance } from "./models/covariance.js";
export { skyModel } from "./models/create.js";
export { allParameters, findParameter } from "./models/parameters.js";
export { combineSpectra } from "./models/spectral/compound.js";
export type {
  FoVBackgroundModel,
  Model,
  Models,
  Parameter,
  SkyModel,
  Submodel,
} from "./models/types.js";
export type { Frame, Geom, MapAxis, SkyMap, SkyPosition, WcsGeom } from "./sky/types.js";
export { conversionFactor, formatUnit, parseQuantity, toUnit } from "./units/index.js";
