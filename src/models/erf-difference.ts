import { erf, erfc } from "../math/special.js";

/** erf(b) - erf(a) without cancellation in the tails. */
export function erfDifference(a: number, b: number): number {
  if (a > 0 && b > 0) return erfc(a) - erfc(b);
  if (a < 0 && b < 0) return erfc(-b) - erfc(-a);
  return erf(b) - erf(a);
}
