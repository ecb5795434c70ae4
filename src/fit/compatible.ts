import type { ErrorFlaw } from "./error-flaw.js";
import { upperLimit } from "./intervals.js";
import type { Joint } from "./joint.js";
import type { FitResult } from "./result.js";
import { isMinimum } from "./search.js";
import { upperLimitInWords } from "./words.js";

/** Upper limits of extents of sources that are compatible with their lower limit, and of parameters whose errors cannot be used for that reason; as sentences. */
export function compatibleWithLimit(joint: Joint, result: FitResult, flaws: readonly ErrorFlaw[]): string[] {
  if (!isMinimum(result)) return [];
  return joint.parameters.flatMap((_, slot) => {
    if (!isExtent(joint, slot) && !flaws.some((flaw) => flaw.slot === slot)) return [];
    const from = joint.lower[slot]!;
    const { values, errors } = result.free;
    if (!Number.isFinite(from) || values[slot]! - from > errors[slot]!) return [];
    const found = upperLimit(joint, result, joint.parameters[slot]!.id);
    return Number.isFinite(found.limit) && found.status === "ok" ? [upperLimitInWords(found, from)] : [];
  });
}

/** Whether free parameter i is a length of a shape on the sky: neither its place, nor an angle that turns it, nor a number. */
function isExtent({ entries, parameters }: Joint, i: number): boolean {
  const entry = entries[parameters[i]!.entries[0]!]!;
  return entry.kind === "spatial" && entry.parameter.unit !== "" && parameters[i]!.period === undefined;
}
