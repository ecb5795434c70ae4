import type { Dataset } from "../datasets/types.js";
import type { Component, MaskPixels, TermParameter } from "../fold/types.js";
import type { RandomStream } from "../math/random.js";

/**
 * One dataset's -2 ln L as a function of its parameters; not re-entrant: one per worker. `p` holds the term's own parameters, `g` is filled with the
 * gradient [n], `h` with the full symmetric Hessian [n, n], `fisher` with the positive semi-definite part of it that needs no second derivatives of the
 * model.
 */
export interface Term {
  readonly name: string;
  /** Number of parameters. */
  readonly n: number;
  value(p: Float64Array): number;
  gradient(p: Float64Array, g: Float64Array): number;
  hessian(p: Float64Array, g: Float64Array, h: Float64Array, fisher?: Float64Array): number;
  /** What the models predict at p, of either sign, in the order of the bins in the fit [bins]; a new array. */
  npred(p: Float64Array): Float64Array;
}

/** A term of counts. */
export interface CountsTerm extends Term {
  /** Takes other counts [bins]; they are copied. */
  setCounts(counts: Float64Array): void;
  /** The statistic where npred equals the counts. */
  saturated(): number;
  /** Sum of npred at p, negative ones as 0. */
  total(p: Float64Array): number;
  /** Number of bins that the models predict to be negative at p. */
  negative(p: Float64Array): number;
  /** Number of those with counts. */
  negativeWithCounts(p: Float64Array): number;
}

/** The measured numbers of a term as one array, and how others take their place without compiling again. */
export interface TermData {
  readonly measured: Float64Array;
  /** Numbers of events: what is expected is the mean of a Poisson distribution. */
  readonly isCounting: boolean;
  /** Takes other data [measured.length]; they are copied. */
  set(data: Float64Array): void;
  /** What is expected at p [measured.length] (Asimov data); ON/OFF data with the background that wstat profiles from the data in hand. */
  expected(p: Float64Array): Float64Array;
  /** A source of data simulated around that. */
  simulator(p: Float64Array): Draw;
  /** The statistic of a model that predicts the data in hand exactly, with the errors that they have at p: what exceeds it measures the goodness of fit. */
  saturated(p: Float64Array): number;
  /** The dataset with these data; bins outside the fit as measured. */
  dataset(data: Float64Array): Dataset;
}

/** Fills an array with random data. */
export type Draw = (random: RandomStream, out: Float64Array) => void;

/** The likelihood of one dataset, compiled. */
export interface CompiledTerm {
  readonly term: Term;
  readonly parameters: readonly TermParameter[];
  /** Number of bins (or points) that enter the fit. */
  readonly nBins: number;
  /** What was measured in them, and how to replace it. */
  readonly data: TermData;
  /** Sum of the predicted counts in the fit at p, of ON/OFF data in the ON region; NaN where nothing is counted. */
  total(p: Float64Array): number;
  /** How many bins in the fit the models predict to be negative at p: their statistic is that of zero. 0 where the statistic is one of all numbers. */
  negative(p: Float64Array): number;
  /** How many of these have counts: whatever is predicted there, the statistic is one large number, so that it may have several minima. Absent: none. */
  negativeWithCounts?(p: Float64Array): number;
  /** Which bin makes the statistic not finite at p, in words that follow the name of the dataset; empty if none does. */
  blame(p: Float64Array): string;
  /** What of the dataset was taken for something else, in words. */
  readonly warnings?: readonly string[];
  /** The bins in the fit by energy bin, and each model's share of them; absent where the term is not made of bins. */
  readonly mask?: MaskPixels;
  readonly components?: readonly Component[];
}

/** A free parameter of the joint fit; linked parameters are one. Values in the unit of the first of them. */
export interface FreeParameter {
  readonly id: string;
  /** Indices in `allParameters(models)`, the leading one first. */
  readonly entries: readonly number[];
  readonly unit: string;
  readonly value: number;
  readonly error: number;
  readonly min: number;
  readonly max: number;
  /** The flux is proportional to it, so its logarithm is a good coordinate while it is positive. */
  readonly isNorm: boolean;
  /** Values at which the slope of what is predicted jumps; absent: there are none. */
  readonly kinks?: readonly number[];
  /** What is predicted repeats after so much, and nothing else depends on it, so that limits as far apart are no walls; absent: it does not. */
  readonly period?: number;
}

/** Where a free parameter stands in `allParameters(models)`; linked ones stand at several places. */
export interface Place {
  readonly entry: number;
  readonly slot: number;
  /** From the unit of the free parameter to that of the entry. */
  readonly factor: number;
}

/** What a dataset is predicted to be. */
export interface DatasetPrediction {
  readonly name: string;
  /** Its share of -2 ln L. */
  readonly stat: number;
  /** What is expected of the measured numbers in the fit: counts (of ON/OFF data ON, then OFF), or values. */
  readonly expected: Float64Array;
  /** Sum of the predicted counts in the fit; NaN where nothing is counted. */
  readonly total: number;
  /** How many of its bins are predicted negative, and count as zero. */
  readonly negative: number;
}
