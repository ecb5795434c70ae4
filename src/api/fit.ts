/** Fits, and what follows from them. */
import type { Dataset } from "../datasets/types.js";
import * as fits from "../fit/fit.js";
import * as goodness from "../fit/goodness.js";
import * as joints from "../fit/joint.js";
import * as propagate from "../fit/propagate.js";
import type { SpectralPoints } from "../fit/quantity.js";
import type { FitResult } from "../fit/result.js";
import * as systematics from "../fit/systematics.js";
import type { LikelihoodOptions } from "../likelihood/likelihood.js";
import type { Models } from "../models/types.js";
import { type ContextOptions, contextOf } from "./context.js";
import { type ModelsOption, modelsOf } from "./models-option.js";

/** Datasets and models compiled into one function of the free parameters, for as many fits, profiles and intervals as are wanted. */
export function compileJoint(
  datasets: readonly Dataset[],
  models: Models,
  options: ContextOptions & LikelihoodOptions = {},
): joints.Joint {
  return joints.compileJoint(datasets, contextOf(models, options), options);
}

/** Fits the free parameters of all models to all datasets together. A fit that did not converge is a result with `success: false`. */
export function fit(
  datasets: readonly Dataset[],
  models: Models,
  options: ContextOptions & fits.FitOptions = {},
): FitResult {
  return fits.fit(datasets, contextOf(models, options), options);
}

/** The comparison to be expected if `truth` is true: both fitted to its Asimov data (the expectations themselves). */
export function expectedComparison(
  datasets: readonly Dataset[],
  truth: Models,
  nullModels: Models,
  options: ContextOptions & goodness.ComparisonOptions & fits.FitOptions = {},
): goodness.Comparison {
  return goodness.expectedComparison(datasets, contextOf(truth, options), nullModels, options);
}

/** Errors of dnde, e2dnde, flux or energy flux of a source from the covariance of its models. */
export function propagateErrors(
  models: Models,
  source: string,
  points: SpectralPoints,
  options: ModelsOption & propagate.PropagateOptions = {},
): propagate.QuantityErrors {
  return propagate.propagateErrors(models, source, points, modelsOf(options), options);
}

/**
 * Decorrelation energy of a source, TeV: where the relative error of dnde is smallest, from exact gradients. For a power law that is
 * reference exp(cov(amplitude, index) / (amplitude var(index))).
 */
export function pivotEnergy(
  models: Models,
  source: string,
  options: ModelsOption & propagate.PivotOptions = {},
): number {
  return propagate.pivotEnergy(models, source, modelsOf(options), options);
}

/** The pulls of all free parameters whose prior has a mean and a width, linked ones once. */
export function pulls(result: FitResult, options: ModelsOption = {}): systematics.Pull[] {
  return systematics.pulls(result, modelsOf(options));
}
