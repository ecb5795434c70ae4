import { SpecError, unknownName } from "../errors.js";
import type { Frame } from "../sky/types.js";
import { conversionFactor, parseQuantity, type Quantity, toUnit } from "../units/index.js";
import type { ModelRegistry, ParameterDeclaration, SpatialDeclaration } from "./declaration.js";
import { declarationOf, nearestType, type SubmodelKind, submodelKinds } from "./lookup.js";
import { standardModels } from "./registry.js";
import type { FoVBackgroundModel, ModelData, Parameter, SkyModel, Submodel } from "./types.js";

/** A number in the declaration's unit, a text such as "10 GeV", or some fields of the parameter. Limits: numbers in the parameter's unit, or texts. */
export type ParameterInput =
  | number
  | string
  | (Partial<Omit<Parameter, "name" | "value" | "min" | "max">> & {
      readonly value?: number | string;
      readonly min?: number | string;
      readonly max?: number | string;
    });

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
      throw unknownName(declaration.type, "parameter", name, names);
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

/** A source. */
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
