import type { LevelStatus } from "../minimize/level.js";

/** One end of an interval. */
export interface IntervalEnd {
  /** "ok": on the level. "at limit": the parameter's limit comes first. "not found": see the message. */
  readonly status: LevelStatus;
  readonly message: string;
  readonly value: number;
  /** Rise of -2 ln L there. */
  readonly delta: number;
  /** All free parameters there [n], in the order of the fit. */
  readonly parameters: Float64Array;
}
