import type { Objective } from "../minimize/types.js";

/**
 * A density to sample: exp(-f/2) between the limits, f = -2 ln(likelihood times whatever prior is not flat). A non-finite f is a place
 * of probability zero.
 */
export interface Target {
  readonly objective: Objective;
  /** Lower and upper limits [n]; -Infinity, +Infinity where there is none. */
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** 1 for a positive parameter [n] whose logarithm is the better coordinate: nearer to normal. The density remains that of the parameter. NUTS only. */
  readonly log?: Uint8Array;
}

/** Where and how wide the density is, roughly: chains start there, steps have that shape. */
export interface Guess {
  /** [n] */
  readonly start: Float64Array;
  /** [n, n], positive definite. */
  readonly covariance: Float64Array;
}

export interface Progress {
  readonly done: number;
  /** Of the same units; for nested sampling an estimate. */
  readonly total: number;
  readonly stage: "warmup" | "sampling";
}

/** A sampler under way: it pauses after each step, for progress and abortion; `run` and `runAsync` drive it. */
export type Sampling<R> = Generator<Progress, R, void>;

export interface Chains {
  readonly n: number;
  readonly chains: number;
  /** Kept steps of each chain. */
  readonly samples: number;
  /** [chains, samples, n] */
  readonly chain: Float64Array;
  /** f at the samples [chains, samples]. */
  readonly value: Float64Array;
  /** Mean acceptance probability of the kept steps. */
  readonly acceptance: number;
  /** Kept steps whose trajectory left the region where the integration holds, or where f is finite. */
  readonly divergences: number;
  /** Evaluations of f, with or without gradient. */
  readonly calls: number;
}
