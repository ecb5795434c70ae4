/** Values at which the slope of -2 ln L jumps. */
import type { FreeParameter } from "./types.js";

/** A value of a free parameter at which a minimum may lie without the slope being zero. */
export interface Kink {
  readonly slot: number;
  readonly value: number;
  /** Of the data: a norm of 0, at which W of bins without OFF counts has a kink. */
  readonly ofData?: true;
  /** Of a model that is straight between values of the parameter. Neither: of a prior. */
  readonly ofModel?: true;
}

/** Norms that may be on both sides of 0. */
export function kinksOfData(parameters: readonly FreeParameter[]): Kink[] {
  return parameters.flatMap(({ isNorm, min, max }, slot) =>
    isNorm && !(min >= 0) && !(max <= 0) ? [{ slot, value: 0, ofData: true }] : [],
  );
}

/** Of the values at which the slope of a model jumps, the nearest to x, for each parameter. */
export function kinksOfModels(parameters: readonly FreeParameter[], x: Float64Array): Kink[] {
  return parameters.flatMap(({ kinks = [] }, slot) => {
    const distance = (value: number) => Math.abs(value - x[slot]!);
    if (kinks.length === 0) return [];
    const value = kinks.reduce((best, other) => (distance(other) < distance(best) ? other : best));
    return [{ slot, value, ofModel: true }];
  });
}
