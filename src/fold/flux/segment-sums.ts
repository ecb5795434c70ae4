import type { FluxVector } from "./types.js";

/** A node of a segment. */
export interface Node {
  e: number;
  sign: number;
  /** ln(E |dnde|) */
  l: number;
  /** its derivatives; of dnde itself where that is 0 */
  readonly g: Float64Array;
  readonly h: Float64Array;
}

/** Integrals of the bins with their derivatives, and the segment in hand. */
export interface Sums extends Pick<FluxVector, "n" | "s" | "ds" | "d2s"> {
  /** Its ends, which change places from one segment to the next. */
  left: Node;
  right: Node;
  /** sinhc and its first and second derivative. */
  readonly shape: Float64Array;
}
