/** Models seen through the instrument of a dataset: what they predict in each of its bins. */
import type { BinnedDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { FoVBackgroundModel, Model } from "../models/types.js";
import { fovBackground, templateNPred } from "./backgrounds.js";
import { bindCalibration } from "./calibration.js";
import type { Response } from "./response.js";
import { foldSource } from "./source.js";
import type { BoundComponent, FoldContext } from "./types.js";

export interface FoldedModels {
  /** One for each source and each map of counts, in the order of the models. */
  readonly sources: readonly BoundComponent[];
  /** The background map times its model; undefined where the dataset has no background map. */
  readonly background: BoundComponent | undefined;
}

/** All models that apply to a dataset. */
export function foldModels(
  dataset: BinnedDataset,
  models: readonly Model[],
  response: Response,
  context: FoldContext,
): FoldedModels {
  const sources: BoundComponent[] = [];
  const calibration = bindCalibration(dataset, context);
  let scale: FoVBackgroundModel | undefined;
  for (const model of models) {
    if (model.type === "FoVBackgroundModel") {
      if (scale !== undefined) {
        throw new SpecError(
          `dataset "${dataset.name}": two background models, "${scale.name}" and another; leave one, the reference would add the second to the sources`,
        );
      }
      scale = model;
    } else if (model.type === "TemplateNPredModel") sources.push(templateNPred(model, response, context));
    else sources.push(foldSource(dataset, model, response, calibration, context));
  }
  const { background: map } = response;
  if (map === undefined && scale !== undefined) {
    throw new SpecError(
      `dataset "${dataset.name}": model "${scale.name}" scales its background, but the dataset has none; add a background map or remove the model`,
    );
  }
  return { sources, background: map && fovBackground(map, scale, response, calibration, context) };
}

/** All of them in one list, the background last. */
export const allOf = ({ sources, background }: FoldedModels): readonly BoundComponent[] =>
  background === undefined ? sources : [...sources, background];
