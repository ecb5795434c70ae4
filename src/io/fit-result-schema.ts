/** JSON Schema of `fit-result.yaml`, and of the parts of it that commands print. */
import { FIT_RESULT_FORMAT, FIT_RESULT_SCHEMA } from "./fit-result.js";
import { DATASET, type FitResultKeys, PARAMETER, PARAMETER_MAYBE, TOP } from "./fit-result-keys.js";
import {
  about,
  byName,
  document,
  flag,
  type JsonSchema,
  list,
  numberOrNull,
  oneOf,
  shape,
  text,
  texts,
  whole,
} from "./json-schema.js";

const KINDS = { text, flag, number: numberOrNull, whole };

const schemaOf = (keys: FitResultKeys): JsonSchema =>
  Object.fromEntries(Object.entries(keys).map(([key, [kind, what]]) => [key, about(what, KINDS[kind])]));

/** Rows and columns by the names of parameters. */
export const matrix = byName(byName(numberOrNull));

/** What a fit found: the keys that are always there. */
export const fitReportKeys: JsonSchema = {
  ...schemaOf(TOP),
  datasets: list(shape(schemaOf(DATASET))),
  parameters: list(shape(schemaOf(PARAMETER), schemaOf(PARAMETER_MAYBE))),
  covariance: about("of the free parameters, in their units", matrix),
};

/** And those that may be absent. */
export const fitReportMore: JsonSchema = { warnings: texts };

const file = shape({ path: text, sha256: { type: "string", pattern: "^[0-9a-f]{64}$" } });
const option = { anyOf: [{ type: ["string", "number", "boolean"] }, texts] };

export const provenance: JsonSchema = about(
  "how it was made",
  shape(
    {
      gammats: text,
      node: text,
      time: { type: "string", format: "date-time" },
      command: text,
      arguments: texts,
      options: byName(option),
      inputs: list(file),
    },
    { seed: whole, plugins: list(file) },
  ),
);

/**
 * JSON Schema (2020-12) of `fit-result.yaml`.
 * @example
 * ```ts
 * import { fitResultSchema } from "gammats/io";
 * console.assert(fitResultSchema().title === "fit-result.yaml");
 * ```
 */
export const fitResultSchema = (): JsonSchema =>
  document(
    "fit-result.yaml",
    shape(
      { format: oneOf(FIT_RESULT_FORMAT), schema: oneOf(FIT_RESULT_SCHEMA), ...fitReportKeys },
      { gammats: about("version that wrote the file", text), ...fitReportMore, provenance },
    ),
  );
