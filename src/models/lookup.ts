import { didYouMean, nameHint, SpecError } from "../errors.js";
import type {
  BindContext,
  ModelRegistry,
  PriorDeclaration,
  SpatialDeclaration,
  SpectralDeclaration,
  TemporalDeclaration,
} from "./declaration.js";
import type { ModelData, ModelPart, Submodel } from "./types.js";

/** The parts of a model. */
export type SubmodelKind = "spectral" | "spatial" | "temporal";

export interface DeclarationByKind {
  spectral: SpectralDeclaration;
  spatial: SpatialDeclaration;
  temporal: TemporalDeclaration;
  priors: PriorDeclaration;
}

export const submodelKinds = ["spectral", "spatial", "temporal"] as const satisfies readonly SubmodelKind[];

/**
 * The declaration of a submodel (with its data bound), a type or a short tag.
 * @throws SpecError where there is none, with the nearest name, or where the data of the submodel are not what it needs.
 */
export function declarationOf<K extends keyof DeclarationByKind>(
  what: string | ({ readonly type: string } & ModelData),
  kind: K,
  registry: ModelRegistry,
  where = "",
): DeclarationByKind[K] {
  const name = typeof what === "string" ? what : what.type;
  const declarations = registry[kind] as readonly DeclarationByKind[K][];
  const found =
    declarations.find((declaration) => declaration.type === name) ??
    declarations.find((declaration) => declaration.tag === name);
  if (found !== undefined) {
    if (typeof what === "string" || kind === "priors" || !("bind" in found)) return found;
    const find = (part: ModelPart) => declarationOf(part, kind, registry);
    // a declaration binds to one of its own kind
    const bind = found.bind as ((context: BindContext<DeclarationByKind[K]>) => DeclarationByKind[K]) | undefined;
    return bind?.({ ...what, find }) ?? found;
  }
  const noun = kind === "priors" ? "prior" : `${kind} model`;
  const elsewhere = submodelKinds.find((other) => other !== kind && registry[other].some((d) => d.type === name));
  const hint = elsewhere !== undefined ? `; it is a ${elsewhere} model` : nearestType(name, declarations);
  throw new SpecError({
    code: "unknown-name",
    where: where === "" ? noun : where,
    what: `unknown type "${name}"${hint}`,
    found: name,
  });
}

/** The declarations of submodels, each with its data bound once: for what needs them again and again. */
export interface Declarations {
  of<K extends SubmodelKind>(submodel: Submodel, kind: K, where?: string): DeclarationByKind[K];
}

export function createDeclarations(registry: ModelRegistry): Declarations {
  const known = new Map<Submodel, DeclarationByKind[SubmodelKind]>();
  return {
    of<K extends SubmodelKind>(submodel: Submodel, kind: K, where = "") {
      let declaration = known.get(submodel);
      if (declaration === undefined)
        known.set(submodel, (declaration = declarationOf(submodel, kind, registry, where)));
      return declaration as DeclarationByKind[K];
    },
  };
}

/** The hint for a type that does not exist: full types come before short tags. */
export function nearestType(
  name: string,
  declarations: readonly { readonly type: string; readonly tag: string }[],
): string {
  const types = declarations.map((declaration) => declaration.type);
  const tags = declarations.map((declaration) => declaration.tag);
  return didYouMean(name, types) || didYouMean(name, tags) || nameHint(name, types);
}
