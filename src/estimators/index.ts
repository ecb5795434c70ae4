export {
  type CalibratedInterval,
  type CalibratedOptions,
  type ConstructionPoints,
  calibratedInterval,
} from "./calibrated.js";
export { type Constancy, testConstancy, testConstancyOn } from "./constancy.js";
export type { IntervalSide } from "./construction.js";
export { type CoverageFraction, coverage, type ParameterCoverage } from "./coverage.js";
export { type ExpectedLimit, type ExpectedLimitOptions, expectedLimit } from "./expected-limit.js";
export { type FeldmanCousinsInterval, feldmanCousins } from "./feldman-cousins.js";
export {
  estimateFluxPoints,
  estimateFluxPointsOn,
  type FluxPointsOnOptions,
} from "./flux-points.js";
export { cutoffHypotheses, extensionHypotheses, type Hypotheses, sourceHypotheses } from "./hypotheses.js";
export { estimateLightCurve, estimateLightCurveOn, type LightCurveOnOptions } from "./light-curve.js";
export type { LightCurveOptions } from "./light-curve-parts.js";
export {
  type NestedOptions,
  type NestedPValue,
  nestedPValue,
  type PValue,
  type PValueOptions,
  type ToyGoodness,
  toyGoodness,
} from "./p-values.js";
export { findPeaks, type Peak, type PeakOptions } from "./peaks.js";
export type { FluxPointsOptions } from "./points.js";
export { statContourOn, statProfileOn, statSurfaceOn } from "./scans.js";
export { standardTasks } from "./tasks.js";
export { type ToyColumns, type Toys, type ToysOptions, toyDatasets, toys } from "./toys.js";
export { estimateTsMap, estimateTsMapOn, type TsMapOnOptions, type TsMapOptions } from "./ts-map.js";
export { type FluxKind, fluxMap, type TsMap, type TsQuantity } from "./ts-map-table.js";
export { type Variability, variability } from "./variability.js";
