import { fitResultSchema, pictureStyleSchema } from "../../api/schema.js";
import { unknownName } from "../../errors.js";
import { writeFiles } from "../../io/files.js";
import type { JsonSchema } from "../../io/json-schema.js";
import { datasetsSchema, modelsSchema } from "../../io/yaml/schema.js";
import { configSchema } from "../config.js";
import { type Context, jsonText } from "../context.js";
import type { CommandSpec } from "../declaration.js";
import { requireFolderName } from "../endings.js";
import { commandSchema, errorSchema, tableSchema } from "../schemas/index.js";

interface Options {
  readonly out?: string;
  readonly overwrite?: boolean;
}

/** JSON Schemas, with the models and formats of --plugin: one is printed, or all are written into a folder. */
export async function run(
  context: Context,
  [name]: readonly string[],
  { out, overwrite }: Options,
  commands: readonly CommandSpec[],
) {
  const schemas = allSchemas(context, commands);
  if (out !== undefined) {
    requireFolderName(out);
    // for programs, and in every installed package: without blanks
    const files = Array.from(
      schemas,
      ([own, schema]) => [`${own}.schema.json`, new TextEncoder().encode(`${JSON.stringify(schema())}\n`)] as const,
    );
    const written = await writeFiles(new Map(files), out, context.files, { overwrite });
    context.print(`wrote ${written.length} files to ${out}`);
    return context.document({ files: written });
  }
  const schema = schemas.get(name ?? "models")?.();
  if (schema === undefined) throw unknownName("gammats schema", "schema", name!, schemas.keys());
  context.print(jsonText(schema));
  context.document(schema);
}

/** By the names that the files have. */
function allSchemas({ using: { registry } }: Context, commands: readonly CommandSpec[]) {
  return new Map<string, () => JsonSchema>([
    ["models", () => modelsSchema(registry)],
    ["datasets", () => datasetsSchema(registry.formats)],
    ["fit-result", fitResultSchema],
    ["style", pictureStyleSchema],
    ["config", configSchema],
    ["table", tableSchema],
    ["error", errorSchema],
    ...commands.map((spec) => [`command-${spec.name}`, () => commandSchema(spec)] as const),
  ]);
}
