/** Fits, and what follows from them. */
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import * as fits from "../fit/fit.js";
import * as goodness from "../fit/goodness.js";
import * as joints from "../fit/joint.js";
import * as propagate from "../fit/propagate.js";
import type { SpectralPoints } from "../fit/quantity.js";
import type { FitResult } from "../fit/result.js";
import * as systematics from "../fit/systematics.js";
import type { LikelihoodOptions } from "../likelihood/likelihood.js";
import type { Models } from "../models/types.js";
import { kindOfValue, requireDatasets, requireModels } from "./arguments.js";
import { type ContextOptions, contextOf } from "./context.js";
import { type ModelsOption, modelsOf } from "./models-option.js";

/**
 * Datasets and models compiled into one function of the free parameters, -2 ln L with priors, for as many fits, profiles and intervals as are wanted.
 * @throws SpecError where there are no datasets, two have one name, or the models are wrong or for none of them.
 * @throws UnsupportedError where more than `maxBytes` of memory may be needed.
 * @example
 * ```ts
 * import { compileJoint, fitJoint } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const before = joint.objective.value(joint.start);
 * console.assert(joint.parameters.length === 4 && fitJoint(joint).totalStat < before);
 * ```
 */
export function compileJoint(
  datasets: readonly Dataset[],
  models: Models,
  options: ContextOptions & LikelihoodOptions = {},
): joints.Joint {
  requireDatasets(datasets);
  return joints.compileJoint(datasets, contextOf(models, options), options);
}

/**
 * Fits the free parameters of all models to all datasets together: the least -2 ln L with priors. Errors are those of the Hessian, in the unit of each
 * parameter. A fit that did not converge is a result with `success: false` and a message.
 * @throws SpecError where there are no datasets, two have one name, the models are wrong or for none of them, or an option is unknown.
 * @throws UnsupportedError where more than `maxBytes` of memory may be needed.
 * @example
 * ```ts
 * import { fit, formatParameters } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const result = fit(datasets, models);
 * console.log(formatParameters(result.parameters));
 * const alpha = result.parameters.find((p) => p.id === "Crab Nebula.alpha")!;
 * console.assert(result.success && Math.abs(alpha.value - 1.263) < 3 * alpha.error); // the truth
 * ```
 */
export function fit(
  datasets: readonly Dataset[],
  models: Models,
  options: ContextOptions & fits.FitOptions = {},
): FitResult {
  requireDatasets(datasets);
  return fits.fit(datasets, contextOf(models, options), options);
}

/**
 * The comparison to be expected if `truth` is true: both fitted to its Asimov data (the expectations themselves), the ts is the median one for large counts
 * [Cowan et al. 2011, Eur. Phys. J. C 71, 1554].
 * @throws SpecError where the null hypothesis is not nested in `truth`, or datasets and models do not fit each other.
 */
export function expectedComparison(
  datasets: readonly Dataset[],
  truth: Models,
  nullModels: Models,
  options: ContextOptions & goodness.ComparisonOptions & fits.FitOptions = {},
): goodness.Comparison {
  return goodness.expectedComparison(datasets, contextOf(truth, options), nullModels, options);
}

/**
 * Errors of dnde [cm-2 s-1 TeV-1], e2dnde [TeV cm-2 s-1], flux [cm-2 s-1] or energy flux [TeV cm-2 s-1] of a source at energies in TeV [m], from the covariance
 * of its models (where they have none, from their errors): by exact gradients, sqrt(gT C g), or by draws (`method: "sampling"`).
 * @throws SpecError where the source is unknown or has no flux, an energy is not positive, a bin is empty, or an option is out of its range.
 * @example
 * ```ts
 * import { fit, propagateErrors } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const points = { quantity: "flux", energyMin: [1], energyMax: [10] } as const;
 * const { value, errp, unit } = propagateErrors(fit(datasets, models).models, "Crab Nebula", points);
 * console.assert(unit === "cm-2 s-1" && errp[0] > 0.01 * value[0] && errp[0] < 0.02 * value[0]);
 * ```
 */
export function propagateErrors(
  models: Models,
  source: string,
  points: SpectralPoints,
  options: ModelsOption & propagate.PropagateOptions = {},
): propagate.QuantityErrors {
  requireModels(models);
  if (typeof points !== "object" || points === null) {
    const expected = '{ quantity: "dnde", energy: [...] } or { quantity: "flux", energyMin: [...], energyMax: [...] }';
    throw new SpecError({ where: "propagateErrors", found: `${kindOfValue(points)} as points`, expected });
  }
  return propagate.propagateErrors(models, source, points, modelsOf(options), options);
}

/**
 * Decorrelation energy of a source, TeV: where the relative error of dnde is smallest, from exact gradients. For a power law that is reference
 * exp(cov(amplitude, index) / (amplitude var(index))).
 * @throws SpecError where the source is unknown or has no flux, its parameters have no errors, its relative error is the same at all energies, or the bounds do
 * not increase.
 * @example
 * ```ts
 * import { dnde, fit, fluxSources, pivotEnergy } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const fitted = fit(datasets, models).models;
 * const pivot = pivotEnergy(fitted, "Crab Nebula"); // TeV
 * console.assert(pivot > 1 && pivot < 10);
 * console.log(dnde(fluxSources(fitted)[0].spectral, [pivot]));
 * ```
 */
export function pivotEnergy(
  models: Models,
  source: string,
  options: ModelsOption & propagate.PivotOptions = {},
): number {
  return propagate.pivotEnergy(models, source, modelsOf(options), options);
}

/** The pulls (fitted value - mean of the prior) / sigma of the prior, of all free parameters whose prior has a mean and a width, linked ones once. */
export function pulls(result: FitResult, options: ModelsOption = {}): systematics.Pull[] {
  return systematics.pulls(result, modelsOf(options));
}
