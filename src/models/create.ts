import { SpecError, unknownName } from "../errors.js";
import type { Frame } from "../sky/types.js";
import { conversionFactor, parseQuantity, type Quantity, toUnit } from "../units/index.js";
import type { ModelRegistry, ParameterDeclaration, SpatialDeclaration } from "./declaration.js";
import { type DeclarationByKind, declarationOf, nearestType, type SubmodelKind, submodelKinds } from "./lookup.js";
import { standardModels } from "./registry.js";
import type { FoVBackgroundModel, ModelData, Parameter, SkyModel, Submodel } from "./types.js";
import { checkNumbers } from "./validate-parameter.js";

/** A number in the declaration's unit, a text such as "10 GeV", or some fields of the parameter. Limits: numbers in the parameter's unit, or texts. */
export type ParameterInput =
  | number
  | string
  | (Partial<Omit<Parameter, "name" | "value" | "min" | "max">> & {
      readonly value?: number | string;
      readonly min?: number | string;
      readonly max?: number | string;
    });

/** What a submodel has beside its parameters. */
export interface CreateOptions extends ModelData {
  /** Needed where a short tag such as "gauss" stands for several kinds. */
  readonly kind?: SubmodelKind;
  /** Spatial models; ICRS if not given. */
  readonly frame?: Frame;
}

/** A parameter as its declaration has it. */
export function defaultParameter(name: string, declared: ParameterDeclaration): Parameter {
  return {
    name,
    value: declared.value,
    unit: declared.unit,
    error: 0,
    min: declared.min ?? Number.NaN,
    max: declared.max ?? Number.NaN,
    frozen: declared.frozen ?? false,
  };
}

/** A spectral, spatial or temporal model by type or short tag; parameters that are not given take their defaults. */
export function createSubmodel(
  registry: ModelRegistry,
  type: string,
  values: Readonly<Record<string, ParameterInput>> = {},
  options: CreateOptions = {},
): Submodel {
  const kind = options.kind ?? kindOf(type, registry);
  const { extra, resources, parts } = options;
  const data: ModelData = { ...(extra && { extra }), ...(resources && { resources }), ...(parts && { parts }) };
  const declaration = declarationOf({ type, ...data }, kind, registry);
  const names = Object.keys(declaration.parameters);
  for (const name of Object.keys(values)) {
    if (!names.includes(name)) {
      throw unknownParameter(declaration, name, names);
    }
  }
  return {
    type: declaration.type,
    parameters: Object.entries(declaration.parameters).map(([name, declared]) =>
      parameterOf(
        name,
        declared,
        Object.hasOwn(values, name) ? values[name] : undefined,
        `${declaration.type}.${name}`,
      ),
    ),
    ...(kind === "spatial" && frameOf(declaration as SpatialDeclaration, options)),
    ...data,
  };
}

/** An unknown name, and the keys of `extra` that decide on the parameters. */
function unknownParameter(
  { type, parameterKeys = [], extra = {} }: DeclarationByKind[SubmodelKind],
  name: string,
  names: readonly string[],
): SpecError {
  const { code, where, what, found, expected } = unknownName(type, "parameter", name, names);
  const keys = parameterKeys.map((key) => `extra.${key} (${extra[key]})`).join(" and ");
  const remedy = keys === "" ? undefined : `the parameters depend on ${keys}`;
  return new SpecError({ code, where, what, found, expected, remedy });
}

/**
 * Refuses what a caller gives that cannot be: values that are no finite numbers or outside of their limits, crossed limits, and keys of `extra` that the
 * type does not have.
 */
export function checkSubmodel(
  submodel: Submodel,
  values: Readonly<Record<string, ParameterInput>>,
  registry: ModelRegistry,
): void {
  const { type, parameters, extra = {} } = submodel;
  for (const parameter of parameters) if (Object.hasOwn(values, parameter.name)) checkNumbers(parameter, type);
  const kind = submodelKinds.find((kind) => registry[kind].some((d) => d.type === type))!;
  const { extra: known = {}, resources = {} } = declarationOf(type, kind, registry);
  const keys = [...Object.keys(known), ...Object.values(resources).map(({ from }) => from)];
  for (const key of Object.keys(extra)) {
    if (!keys.includes(key)) throw unknownName(type, "key of extra", key, keys);
  }
}

