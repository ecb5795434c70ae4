/** A source seen through the instrument of a dataset. */

import type { BinnedDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { SkyModel } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { imageGeom } from "../sky/pixels.js";
import { pixelPosition } from "../sky/wcs-pixels.js";
import { bindSubmodel, placeOf, shapeOf } from "./bind.js";
import { calibratedIntegrals, type DatasetCalibration, withAreaNorm } from "./calibration.js";
import { withDerivatives } from "./differences.js";
import { energyShapeComponent } from "./energy-shape.js";
import { shapeComponent } from "./extended.js";
import { fixedComponent } from "./fixed.js";
import { shareVector } from "./flux/shared.js";
import { movingComponent } from "./moving.js";
import { positionOf, shapeTemplate } from "./placed.js";
import { spectrumTemplate } from "./region.js";
import type { Response } from "./response.js";
import { corners, pointTemplate } from "./template.js";
import { temporalFactor } from "./temporal.js";
import type { BoundComponent, FoldContext } from "./types.js";

export function foldSource(
  dataset: BinnedDataset,
  model: SkyModel,
  response: Response,
  calibration: DatasetCalibration,
  context: FoldContext,
): BoundComponent {
  if (dataset.exposure === undefined) {
    throw new SpecError(
      `dataset "${dataset.name}": no exposure, so model "${model.name}" cannot be folded; add an exposure map to the dataset`,
    );
  }
  const apply = { exposure: true, psf: true, edisp: true, ...model.applyIrf };
  const spectral = bindSubmodel(model, "spectral", model.spectral, context);
  const given = context.spectra?.get(model);
  const { areaNorm } = calibration;
  const scale = temporalFactor(dataset, model, context) * (areaNorm.parameter === undefined ? areaNorm.value : 1);
  const edges = axisEdges(response.energyTrue);
  const { vector, parameters: nuisances } =
    given === undefined
      ? calibratedIntegrals(
          calibration,
          context.declarations.of(model.spectral, "spectral"),
          spectral.p,
          spectral.free,
          edges,
          (bins, make) =>
            shareVector(context.shared, () => `${context.models.components.indexOf(model)}: ${bins()}`, make),
        )
      : withAreaNorm(calibration, given.vector);
  const spectralParameters = [...(given?.parameters ?? spectral.parameters), ...nuisances];
  const folding = [apply.psf, apply.exposure, scale];
  const folded = withExposure(response, apply.exposure, scale);
  if (model.spatial === undefined || response.geom.kind === "region") {
    const template = spectrumTemplate(dataset, model, folded, apply.psf, context);
    const kernel = response.edisp(placeOf(model, context), apply.edisp);
    return {
      component: fixedComponent(model.name, vector, template, kernel, response),
      parameters: spectralParameters,
    };
  }
  const image = imageGeom(response.geom, `model "${model.name}" on dataset "${dataset.name}"`);
  const spatial = bindSubmodel(model, "spatial", model.spatial, context);
  const shape = shapeOf(model, model.spatial, context);
  const parameters = [...spectralParameters, ...spatial.parameters];
  if (shape.declaration.point === true) {
    const coordinate = (i: number) => ({
      slot: spatial.free.includes(i) ? vector.n + spatial.free.indexOf(i) : -1,
      value: spatial.p[i]!,
    });
    if (spatial.free.length > 0) {
      const lon = coordinate(shape.lon);
      return {
        component: movingComponent(model.name, vector, lon, coordinate(shape.lat), shape.frame, folded, apply),
        parameters,
      };
    }
    const position = positionOf(shape, spatial.p);
    const [px, py] = pixelPosition(image, position);
    const [width, height] = image.npix;
    const template = response.templates.get(["point", px, py, ...folding], () =>
      pointTemplate(corners(px, py), apply.psf ? response.psf(position) : null, folded.exposure, width, height),
    );
    const kernel = response.edisp(position, apply.edisp);
    return { component: fixedComponent(model.name, vector, template, kernel, response), parameters };
  }
  if (spatial.free.length === 0) {
    const template = response.templates.get([...shape.key, ...spatial.p, ...folding], () =>
      shapeTemplate(shape, spatial.p, folded, apply.psf),
    );
    const kernel = response.edisp(positionOf(shape, spatial.p), apply.edisp);
    return { component: fixedComponent(model.name, vector, template, kernel, response), parameters };
  }
  const { p, free } = spatial;
  const fitted = withDerivatives(shape, p, free, response, `model "${model.name}"`);
  const make = shape.declaration.energyDependent === true ? energyShapeComponent : shapeComponent;
  return { component: make(model.name, vector, fitted, p, free, folded, apply), parameters };
}

/** The response with a constant factor in its exposure (or an exposure of one where the model does without). */
function withExposure(response: Response, useExposure: boolean, factor: number): Response {
  if (useExposure && factor === 1) return response;
  return { ...response, exposure: response.exposure.map((x) => (useExposure ? x : 1) * factor) };
}
