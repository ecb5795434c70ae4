/** GammaTS: the library without pictures (`gammats/plot`), maps and regions (`gammats/sky`) and without Node (`gammats/node`). */

export type { ContextOptions, RegistryOption } from "./api/context.js";
export * from "./api/datasets.js";
export * from "./api/estimators.js";
export * from "./api/fit.js";
export type { ModelsOption } from "./api/models-option.js";
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
export { inSedType, isUpperLimit, normError, sqrtTsOf } from "./datasets/flux-points.js";
export { datasetMemory } from "./datasets/memory.js";
export { sliceByEnergy } from "./datasets/slice.js";
export { stackReduce, toMasked } from "./datasets/stack.js";
export type * from "./datasets/types.js";
export {
  type ErrorCode,
  type ErrorFields,
  FormatError,
  GammatsError,
  hasCode,
  type PlainError,
  plainError,
  SpecError,
  toError,
  UnsupportedError,
  unknownName,
} from "./errors.js";
export type { CalibratedInterval, CalibratedOptions, ConstructionPoints } from "./estimators/calibrated.js";
export type { Constancy } from "./estimators/constancy.js";
export type { IntervalSide } from "./estimators/construction.js";
export { type CoverageFraction, coverage, type ParameterCoverage } from "./estimators/coverage.js";
export type { ExpectedLimit, ExpectedLimitOptions } from "./estimators/expected-limit.js";
export { type FeldmanCousinsInterval, feldmanCousins } from "./estimators/feldman-cousins.js";
export type { FluxPointsOnOptions } from "./estimators/flux-points.js";
export type { Hypotheses } from "./estimators/hypotheses.js";
export type { LightCurveOnOptions } from "./estimators/light-curve.js";
export type { LightCurveOptions } from "./estimators/light-curve-parts.js";
export type { NestedOptions, NestedPValue, PValue, PValueOptions, ToyGoodness } from "./estimators/p-values.js";
export { findPeaks, type Peak, type PeakOptions } from "./estimators/peaks.js";
export type { TaskContext } from "./estimators/plan.js";
export type { FluxPointsOptions } from "./estimators/points.js";
export { statContourOn, statProfileOn, statSurfaceOn } from "./estimators/scans.js";
export { standardTasks } from "./estimators/tasks.js";
export type { ToyColumns, Toys, ToysOptions } from "./estimators/toys.js";
export type { TsMapOnOptions, TsMapOptions } from "./estimators/ts-map.js";
export { type FluxKind, fluxMap, type TsMap, type TsQuantity } from "./estimators/ts-map-table.js";
export { type Variability, variability } from "./estimators/variability.js";
export { jobRange, runJobs } from "./execute/run.js";
export { serialExecutor } from "./execute/serial.js";
export type { AnyTaskKind, Executor, RunOptions, Task, TaskKind } from "./execute/types.js";
export { serveWebWorker, webExecutor } from "./execute/web.js";
export { type ContourOptions, type StatContour, statContour } from "./fit/contours.js";
export { type FitOptions, fitJoint } from "./fit/fit.js";
export {
  type Comparison,
  type ComparisonOptions,
  compareModels,
  type DatasetGoodness,
  type Goodness,
  goodnessOfFit,
  type InformationCriteria,
  informationCriteria,
} from "./fit/goodness.js";
export type { IntervalEnd } from "./fit/interval-end.js";
export {
  type Confidence,
  type ConfidenceOptions,
  confidence,
  confidenceAll,
  type Limit,
  upperLimit,
} from "./fit/intervals.js";
export { type Joint, jointAt } from "./fit/joint.js";
export { type JointMinimum, type MinimizeJointOptions, minimizeJoint } from "./fit/minimize-joint.js";
export { negativeBins } from "./fit/negative.js";
export type { Evidence, Posterior, PosteriorParameter, PosteriorPrior, Sampler } from "./fit/posterior.js";
export { formatFitResult, formatParameters } from "./fit/print.js";
export {
  type Grid,
  type ScanOptions,
  type StatProfile,
  type StatSurface,
  statProfile,
  statSurface,
} from "./fit/profiles.js";
export type { PivotOptions, PropagateOptions, QuantityErrors } from "./fit/propagate.js";
export { type ProfileErrorsOptions, profileErrors } from "./fit/propagate-profile.js";
export type { SpectralPoints } from "./fit/quantity.js";
export type { DatasetStat, FitResult, FittedParameter, FreeBlock } from "./fit/result.js";
export { type SampleOptions, sample as samplePosterior } from "./fit/sample.js";
export { type Impact, type ImpactOptions, impacts, type Pull } from "./fit/systematics.js";
export { createResponses, type Response, type Responses, type ResponsesOptions } from "./fold/response.js";
export { type RegistryAdditions, standardRegistry } from "./io/registry.js";
export * from "./io.js";
export { extendRegistry } from "./kinds/additions.js";
export { alphaOf, onOffBackground } from "./kinds/on-off-data.js";
export { likelihoodRegistry } from "./kinds/registry.js";
export type { XYPointsDataset } from "./kinds/xy-points.js";
export type { CompileOptions } from "./likelihood/compile.js";
export type { DatasetKind, KindContext, Predicted, SimulateOptions } from "./likelihood/kind.js";
export { modelsFor, type Registry } from "./likelihood/kind.js";
export type { Likelihood, LikelihoodOptions } from "./likelihood/likelihood.js";
export type { Simulator } from "./likelihood/simulate.js";
export type { CountsStatistic, OnOffStatistic, PointsStatistic, Statistic } from "./likelihood/statistics/types.js";
export { describeModels } from "./likelihood/summary.js";
export type { CompiledTerm, DatasetPrediction, FreeParameter, Term, TermData } from "./likelihood/types.js";
export { formatBytes, type MemoryNeed } from "./memory.js";
export { minimizers } from "./minimize/minimizers.js";
export type { Minimizer, StopReason } from "./minimize/types.js";
export * from "./models.js";
export { axisCenters, axisEdges, axisFromBounds, axisFromEdges, axisFromEnergyBounds } from "./sky/axis.js";
export { wcsGeom } from "./sky/geom.js";
export type * from "./sky/types.js";
export { ontime, stackGti } from "./time/gti.js";
export { datasetIntervals, durationIntervals, intervalsInMjd, mjdIntervals } from "./time/intervals.js";
export { nightIntervals } from "./time/nights.js";
export { conversionFactor, formatUnit, parseQuantity, type Quantity, toUnit } from "./units/index.js";
