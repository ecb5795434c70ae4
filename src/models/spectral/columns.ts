/** Lists of numbers in the YAML of a model. */
import { SpecError } from "../../errors.js";
import { conversionFactor } from "../../units/index.js";
import type { ModelData } from "../types.js";

export interface Column {
  readonly data: readonly number[] | readonly (readonly number[])[];
  readonly unit: string;
}

/** As short texts have it: "0.1 1 10 TeV". */
function columnOf(text: string): Partial<Column> {
  const words = text.trim().split(/\s+/);
  const first = words.findIndex((word) => !Number.isFinite(Number(word)));
  const end = first < 0 ? words.length : first;
  return { data: words.slice(0, end).map(Number), unit: words.slice(end).join(" ") };
}

/** The numbers of one key of the YAML, `{data, unit}`, in `unit`. */
export function numbers(extra: ModelData["extra"], key: string, unit: string, type: string): Float64Array {
  const given = extra?.[key];
  const { data, unit: own = "" } = typeof given === "string" ? columnOf(given) : ((given ?? {}) as Partial<Column>);
  const flat = Array.isArray(data) ? (data as readonly (number | readonly number[])[]).flat() : [];
  if (flat.length === 0 || !flat.every((x) => typeof x === "number" && Number.isFinite(x))) {
    throw new SpecError(
      `${type}: expected ${key}: {data: [numbers], unit: ...}; found ${JSON.stringify(given)?.slice(0, 60)}`,
    );
  }
  const factor = conversionFactor(own, unit, `${type}.${key}`);
  return Float64Array.from(flat, (x) => x * factor);
}

export function increasing(values: Float64Array, key: string, type: string): Float64Array {
  for (let i = 1; i < values.length; i++) {
    if (values[i]! > values[i - 1]!) continue;
    throw new SpecError(`${type}: ${key} ${i + 1} is ${values[i]}, after ${values[i - 1]}; they must increase`);
  }
  return values;
}
