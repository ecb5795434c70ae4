import type { Objective } from "../minimize/types.js";

/** Counts in the bins of a fit, and what is predicted of them at its minimum: in all, and of the source alone. */
export interface PredictedCounts {
  readonly counts: number;
  readonly npred: number;
  readonly excess: number;
  /** How many bins with counts are predicted negative: the statistic may have other minima then. */
  readonly negative: number;
}

export interface SliceFit {
  /** Parameter 0 is the norm. */
  readonly objective: Required<Objective>;
  readonly start: Float64Array;
  /** Limits of the parameters; infinite where there are none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A fit of slices, and what it predicts. */
export interface JoinedSlices extends SliceFit {
  predicted(x: Float64Array): PredictedCounts;
}
