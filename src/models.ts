/** Models: making, changing and checking them, and what a model of one's own has to declare. */

export { modelsForData, type ParseModelOptions, parseModel, type TextPlaceOptions } from "./api/model-texts.js";
export * from "./api/models.js";
export { calibration, calibrationParameters } from "./models/calibration.js";
export { covarianceOf, withCovariance } from "./models/covariance.js";
export { type CreateOptions, type ParameterInput, skyModel } from "./models/create.js";
export type * from "./models/declaration.js";
export { declarationOf, type SubmodelKind } from "./models/lookup.js";
export {
  allParameters,
  findParameter,
  type ParameterChange,
  type ParameterEntry,
  parameterVector,
} from "./models/parameters.js";
export type { ModelProblem } from "./models/problem.js";
export { gammapySampling } from "./models/spatial/gammapy-sampling.js";
export { combineSpectra, type Operator } from "./models/spectral/compound.js";
export type * from "./models/types.js";
export type { ValidateOptions } from "./models/validate.js";
