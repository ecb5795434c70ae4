/** The models there are, and how one of them is written. */
import { writeModels } from "../../api/io.js";
import { parseModel } from "../../api/model-texts.js";
import { SpecError } from "../../errors.js";
import { columnsOf } from "../../io/table/rows.js";
import { symbolTex, texUnit } from "../../io/table/tex.js";
import type { Table } from "../../io/table/types.js";
import type { ModelRegistry, SpectralDeclaration } from "../../models/declaration.js";
import { nearestType } from "../../models/lookup.js";
import { findPreset, type Preset, presets } from "../../models/text/presets.js";
import type { SkyModel } from "../../models/types.js";
import { pictureFormat, writePicture } from "../../node/pictures.js";
import type { Context } from "../context.js";
import { type BoundModel, bindExample } from "../model-binding.js";
import { modelPicture } from "../model-picture.js";
import { modelOption, modelSnippet } from "../model-snippet.js";
import { giveTable } from "../results.js";
import { showTable } from "../tables.js";

const KINDS = ["spectral", "spatial", "temporal", "priors"] as const;

interface Options {
  readonly overwrite?: boolean;
  readonly plot?: string;
}

type Described = ReturnType<typeof describe>;

/** What the command tells of a declaration. */
function describe(kind: BoundModel["kind"], declaration: ModelRegistry[(typeof KINDS)[number]][number]) {
  return {
    kind,
    type: declaration.type,
    tag: declaration.tag,
    about: declaration.about,
    ...("latex" in declaration && { latex: declaration.latex }),
    keys: keysOf(declaration),
    parameters: rowsOf(declaration.parameters),
  };
}

const rowsOf = (parameters: object) =>
  Object.entries(parameters).map(([name, { ...fields }]) => ({ name, ...fields }) as ParameterFields);

export async function run(context: Context, [name]: readonly string[], options: Options) {
  const { overwrite, plot } = options;
  const { registry } = context.using;
  if (plot !== undefined) pictureFormat(plot);
  const all = KINDS.flatMap((key) =>
    registry[key].map((declaration) => {
      const kind = key === "priors" ? ("prior" as const) : key;
      return { declaration, model: describe(kind, declaration) };
    }),
  );
  const models = all.map(({ model }) => model);
  if (name === undefined) {
    if (plot !== undefined)
      throw new SpecError("--plot: name the model that it draws: gammats models lp --plot lp.svg");
    return listModels(context, models, overwrite);
  }
  const preset = findPreset(name);
  if (preset !== undefined) return showPreset(context, preset, overwrite);
  const found = all.find(({ model }) => model.type === name) ?? all.find(({ model }) => model.tag === name);
  if (found === undefined) {
    const named = [...models, ...presets.map(({ name: type }) => ({ type, tag: type }))];
    throw new SpecError(`models: there is no model "${name}"${nearestType(name, named)}; "gammats models" lists all`, {
      code: "unknown-name",
      where: "models",
      found: name,
    });
  }
  const bound = bindExample(found.model.kind, found.declaration, registry);
  return showModel(context, found.model, bound, options);
}

function listModels(context: Context, models: readonly Described[], overwrite: boolean | undefined) {
  const named = presets.map(({ name, about, text }) => ({ kind: "text", type: name, tag: name, about, text }));
  const { text } = columnsOf<{ kind: string; type: string; tag: string; about: string }>([...models, ...named]);
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
  return giveTable(context, { document: [...models, ...named], tables: { models: () => table }, overwrite });
}

async function showModel(context: Context, described: Described, bound: BoundModel, { overwrite, plot }: Options) {
  const parameters = bound.kind === "prior" ? described.parameters : rowsOf(bound.parameters);
  const yaml = modelSnippet(bound);
  const model = { ...described, parameters, yaml };
  context.print(`${model.type} (${model.kind}, tag ${model.tag})\n${model.about}\n`);
  if ("latex" in model) context.print(`${model.latex}\n`);
  const table = parametersTable(model);
  if (parameters.length > 0) showTable(context, table);
  if (model.keys.length > 0) {
    const { text } = columnsOf(model.keys);
    context.print("");
    showTable(context, { name: "keys", columns: [text("key", (k) => k.key), text("about", (k) => k.about)] });
  }
  const option = modelOption(bound);
  if (option !== undefined) context.print(`\nOn a command line: ${option}`);
  context.print(`\nIn a models.yaml:\n\n${yaml}`);
  if (plot !== undefined) {
    const { fontFile } = context.look.style ?? {};
    const svg = modelPicture(bound, context.look);
    await writePicture(svg, plot, context.files, {
      ...(overwrite !== undefined && { overwrite }),
      ...(fontFile !== undefined && { fontFile }),
    });
    context.said(`Wrote ${plot}`);
  }
  return giveTable(context, { document: model, tables: { parameters: () => table }, overwrite });
}

/** A spectrum with a name: the text that it stands for, and the YAML of that. */
function showPreset(context: Context, { name, about, text }: Preset, overwrite: boolean | undefined) {
  const models = parseModel(text, context.using);
  const yaml = writeModels(models, context.using);
  context.print(`${name} (spectrum with a name)\n${about}\n\n${text}\n`);
  context.print(`On a command line: --model "${name}"\n\nIn a models.yaml:\n\n${yaml}`);
  const rows = (models.components[0] as SkyModel).spectral.parameters.map((p) => ({ ...p, about: "" }));
  const table = parametersTable({ type: name, parameters: rows });
  const document = { kind: "text", type: name, tag: name, about, text, yaml };
  return giveTable(context, { document, tables: { parameters: () => table }, overwrite });
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
