/** Masks combined, bin by bin. */
import { SpecError } from "../errors.js";
import type { MaskMap } from "./types.js";

/** 1 where both are. */
export function maskAnd(a: MaskMap, b: MaskMap): MaskMap {
  return combine(a, b, (x, y) => x & y);
}

/** 1 where one of them is. */
export function maskOr(a: MaskMap, b: MaskMap): MaskMap {
  return combine(a, b, (x, y) => x | y);
}

/** 1 where it is 0. */
export function maskNot(a: MaskMap): MaskMap {
  return { ...a, data: a.data.map((x) => 1 - x) };
}

function combine(a: MaskMap, b: MaskMap, operation: (x: number, y: number) => number): MaskMap {
  if (a.data.length !== b.data.length) {
    throw new SpecError(
      `Masks of ${a.data.length} and ${b.data.length} bins cannot be combined; put them on one geometry`,
    );
  }
  return { geom: a.geom, data: a.data.map((x, i) => operation(x, b.data[i]!)) };
}
