/** Models of predicted counts: a factor on the background of a dataset, a map of counts. */
import { SpecError } from "../errors.js";
import type { SpatialDeclaration } from "../models/declaration.js";
import type { FoVBackgroundModel, TemplateNPredModel } from "../models/types.js";
import { axisCenters } from "../sky/axis.js";
import { imageGeom, nPix } from "../sky/pixels.js";
import { conversionFactor } from "../units/index.js";
import { backgroundComponent } from "./background.js";
import { bindSubmodel, shapeOf } from "./bind.js";
import { calibratedBackground, type DatasetCalibration } from "./calibration.js";
import { withDerivatives } from "./differences.js";
import { valueVector } from "./flux/spectrum.js";
import { constantVector } from "./flux/types.js";
import type { Response } from "./response.js";
import { shapedBackground } from "./shaped-background.js";
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
  const bound = bindSubmodel(model, "spectral", model.spectral, context);
  const factors = valueVector(context.declarations.of(model.spectral, "spectral"), bound.p, bound.free, centers);
  const { vector, parameters } = calibratedBackground(calibration, factors);
  const own = [...bound.parameters, ...parameters];
  if (model.spatial === undefined) return { component: backgroundComponent(model.name, vector, map), parameters: own };
  const where = `model "${model.name}"`;
  imageGeom(response.geom, where);
  const { p, free, parameters: ofShape } = bindSubmodel(model, "spatial", model.spatial, context);
  const shape = shapeOf(model, model.spatial, context);
  refusePoint(shape.declaration, where);
  const shaped = { shape: free.length === 0 ? shape : withDerivatives(shape, p, free, response, where), p, free };
  return {
    component: shapedBackground(model.name, vector, map, shaped, response),
    parameters: [...own, ...ofShape],
  };
}

function refusePoint({ point, type }: SpatialDeclaration, where: string): void {
  if (point !== true) return;
  throw new SpecError(
    `${where}: found the spatial model ${type}, which has no value between places, expected one that is a factor in each pixel; remove it or take another`,
  );
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
