export { type ContourOptions, type ContourResult, contour, contourOf } from "./contour.js";
export { type Covariance, covarianceAt, type ErrorReason, type HessianResult, hessianAt } from "./covariance.js";
export { createLevels, type LevelOptions, type LevelPoint, type LevelStatus, type Levels } from "./level.js";
export { deltaOf, type MinosOptions, type MinosResult, minos, minosOf } from "./minos.js";
export { createNewton, type Newton, newton } from "./newton.js";
export { type ProfileOptions, type ProfileResult, profile, type SurfaceResult, surface } from "./profile.js";
export type { MinimizeOptions, MinimizeResult, Minimizer, Objective, StopReason } from "./types.js";
export { type LimitResult, upperLimit } from "./upper-limit.js";
