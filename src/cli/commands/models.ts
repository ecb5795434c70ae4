import { SpecError } from "../../errors.js";
import type { SpectralDeclaration } from "../../models/declaration.js";
import { nearestType } from "../../models/lookup.js";
import type { Context } from "../context.js";
import { textTable } from "../table.js";

const KINDS = ["spectral", "spatial", "temporal", "priors"] as const;

export async function run(context: Context, [name]: readonly string[]) {
  const all = KINDS.flatMap((kind) =>
    context.using.registry[kind].map((declaration) => ({
      kind: kind === "priors" ? "prior" : kind,
      type: declaration.type,
      tag: declaration.tag,
      about: declaration.about,
      ...("latex" in declaration && { latex: declaration.latex }),
      keys: keysOf(declaration),
      parameters: Object.entries(declaration.parameters).map(([parameter, { ...fields }]) => ({
        name: parameter,
        ...fields,
      })),
    })),
  );
  if (name === undefined) {
    context.print(
      textTable(
        ["kind", "type", "tag", "about"],
        all.map((m) => [m.kind, m.type, m.tag, m.about]),
      ),
    );
    context.document(all);
    return;
  }
  const model = all.find((m) => m.type === name) ?? all.find((m) => m.tag === name);
  if (model === undefined) {
    throw new SpecError(`models: there is no model "${name}"${nearestType(name, all)}; "gammats models" lists all`, {
      code: "unknown-name",
      where: "models",
      found: name,
    });
  }
  context.print(`${model.type} (${model.kind}, tag ${model.tag})\n${model.about}\n`);
  if ("latex" in model) context.print(`${model.latex}\n`);
  context.print(
    textTable(
      ["parameter", "default", "unit", "min", "max", "frozen", "about"],
      model.parameters.map((p) => {
        const field = p as { unit?: string; min?: number; max?: number; frozen?: boolean };
        return [
          p.name,
          p.value,
          field.unit ?? "",
          field.min ?? Number.NaN,
          field.max ?? Number.NaN,
          field.frozen ? "yes" : "no",
          p.about,
        ];
      }),
    ),
  );
  if (model.keys.length > 0) {
    const rows = model.keys.map(({ key, about }) => [key, about]);
    context.print(`\n${textTable(["key", "about"], rows)}`);
  }
  context.document(model);
}

/** Keys of the YAML beside the parameters. */
function keysOf(declaration: object): { readonly key: string; readonly about: string }[] {
  const { resources = {}, extra = {}, parts = [] } = declaration as Partial<SpectralDeclaration>;
  const files = Object.values(resources).map(({ from, about, folder }) => ({
    key: from,
    about: `file: ${about}${folder === undefined ? "" : `; looked for in ${folder} too`}`,
  }));
  return [
    ...parts.map((key) => ({ key, about: "model that this one is made of" })),
    ...files,
    ...Object.entries(extra).map(([key, about]) => ({ key, about })),
  ];
}
