/** The models of the sources of a catalogue. */
import { SpecError } from "../errors.js";
import { createSubmodel, skyModel } from "../models/create.js";
import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import type { Resource, SkyModel, Submodel } from "../models/types.js";
import { sourceRows } from "./rows.js";
import type { Catalogue, CatalogueSource, ModelSpec, SubmodelSpec } from "./types.js";

/** The variant that is asked for, or the first. @throws SpecError where the catalogue has none of that name. */
export function variantOf({ declaration, where }: Catalogue, wanted: string | undefined): string {
  const { variants = [] } = declaration;
  if (wanted === undefined || variants.includes(wanted)) return wanted ?? variants[0] ?? "";
  const expected = variants.length === 0 ? `none: ${declaration.name} has one model a source` : variants.join(", ");
  throw new SpecError({ code: "unknown-name", where, found: `the variant "${wanted}"`, expected });
}

/** What a row says of its source, without the files that it names. */
export const modelSpecs = (
  catalogue: Catalogue,
  source: CatalogueSource,
  variant: string | undefined,
): readonly ModelSpec[] =>
  catalogue.declaration.models(sourceRows(catalogue, source.row), variantOf(catalogue, variant));

/** Data of files by the name that a row gives them. */
export type FileData = ReadonlyMap<string, Resource>;

/** `data`: of all files that the model names. */
export function modelOfSpec({ name, spectral, spatial }: ModelSpec, registry: ModelRegistry, data: FileData): SkyModel {
  return skyModel({
    name,
    spectral: submodelOf(spectral, "spectral", registry, data),
    ...(spatial && { spatial: submodelOf(spatial, "spatial", registry, data) }),
  });
}

function submodelOf(
  { type, values, frame, file = {} }: SubmodelSpec,
  kind: "spectral" | "spatial",
  registry: ModelRegistry,
  data: FileData,
): Submodel {
  const needs = Object.entries(declarationOf(type, kind, registry).resources ?? {});
  const resources = needs.flatMap(([name, { from }]) => {
    const found = data.get(file[from] ?? "");
    return found === undefined ? [] : [[name, found] as const];
  });
  return createSubmodel(registry, type, values, {
    kind,
    ...(frame && { frame }),
    ...(resources.length > 0 && { extra: file, resources: Object.fromEntries(resources) }),
  });
}

/** The model with all its parameters held, but for the norm of its spectrum where `isFree`. */
export function withNormAlone(model: SkyModel, isFree: boolean, registry: ModelRegistry): SkyModel {
  const { norm } = declarationOf(model.spectral, "spectral", registry);
  const hold = (submodel: Submodel, free?: string): Submodel => ({
    ...submodel,
    parameters: submodel.parameters.map((p) => ({ ...p, frozen: p.name !== free })),
  });
  return {
    ...model,
    spectral: hold(model.spectral, isFree ? norm : undefined),
    ...(model.spatial && { spatial: hold(model.spatial) }),
  };
}
