import type { Frame, SkyMap } from "../sky/types.js";

/** A model parameter as the user sees it: value, error and limits in `unit`. NaN limits mean none. */
export interface Parameter {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly error: number;
  readonly min: number;
  readonly max: number;
  readonly frozen: boolean;
  /** Parameters of the same label are one parameter. */
  readonly link?: string;
  /** A formula over other parameters (`2 * crab.beta`), each in its own unit; such a parameter is frozen, its value follows. */
  readonly expression?: string;
  readonly prior?: PriorSpec;
  /** Keys of the file that GammaTS keeps but does not use (`interp`, `scale_method`, ...). */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A prior on one parameter; `type` is a tag of the prior registry, the numbers are its parameters by name. */
export interface PriorSpec {
  readonly type: string;
  readonly weight: number;
  readonly parameters: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
}

/** What a submodel or component holds beside its parameters. */
export interface ModelData {
  /** What the type needs beyond its parameters (file names, flags, short lists), as in the YAML. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** The data that the type works on, by the names of its declaration; those of files are named in `extra`. */
  readonly resources?: Readonly<Record<string, Resource>>;
  /** The models that this one is made of, by their keys in the YAML. */
  readonly parts?: Readonly<Record<string, ModelPart>>;
}

/** A model inside another, whose list holds its parameters, in the order of the parts. `names`: what it calls them itself. */
export interface ModelPart extends ModelData {
  readonly type: string;
  readonly frame?: Frame;
  readonly names: readonly string[];
}

/** One part (spectral, spatial or temporal) of a model. `type` is the declaration's type, never its short tag. */
export interface Submodel extends ModelData {
  readonly type: string;
  readonly parameters: readonly Parameter[];
  /** Spatial models: the frame of the position. */
  readonly frame?: Frame;
}

/** The kinds of data that models may work on. All of them are plain: they are copied to workers as they are. */
export interface Resources {
  "spectral-table": SpectralTable;
  /** dnde [cm-2 s-1 TeV-1] by energy; `param` holds one number without a meaning. */
  "spectral-text": SpectralTable;
  map: SkyMap;
  "table-model": TableModel;
  "time-series": TimeSeries;
  "phase-curve": PhaseCurve;
}
/** Kinds of data that a model may work on. */
export type ResourceKind = keyof Resources;
/** Data of any such kind. */
export type Resource = Resources[ResourceKind];

/** Values by energy, or by redshift and energy. */
export interface SpectralTable {
  /** [n] TeV */
  readonly energy: Float64Array;
  /** [m] */
  readonly param: Float64Array;
  /** [m, n] */
  readonly values: Float64Array;
}

/** A table model of XSPEC (OGIP 92-009): spectra on a grid of parameters. */
export interface TableModel {
  /** What its file calls it. */
  readonly name: string;
  /** Photons cm-2 s-1 in each bin; else factors, or the optical depths of factors. */
  readonly isAdditive: boolean;
  /** [n + 1] edges in TeV, increasing */
  readonly energy: Float64Array;
  /** In the order of the file. */
  readonly parameters: readonly TableParameter[];
  /** There is a redshift too, by which the energies are divided by 1 + z. */
  readonly hasRedshift: boolean;
  /** The factor at energies below and above the table; absent: 1, of an additive table 0. */
  readonly below?: number;
  readonly above?: number;
  /** [grid points, n]: spectra at the values of the parameters that are interpolated, of which the last changes fastest. */
  readonly spectra: Float64Array;
  /** [grid points, n] each: what a parameter that is not interpolated adds, times its value; in the order of these parameters. */
  readonly additions: readonly Float64Array[];
}

/** A parameter of a table model, in the unit of its file. */
export interface TableParameter {
  readonly name: string;
  /** How spectra change between its values; "additional": it has none, and its spectrum is added. */
  readonly method: "linear" | "log" | "additional";
  /** Where XSPEC starts, its step (0 or less: frozen), and its hard and soft limits. */
  readonly initial: number;
  readonly delta: number;
  readonly minimum: number;
  readonly bottom: number;
  readonly top: number;
  readonly maximum: number;
  /** Increasing. */
  readonly values: Float64Array;
}

/** Values at times. */
export interface TimeSeries {
  /** [n] days after the reference, increasing */
  readonly time: Float64Array;
  /** [n] */
  readonly values: Float64Array;
  /** MJD, UTC */
  readonly reference: number;
}

/** Values at phases of a period. */
export interface PhaseCurve {
  /** [n] increasing, 0 to 1 */
  readonly phase: Float64Array;
  /** [n] */
  readonly values: Float64Array;
}

/** A source: spectral x spatial x temporal. */
export interface SkyModel {
  readonly type: "SkyModel";
  readonly name: string;
  readonly spectral: Submodel;
  readonly spatial?: Submodel;
  readonly temporal?: Submodel;
  /** Datasets that the model applies to; absent: all. */
  readonly datasetsNames?: readonly string[];
  /** Which instrument responses apply; absent: all. */
  readonly applyIrf?: { readonly exposure: boolean; readonly psf: boolean; readonly edisp: boolean };
}

/** A factor on the background map of one dataset, evaluated at the centres of the reconstructed energy bins. */
export interface FoVBackgroundModel {
  readonly type: "FoVBackgroundModel";
  /** Always `<dataset>-bkg`, as in Gammapy. */
  readonly name: string;
  readonly datasetsNames: readonly [string];
  readonly spectral: Submodel;
  readonly spatial?: Submodel;
}

/** A map of predicted counts (no responses applied) times a norm spectrum at reconstructed energy. */
export interface TemplateNPredModel extends ModelData {
  readonly type: "TemplateNPredModel";
  readonly name: string;
  readonly datasetsNames?: readonly string[];
  readonly spectral: Submodel;
  readonly resources: { readonly map: SkyMap };
}

/** A component of the models: a source, the background of a dataset, or a map of predicted counts. */
export type Model = SkyModel | FoVBackgroundModel | TemplateNPredModel;

/** Rows and columns are `names`: `<model>.<parameter>`, all parameters in model order (calibrations last), linked ones repeated. Units: those of the parameters. */
export interface Covariance {
  readonly names: readonly string[];
  /** [n, n] */
  readonly matrix: Float64Array;
}

/** Systematics of an instrument, shared by its datasets: nuisance parameters area_norm, energy_scale, background_norm. */
export interface Calibration {
  readonly name: string;
  readonly datasetsNames: readonly string[];
  readonly parameters: readonly Parameter[];
}

/** weight (x - mean)^T covariance^-1 (x - mean), added to -2 ln L; x, in the parameters' own units, are the parameters with these ids. */
export interface Penalty {
  readonly parameters: readonly string[];
  readonly mean: readonly number[];
  /** Symmetric, positive definite. */
  readonly covariance: readonly (readonly number[])[];
  readonly weight: number;
}

/** The models of an analysis, in order. */
export interface Models {
  readonly components: readonly Model[];
  readonly calibration?: readonly Calibration[];
  readonly penalties?: readonly Penalty[];
  readonly covariance?: Covariance;
}
