/** A model of the registry with the data of its example in it, where it needs none of a file. */
import { GammatsError } from "../errors.js";
import type {
  ModelRegistry,
  ParameterDeclaration,
  PriorDeclaration,
  SpatialDeclaration,
  SpectralDeclaration,
  TemporalDeclaration,
} from "../models/declaration.js";
import { declarationOf, type SubmodelKind } from "../models/lookup.js";
import type { ModelPart } from "../models/types.js";

type ModelKind = SubmodelKind | "prior";
type Declaration = SpectralDeclaration | SpatialDeclaration | TemporalDeclaration | PriorDeclaration;

export interface BoundModel {
  readonly kind: ModelKind;
  readonly declaration:
    | (SpectralDeclaration | SpatialDeclaration | TemporalDeclaration)
    | (PriorDeclaration & { readonly example?: undefined });
  /** Of the example, in the order of the vector; those of models inside are not among them. */
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly isNorm: boolean;
  /** What can be evaluated; undefined where a file is missing. */
  readonly bound: Declaration | undefined;
}

export function bindExample(kind: ModelKind, declaration: Declaration, registry: ModelRegistry): BoundModel {
  if (kind === "prior") {
    return { kind, declaration: declaration as PriorDeclaration, parameters: {}, isNorm: false, bound: declaration };
  }
  const submodel = declaration as SpectralDeclaration;
  const { example, type, parts: keys = [] } = submodel;
  const isPart = (key: string) => keys.includes(key);
  const parts = Object.entries(example ?? {}).filter(([key]) => isPart(key)) as [string, ModelPart][];
  const extra = Object.fromEntries(Object.entries(example ?? {}).filter(([key]) => !isPart(key)));
  const data = {
    ...(example !== undefined && { extra }),
    ...(parts.length > 0 && { parts: Object.fromEntries(parts) }),
  };
  let bound: SpectralDeclaration | undefined;
  try {
    bound = declarationOf({ type, ...data }, kind, registry) as SpectralDeclaration;
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
  }
  const parameters = keys.length > 0 ? {} : (bound ?? submodel).parameters;
  return { kind, declaration: submodel, parameters, isNorm: (bound ?? submodel).isNorm === true, bound };
}
