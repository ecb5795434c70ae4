import type { Frame } from "../sky/types.js";
import type { EndingTable, Jumps } from "./jumps.js";
import type { ProfilePart } from "./spatial/profile.js";
import type { ModelData, ModelPart, ResourceKind, Resources } from "./types.js";

/** What a model is, in one declaration. From it come YAML in both directions, lists, sliders and the model's test suite. */

export interface ParameterDeclaration {
  /** Internal unit: TeV, cm, s, deg, sr. */
  readonly unit: string;
  readonly value: number;
  readonly frozen?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Below it the model has no meaning (a width below 0): the lower limit of a fit where none is given. */
  readonly lowest?: number;
  /** Where a fit begins that nobody gave a value; absent: `value`, which may be Gammapy's and no place to begin (no curvature to follow, two equal indices). */
  readonly start?: number;
  /** Values at which the slope of the model by it jumps (those that a table has), so that a best fit may lie there. */
  readonly kinks?: readonly number[];
  /** The model repeats after so much, whatever the others are: a fit may pass limits that are as far apart. */
  readonly period?: number;
  readonly about: string;
}

/** Data that a model works on, and where a file of it is named. */
export interface ResourceNeed<K extends ResourceKind = ResourceKind> {
  readonly kind: K;
  /** Key of the YAML that names the file. */
  readonly from: string;
  readonly about: string;
  /** Folder where a file is looked for that is not where the YAML says. */
  readonly folder?: string;
  /** Files in that folder by the names that short texts may give for them, under `key`; `standard`: of a text that says none. */
  readonly known?: {
    readonly key: string;
    readonly files: Readonly<Record<string, string>>;
    readonly standard: string;
  };
  /** Keys of `inline` with which the file is not read: they are written beside its name, for those who know no files. */
  readonly inlineKeys?: readonly string[];
  /** The same data as other keys of the YAML (arrays may be typed ones): the model can do without a file. Absent: it cannot. */
  inline?(data: Resources[K]): Readonly<Record<string, unknown>>;
}

/** The data that a model works on, by name. */
export type ResourceNeeds = Readonly<Record<string, ResourceNeed>>;

/** What a model holds beside its parameters, and how the declaration of a part is found. */
export interface BindContext<D> extends ModelData {
  find(part: ModelPart): D;
}

/** Values at which a model is another one, whatever its other parameters are: what makes a likelihood ratio of the two a test. */
export interface Reduction {
  /** Type of the other model, of the same kind. */
  readonly type: string;
  /** By the parameters of this model: the value, in the unit of the declaration, or the name of the parameter that it equals. */
  readonly when: Readonly<Record<string, number | string>>;
  /** What parameters of the other model are called here, where not the same. */
  readonly as?: Readonly<Record<string, string>>;
  /** Parameters of this model that then change the norm at most. */
  readonly without?: readonly string[];
}

interface DeclarationBase<D> {
  /** Gammapy's class name, as written in `type:`. */
  readonly type: string;
  /** Gammapy's short tag, accepted when reading. */
  readonly tag: string;
  /** What short texts (`parseModel`) may write as well, for the tag and for parameters. */
  readonly aliases?: { readonly tag: string; readonly parameters: Readonly<Record<string, string>> };
  readonly about: string;
  readonly latex: string;
  /** In the order of the parameter vector. */
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  /** Keys of the YAML that the model takes beside its parameters (flags, short lists), without those that name files, and what they say. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Keys of `extra` on which it depends which parameters there are. */
  readonly parameterKeys?: readonly string[];
  /** Keys of the YAML beside the parameters with which the model is one, of a model that is nothing without them: what `gammats models` shows. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** The data that the model works on, by names of its own. */
  readonly resources?: ResourceNeeds;
  /** Models that are special cases of this one. */
  readonly reductions?: readonly Reduction[];
  /** A parameter that chooses no other shapes: where the parameters `free` are free, any value of it gives the same spectra (a reference energy). */
  readonly pivot?: { readonly name: string; readonly free: readonly string[] };
  /** Keys of the YAML under which models of the same kind stand that this one is made of. */
  readonly parts?: readonly string[];
  /** TeV; of a model that is made of data by energy: what they hold. */
  readonly energyRange?: readonly [number, number];
  /** The declaration with the data of one model in it. Absent: the declaration is that of all. */
  bind?(context: BindContext<D>): D;
}

/**
 * ln dnde = ln p[norm] + sum_j p[parameters[j]] basis_j(E), for the frozen values in hand. Where a model offers this, fluxes and
 * their derivatives are computed without evaluating the model.
 */
