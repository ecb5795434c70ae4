/** A source seen through the instrument of a dataset. */

import type { BinnedDataset } from "../datasets/types.js";
import { SpecError, UnsupportedError } from "../errors.js";
import { parameterVector } from "../models/parameters.js";
import type { SkyModel } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { describePixels, imageGeom, imageSize, nPix } from "../sky/pixels.js";
import type { WcsGeom } from "../sky/types.js";
import { bindSubmodel, placeOf, shapeOf } from "./bind.js";
import { joinBins } from "./by-bin.js";
import { calibratedIntegrals, type DatasetCalibration, type ShareVector, withAreaNorm } from "./calibration.js";
import { shapeWarnings, spectrumWarnings } from "./covers.js";
import { withDerivatives } from "./differences.js";
import { energyShapeComponent } from "./energy-shape.js";
import type { ExtendedSource } from "./extended/free-shape.js";
import { extendedComponent } from "./extended.js";
import { fixedComponent } from "./fixed.js";
import { productVector } from "./flux/product.js";
import { shareVector } from "./flux/shared.js";
import { frozenTemplate } from "./frozen.js";
import { healpixComponent } from "./healpix.js";
import { movingComponent } from "./moving.js";
import { spectrumShares } from "./region.js";
import type { Response } from "./response.js";
import { seamWarnings } from "./seam.js";
import { positionOf } from "./shape.js";
import { temporalFactor, withTime } from "./temporal.js";
import type { BoundComponent, CalibratedSpectrum, Component, FoldContext, IrfSwitches } from "./types.js";

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
  const { areaNorm } = calibration;
  const irf = { exposure: true, psf: true, edisp: true, ...model.applyIrf };
  const factor = temporalFactor(dataset, model, context);
  const isTimeFree = factor.parameters.length > 0;
  // what is constant is part of the exposure
  const scale = (isTimeFree ? 1 : factor.vector.s[0]!) * (areaNorm.parameter === undefined ? areaNorm.value : 1);
  if (!irf.exposure) {
    throw new UnsupportedError(
      `model "${model.name}": found apply_irf with exposure: false, expected true: fluxes (cm-2 s-1 TeV-1) without an exposure are no counts; remove it, or give predicted counts as a TemplateNPredModel`,
    );
  }
  const folded = withExposure(response, scale);
  const spectrum = boundSpectrum(model, response, calibration, context);
  const { vector, parameters } = isTimeFree ? withTime(spectrum, factor) : spectrum;
  const where = `model "${model.name}" on dataset "${dataset.name}"`;
  const declaration = context.declarations.of(model.spectral, "spectral");
  const said = spectrumWarnings(declaration, parameterVector(model.spectral, declaration), response, where);
  if (model.spatial === undefined || response.geom.kind === "region") {
    refuseNowhere(dataset, model, response);
    const { shares, moving, warnings } = spectrumShares(dataset, model, response, irf.psf, context);
    const isInExposure = shares !== undefined && moving === undefined;
    const data = isInExposure ? folded.exposure.map((x, t) => x * shares[t]!) : folded.exposure;
    const template = { x0: 0, y0: 0, nx: 1, ny: 1, data };
    const kernel = response.edisp(placeOf(model, context), irf.edisp);
    const [width] = imageSize(response.geom);
    const seen = moving === undefined ? vector : productVector(vector, moving.vector);
    return {
      component: fixedComponent(model.name, seen, template, kernel, width),
      parameters: [...parameters, ...(moving?.parameters ?? [])],
      warnings: [...said, ...warnings],
    };
  }
  const { p, free, parameters: ofShape } = bindSubmodel(model, "spatial", model.spatial, context);
  const shape = shapeOf(model, model.spatial, context);
  const source = { name: model.name, spectrum: vector, shape, p, free };
  const { component, warnings } =
    response.geom.kind === "healpix"
      ? healpixComponent(source, response.geom, folded, irf, where)
      : {
          component: spatialComponent(source, imageGeom(response.geom, where), folded, irf, [irf.psf, scale]),
          warnings: seamWarnings(shape, p, imageGeom(response.geom, where), model.name, dataset.name),
        };
  return {
    component,
    parameters: [...parameters, ...ofShape],
    warnings: [...warnings, ...said, ...shapeWarnings(shape.declaration, response, where)],
  };
}

/** A source without a place counts in full in whatever sees it, and so in each pixel of a map. */
function refuseNowhere(dataset: BinnedDataset, model: SkyModel, { geom }: Response): void {
  if (nPix(geom) === 1) return;
  throw new SpecError(
    `model "${model.name}" on dataset "${dataset.name}": found no spatial model, expected one, as the dataset has ${describePixels(geom)} and nothing says in which of them the source is; give it a spatial model, or limit it to spectra by datasets_names`,
  );
}

/** Fluxes in the true-energy bins as the dataset sees them, and all of their parameters. */
function boundSpectrum(
  model: SkyModel,
  { energyTrue }: Response,
  calibration: DatasetCalibration,
  context: FoldContext,
): CalibratedSpectrum {
  const given = context.spectra?.get(model);
  if (given !== undefined) {
    const { vector, parameters } = withAreaNorm(calibration, given.vector);
    return { vector, parameters: [...given.parameters, ...parameters] };
  }
  const { p, free, parameters: own } = bindSubmodel(model, "spectral", model.spectral, context);
  const share: ShareVector = (bins, make) =>
    shareVector(context.shared, () => `${context.models.components.indexOf(model)}: ${bins()}`, make);
  const f = context.declarations.of(model.spectral, "spectral");
  const { vector, parameters } = calibratedIntegrals(calibration, f, p, free, axisEdges(energyTrue), share);
  return { vector, parameters: [...own, ...parameters] };
}

/** A source with a spatial model on a map. `key`: what the exposure of the response was made with. */
function spatialComponent(
  source: ExtendedSource,
  geom: WcsGeom,
  response: Response,
  irf: IrfSwitches,
  key: readonly unknown[],
): Component {
  const { name, spectrum, shape, p, free } = source;
  const { declaration, lon, lat, frame } = shape;
  if (irf.psf && response.byBin !== undefined) {
    return joinBins(response.byBin.map((one) => spatialComponent(source, geom, one, irf, key)));
  }
  if (free.length === 0) {
    const template = frozenTemplate(shape, p, geom, response, irf.psf, key);
    const kernel = response.edisp(positionOf(shape, p), irf.edisp);
    return fixedComponent(name, spectrum, template, kernel, geom.npix[0]);
  }
  if (declaration.point === true) {
    const coordinate = (i: number) => ({
      slot: free.includes(i) ? spectrum.n + free.indexOf(i) : -1,
      value: p[i]!,
    });
    return movingComponent({ name, spectrum, lon: coordinate(lon), lat: coordinate(lat), frame }, response, irf);
  }
  const fitted = { ...source, shape: withDerivatives(shape, p, free, response, `model "${name}"`) };
  const isByEnergy = declaration.energyDependent === true || response.sourceExposure !== undefined;
  const make = isByEnergy ? energyShapeComponent : extendedComponent;
  return make(fitted, response, irf);
}

/** The response with a constant factor in its exposure. */
function withExposure(response: Response, factor: number): Response {
  if (factor === 1) return response;
  const byBin = response.byBin?.map((one) => withExposure(one, factor));
  return { ...response, exposure: response.exposure.map((x) => x * factor), byBin };
}
