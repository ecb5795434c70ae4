import type { ErrorFlaw } from "./error-flaw.js";
import { upperLimit } from "./intervals.js";
import type { Joint } from "./joint.js";
import type { FitResult } from "./result.js";
import { upperLimitInWords } from "./words.js";

/** Upper limits of parameters whose errors cannot be used because they are compatible with their lower limit, such as the extent of a source that is not resolved; as sentences. */
export function compatibleWithLimit(joint: Joint, result: FitResult, flaws: readonly ErrorFlaw[]): string[] {
  return flaws.flatMap(({ slot }) => {
    const from = joint.lower[slot]!;
    const { values, errors } = result.free;
    if (!Number.isFinite(from) || values[slot]! - from > errors[slot]!) return [];
    const found = upperLimit(joint, result, joint.parameters[slot]!.id);
    return Number.isFinite(found.limit) && found.status === "ok" ? [upperLimitInWords(found, from)] : [];
  });
}
