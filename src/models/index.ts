export { calibration, calibrationParameters } from "./calibration.js";
export { covarianceOf, withCovariance } from "./covariance.js";
export { type CreateOptions, createSubmodel, fovBackground, type ParameterInput, skyModel } from "./create.js";
export type * from "./declaration.js";
export { dnde, energyFlux, flux } from "./flux.js";
export { declarationOf, type SubmodelKind, spectralFunction } from "./lookup.js";
export {
  allParameters,
  dependentsOf,
  findParameter,
  type ParameterChange,
  type ParameterEntry,
  parameterVector,
  unitFactors,
  updateParameters,
} from "./parameters.js";
export { standardModels } from "./registry.js";
export { type CompoundData, combineSpectra, type Operator } from "./spectral/compound.js";
export type * from "./types.js";
export { type ModelProblem, type ValidateOptions, validateModels } from "./validate.js";
