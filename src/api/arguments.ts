/** What a caller gives from plain JavaScript, looked at before anything is done with it. */
import { SpecError } from "../errors.js";
import type { Models } from "../models/types.js";

/** What something is, for messages: "a list", "undefined", "a promise". */
export function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (value instanceof Promise) return "a promise";
  if (typeof value === "object" && value !== null)
    return `an object with ${Object.keys(value).join(", ") || "no keys"}`;
  return typeof value === "function" ? "a function" : String(value);
}

const remedyOf = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return "write { components: [...] } with these models in it";
  if (value instanceof Promise) return "await it";
  return typeof value === "object" && value !== null && "models" in value ? "give its models" : undefined;
};

/** @throws SpecError where these are no models. */
export function requireModels(models: Models): void {
  if (Array.isArray((models as Partial<Models> | undefined)?.components)) return;
  const expected = "models, { components: [...] }";
  throw new SpecError({ where: "models", found: kindOfValue(models), expected, remedy: remedyOf(models) });
}

/** @throws SpecError where these are no datasets. */
export function requireDatasets(datasets: readonly { readonly type: string }[]): void {
  const expected = "a list of datasets";
  if (!Array.isArray(datasets)) {
    const remedy = datasets instanceof Promise ? "await it" : "write [dataset] for a single one";
    throw new SpecError({ where: "datasets", found: kindOfValue(datasets), expected, remedy });
  }
  datasets.forEach((dataset: Partial<(typeof datasets)[number]> | undefined, i) => {
    if (typeof dataset?.type === "string") return;
    const remedy = (dataset as unknown) instanceof Promise ? "await it" : undefined;
    throw new SpecError({ where: `datasets[${i}]`, found: kindOfValue(dataset), expected: "a dataset", remedy });
  });
}
