/** Making models and evaluating them. */
import * as create from "../models/create.js";
import * as spectra from "../models/flux.js";
import * as nesting from "../models/nesting.js";
import * as parameters from "../models/parameters.js";
import type { ModelProblem } from "../models/problem.js";
import type { FoVBackgroundModel, Model, Models, SkyModel, Submodel } from "../models/types.js";
import * as validate from "../models/validate.js";
import { checkNumbers } from "../models/validate-parameter.js";
import { type ModelsOption, modelsOf } from "./models-option.js";

/**
 * A spectral, spatial or temporal model by type or short tag; parameters that are not given take their defaults. A number is in the parameter's default unit
 * (`gammats models` lists them), a text brings its own.
 * Some models have other parameters with other `extra`: those of particles that radiate, say.
 * @throws SpecError where the type, a parameter or a key of `extra` is unknown, with the nearest name, a value is not finite or outside of its limits, or
 * limits are crossed.
 * @throws FormatError where a unit does not convert.
 * @example
 * ```ts
 * import { createSubmodel, dnde } from "gammats";
 * const spectral = createSubmodel("pl", {
 *   index: { value: 2, frozen: true },
 *   amplitude: { value: "3e-8 m-2 s-1 TeV-1", min: 0 },
 * });
 * console.assert(Math.abs(dnde(spectral, [1])[0] / 3e-12 - 1) < 1e-12); // cm-2 s-1 TeV-1
 * const extra = { particle_distribution: "ExponentialCutoffPowerLaw" };
 * const electrons = createSubmodel("ic", { e_cutoff: "20 TeV", distance: "2 kpc" }, { extra });
 * console.assert(electrons.parameters.some(({ name }) => name === "e_cutoff"));
 * ```
 */
export function createSubmodel(
  type: string,
  values: Readonly<Record<string, create.ParameterInput>> = {},
  options: create.CreateOptions & ModelsOption = {},
): Submodel {
  const registry = modelsOf(options);
  const submodel = create.createSubmodel(registry, type, values, options);
  create.checkSubmodel(submodel, values, registry);
  return submodel;
}

/**
 * New models with some parameters changed, by id `<model>.<parameter>`. A number is a value in the parameter's own unit. Linked parameters change together, and
 * those that follow expressions follow. The models that are given stay as they are.
 * @throws SpecError where a parameter is unknown, with the nearest name, a value that is given is not finite or outside of its limits, or limits are crossed.
 * @example
 * ```ts
 * import { createSubmodel, findParameter, allParameters, skyModel, updateParameters } from "gammats";
 * const models = { components: [skyModel({ name: "source", spectral: createSubmodel("pl") })] };
 * const changed = updateParameters(models, { "source.index": 2.5, "source.amplitude": { min: 0, frozen: true } });
 * console.assert(findParameter(allParameters(changed), "source.index").parameter.value === 2.5);
 * console.assert(findParameter(allParameters(models), "source.index").parameter.value === 2);
 * ```
 */
export function updateParameters(
  models: Models,
  changes: Readonly<Record<string, parameters.ParameterChange>>,
): Models {
  const changed = parameters.updateParameters(models, changes);
  const entries = parameters.allParameters(changed);
  for (const [id, change] of Object.entries(changes)) {
    // errors and flags may be changed of what is wrong in a file
    if (typeof change !== "number" && !["value", "min", "max"].some((key) => key in change)) continue;
    checkNumbers(parameters.findParameter(entries, id, "updateParameters").parameter, `updateParameters: ${id}`);
  }
  return changed;
}

/**
 * A factor on the background map of one dataset; without `spectral`, a norm with a frozen tilt.
 * @example
 * ```ts
 * import { fit, fovBackground, fluxSources } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const components = [...fluxSources(models), fovBackground("Fermi-LAT")];
 * const result = fit(datasets, { components });
 * const norm = result.parameters.find((p) => p.id === "Fermi-LAT-bkg.norm")!;
 * console.assert(Math.abs(norm.value - 1) < 3 * norm.error);
 * ```
 */
export function fovBackground(
  dataset: string,
  spectral: Submodel = createSubmodel(create.STANDARD_NORM),
  spatial?: Submodel,
): FoVBackgroundModel {
  return create.fovBackground(dataset, spectral, spatial);
}

