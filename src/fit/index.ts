export { type Coordinates, coordinatesOf } from "./coordinates.js";
export { type FitOptions, fit, fitJoint } from "./fit.js";
export { compileJoint, type FreeParameter, type Joint, type JointOptions } from "./joint.js";
export { type JointMinimum, type MinimizeJointOptions, minimizeJoint } from "./minimize-joint.js";
export type { DatasetStat, FitResult, FittedParameter, FreeBlock } from "./result.js";