export interface LogBasis {
  /** Index of the parameter that dnde is proportional to. */
  readonly norm: number;
  /** Indices of the parameters that enter linearly; must cover all free parameters but `norm`. */
  readonly parameters: readonly number[];
  /** Constant part and basis functions at energy e [TeV]: ln(dnde / p[norm]) = offset(e) + sum_j p[parameters[j]] * basis(e, j). */
  offset(e: number): number;
  basis(e: number, j: number): number;
  /** Fills `out` [3] with basis j (-1: the offset) at e and its first and second derivative by ln e. */
  along(e: number, j: number, out: Float64Array): void;
}

/** A spectral shape with its extra data bound. `p` is in the declaration's units and order; e in TeV. */
export interface SpectralFunction {
  /** dnde in cm-2 s-1 TeV-1 (norm models: a pure number). */
  evaluate(e: number, p: Float64Array): number;
  /** Closed form of the integral of dnde over [e0, e1]; absent: the power-law trapezoid of Gammapy. */
  integral?(e0: number, e1: number, p: Float64Array): number;
  /** Closed form of the integral of E dnde. */
  energyFlux?(e0: number, e1: number, p: Float64Array): number;
  /** Energy [erg] in the particles that radiate, between energies in TeV (absent: all of the model). Absent: the model knows no particles. */
  particleEnergy?(p: Float64Array, min?: number, max?: number): number;
  /** True where `integral` is exactly a power law between e0 and e1, so one trapezoid segment is exact. */
  readonly powerLawSegments?: boolean;
  /** Where dnde jumps: integrals are cut there. */
  readonly jumps?: readonly Jumps[];
  /** The tables that it is made from, where these end. */
  readonly tables?: readonly EndingTable[];
  /** Exact first and second derivatives of dnde: fills g [n] and h [n, n] (symmetric, both halves), returns dnde. Absent: checked differences. */
  derivatives?(e: number, p: Float64Array, g: Float64Array, h: Float64Array): number;
  /** The log-linear form, if the model has one when exactly the parameters flagged in `free` may vary; null otherwise. */
  logBasis?(p: Float64Array, free: readonly boolean[]): LogBasis | null;
}

/** A spectrum: dnde [cm-2 s-1 TeV-1] at energies in TeV, or a factor. */
export interface SpectralDeclaration extends DeclarationBase<SpectralDeclaration>, SpectralFunction {
  /** Name of the parameter in which dnde is linear. */
  readonly norm?: string;
  /** A dimensionless factor (background norms), not a flux. */
  readonly isNorm?: boolean;
  /** Names of the parameters that are energies which lie within the data (the reference, a break): where a default does not, a start value can be chosen. */
  readonly energies?: readonly string[];
}

/** A shape on the sky at one set of parameters and one energy. Coordinates in deg, in the model's frame. */
export interface SpatialFunction {
  /** Surface brightness in sr-1. */
  evaluate(lon: number, lat: number): number;
  /** Fills g [n] and h [n, n] with the derivatives by the parameters, returns the value. `order` 1: h is not needed. */
  derivatives?(lon: number, lat: number, g: Float64Array, h: Float64Array, order?: 1 | 2): number;
}

/** Functions at fixed parameters, for many positions: what these share is computed once. */
interface AtParameters {
  /** Absent: positions share nothing. A property of the function, so that one that replaces it brings its own or none. */
  readonly at?: (p: Float64Array, energy?: number) => SpatialFunction;
}

/** What holds of a brightness as a whole, and so belongs to the function too. */
interface OfProfiles {
  /** The profiles on ellipses around the centre that it is the sum of: its integrals over pixels are exact then, with derivatives. Absent: it is sampled. */
  readonly profiles?: (p: Float64Array) => readonly ProfilePart[];
}

/** Surface brightness in sr-1 at a position in deg; `energy` in TeV where the shape differs with it. */
export interface SpatialEvaluate extends AtParameters, OfProfiles {
  (lon: number, lat: number, p: Float64Array, energy?: number): number;
}

/** Fills g [n] and h [n, n] with the derivatives of the brightness by the parameters, returns the brightness. `order` 1: h is not needed. */
export interface SpatialDerivatives extends AtParameters {
  (lon: number, lat: number, p: Float64Array, g: Float64Array, h: Float64Array, energy?: number, order?: 1 | 2): number;
}

