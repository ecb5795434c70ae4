export { type ContourOptions, type ContourResult, contourOf } from "./contour.js";
export { type Covariance, covarianceAt, type ErrorReason } from "./covariance.js";
export { type HessianResult, hessianAt } from "./hessian.js";
export {
  createLevels,
  findLevel,
  type LevelOptions,
  type LevelPoint,
  type LevelStatus,
  type Levels,
  lineAlong,
} from "./level.js";
export { minimizers } from "./minimizers.js";
export { type MinosResult, minosOf } from "./minos.js";
export { minuit } from "./minuit.js";
export { createNewton, minimizeNewton, type Newton, newton } from "./newton.js";
export { profile, surface } from "./profile.js";
export type { ScanOptions, ScanResult } from "./scan.js";
export { simplex } from "./simplex.js";
export type { MinimizeOptions, MinimizeResult, Minimizer, Objective, StopReason } from "./types.js";
