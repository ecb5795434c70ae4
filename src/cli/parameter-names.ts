import { SpecError, unknownName } from "../errors.js";
import { findParameter, type ParameterEntry } from "../models/parameters.js";

/**
 * The parameter of a full name, or of the name alone where only one model has it: `alpha`. Linked ones are one. Of several those count that are `preferred`.
 */
export function parameterNamed(
  entries: readonly ParameterEntry[],
  text: string,
  where: string,
  preferred: (entry: ParameterEntry) => boolean = () => true,
): ParameterEntry {
  const name = text.trim();
  const all = entries.filter((entry) => entry.name === name);
  const best = all.some(preferred) ? all.filter(preferred) : all;
  const { link } = best[0]?.parameter ?? {};
  const isOne = best.length === 1 || (link !== undefined && best.every(({ parameter }) => parameter.link === link));
  if (best.length > 0 && isOne) return best[0]!;
  if (best.length > 1) {
    const ids = best.map((entry) => `"${entry.id}"`).join(" or ");
    throw new SpecError(`${where}: several models have a parameter "${name}"; write ${ids}`);
  }
  if (!name.includes(".")) {
    throw unknownName(where, "parameter", name, new Set(entries.map((entry) => entry.name)));
  }
  return findParameter(entries, name, where);
}
