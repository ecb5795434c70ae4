/** What an argument of a short text says: values, frames, other keys. */
import { nameHint } from "../../errors.js";
import { FRAMES, isFrame } from "../../sky/frames.js";
import type { Frame } from "../../sky/types.js";
import { conversionFactor, parseQuantity, toUnit } from "../../units/index.js";
import type { ParameterInput } from "../create.js";
import type { ParameterDeclaration } from "../declaration.js";
import { errorAt } from "./scan.js";
import type { Argument, TextSource } from "./types.js";
import type { Declaration } from "./unsaid.js";

/** A value with its limits and whether it is held; numbers without a unit are in the unit of the declaration. */
export function inputOf(
  { value, limits, frozen }: Argument,
  declared: ParameterDeclaration,
  where: string,
): ParameterInput {
  const quantity = value === "" ? { value: declared.value, unit: "" } : parseQuantity(value, where);
  const unit = quantity.unit === "" ? declared.unit : quantity.unit;
  // an error of the place in the text, before that of the parameter
  conversionFactor(unit, declared.unit, where);
  const limit = (text: string | undefined) => {
    if (text === undefined || text === "") return undefined;
    const given = parseQuantity(text, where);
    return given.unit === "" ? given.value : toUnit(given, unit, where);
  };
  const [min, max] = [limit(limits?.[0]), limit(limits?.[1])];
  return {
    value: quantity.unit === "" ? quantity.value : value,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(frozen !== undefined && { frozen }),
  };
}

export function frameOf({ value, valueAt }: Argument, source: TextSource): Frame {
  if (isFrame(value)) return value;
  throw errorAt(source, valueAt, `there is no frame "${value}"${nameHint(value, FRAMES)}`, value);
}

/** `true`, `false`, a number, or the text itself. */
export function plainValue(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

export function unknownKey(declaration: Declaration, { key, at }: Argument, source: TextSource) {
  const { aliases, parameters, resources = {}, extra = {}, type } = declaration;
  const known = Object.values(resources).flatMap((need) => [
    "file",
    ...(need.known === undefined ? [] : [need.known.key]),
  ]);
  const names = [
    ...Object.keys(aliases?.parameters ?? {}),
    ...Object.keys(parameters),
    ...Object.keys(extra),
    ...known,
  ];
  return errorAt(source, at, `${type} has no parameter "${key}"${nameHint(key, names)}`, key);
}
