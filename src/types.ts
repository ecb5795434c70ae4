/** The types of all arguments and results of the functions of `gammats`; those of `gammats/models`, `/io`, `/sky`, `/plot`, `/node`, `/extend` are there. */

export type { ContextOptions, RegistryOption } from "./api/context.js";
export type { FileContextOptions, FormatsOption } from "./api/formats-option.js";
export type { ModelsOption } from "./api/models-option.js";
export type { Binned } from "./datasets/stack.js";
export type * from "./datasets/types.js";
export type { ErrorCode, ErrorFields } from "./errors.js";
export type { CalibratedInterval, CalibratedOptions, ConstructionPoints } from "./estimators/calibrated.js";
export type { Constancy } from "./estimators/constancy.js";
export type { IntervalSide } from "./estimators/construction.js";
export type { CoverageFraction, ParameterCoverage } from "./estimators/coverage.js";
export type { ExpectedLimit, ExpectedLimitOptions } from "./estimators/expected-limit.js";
export type { FeldmanCousinsInterval } from "./estimators/feldman-cousins.js";
export type { FluxPointsOnOptions } from "./estimators/flux-points.js";
export type { Hypotheses } from "./estimators/hypotheses.js";
export type { LightCurveOnOptions } from "./estimators/light-curve.js";
export type { LightCurveOptions } from "./estimators/light-curve-parts.js";
export type { NestedOptions, NestedPValue, PValue, PValueOptions, ToyGoodness } from "./estimators/p-values.js";
export type { Peak, PeakOptions } from "./estimators/peaks.js";
export type { FluxPointsOptions } from "./estimators/points.js";
export type { PartSize } from "./estimators/scans.js";
export type { ToyColumns, Toys, ToysOptions } from "./estimators/toys.js";
export type { TsMapOnOptions, TsMapOptions } from "./estimators/ts-map.js";
export type { FluxKind, TsMap, TsQuantity } from "./estimators/ts-map-table.js";
export type { Variability } from "./estimators/variability.js";
export type { Executor } from "./execute/types.js";
export type { WebWorker } from "./execute/web.js";
export type { ContourOptions, StatContour } from "./fit/contours.js";
export type { FitOptions } from "./fit/fit.js";
export type {
  Compared,
  Comparison,
  ComparisonOptions,
  DatasetGoodness,
  Goodness,
  InformationCriteria,
} from "./fit/goodness.js";
export type { IntervalEnd } from "./fit/interval-end.js";
export type { Confidence, ConfidenceOptions, Limit } from "./fit/intervals.js";
export type { Joint } from "./fit/joint.js";
export type { Evidence, Posterior, PosteriorParameter, PosteriorPrior, Sampler } from "./fit/posterior.js";
export type { Grid, ScanAxis, ScanOptions, StatProfile, StatSurface } from "./fit/profiles.js";
export type { PivotOptions, PropagateOptions, QuantityErrors } from "./fit/propagate.js";
export type { ProfileErrorsOptions } from "./fit/propagate-profile.js";
export type { SpectralPoints } from "./fit/quantity.js";
export type { DatasetStat, FitReason, FitResult, FittedParameter, FreeBlock } from "./fit/result.js";
export type { ResultLayout } from "./fit/result-layout.js";
export type { SampleOptions } from "./fit/sample.js";
export type { Fitted } from "./fit/search.js";
export type { Impact, ImpactOptions, Pull } from "./fit/systematics.js";
export type { Response, Responses, ResponsesOptions } from "./fold/response.js";
export type { EncodeFitOptions } from "./io/fit-result.js";
export type { RegistryAdditions } from "./io/registry.js";
export type { XYPointsDataset } from "./kinds/xy-points.js";
export type { CompileOptions } from "./likelihood/compile.js";
export type { Constraints } from "./likelihood/constraints.js";
export type { SimulateOptions } from "./likelihood/kind.js";
export type { Kink } from "./likelihood/kinks.js";
export type { Likelihood, LikelihoodOptions } from "./likelihood/likelihood.js";
export type { Simulator } from "./likelihood/simulate.js";
export type { DatasetPrediction, FreeParameter } from "./likelihood/types.js";
export type { Views } from "./likelihood/views.js";
export type { Held } from "./math/cache.js";
export type { StopSignal } from "./math/types.js";
export type { MemoryNeed } from "./memory.js";
export type { Newton } from "./minimize/newton/state.js";
export type { Minimizer, Objective, StopReason } from "./minimize/types.js";
export type { ValidateOptions } from "./models/validate.js";
export type { Timed } from "./time/types.js";
export type { Quantity, Unit } from "./units/index.js";