function frameOf({ global, frame, type }: SpatialDeclaration, options: CreateOptions): { readonly frame?: Frame } {
  if (global === true) return {};
  if (frame !== undefined && options.frame !== undefined && frame !== options.frame) {
    throw new SpecError(`${type}: found the frame ${options.frame}, but its data are in ${frame}; leave it out`);
  }
  return { frame: frame ?? options.frame ?? "icrs" };
}

function kindOf(type: string, registry: ModelRegistry): SubmodelKind {
  const kinds = submodelKinds.filter((kind) => registry[kind].some((d) => d.type === type || d.tag === type));
  if (kinds.length > 1) {
    throw new SpecError(`"${type}" may be a ${kinds.join(" or a ")} model; say which with the option kind`);
  }
  if (kinds.length === 1) return kinds[0]!;
  const all = submodelKinds.flatMap((kind) => registry[kind] as readonly { type: string; tag: string }[]);
  throw new SpecError(`unknown model type "${type}"${nearestType(type, all)}`, { code: "unknown-name", found: type });
}

/** A parameter as its declaration has it, with what is given in its place. */
export function parameterOf(
  name: string,
  declared: ParameterDeclaration,
  input: ParameterInput | undefined,
  where: string,
): Parameter {
  const parameter = defaultParameter(name, declared);
  if (input === undefined) return parameter;
  if (typeof input === "number") return { ...parameter, value: input };
  const { value, min, max, ...fields } = typeof input === "string" ? { value: input } : input;
  const quantity: Quantity =
    typeof value === "string"
      ? parseQuantity(value, where)
      : { value: value ?? parameter.value, unit: ("unit" in fields ? fields.unit : undefined) ?? parameter.unit };
  // what is found is the unit that is given
  conversionFactor(quantity.unit, parameter.unit, where);
  const factor = conversionFactor(parameter.unit, quantity.unit, where);
  const limit = (given: number | string | undefined, declared: number) =>
    given === undefined ? declared * factor : toUnit(given, quantity.unit, where);
  return {
    ...parameter,
    ...fields,
    value: typeof value === "string" || value !== undefined ? quantity.value : parameter.value * factor,
    unit: quantity.unit,
    min: limit(min, parameter.min),
    max: limit(max, parameter.max),
  };
}

/**
 * A source: a spectrum, with a place and shape on the sky where data are maps, and a change with time where it has one. Without `datasetsNames` it is in all
 * datasets.
 * @throws SpecError where the name is empty.
 * @example
 * ```ts
 * import { createSubmodel, skyModel } from "gammats";
 * const spectral = createSubmodel("pl", { index: 2.3, amplitude: "3e-12 cm-2 s-1 TeV-1" });
 * const spatial = createSubmodel("gauss", { lon_0: 83.63, lat_0: 22.01, sigma: "6 arcmin" }, { kind: "spatial" });
 * const source = skyModel({ name: "nebula", spectral, spatial });
 * console.assert(source.spatial?.frame === "icrs");
 * ```
 */
export function skyModel(spec: Omit<SkyModel, "type">): SkyModel {
  if (spec.name === "") throw new SpecError("skyModel: the name is empty; give every model a name of its own");
  return { type: "SkyModel", ...spec };
}

/** The spectrum of a background model that is given none, as in Gammapy. */
export const STANDARD_NORM = "PowerLawNormSpectralModel";

/** A factor on the background of one dataset; without `spectral`, a norm with a frozen tilt. */
export function fovBackground(
  dataset: string,
  spectral: Submodel = createSubmodel(standardModels, STANDARD_NORM),
  spatial?: Submodel,
): FoVBackgroundModel {
  return {
    type: "FoVBackgroundModel",
    name: `${dataset}-bkg`,
    datasetsNames: [dataset],
    spectral,
    ...(spatial !== undefined && { spatial }),
  };
}
