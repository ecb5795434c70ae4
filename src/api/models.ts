/** Making models and evaluating them. */
import * as create from "../models/create.js";
import * as values from "../models/flux.js";
import type { ModelProblem } from "../models/problem.js";
import type { FoVBackgroundModel, Model, Models, SkyModel, Submodel } from "../models/types.js";
import * as validate from "../models/validate.js";
import { type ModelsOption, modelsOf } from "./models-option.js";

/** A spectral, spatial or temporal model by type or short tag; parameters that are not given take their defaults. */
export function createSubmodel(
  type: string,
  parameters: Readonly<Record<string, create.ParameterInput>> = {},
  options: create.CreateOptions & ModelsOption = {},
): Submodel {
  return create.createSubmodel(modelsOf(options), type, parameters, options);
}

/** A factor on the background of one dataset; without `spectral`, a norm with a frozen tilt. */
export function fovBackground(
  dataset: string,
  spectral: Submodel = createSubmodel(create.STANDARD_NORM),
  spatial?: Submodel,
): FoVBackgroundModel {
  return create.fovBackground(dataset, spectral, spatial);
}

/** dnde [cm-2 s-1 TeV-1] of a spectral model at energies in TeV [n]. */
export function dnde(submodel: Submodel, energy: ArrayLike<number>, options: ModelsOption = {}): Float64Array {
  return values.dnde(submodel, energy, modelsOf(options));
}

/** Flux [cm-2 s-1] of a spectral model between energies in TeV, by bin [n]. */
export function flux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  options: ModelsOption = {},
): Float64Array {
  return values.flux(submodel, energyMin, energyMax, modelsOf(options));
}

/** Energy flux [TeV cm-2 s-1] of a spectral model between energies in TeV, by bin [n]. */
export function energyFlux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  options: ModelsOption = {},
): Float64Array {
  return values.energyFlux(submodel, energyMin, energyMax, modelsOf(options));
}

/** The sources whose spectrum is a flux; that of others is a factor on a map of flux, so they have no spectrum to draw or to measure. */
export function fluxSources(models: Models, options: ModelsOption = {}): SkyModel[] {
  return values.fluxSources(models, modelsOf(options));
}

/** Everything that is wrong with models: unknown types, parameters, units, links, priors; empty where they can be used. */
export function validateModels(
  models: Models | readonly Model[],
  options: validate.ValidateOptions & ModelsOption = {},
): ModelProblem[] {
  return validate.validateModels(modelsOf(options), models, options);
}
