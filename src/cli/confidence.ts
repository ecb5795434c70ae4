/** `--sigma` and `--cl`: how sure an interval or an error is to hold the true value, as every command takes it. */
import { SpecError } from "../errors.js";
import { normalIsf, normalSf } from "../math/special.js";
import { probability, sigmaNumber } from "./numbers.js";

export interface ConfidenceOptions {
  readonly sigma?: string | undefined;
  readonly cl?: string | undefined;
}

/** Both, by options whose names may begin with a `prefix`, of an interval (two sides) or of a limit (one side) of a normal distribution. @throws SpecError where both are given. */
export function confidenceOf(
  { sigma, cl }: ConfidenceOptions,
  sides: 1 | 2,
  prefix = "",
): { readonly sigma: number; readonly cl: number } | undefined {
  if (sigma !== undefined && cl !== undefined) {
    throw new SpecError(`found --${prefix}sigma and --${prefix}cl, which say the same; leave out one of them`);
  }
  if (sigma !== undefined) {
    const number = sigmaNumber(sigma, `--${prefix}sigma`);
    return { sigma: number, cl: 1 - sides * normalSf(number) };
  }
  if (cl === undefined) return undefined;
  const p = probability(cl, `--${prefix}cl`);
  return { sigma: normalIsf((1 - p) / sides), cl: p };
}
