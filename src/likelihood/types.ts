import type { Dataset } from "../datasets/types.js";
import type { Component, MaskPixels, TermParameter } from "../fold/types.js";
import type { RandomStream } from "../math/random.js";

/**
 * One dataset's -2 ln L as a function of its parameters; not re-entrant: one per worker. `p` holds the term's own
 * parameters, `g` is filled with the gradient [n], `h` with the full symmetric Hessian [n, n], `fisher` with the
 * positive semi-definite part of it that needs no second derivatives of the model.
 */
export interface Term {
  readonly name: string;
  /** Number of parameters. */
  readonly n: number;
  value(p: Float64Array): number;
  gradient(p: Float64Array, g: Float64Array): number;
  hessian(p: Float64Array, g: Float64Array, h: Float64Array, fisher?: Float64Array): number;
}

/**
 * The measured numbers of a term as one array, and how others take their place without compiling again. Expectations are those at the parameters
 * of the term's last evaluation.
 */
export interface TermData {
  readonly measured: Float64Array;
  /** Takes other data [measured.length]; they are copied. */
  set(data: Float64Array): void;
  /** Fills `out` with what is expected (Asimov data); ON/OFF data with the background that wstat profiles from the data in hand. */
  expected(out: Float64Array): void;
  /** Sum of what is expected over the bins in the fit, of ON/OFF data in the ON region; NaN for flux points. */
  total(): number;
  /** How many bins in the fit the models predict to be negative: their statistic is that of zero. Always 0 where the statistic is one of all numbers. */
  negative(): number;
  /** A source of data simulated around that. */
  simulator(): (random: RandomStream, out: Float64Array) => void;
  /** The statistic of a model that predicts the data in hand exactly: what exceeds it measures the goodness of fit. */
  saturated(): number;
  /** The dataset with these data; bins outside the fit as measured. */
  dataset(data: Float64Array): Dataset;
}

export interface CompiledTerm {
  readonly term: Term;
  readonly parameters: readonly TermParameter[];
  /** Number of bins (or flux points) that enter the fit. */
  readonly nBins: number;
  /** What was measured in them, and how to replace it. */
  readonly data: TermData;
  /** The bins in the fit by energy bin, and each model's share of them; absent for flux points. */
  readonly mask?: MaskPixels;
  readonly components?: readonly Component[];
}
