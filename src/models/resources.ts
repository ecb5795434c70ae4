/** The data that models work on: who needs which, where they are named, and who holds them. */
import { SpecError } from "../errors.js";
import type { ModelRegistry, ResourceNeed, ResourceNeeds } from "./declaration.js";
import { type SubmodelKind, submodelKinds } from "./lookup.js";
import type { Model, ModelData, Models, Resource, ResourceKind, Resources } from "./types.js";

/** What a kind of data is called in messages. */
export const resourceNouns: Readonly<Record<ResourceKind, string>> = {
  "spectral-table": "table",
  "spectral-text": "table",
  map: "map",
  "table-model": "table model",
  "time-series": "time series",
  "phase-curve": "phase curve",
};

/** The data of the components of a models.yaml, beside those of their submodels. */
export const componentNeeds: Readonly<Record<Model["type"], ResourceNeeds>> = {
  SkyModel: {},
  FoVBackgroundModel: {},
  TemplateNPredModel: {
    map: { kind: "map", from: "filename", about: "predicted counts, on the geometry of the dataset" },
  },
};

/** Keys of a models.yaml that may name files. */
export function fileKeys(registry: ModelRegistry): ReadonlySet<string> {
  const declared = submodelKinds.flatMap((kind) => registry[kind].map(({ resources = {} }) => resources));
  return new Set(
    [...Object.values(componentNeeds), ...declared].flatMap((needs) => Object.values(needs).map((n) => n.from)),
  );
}

/** What a type needs; nothing where there is no such type. */
export function needsOf(type: string, kind: SubmodelKind | "component", registry: ModelRegistry): ResourceNeeds {
  if (kind === "component") return Object.hasOwn(componentNeeds, type) ? componentNeeds[type as Model["type"]] : {};
  return registry[kind].find((d) => d.type === type)?.resources ?? {};
}

/** The file that a model names for a need. */
export function fileOf({ extra }: ModelData, { from }: ResourceNeed): string | undefined {
  const file = extra?.[from];
  return file === undefined ? undefined : String(file);
}

/** The data for one need of a model; an error if they were not read. */
export function resourceOf<K extends ResourceKind>(
  data: ModelData,
  name: string,
  need: ResourceNeed<K>,
  where: string,
): Resources[K] {
  const found = data.resources?.[name];
  if (found !== undefined) return found as Resources[K];
  const noun = resourceNouns[need.kind];
  const file = fileOf(data, need);
  const what =
    file === undefined
      ? `it needs a ${noun} (${need.about}); name its file as ${need.from}, or give resources.${name}`
      : `the ${noun} "${file}" was not read; give it as resources.${name}, or read the models with their files`;
  throw new SpecError(`${where}: ${what}`);
}

/** One need of one model of an analysis. */
export interface HeldResource {
  /** Name of the model. */
  readonly model: string;
  readonly name: string;
  readonly need: ResourceNeed;
  readonly file: string | undefined;
  readonly data: Resource | undefined;
}

type Holder = ModelData & { readonly type: string };

/** The models with other names of files; `rename` gives that of each need. */
export function renameFiles(
  models: Models,
  registry: ModelRegistry,
  rename: (held: HeldResource) => string | undefined,
): Models {
  const change = <H extends Holder>(holder: H, kind: SubmodelKind | "component", model: string): H => {
    let { extra } = holder;
    for (const [name, need] of Object.entries(needsOf(holder.type, kind, registry))) {
      const file = fileOf(holder, need);
      const next = rename({ model, name, need, file, data: holder.resources?.[name] });
      if (next !== file) extra = { ...extra, [need.from]: next };
    }
    const parts = Object.entries(holder.parts ?? {}).map(([key, part]) => [key, change(part, kind, model)]);
    return {
      ...holder,
      ...(extra !== undefined && { extra }),
      ...(parts.length > 0 && { parts: Object.fromEntries(parts) }),
    };
  };
  const components = models.components.map((model) => {
    const whole = change(model as Model & Holder, "component", model.name);
    const submodels = submodelKinds.flatMap((kind) => {
      const submodel = (model as Partial<Record<SubmodelKind, Holder>>)[kind];
      return submodel === undefined ? [] : [[kind, change(submodel, kind, model.name)]];
    });
    return { ...whole, ...Object.fromEntries(submodels) } as Model;
  });
  return { ...models, components };
}

/** Everything that models need, with the files that they name. */
export function heldResources(models: Models, registry: ModelRegistry): HeldResource[] {
  const found: HeldResource[] = [];
  renameFiles(models, registry, (held) => {
    found.push(held);
    return held.file;
  });
  return found;
}
