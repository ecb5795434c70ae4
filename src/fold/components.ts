import type { BinnedDataset } from "../datasets/masks.js";
import { SpecError, UnsupportedError } from "../errors.js";
import { fractionalPixel } from "../irf/position.js";
import { containment, psfProfileAt } from "../irf/psf.js";
import { declarationOf, spectralFunction } from "../models/lookup.js";
import { parameterVector, unitFactors } from "../models/parameters.js";
import type { FoVBackgroundModel, Model, SkyModel, Submodel, TemplateNPredModel } from "../models/types.js";
import { axisCenters, axisEdges } from "../sky/axis.js";
import { taiMinus } from "../time/scale.js";
import { backgroundComponent } from "./background.js";
import {
  bindCalibration,
  calibratedBackground,
  calibratedIntegrals,
  type DatasetCalibration,
  withAreaNorm,
} from "./calibration.js";
import { shapeComponent } from "./extended.js";
import { fixedComponent } from "./fixed.js";
import { shareVector } from "./flux/shared.js";
import { valueVector } from "./flux/spectrum.js";
import { constantVector } from "./flux/types.js";
import { movingComponent } from "./moving.js";
import { positionOf, type Shape, shapeTemplate } from "./placed.js";
import type { Response } from "./response.js";
import { corners, pointTemplate, type Template } from "./template.js";
import type { BoundComponent, BoundSubmodel, CompileContext, TermParameter } from "./types.js";

export function bindSubmodel(
  model: Model,
  kind: "spectral" | "spatial" | "temporal",
  submodel: Submodel,
  context: CompileContext,
): BoundSubmodel {
  const component = context.models.components.indexOf(model);
  const factors = unitFactors(submodel, kind, context.registry);
  const free: number[] = [];
  const parameters: TermParameter[] = [];
  context.entries.forEach((entry, index) => {
    if (entry.component !== component || entry.kind !== kind || !context.isFree(entry, index)) return;
    const i = entry.index;
    free.push(i);
    parameters.push({ entry: index, factor: factors[i]! });
  });
  return { submodel, p: parameterVector(submodel, kind, context.registry), free, parameters };
}

/** All components of a dataset: its sources, then its background. */
export function modelComponents(
  dataset: BinnedDataset,
  models: readonly Model[],
  response: Response,
  context: CompileContext,
): BoundComponent[] {
  const out: BoundComponent[] = [];
  const calibration = bindCalibration(dataset, context);
  let background: FoVBackgroundModel | undefined;
  for (const model of models) {
    if (model.type === "FoVBackgroundModel") {
      if (background !== undefined) {
        throw new SpecError(
          `dataset "${dataset.name}": two background models, "${background.name}" and another; leave one, the reference would add the second to the sources`,
        );
      }
      background = model;
    } else if (model.type === "TemplateNPredModel") out.push(templateNPred(model, response, context));
    else out.push(source(dataset, model, response, calibration, context));
  }
  const map = "background" in dataset ? dataset.background : undefined;
  if (map !== undefined) out.push(fovBackground(map.data, background, response, calibration, context));
  else if (background !== undefined) {
    throw new SpecError(
      `dataset "${dataset.name}": model "${background.name}" scales its background, but the dataset has none; add a background map or remove the model`,
    );
  }
  return out;
}

function fovBackground(
  map: Float64Array,
  model: FoVBackgroundModel | undefined,
  response: Response,
  calibration: DatasetCalibration,
  context: CompileContext,
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
  const factors = valueVector(spectralFunction(model.spectral, context.registry), bound.p, bound.free, centers);
  const { vector, parameters } = calibratedBackground(calibration, factors);
  return {
    component: backgroundComponent(model.name, vector, map),
    parameters: [...bound.parameters, ...parameters],
  };
}

function templateNPred(model: TemplateNPredModel, response: Response, context: CompileContext): BoundComponent {
  const expected = response.geom.npix[0] * response.geom.npix[1] * axisCenters(response.energy).length;
  if (model.map.data.length !== expected) {
    throw new SpecError(
      `model "${model.name}": its map holds ${model.map.data.length} bins, dataset "${response.name}" has ${expected}; give the map on the dataset's geometry`,
    );
  }
  const bound = bindSubmodel(model, "spectral", model.spectral, context);
  const f = spectralFunction(model.spectral, context.registry);
  const vector = valueVector(f, bound.p, bound.free, axisCenters(response.energy));
  return { component: backgroundComponent(model.name, vector, model.map.data), parameters: bound.parameters };
}

