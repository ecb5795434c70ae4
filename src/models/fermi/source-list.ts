/**
 * Functions of the source lists (XML) of the Fermi tools and of ctools, and the models here that they are. Formulas: https://fermi.gsfc.nasa.gov/ssc/data/analysis/scitools/source_models.html;
 * energies in MeV. Indices there are those of energy, here of photons: their signs differ.
 */

import { combineSpectra } from "../spectral/compound.js";
import type { Submodel } from "../types.js";

/** One parameter: `value here = change(value there)`. */
export interface ListedParameter {
  /** Here. */
  readonly own: string;
  /** There; the first name is written. */
  readonly listed: readonly string[];
  /** Of the value here, before it is converted. */
  readonly unit: string;
  /** `negative`: - x; `inverse`: 1 / x. Absent: x. */
  readonly change?: "negative" | "inverse";
  /** A rising function of x and of the other parameters there, which are held; such a function is not written. */
  through?(x: number, others: (name: string) => number): number;
}

export interface ListedFunction {
  /** There; the first name is written. */
  readonly names: readonly string[];
  readonly type: string;
  readonly parameters: readonly ListedParameter[];
  /** There are other functions that are the same model, and are written. */
  readonly isReadOnly?: boolean;
}

const DNDE = "cm-2 s-1 MeV-1";
const same = (own: string, unit: string, ...listed: string[]): ListedParameter => ({ own, unit, listed });
const negative = (own: string, ...listed: string[]): ListedParameter => ({ own, unit: "", listed, change: "negative" });
const amplitude = same("amplitude", DNDE, "Prefactor");
const reference = same("reference", "MeV", "Scale", "PivotEnergy");
const cutoff = { type: "ExpCutoffPowerLawSpectralModel" };
const dr3 = { type: "SuperExpCutoffPowerLaw4FGLDR3SpectralModel" };

export const listedSpectra: readonly ListedFunction[] = [
  {
    names: ["PowerLaw"],
    type: "PowerLawSpectralModel",
    parameters: [amplitude, negative("index", "Index"), reference],
  },
  {
    names: ["PowerLaw2", "PowerLawPhotonFlux"],
    type: "PowerLaw2SpectralModel",
    parameters: [
      same("amplitude", "cm-2 s-1", "Integral", "PhotonFlux"),
      negative("index", "Index"),
      same("emin", "MeV", "LowerLimit"),
      same("emax", "MeV", "UpperLimit"),
    ],
  },
  {
    names: ["LogParabola"],
    type: "LogParabolaSpectralModel",
    parameters: [
      same("amplitude", DNDE, "norm"),
      same("alpha", "", "alpha"),
      same("beta", "", "beta"),
      same("reference", "MeV", "Eb"),
    ],
  },
  {
    // of ctools
    names: ["LogParabola"],
    type: "LogParabolaSpectralModel",
    parameters: [amplitude, negative("alpha", "Index"), negative("beta", "Curvature"), reference],
    isReadOnly: true,
  },
  {
    names: ["PLSuperExpCutoff", "SuperExponentialCutoffPowerLaw"],
    ...cutoff,
    parameters: [
      amplitude,
      negative("index", "Index1"),
      reference,
      { own: "lambda_", unit: "MeV-1", listed: ["Cutoff", "CutoffEnergy"], change: "inverse" },
      same("alpha", "", "Index2"),
    ],
  },
  {
    // of ctools
    names: ["ExponentialCutoffPowerLaw"],
    ...cutoff,
    parameters: [
      amplitude,
      negative("index", "Index"),
      reference,
      { own: "lambda_", unit: "MeV-1", listed: ["CutoffEnergy"], change: "inverse" },
    ],
    isReadOnly: true,
  },
  {
    // exp(-a E^b) = exp(-(a^(1/b) E)^b)
    names: ["PLSuperExpCutoff2"],
    ...cutoff,
    parameters: [
      amplitude,
      negative("index", "Index1"),
      reference,
      { own: "lambda_", unit: "MeV-1", listed: ["Expfactor"], through: (a, other) => a ** (1 / other("Index2")) },
      same("alpha", "", "Index2"),
    ],
    isReadOnly: true,
  },
  {
    names: ["PLSuperExpCutoff4"],
    ...dr3,
    parameters: [
      amplitude,
      negative("index_1", "IndexS"),
      reference,
      same("expfactor", "", "ExpfactorS"),
      same("index_2", "", "Index2"),
    ],
  },
  {
    // its factor a is that of PLSuperExpCutoff4 by b^2
    names: ["PLSuperExpCutoff3"],
    ...dr3,
    parameters: [
      amplitude,
      negative("index_1", "IndexS"),
      reference,
      { own: "expfactor", unit: "", listed: ["Expfactor2"], through: (a, other) => a * other("Index2") ** 2 },
      same("index_2", "", "Index2"),
    ],
    isReadOnly: true,
  },
  {
    names: ["BrokenPowerLaw"],
    type: "BrokenPowerLawSpectralModel",
    parameters: [
      amplitude,
      negative("index1", "Index1"),
      negative("index2", "Index2"),
      same("ebreak", "MeV", "BreakValue", "BreakEnergy"),
    ],
  },
  { names: ["ConstantValue"], type: "ConstantSpectralModel", parameters: [same("const", DNDE, "Value")] },
];

