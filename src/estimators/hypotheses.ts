import { isBinned } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import { findSource, submodelsOf } from "../models/parameters.js";
import type { Models, Parameter } from "../models/types.js";
import { pixelScales } from "../sky/geom.js";
import { conversionFactor } from "../units/index.js";
import { asType, changeParameters, fixedAt, refuseTies, replaceModel } from "./hypothesis-parts.js";

/** Two nested models for one question; what is asked for stands at its limit in the null hypothesis, where half of Wilks' chi2 has a degree of freedom less. */
export interface Hypotheses {
  readonly null: Models;
  readonly alternative: Models;
  /** In words why the asymptotic distribution is a guide only; empty if it holds for large counts. */
  readonly message: string;
}

const meaningless = (parameters: readonly Parameter[], where: string) =>
  parameters.length === 0
    ? ""
    : `${where} ${parameters.map((p) => p.name).join(", ")} ${parameters.length === 1 ? "means" : "mean"} nothing`;

/** Is there a source? Null: its norm is 0 and the rest of it held. Alternative: the models, the norm not below 0. */
export function sourceHypotheses(models: Models, name: string, registry: ModelRegistry): Hypotheses {
  const where = "test of a source";
  const source = findSource(models, name, where);
  const norm = declarationOf(source.spectral, "spectral", registry).norm ?? "";
  const all = submodelsOf(source).flatMap(({ submodel }) => submodel.parameters);
  refuseTies(models, source, all, where, norm);
  const given = all.find((p) => p.name === norm);
  if (given === undefined) {
    throw new SpecError(`${where}: "${name}" is a ${source.spectral.type}, which has no norm; take another model`);
  }
  if (given.frozen) {
    throw new SpecError(`${where}: "${name}.${norm}" is frozen, and it is what is looked for; free it`);
  }
  return {
    null: replaceModel(
      models,
      changeParameters(source, (p) => fixedAt(p, p === given ? 0 : p.value)),
    ),
    alternative: replaceModel(
      models,
      changeParameters(source, (p) => (p === given ? { ...p, min: p.min > 0 ? p.min : 0 } : p)),
    ),
    message: meaningless(
      all.filter((p) => p !== given && !p.frozen),
      "without the source",
    ),
  };
}

// The tests of a cutoff and of an extension are about models of these types, which they make themselves: so they name their parameters.

/** Does the spectrum end in an exponential cutoff? Null: a power law, as lambda_ = 0. Alternative: lambda_ free, not below 0. */
export function cutoffHypotheses(models: Models, name: string, registry: ModelRegistry): Hypotheses {
  const where = "test of a cutoff";
  const source = findSource(models, name, where);
  const { type, parameters } = source.spectral;
  if (type !== "PowerLawSpectralModel" && type !== "ExpCutoffPowerLawSpectralModel") {
    throw new SpecError(
      `${where}: "${name}" is a ${type}; expected PowerLawSpectralModel or ExpCutoffPowerLawSpectralModel, or give both models`,
    );
  }
  const reference = parameters.find((p) => p.name === "reference")!;
  const energy = reference.value * conversionFactor(reference.unit, "TeV", `${name}.reference`);
  const spectral = asType(registry, source.spectral, "ExpCutoffPowerLawSpectralModel", { lambda_: 0.1 / energy });
  const [lambda, alpha] = ["lambda_", "alpha"].map((key) => spectral.parameters.find((p) => p.name === key)!);
  refuseTies(models, source, [lambda!, alpha!], where, "lambda_");
  // at 0 a fit would have to leave its limit first
  const start = lambda!.value > 0 ? lambda!.value : (0.1 / energy) * conversionFactor("TeV-1", lambda!.unit);
  const curved = { ...source, spectral };
  return {
    null: replaceModel(
      models,
      changeParameters(curved, (p) => (p === lambda ? fixedAt(p, 0) : p === alpha ? fixedAt(p, p.value) : p)),
    ),
    alternative: replaceModel(
      models,
      changeParameters(curved, (p) => (p === lambda ? { ...p, frozen: false, min: 0, value: start } : p)),
    ),
    message: meaningless(alpha!.frozen ? [] : [alpha!], "without a cutoff"),
  };
}

/** In pixels, the width of what counts as a point: images of anything narrower depend on where in its pixel the source stands. */
const POINT = 0.5;

/**
 * Is the source extended? Null: a Gaussian of half of the finest pixel, which stands for a point. Alternative: a Gaussian of free width, not below
 * that. (At width 0 a Gaussian is a point source, but its likelihood depends on the square of the width there: fits of toys that begin at 0 would stay at it.)
 */
export function extensionHypotheses(
  datasets: readonly Dataset[],
  models: Models,
  name: string,
  registry: ModelRegistry,
): Hypotheses {
  const where = "test of an extension";
  const source = findSource(models, name, where);
  const { spatial } = source;
  if (spatial?.type !== "PointSpatialModel" && spatial?.type !== "GaussianSpatialModel") {
    const found = spatial === undefined ? "has no spatial model" : `is a ${spatial.type}`;
    throw new SpecError(
      `${where}: "${name}" ${found}; expected PointSpatialModel or GaussianSpatialModel, or give both models`,
    );
  }
  const pixels = datasets
    .filter((d) => source.datasetsNames?.includes(d.name) ?? true)
    .flatMap((d) => (isBinned(d) && d.exposure?.geom.kind === "wcs" ? Array.from(pixelScales(d.exposure.geom)) : []));
  if (pixels.length === 0) {
    throw new SpecError(`${where}: no map dataset sees "${name}", and spectra and flux points know no extension`);
  }
  const gaussian = asType(registry, spatial, "GaussianSpatialModel", { sigma: 0.1 });
  const [sigma, ...shape] = ["sigma", "e", "phi"].map((key) => gaussian.parameters.find((p) => p.name === key)!);
  refuseTies(models, source, [sigma!, ...shape], where, "sigma");
  const min = POINT * Math.min(...pixels) * conversionFactor("deg", sigma!.unit, `${name}.sigma`);
  const extended = { ...source, spatial: gaussian };
  return {
    null: replaceModel(
      models,
      changeParameters(extended, (p) => (p === sigma ? fixedAt(p, min) : shape.includes(p) ? fixedAt(p, 0) : p)),
    ),
    alternative: replaceModel(
      models,
      changeParameters(extended, (p) =>
        p === sigma ? { ...p, frozen: false, min, value: Math.max(p.value, min) } : p,
      ),
    ),
    message: meaningless(
      shape.filter((p) => !p.frozen),
      "for a point",
    ),
  };
}
