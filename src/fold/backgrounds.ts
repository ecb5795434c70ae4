/** Models of predicted counts: a factor on the background of a dataset, a map of counts. */
import { SpecError, UnsupportedError } from "../errors.js";
import type { FoVBackgroundModel, TemplateNPredModel } from "../models/types.js";
import { axisCenters } from "../sky/axis.js";
import { nPix } from "../sky/pixels.js";
import { conversionFactor } from "../units/index.js";
import { backgroundComponent } from "./background.js";
import { bindSubmodel } from "./bind.js";
import { calibratedBackground, type DatasetCalibration } from "./calibration.js";
import { valueVector } from "./flux/spectrum.js";
import { constantVector } from "./flux/types.js";
import type { Response } from "./response.js";
import type { BoundComponent, FoldContext } from "./types.js";

export function fovBackground(
  map: Float64Array,
  model: FoVBackgroundModel | undefined,
  response: Response,
  calibration: DatasetCalibration,
  context: FoldContext,
): BoundComponent {
  const centers = axisCenters(response.energy);
  if (model === undefined) {
    const ones = constantVector(new Float64Array(centers.length).fill(1));
    const { vector, parameters } = calibratedBackground(calibration, ones);
    return { component: backgroundComponent("background", vector, map), parameters };
  }
  if (model.spatial !== undefined) {
    throw new UnsupportedError(
      `model "${model.name}": a background model with a spatial part; put the shape into the background map instead`,
    );
  }
  const bound = bindSubmodel(model, "spectral", model.spectral, context);
  const factors = valueVector(context.declarations.of(model.spectral, "spectral"), bound.p, bound.free, centers);
  const { vector, parameters } = calibratedBackground(calibration, factors);
  return {
    component: backgroundComponent(model.name, vector, map),
    parameters: [...bound.parameters, ...parameters],
  };
}

export function templateNPred(model: TemplateNPredModel, response: Response, context: FoldContext): BoundComponent {
  const { map } = model.resources;
  const expected = nPix(response.geom) * axisCenters(response.energy).length;
  if (map.data.length !== expected) {
    throw new SpecError(
      `model "${model.name}": its map holds ${map.data.length} bins, dataset "${response.name}" has ${expected}; give the map on the dataset's geometry`,
    );
  }
  const bound = bindSubmodel(model, "spectral", model.spectral, context);
  const f = context.declarations.of(model.spectral, "spectral");
  const vector = valueVector(f, bound.p, bound.free, axisCenters(response.energy));
  const factor = conversionFactor(map.unit, "", `model "${model.name}", map of counts`);
  const counts = factor === 1 ? map.data : map.data.map((x) => x * factor);
  return { component: backgroundComponent(model.name, vector, counts), parameters: bound.parameters };
}