/** A shape on the sky. Coordinates in deg, in the model's frame. */
export interface SpatialDeclaration extends DeclarationBase<SpatialDeclaration> {
  /** Names of the parameters that are longitude and latitude of the centre. Absent: the shape has no place of its own. */
  readonly position?: readonly [lon: string, lat: string];
  /** The frame of the data that the shape is made of, and so that of the model. Absent: any. */
  readonly frame?: Frame;
  /** A point source is spread over the four pixels around it instead of being evaluated. */
  readonly point?: boolean;
  /** No position and no extent: the model covers the whole map. */
  readonly global?: boolean;
  /** Its brightness is the share of a pixel, whatever the solid angle of that. */
  readonly perPixel?: boolean;
  /** Its brightness is a flux, in cm-2 s-1 TeV-1 sr-1 in place of sr-1, and the spectrum of a source of this shape a factor on it. */
  readonly flux?: boolean;
  /** Whether the data hold a position (in the frame of the shape), of emission that is meant to be everywhere. */
  readonly covers?: (lon: number, lat: number) => boolean;
  /** The shape is another at each energy: `evaluate` and `derivatives` are given it. */
  readonly energyDependent?: boolean;
  /** Surface brightness in sr-1. `energy`: TeV, the centre of a bin of true energy. */
  readonly evaluate: SpatialEvaluate;
  /** Absent: checked differences, which cost some ten evaluations for each pair of free parameters. */
  readonly derivatives?: SpatialDerivatives;
  /** Radius in deg beyond which the model is taken as zero (Gammapy's evaluation radius). */
  evaluationRadius(p: Float64Array): number;
  /** Largest pixel in deg on which the model may be sampled; 0 for a point. */
  binSizeMin(p: Float64Array): number | undefined;
  /** "gammapy": its samples are those of Gammapy, with the steps that predicted counts then have where place or size change. Absent: they change smoothly. */
  readonly sampling?: "gammapy";
  /**
   * Mean squares of the offset from the centre, deg^2: towards east, east times north, towards north. A shape that has them is a point with this variance where it is much
   * narrower than a pixel; others are sampled at whatever size.
   */
  covariance?(p: Float64Array): readonly [ee: number, en: number, nn: number];
}

/** A change with time: a factor on the flux. */
export interface TemporalDeclaration extends DeclarationBase<TemporalDeclaration> {
  /** Name of the parameter that is a time (MJD, in the time scale of the model) from which the others count. Absent: none is. */
  readonly reference?: string;
  /** Mean of the model over [t0, t1], both MJD; p in the declaration's units. */
  mean(t0: number, t1: number, p: Float64Array): number;
  /** Exact first and second derivatives of `mean` for t0 < t1: fills g [n] and h [n, n] (symmetric, both halves), returns the mean. Absent: differences. */
  derivatives?(t0: number, t1: number, p: Float64Array, g: Float64Array, h: Float64Array): number;
}

/** Prior knowledge of one parameter: a density p(x), as -2 ln p. */
export interface PriorDeclaration {
  readonly type: string;
  readonly tag: string;
  readonly about: string;
  readonly parameters: Readonly<
    Record<string, { readonly value: number; readonly about: string; readonly positive?: boolean }>
  >;
  /** Names of its parameters that are a mean and a standard deviation, and what they are of. Absent: there are none, and no pull. */
  readonly normal?: { readonly mean: string; readonly sigma: string; readonly of: "x" | "ln x" };
  /** Where p(x) vanishes outside: limits for the parameter. */
  limits?(p: Float64Array): readonly [number, number];
  /**
   * Where the prior stands for another measurement with a normal error: which of its parameters was measured, and the error. Toys draw it again.
   * Absent: the prior is knowledge that no repetition changes.
   */
  readonly measured?: { readonly index: number; error(p: Float64Array): number };
  /** Where the slope of -2 ln p jumps upwards, so that a minimum may lie there. */
  kinks?(p: Float64Array): readonly number[];
  /** -2 ln p(x), with normalisation. */
  evaluate(x: number, p: Float64Array): number;
  /** d/dx and d2/dx2 of `evaluate`; 0 at a kink. */
  derivatives(x: number, p: Float64Array): readonly [number, number];
}

/** What declarations of all parts of a model have. */
export type Declaration = SpectralDeclaration | SpatialDeclaration | TemporalDeclaration;

/** The declarations that a call may use. */
export interface ModelRegistry {
  readonly spectral: readonly SpectralDeclaration[];
  readonly spatial: readonly SpatialDeclaration[];
  readonly temporal: readonly TemporalDeclaration[];
  readonly priors: readonly PriorDeclaration[];
}
