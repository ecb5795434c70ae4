import type { ErrorReason } from "../minimize/covariance.js";
import type { SkyPosition } from "../sky/types.js";

/** The largest error of a parameter that means something. */
export interface ReasonableSize {
  readonly size: number;
  readonly of: "map" | "turn";
}

/** What is wrong with the error of a free parameter, or that an angle has none. */
export type ErrorFlaw = { readonly slot: number } & (
  | { readonly flaw: "no error"; readonly reason: ErrorReason }
  /** It is larger than all that the parameter can mean: than the map, or than a turn. */
  | { readonly flaw: "size"; readonly most: ReasonableSize }
  /** By how much -2 ln L rises over one error below and above, the others at their minimum; 1 is right, NaN where a limit comes first. */
  | { readonly flaw: "rise"; readonly below: number; readonly above: number }
  /** A coordinate of a source that has been moved to where no data are, deg. */
  | { readonly flaw: "off the map"; readonly source: string; readonly position: SkyPosition }
  /** An angle whose every value is within one error: over a turn -2 ln L rises by no more than this, less than 1. What else was fitted is right. */
  | { readonly flaw: "not measured"; readonly rise: number }
);
