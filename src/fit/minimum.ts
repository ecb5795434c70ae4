import type { Kink } from "../likelihood/kinks.js";
import type { StopSignal } from "../math/types.js";
import type { HessianResult } from "../minimize/hessian.js";
import type { MinimizeResult, Minimizer, StopReason } from "../minimize/types.js";

/** How a minimum is looked for. */
export interface MinimizeJointOptions {
  /** Default: newton. */
  readonly backend?: Minimizer["name"];
  readonly maxCalls?: number;
  /** Estimated distance to the minimum at which to stop, in units of -2 ln L. */
  readonly edmGoal?: number;
  readonly signal?: StopSignal;
  /** After every evaluation: how many there were, and -2 ln L. */
  readonly onEvaluation?: ((nfev: number, totalStat: number) => void) | undefined;
}

/** A minimum in the users' units: `x` [n] as `joint.parameters`; the message speaks of parameters by name. */
export type JointMinimum = Omit<MinimizeResult, "stop"> & {
  /** "negative counts": bins with counts are predicted to be negative, where the statistic has several minima. */
  readonly reason: StopReason | "negative counts";
  /** The parameter that lies on a kink of its prior, where the slope is not zero; absent: there is none. */
  readonly kink?: Kink;
  /** The parameter by which the slope jumps most, where it does; absent: it does not, or at a kink. */
  readonly jump?: number;
  /** In words: what is wrong and what to try; "Optimization terminated successfully." if all is well. */
  readonly message: string;
};

/** A minimum with gradient and Hessian there, and the statistics of datasets and priors. */
export interface Described {
  readonly best: JointMinimum;
  readonly at: HessianResult;
  /** The statistics of the datasets and, last, of the priors [datasets + 1]. */
  readonly parts: Float64Array;
}
