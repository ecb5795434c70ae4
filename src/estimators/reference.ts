/** The spectrum that flux points are multiples of: that of the model, and positive. */

import type { FluxPoints } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { ModelRegistry } from "../models/declaration.js";
import { dnde, energyFlux, flux } from "../models/flux.js";
import { declarationOf } from "../models/lookup.js";
import type { Models, Parameter, SkyModel } from "../models/types.js";
import { conversionFactor } from "../units/index.js";

export interface Reference {
  /** The models with the source at the reference, and the source. */
  readonly models: Models;
  readonly model: SkyModel;
  /** The model's own norm as a multiple of the reference: where to begin. */
  readonly start: number;
  /** What was changed, in words; empty if nothing was. */
  readonly message: string;
}

/**
 * The source with a positive norm: one that is negative changes its sign, and one that is zero, as where a fit ends at a limit, becomes the default of its
 * declaration. Errors, limits and signs are then right whatever was fitted.
 */
export function positiveReference(models: Models, source: SkyModel, registry: ModelRegistry): Reference {
  const declaration = declarationOf(source.spectral, "spectral", registry);
  const { norm } = declaration;
  const given = source.spectral.parameters.find((p) => p.name === norm);
  if (norm === undefined || given === undefined || given.value > 0) {
    return { models, model: source, start: 1, message: "" };
  }
  const declared = declaration.parameters[norm]!;
  const standard = declared.value * conversionFactor(declared.unit, given.unit, `${source.name}.${norm}`);
  const value = given.value < 0 ? -given.value : standard;
  if (!(value > 0)) {
    throw new SpecError(
      `"${source.name}.${norm}" is ${given.value}: there is no spectrum to measure by; give it a value (--set "${source.name}.${norm}=...")`,
    );
  }
  const changed = (p: Parameter) => (p === given ? { ...p, value } : p);
  const spectral = { ...source.spectral, parameters: source.spectral.parameters.map(changed) };
  const model = { ...source, spectral };
  const { covariance: _, ...rest } = models;
  return {
    models: { ...rest, components: models.components.map((m) => (m === source ? model : m)) },
    model,
    start: given.value / value,
    message:
      `"${source.name}.${norm}" is ${Number(given.value.toPrecision(4))}; points are measured by the same spectrum with ${Number(value.toPrecision(4))} ${given.unit}`.trim(),
  };
}

/** The reference spectrum in bins, in all SED types; where the model's flux in a bin is negative, that of the opposite sign. */
export function referenceFluxes(
  { spectral }: SkyModel,
  registry: ModelRegistry,
  lo: Float64Array,
  hi: Float64Array,
): FluxPoints["reference"] & { readonly sign: Float64Array } {
  const centres = lo.map((e, i) => Math.sqrt(e * hi[i]!));
  const fluxes = flux(spectral, lo, hi, registry);
  const sign = fluxes.map((f) => (f < 0 ? -1 : 1));
  const signed = (values: Float64Array) => values.map((v, i) => v * sign[i]!);
  const at = dnde(spectral, centres, registry);
  return {
    sign,
    dnde: signed(at),
    e2dnde: signed(at.map((y, i) => y * centres[i]! * centres[i]!)),
    flux: signed(fluxes),
    eflux: signed(energyFlux(spectral, lo, hi, registry)),
  };
}