/**
 * dnde [cm-2 s-1 TeV-1] of a spectral model at energies in TeV [n]; of a norm model, the factor.
 * @throws SpecError where the type of the model is unknown.
 * @throws FormatError where the unit of a parameter does not convert.
 * @example
 * ```ts
 * import { createSubmodel, dnde } from "gammats";
 * const spectral = createSubmodel("pl", { index: 2, amplitude: 4e-12, reference: "1 TeV" });
 * const values = dnde(spectral, [1, 2]);
 * console.assert(values[0] === 4e-12 && Math.abs(values[1] / 1e-12 - 1) < 1e-12); // cm-2 s-1 TeV-1
 * ```
 */
export function dnde(submodel: Submodel, energy: ArrayLike<number>, options: ModelsOption = {}): Float64Array {
  return spectra.dnde(submodel, energy, modelsOf(options));
}

/**
 * Flux [cm-2 s-1] of a spectral model between energies in TeV, by bin [n]: closed forms where the model has them, else as power laws between nodes, as Gammapy integrates.
 * @throws SpecError where the type of the model is unknown.
 * @throws FormatError where the unit of a parameter does not convert.
 * @example
 * ```ts
 * import { createSubmodel, flux } from "gammats";
 * const spectral = createSubmodel("pl", { index: 2, amplitude: 1e-12, reference: "1 TeV" });
 * const [total] = flux(spectral, [1], [10]);
 * console.assert(Math.abs(total / 0.9e-12 - 1) < 1e-12); // cm-2 s-1
 * ```
 */
export function flux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  options: ModelsOption = {},
): Float64Array {
  return spectra.flux(submodel, energyMin, energyMax, modelsOf(options));
}

/**
 * Energy flux [TeV cm-2 s-1] of a spectral model between energies in TeV, by bin [n].
 * @throws SpecError where the type of the model is unknown.
 * @throws FormatError where the unit of a parameter does not convert.
 */
export function energyFlux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  options: ModelsOption = {},
): Float64Array {
  return spectra.energyFlux(submodel, energyMin, energyMax, modelsOf(options));
}

/**
 * Energy [erg] in the particles of a radiation model, all of them or those between `min` and `max` [TeV]: We and Wp of naima.
 * @throws SpecError where the model has no particles.
 */
export function particleEnergy(
  submodel: Submodel,
  options: ModelsOption & { readonly min?: number; readonly max?: number } = {},
): number {
  return spectra.particleEnergy(submodel, options, modelsOf(options));
}

/** The sources whose spectrum is a flux; that of others is a factor on a map of flux, so they have no spectrum to draw or to measure. */
export function fluxSources(models: Models, options: ModelsOption = {}): SkyModel[] {
  return spectra.fluxSources(models, modelsOf(options));
}

/**
 * Everything that is wrong with models: unknown types, parameters, units, links, priors; empty where they can be used. With `datasets`, names of those at hand,
 * also models for none of them.
 * @example
 * ```ts
 * import { createSubmodel, skyModel, validateModels } from "gammats";
 * const source = skyModel({ name: "source", spectral: createSubmodel("pl") });
 * const factor = skyModel({ name: "factor", spectral: createSubmodel("pl-norm") });
 * console.assert(validateModels([source]).length === 0);
 * console.assert(validateModels([source, factor])[0].message.includes("needs a flux"));
 * ```
 */
export function validateModels(
  models: Models | readonly Model[],
  options: validate.ValidateOptions & ModelsOption = {},
): ModelProblem[] {
  return validate.validateModels(modelsOf(options), models, options);
}

/**
 * Whether models are a special case of others, as the declarations say (`reductions`): which parameters the first ones hold, whether at a limit, and which
 * mean nothing there. This is what a likelihood ratio of the two follows from: `boundary` of `compareModels` where one is held at a limit, and toys
 * (`nestedPValue`) where some mean nothing.
 * @example
 * ```ts
 * import { createSubmodel, skyModel } from "gammats";
 * import { nestingOf } from "gammats/models";
 * const [pl, lp] = ["pl", "lp"].map((type) => ({
 *   components: [skyModel({ name: "source", spectral: createSubmodel(type) })],
 * }));
 * const { reason, held } = nestingOf(pl!, lp!);
 * console.assert(reason === "" && held[0]!.id === "source.beta" && held[0]!.value === 0);
 * console.assert(nestingOf(lp!, pl!).reason !== "");
 * ```
 */
export function nestingOf(nullModels: Models, alternative: Models, options: ModelsOption = {}): nesting.Nesting {
  return nesting.nestingOf(nullModels, alternative, modelsOf(options));
}
