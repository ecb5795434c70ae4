import { SpecError, unknownName } from "../errors.js";
import type { SpatialDeclaration } from "../models/declaration.js";
import { parameterVector, unitFactors } from "../models/parameters.js";
import type { Model, ModelData, SkyModel, Submodel } from "../models/types.js";
import type { SkyPosition } from "../sky/types.js";
import { positionOf, type Shape } from "./shape.js";
import type { BoundSubmodel, FoldContext, TermParameter } from "./types.js";

/** The values of a submodel in its declaration's units, and which of them vary. */
export function bindSubmodel(
  model: Model,
  kind: "spectral" | "spatial" | "temporal",
  submodel: Submodel,
  context: FoldContext,
): BoundSubmodel {
  const component = context.models.components.indexOf(model);
  const declaration = context.declarations.of(submodel, kind, `model "${model.name}"`);
  const factors = unitFactors(submodel, declaration);
  const free: number[] = [];
  const parameters: TermParameter[] = [];
  context.entries.forEach((entry, index) => {
    if (entry.component !== component || entry.kind !== kind || !context.isFree(entry, index)) return;
    const i = entry.index;
    free.push(i);
    parameters.push({ entry: index, factor: factors[i]! });
  });
  return { submodel, p: parameterVector(submodel, declaration), free, parameters };
}

/** The spatial model of a source as its images need it. */
export function shapeOf(model: Pick<SkyModel, "name">, spatial: Submodel, context: FoldContext): Shape {
  const declaration = context.declarations.of(spatial, "spatial", `model "${model.name}"`);
  const [lon = -1, lat = -1] = declaration.position?.map((name) => indexOf(declaration, name)) ?? [];
  const frame = declaration.frame ?? spatial.frame ?? "icrs";
  return { declaration, frame, lon, lat, key: [...dataKey(declaration, spatial), frame] };
}

/** What tells shapes apart: a declaration that data are bound to is made anew each time, by the same function from the same data. */
function dataKey(declaration: SpatialDeclaration, spatial: Submodel): readonly unknown[] {
  return declaration.bind === undefined ? [declaration] : [declaration.bind, ...keyOf(spatial)];
}

/** Data are told apart as objects, not by their numbers. */
function keyOf({ type, extra, resources = {}, parts = {} }: ModelData & { readonly type: string }): unknown[] {
  return [type, JSON.stringify(extra), ...Object.values(resources), ...Object.values(parts).flatMap(keyOf)];
}

/** Index of the parameter that a declaration names elsewhere. */
export function indexOf({ type, parameters }: Pick<SpatialDeclaration, "type" | "parameters">, name: string): number {
  const names = Object.keys(parameters);
  const index = names.indexOf(name);
  if (index < 0) throw unknownName(`declaration of ${type}`, "parameter", name, names);
  return index;
}

/** Spectra and flux points do not know what part of a map of flux they see. */
export function refuseMapOfFlux(dataset: string, model: SkyModel, context: FoldContext): void {
  if (model.spatial === undefined || shapeOf(model, model.spatial, context).declaration.flux !== true) return;
  throw new SpecError(
    `model "${model.name}" on dataset "${dataset}": its shape is a map of flux, and only datasets with images can tell what they see of it; limit it to those by datasets_names`,
  );
}

/** The position of a source as the models have it; null where it has none. */
export function placeOf(model: SkyModel, context: FoldContext): SkyPosition | null {
  if (model.spatial === undefined) return null;
  const shape = shapeOf(model, model.spatial, context);
  return positionOf(shape, parameterVector(model.spatial, shape.declaration));
}
