import { backgroundMap, isBinned, isOnOff } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { SpectralFunction } from "../models/declaration.js";
import type { Models } from "../models/types.js";
import { calibratedVector } from "./flux/calibrated.js";
import { integralVector, shiftedIntegralVector, shiftedValueVector, valueVector } from "./flux/spectrum.js";
import { type FluxVector, scaledVector } from "./flux/types.js";
import type { CalibratedSpectrum, FoldContext, Nuisance, TermParameter } from "./types.js";

/** The systematics of one dataset; without a calibration, their neutral values. */
export interface DatasetCalibration {
  readonly areaNorm: Nuisance;
  readonly energyScale: Nuisance;
  readonly backgroundNorm: Nuisance;
}

const neutral: DatasetCalibration = {
  areaNorm: { value: 1 },
  energyScale: { value: 0 },
  backgroundNorm: { value: 1 },
};

/** The calibration of a dataset, if the models have one. */
export function calibrationOf(models: Models, dataset: string) {
  return models.calibration?.find((c) => c.datasetsNames.includes(dataset));
}

/** The factor on the background of a dataset at the values of the models. */
export function backgroundNormOf(models: Models, dataset: string): number {
  return calibrationOf(models, dataset)?.parameters.find((p) => p.name === "background_norm")?.value ?? 1;
}

/** The calibration of a dataset at the values of the models, its free parameters named; the neutral one where the models have none for it. */
export function bindCalibration(
  dataset: Dataset,
  { models, entries, isFree }: Pick<FoldContext, "models" | "entries" | "isFree">,
): DatasetCalibration {
  const found = calibrationOf(models, dataset.name);
  if (found === undefined) return neutral;
  const component = models.calibration!.indexOf(found);
  const nuisance = (name: string, standard: number): Nuisance => {
    const at = entries.findIndex((e) => e.kind === "calibration" && e.component === component && e.name === name);
    if (at < 0) return { value: standard };
    const entry = entries[at]!;
    return {
      value: entry.parameter.value,
      ...(isFree(entry, at) && { parameter: { entry: at, factor: 1 } }),
    };
  };
  const bound = {
    areaNorm: nuisance("area_norm", 1),
    energyScale: nuisance("energy_scale", 0),
    backgroundNorm: nuisance("background_norm", 1),
  };
  requireBackground(dataset, found.name, bound.backgroundNorm);
  return bound;
}

/** A norm that does nothing would be a free direction without a minimum. */
function requireBackground(dataset: Dataset, name: string, { value, parameter }: Nuisance): void {
  if (value === 1 && parameter === undefined) return;
  const what = `"${name}.background_norm" on dataset "${dataset.name}"`;
  const remedy = "freeze it at 1, or give this dataset a calibration of its own";
  // the OFF counts are its background, which the norm scales in the ON region
  if (isOnOff(dataset)) return;
  if (!isBinned(dataset) || backgroundMap(dataset) === undefined) {
    throw new SpecError(`${what}: the dataset has no background that it could scale; ${remedy}`);
  }
}

/** A vector that others may have made already, by the bins it is for. */
export type ShareVector = (key: () => string, make: () => FluxVector) => FluxVector;

/** Fluxes of a spectrum in true-energy bins as the dataset sees them; a frozen area norm is left to the exposure. */
export function calibratedIntegrals(
  { areaNorm, energyScale }: DatasetCalibration,
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  edges: Float64Array,
  share: ShareVector = (_, make) => make(),
): CalibratedSpectrum {
  const z = energyScale.parameter;
  const taken = seen(edges, energyScale.value);
  const inner =
    z === undefined
      ? share(
          () => taken.join(),
          () => integralVector(f, p, free, taken),
        )
      : shiftedIntegralVector(f, p, free, edges, 1 + energyScale.value);
  return withNuisances(inner, 1, areaNorm.parameter, z);
}

/** dnde at energies as the dataset sees it, with all of its calibration. */
export function calibratedValues(
  { areaNorm, energyScale }: DatasetCalibration,
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  energies: Float64Array,
): CalibratedSpectrum {
  const z = energyScale.parameter;
  const area = areaNorm.parameter === undefined ? areaNorm.value : 1;
  const inner =
    z === undefined
      ? valueVector(f, p, free, seen(energies, energyScale.value))
      : shiftedValueVector(f, p, free, energies, 1 + energyScale.value);
  return withNuisances(inner, z === undefined ? area / (1 + energyScale.value) : area, areaNorm.parameter, z);
}

/** Given fluxes, made for the dataset's energy scale beforehand: only the area norm is applied to them. */
export function withAreaNorm({ areaNorm }: DatasetCalibration, vector: FluxVector): CalibratedSpectrum {
  return withNuisances(vector, 1, areaNorm.parameter, undefined);
}

/** The norm of a background that is a constant, or a vector of factors. */
export function calibratedBackground({ backgroundNorm }: DatasetCalibration, factors: FluxVector): CalibratedSpectrum {
  const { value, parameter } = backgroundNorm;
  if (parameter !== undefined && factors.n === 0) {
    return { vector: scaledVector(factors.s), parameters: [parameter] };
  }
  return withNuisances(factors, parameter === undefined ? value : 1, parameter, undefined);
}

/** Energies at which the spectrum has to be taken: E / (1 + z). */
export function seen(energies: Float64Array, z: number): Float64Array {
  return z === 0 ? energies : energies.map((e) => e / (1 + z));
}

function withNuisances(
  inner: FluxVector,
  factor: number,
  area: TermParameter | undefined,
  z: TermParameter | undefined,
): CalibratedSpectrum {
  if (factor === 1 && area === undefined && z === undefined) return { vector: inner, parameters: [] };
  return {
    vector: calibratedVector(inner, factor, area !== undefined, z !== undefined),
    parameters: [area, z].flatMap((q) => (q === undefined ? [] : [q])),
  };
}
