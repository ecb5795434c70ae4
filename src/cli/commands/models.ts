import { SpecError } from "../../errors.js";
import { columnsOf } from "../../io/table/rows.js";
import { symbolTex, texUnit } from "../../io/table/tex.js";
import type { Table } from "../../io/table/types.js";
import type { SpectralDeclaration } from "../../models/declaration.js";
import { nearestType } from "../../models/lookup.js";
import type { Context } from "../context.js";
import { giveTable } from "../results.js";
import { showTable } from "../tables.js";

const KINDS = ["spectral", "spatial", "temporal", "priors"] as const;

interface Options {
  readonly overwrite?: boolean;
}

export async function run(context: Context, [name]: readonly string[], { overwrite }: Options) {
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
    const { text } = columnsOf(all);
    const table: Table = {
      name: "models",
      about: "Models of GammaTS",
      columns: [
        text("kind", (m) => m.kind),
        text("type", (m) => m.type),
        text("tag", (m) => m.tag),
        text("about", (m) => m.about),
      ],
    };
    showTable(context, table);
    return giveTable(context, { document: all, tables: { models: () => table }, overwrite });
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
  const table = parametersTable(model);
  showTable(context, table);
  if (model.keys.length > 0) {
    const { text } = columnsOf(model.keys);
    context.print("");
    showTable(context, { name: "keys", columns: [text("key", (k) => k.key), text("about", (k) => k.about)] });
  }
  return giveTable(context, { document: model, tables: { parameters: () => table }, overwrite });
}

interface ParameterFields {
  readonly name: string;
  readonly value: number;
  readonly about: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly frozen?: boolean;
}

function parametersTable(model: { readonly type: string; readonly parameters: readonly object[] }): Table {
  const { text, number, logical } = columnsOf(model.parameters as readonly ParameterFields[]);
  const reason = "no limit";
  return {
    name: "parameters",
    about: `Parameters of ${model.type}`,
    columns: [
      text("parameter", (p) => p.name, { asTex: (p) => symbolTex(p.name) }),
      number("default", (p) => p.value),
      text("unit", (p) => p.unit ?? "", { asTex: (p) => texUnit(p.unit ?? "") }),
      number("min", (p) => p.min, { reason }),
      number("max", (p) => p.max, { reason }),
      logical("frozen", (p) => p.frozen ?? false),
      text("about", (p) => p.about),
    ],
  };
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
