/** Spectra of models to draw. */
import type { Models } from "../models/types.js";
import * as results from "../plot/results.js";
import type { SedCurve } from "../plot/sed.js";
import { type ModelsOption, modelsOf } from "./models-option.js";

/** The spectrum of the source `name`; where the models have a covariance, with its 68 % error band. */
export function sedCurveOf(models: Models, name: string, options: results.SedCurveOptions & ModelsOption): SedCurve {
  return results.sedCurveOf(models, name, modelsOf(options), options);
}
