import { SpecError } from "../../errors.js";
import { writeFiles } from "../../io/files.js";
import { datasetsSchema, modelsSchema } from "../../io/yaml/schema.js";
import { type Context, jsonText } from "../context.js";

interface Options {
  readonly out?: string;
  readonly overwrite?: boolean;
}

/** JSON Schemas, with the models and formats of --plugin: one is printed, or all are written into a folder. */
export async function run(context: Context, [name]: readonly string[], { out, overwrite }: Options) {
  const { registry } = context.using;
  const schemas = new Map([
    ["models", modelsSchema(registry)],
    ["datasets", datasetsSchema(registry.formats)],
  ]);
  if (out !== undefined) {
    const files = Array.from(
      schemas,
      ([own, schema]) => [`${own}.schema.json`, new TextEncoder().encode(jsonText(schema))] as const,
    );
    const written = await writeFiles(new Map(files), out, context.files, { overwrite });
    context.print(`wrote ${written.join(", ")}`);
    return context.document({ files: written });
  }
  const schema = schemas.get(name ?? "models");
  if (schema === undefined) {
    throw new SpecError({ where: "gammats schema", found: `"${name}"`, expected: [...schemas.keys()].join(" or ") });
  }
  context.print(jsonText(schema));
  context.document(schema);
}
