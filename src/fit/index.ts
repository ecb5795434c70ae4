export { type ContourOptions, type StatContour, statContour } from "./contours.js";
export { type Coordinates, coordinatesOf } from "./coordinates.js";
export { type FitOptions, fit, fitJoint } from "./fit.js";
export {
  type Comparison,
  type ComparisonOptions,
  compareModels,
  type DatasetGoodness,
  expectedComparison,
  type Goodness,
  goodnessOfFit,
  type InformationCriteria,
  informationCriteria,
} from "./goodness.js";
export {
  type Confidence,
  type ConfidenceOptions,
  confidence,
  confidenceAll,
  type IntervalEnd,
  type Limit,
  upperLimit,
} from "./intervals.js";
export { compileJoint, type FreeParameter, type Joint, type JointOptions, jointAt } from "./joint.js";
export { type JointMinimum, type MinimizeJointOptions, minimizeJoint } from "./minimize-joint.js";
export { negativeBins } from "./negative.js";
export { formatFitResult, formatParameters } from "./print.js";
export {
  type Grid,
  type ScanOptions,
  type StatProfile,
  type StatSurface,
  statProfile,
  statSurface,
} from "./profiles.js";
export {
  type PivotOptions,
  type PropagateOptions,
  pivotEnergy,
  propagateErrors,
  type QuantityErrors,
} from "./propagate.js";
export { type ProfileErrorsOptions, profileErrors } from "./propagate-profile.js";
export type { SpectralPoints } from "./quantity.js";
export type { DatasetStat, FitResult, FittedParameter, FreeBlock } from "./result.js";
export { type Impact, type ImpactOptions, impacts, type Pull, pulls } from "./systematics.js";