function source(
  dataset: BinnedDataset,
  model: SkyModel,
  response: Response,
  calibration: DatasetCalibration,
  context: CompileContext,
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
          spectralFunction(model.spectral, context.registry),
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
    const kernel = response.edisp(place(model, context), apply.edisp);
    return {
      component: fixedComponent(model.name, vector, template, kernel, response),
      parameters: spectralParameters,
    };
  }
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
    const [px, py] = fractionalPixel(response.geom, position);
    const [width, height] = response.geom.npix;
    const template = response.template(["point", px, py, ...folding], () =>
      pointTemplate(corners(px, py), apply.psf ? response.psf(position) : null, folded.exposure, width, height),
    );
    const kernel = response.edisp(position, apply.edisp);
    return { component: fixedComponent(model.name, vector, template, kernel, response), parameters };
  }
  if (spatial.free.length === 0) {
    const template = response.template([shape.declaration, shape.frame, ...spatial.p, ...folding], () =>
      shapeTemplate(shape, spatial.p, folded, apply.psf),
    );
    const kernel = response.edisp(positionOf(shape, spatial.p), apply.edisp);
    return { component: fixedComponent(model.name, vector, template, kernel, response), parameters };
  }
  if (shape.declaration.derivatives === undefined) {
    throw new UnsupportedError(
      `model "${model.name}": ${model.spatial.type} has no derivatives, so its parameters cannot be fitted; freeze them`,
    );
  }
  return {
    component: shapeComponent(model.name, vector, shape, spatial.p, spatial.free, folded, apply),
    parameters,
  };
}

function shapeOf(model: SkyModel, spatial: Submodel, context: CompileContext): Shape {
  const declaration = declarationOf(spatial, "spatial", context.registry, `model "${model.name}"`);
  const names = spatial.parameters.map((p) => p.name);
  return {
    declaration,
    frame: spatial.frame ?? "icrs",
    lon: names.indexOf("lon_0"),
    lat: names.indexOf("lat_0"),
  };
}

/** The response with a constant factor in its exposure (or an exposure of one where the model does without). */
function withExposure(response: Response, useExposure: boolean, factor: number): Response {
  if (useExposure && factor === 1) return response;
  return { ...response, exposure: response.exposure.map((x) => (useExposure ? x : 1) * factor) };
}

/** Mean of the temporal model over the good time intervals; 1 without either. */
function temporalFactor(dataset: BinnedDataset, model: SkyModel, context: CompileContext): number {
  if (model.temporal === undefined || model === context.steady) return 1;
  if (dataset.gti === undefined || dataset.gti.start.length === 0) return 1;
  const declaration = declarationOf(model.temporal, "temporal", context.registry, `model "${model.name}"`);
  const { p, free } = bindSubmodel(model, "temporal", model.temporal, context);
  if (free.length > 0) {
    throw new UnsupportedError(
      `model "${model.name}": temporal parameters cannot be fitted to a single dataset; freeze them`,
    );
  }
  const { start, stop, timeScale } = dataset.gti;
  const where = `dataset "${dataset.name}" and model "${model.name}"`;
  const tRef = p[Object.keys(declaration.parameters).indexOf("t_ref")] ?? dataset.gti.reference;
  const scale = String(model.temporal.extra?.scale ?? "utc");
  // seconds between the intervals and t_ref are physical ones, whatever scales both are given in
  const shift = taiMinus(timeScale, dataset.gti.reference, where) - taiMinus(scale, tRef, where);
  const reference = dataset.gti.reference + shift / 86400;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < start.length; i++) {
    const length = stop[i]! - start[i]!;
    sum += length * declaration.mean(reference + start[i]! / 86400, reference + stop[i]! / 86400, p);
    total += length;
  }
  return sum / total;
}

function place(model: SkyModel, context: CompileContext) {
  if (model.spatial === undefined) return null;
  const shape = shapeOf(model, model.spatial, context);
  return positionOf(shape, parameterVector(model.spatial, "spatial", context.registry));
}

/**
 * One spatial bin: the exposure, times the share of the events that the psf leaves inside a circular region where the source is a point and the
 * dataset has both. Without region or psf the exposure holds that share already.
 */
function spectrumTemplate(
  dataset: BinnedDataset,
  model: SkyModel,
  response: Response,
  usePsf: boolean,
  context: CompileContext,
): Template {
  const window = { x0: 0, y0: 0, nx: 1, ny: 1 };
  const { geom, exposure } = response;
  const psf = dataset.psf?.map;
  if (
    geom.kind !== "region" ||
    model.spatial === undefined ||
    psf === undefined ||
    !usePsf ||
    geom.regions.length === 0
  ) {
    return { ...window, data: exposure };
  }
  const { declaration } = shapeOf(model, model.spatial, context);
  const region = geom.regions[0]!;
  if (declaration.point !== true || geom.regions.length > 1 || region.shape !== "circle") {
    throw new UnsupportedError(
      `model "${model.name}" on dataset "${dataset.name}": only point sources in a single circle can be folded with the psf of a spectrum; correct the exposure for containment and remove the psf`,
    );
  }
  const profile = psfProfileAt(psf, null, `dataset "${dataset.name}" psf`);
  const energies = axisCenters(response.energyTrue);
  return { ...window, data: exposure.map((x, t) => x * containment(profile, energies[t]!, region.radius)) };
}
