/** JSON Schemas of the files that people write. */
import { datasetFormats } from "../io/formats/datasets.js";
import { document, type JsonSchema, mapping } from "../io/json-schema.js";
import * as schema from "../io/yaml/schema.js";
import { styleKeySchema, styleKeys } from "../plot/picture-style.js";
import { analysisRegistryOf, type FormatsOption } from "./formats-option.js";
import { type ModelsOption, modelsOf } from "./models-option.js";
import { writtenKey } from "./picture-style.js";

export { fitResultSchema } from "../io/fit-result-schema.js";

/**
 * JSON Schema (2020-12) of models.yaml. Editors complete and check a file whose first line is `# yaml-language-server: $schema=` and the address of the schema.
 * @example
 * ```ts
 * import { modelsSchema } from "gammats/io";
 * const { $defs } = modelsSchema();
 * console.assert(Object.keys($defs as object).join() === "spectral,spatial,temporal,prior");
 * ```
 */
export const modelsSchema = (options: ModelsOption = {}): JsonSchema => schema.modelsSchema(modelsOf(options));

/** JSON Schema (2020-12) of datasets.yaml, with the types of dataset that can be read. */
export const datasetsSchema = (options: FormatsOption = {}): JsonSchema =>
  schema.datasetsSchema(analysisRegistryOf(options, datasetFormats).formats);

/**
 * JSON Schema (2020-12) of a style file of pictures.
 * @example
 * ```ts
 * import { pictureStyleSchema } from "gammats/io";
 * console.assert("font_size" in (pictureStyleSchema().properties as object));
 * ```
 */
export const pictureStyleSchema = (): JsonSchema =>
  document(
    "style of pictures",
    mapping(Object.fromEntries(styleKeys.map((key) => [writtenKey(key), styleKeySchema(key)]))),
  );