/** Of sources whose brightness is a flux itself (map cubes, files): factors. */
export const listedNorms: readonly ListedFunction[] = [
  {
    names: ["PowerLaw"],
    type: "PowerLawNormSpectralModel",
    parameters: [same("norm", "", "Prefactor"), negative("tilt", "Index"), reference],
  },
  {
    names: ["ConstantValue"],
    type: "PowerLawNormSpectralModel",
    parameters: [same("norm", "", "Value")],
    isReadOnly: true,
  },
  {
    names: ["Constant"],
    type: "PowerLawNormSpectralModel",
    parameters: [same("norm", "", "Normalization")],
    isReadOnly: true,
  },
];

/** The norm of a spectrum from a file. */
export const listedFileNorm: ListedFunction = {
  names: ["FileFunction"],
  type: "PowerLawNormSpectralModel",
  parameters: [same("norm", "", "Normalization")],
};
export const FILE_SPECTRUM = "TemplateSpectralModel";
/** A spectrum from a file, times its norm. */
export const fileSpectrum = (template: Submodel, norm: Submodel): Submodel => combineSpectra(template, "mul", norm);

const place = [same("lon_0", "deg", "RA"), same("lat_0", "deg", "DEC")];

export interface ListedShape extends ListedFunction {
  /** Of sources that are points, or not. */
  readonly isPoint?: boolean;
  /** A map; with what its parameter must be. */
  readonly map?: { readonly norm: string; readonly isFlux: boolean };
}

export const listedShapes: readonly ListedShape[] = [
  { names: ["SkyDirFunction", "PointSource"], type: "PointSpatialModel", parameters: place, isPoint: true },
  { names: ["RadialGaussian"], type: "GaussianSpatialModel", parameters: [...place, same("sigma", "deg", "Sigma")] },
  { names: ["RadialDisk"], type: "DiskSpatialModel", parameters: [...place, same("r_0", "deg", "Radius")] },
  {
    names: ["ConstantValue", "DiffuseIsotropic"],
    type: "ConstantSpatialModel",
    parameters: [same("value", "sr-1", "Value")],
  },
  {
    names: ["MapCubeFunction", "DiffuseMapCube"],
    type: "TemplateSpatialModel",
    parameters: [],
    map: { norm: "Normalization", isFlux: true },
  },
  {
    names: ["SpatialMap", "DiffuseMap"],
    type: "TemplateSpatialModel",
    parameters: [],
    map: { norm: "Prefactor", isFlux: false },
  },
];
