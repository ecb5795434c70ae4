/** Values at which the slope of -2 ln L jumps. */
import type { FreeParameter } from "./types.js";

/** A value of a free parameter at which a minimum may lie without the slope being zero. */
export interface Kink {
  readonly slot: number;
  readonly value: number;
  /** Of the data: a norm of 0, at which W of bins without OFF counts has a kink. Absent: of a prior. */
  readonly ofData?: true;
}

/** Norms that may be on both sides of 0. */
export function kinksOfData(parameters: readonly FreeParameter[]): Kink[] {
  return parameters.flatMap(({ isNorm, min, max }, slot) =>
    isNorm && !(min >= 0) && !(max <= 0) ? [{ slot, value: 0, ofData: true }] : [],
  );
}
