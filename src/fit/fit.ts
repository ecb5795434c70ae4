import type { Dataset } from "../datasets/types.js";
import type { KindContext } from "../likelihood/kind.js";
import type { LikelihoodOptions } from "../likelihood/likelihood.js";
import { compileJoint, type Joint } from "./joint.js";
import { findMinimizer, type MinimizeJointOptions, minimizeAndDescribe } from "./minimize-joint.js";
import type { FitResult } from "./result.js";
import { summarize } from "./summarize.js";

/** Options of `fit` and `fitJoint`. */
export interface FitOptions extends LikelihoodOptions, MinimizeJointOptions {
  /** Start values of the free parameters [n]; default: those of the models. */
  readonly start?: Float64Array;
}

/** Fits the free parameters of all models to all datasets together. A fit that did not converge is a result with `success: false`. */
export function fit(datasets: readonly Dataset[], context: KindContext, options: FitOptions = {}): FitResult {
  return fitJoint(compileJoint(datasets, context, options), options);
}

/**
 * Fits what `compileJoint` made, from the values of its models or from `start` [n], in the units of `joint.parameters`.
 * @throws SpecError where `backend` is unknown.
 * @example
 * ```ts
 * import { compileJoint, fitJoint } from "gammats";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const joint = compileJoint(datasets, models);
 * const [newton, minuit] = [fitJoint(joint), fitJoint(joint, { backend: "minuit" })];
 * console.assert(Math.abs(newton.totalStat - minuit.totalStat) < 0.01);
 * ```
 */
export function fitJoint(joint: Joint, options: FitOptions = {}): FitResult {
  const minimizer = findMinimizer(options.backend ?? "newton");
  return summarize(joint, minimizeAndDescribe(joint, options.start, options), minimizer);
}
