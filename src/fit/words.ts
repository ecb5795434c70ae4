/** Sentences made from what the minimisers say as data. */
import { type ErrorReason, hasNoError } from "../minimize/covariance.js";

/** How a sentence speaks of the parameters of a minimisation. */
export interface Names {
  /** In their order; "parameter 2" stands for one that is not there. */
  readonly parameters: readonly { readonly id: string; readonly unit: string }[];
}

const nameOf = ({ parameters }: Names, i: number) => parameters[i]?.id ?? `parameter ${i}`;

/** Which parameters have no error, and why; empty if all have one. */
export function errorsInWords(reasons: readonly ErrorReason[], names: Names): string {
  const bad = reasons.flatMap((reason, i) => (hasNoError(reason) ? [`${nameOf(names, i)} (${reason})`] : []));
  return bad.length === 0 ? "" : `No error can be given for ${bad.join(", ")}: fix them, or set limits or priors.`;
}
