import type { Declarations } from "../models/lookup.js";
import type { ParameterEntry } from "../models/parameters.js";
import type { Model, Models, Submodel } from "../models/types.js";
import type { SharedVectors } from "./flux/shared.js";
import type { FluxVector } from "./flux/types.js";

/**
 * One model's share of the predicted counts of a dataset: npred[bin] = sum_k rows[bin, k] z[k], with z the `vector` of the model
 * (fluxes per true-energy bin, background norms per energy bin, ...). Bins are (r, pixel): energy bin and flat pixel index.
 */
export interface Component {
  readonly name: string;
  readonly vector: FluxVector;
  /** Brings the rows to the spatial parameters in `p` (from `offset`); true if rows and totals have to be read again. */
  refresh?(p: Float64Array, offset: number, order: 0 | 1 | 2): boolean;
  /** Indices into `vector` that can be non-zero in energy bin r; the same after every refresh. */
  columns(r: number): Int32Array;
  /** False where the row of a pixel in energy bin r is zero, whatever the parameters; absent: nowhere for sure. */
  touches?(r: number, pixel: number): boolean;
  /** Writes the rows of `pixels` in energy bin r: out[i * stride + at + c] for column c. */
  rows(r: number, pixels: Int32Array, out: Float64Array, stride: number, at: number): void;
  /** The columns that `columns` leaves out, although they count in second derivatives. */
  readonly hidden?: HiddenColumns;
  /** Sum of the rows over the mask [vector.size], where there is a shorter way than adding them up. */
  totals?(mask: MaskPixels, out: Float64Array): void;
}

/** Columns without rows: their z are zero whatever the parameters, and so are the first derivatives of z, so all they are asked for is the sum of weighted rows. */
export interface HiddenColumns {
  clear(): void;
  /** Takes weights on the bins of `pixels` in energy bin r. */
  add(r: number, pixels: Int32Array, weights: Float64Array): void;
  /** lambda[at + k] += factor sum_bins weight rows[bin, k] for each of these columns. */
  addTo(lambda: Float64Array, at: number, factor: number): void;
}

/** The bins of a dataset that enter the fit: for each energy bin the flat pixel indices inside the mask. */
export type MaskPixels = readonly Int32Array[];

/** One parameter of a term: which entry of `allParameters(models)` it is, and the factor from the user's unit to the term's. */
export interface TermParameter {
  readonly entry: number;
  readonly factor: number;
}

/** One nuisance parameter of a dataset: its value, and where it varies its entry. */
export interface Nuisance {
  readonly value: number;
  readonly parameter?: TermParameter;
}

export interface CalibratedSpectrum {
  readonly vector: FluxVector;
  /** Those that come with it; of a calibration they follow those of the spectrum. */
  readonly parameters: readonly TermParameter[];
}

/** What folding needs to know of the models. */
export interface FoldContext {
  readonly models: Models;
  readonly entries: readonly ParameterEntry[];
  readonly isFree: (entry: ParameterEntry, index: number) => boolean;
  readonly declarations: Declarations;
  /** In place of a model's spectrum: fluxes per true-energy bin with parameters of their own (flux points). */
  readonly spectra?: ReadonlyMap<Model, CalibratedSpectrum>;
  readonly shared?: SharedVectors | undefined;
  /** A model whose change with time is left out (light curves, which measure it). */
  readonly steady?: Model | undefined;
}

/** Which parts of the instrument's response a model is folded with. */
export interface IrfSwitches {
  readonly psf: boolean;
  readonly edisp: boolean;
}

/** A component, and the parameters of the term that its vector depends on. */
export interface BoundComponent {
  readonly component: Component;
  readonly parameters: readonly TermParameter[];
  /** What of the source the dataset does not see, in words. */
  readonly warnings?: readonly string[];
}

/** A submodel with its values in the declaration's units and the free ones named. */
export interface BoundSubmodel {
  readonly submodel: Submodel;
  readonly p: Float64Array;
  /** Indices into p. */
  readonly free: readonly number[];
  readonly parameters: readonly TermParameter[];
}
