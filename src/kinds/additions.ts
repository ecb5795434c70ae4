/** What a registry has beside what comes with GammaTS, and how those who compute elsewhere know that they have it too. */

import { SpecError } from "../errors.js";
import type { Registry } from "../likelihood/kind.js";
import type { Models } from "../models/types.js";
import { likelihoodRegistry } from "./registry.js";

type Family = keyof Registry;
type Entry = Registry[Family][number];

/** File formats stand above likelihoods, in registries of what reads and writes: all that has to be known of them here. */
interface NamedFormat {
  readonly name: string;
}

/** Declarations in lists of the same names as in a registry. */
export type RegistryAdditions<R extends Registry = Registry> = { readonly [F in keyof R]?: R[F] };

const NOUNS: Readonly<Record<Family | "formats", string>> = {
  spectral: "spectral model",
  spatial: "spatial model",
  temporal: "temporal model",
  priors: "prior",
  statistics: "statistic",
  kinds: "kind of dataset",
  formats: "file format",
};
const LISTS = Object.keys(NOUNS) as (Family | "formats")[];
const FAMILIES = Object.keys(likelihoodRegistry) as Family[];

/** The names by which an entry of a registry is found. */
function namesOf(entry: Entry | NamedFormat): readonly string[] {
  if ("types" in entry) return entry.types;
  return "type" in entry ? [entry.type] : [entry.name];
}

/**
 * A registry with more declarations in it (models, priors, statistics, kinds of datasets, file formats); one that has the name of another takes its place.
 * `where` begins messages. The registry that is given stays as it is.
 * @throws SpecError where the additions are no object of such lists, or a declaration has no name.
 * @example
 * ```ts
 * import { createSubmodel, dnde, extendRegistry, standardRegistry } from "gammats";
 * import type { SpectralDeclaration } from "gammats/models";
 * const steep: SpectralDeclaration = {
 *   type: "SteepSpectralModel", tag: "steep", about: "A power law of index 3", latex: "N_0 E^{-3}",
 *   parameters: { amplitude: { unit: "cm-2 s-1 TeV-1", value: 1e-12, about: "dnde at 1 TeV" } },
 *   norm: "amplitude", evaluate: (energy, [amplitude]) => amplitude * energy ** -3,
 * };
 * const registry = extendRegistry(standardRegistry, { spectral: [steep] });
 * console.assert(dnde(createSubmodel("steep", {}, { registry }), [2], { registry })[0] === 1e-12 / 8);
 * ```
 */
export function extendRegistry<R extends Registry>(
  registry: R,
  additions: RegistryAdditions<R>,
  where = "registry",
): R {
  if (typeof additions !== "object" || additions === null) {
    throw new SpecError(`${where}: found ${String(additions)}, expected an object with lists of ${LISTS.join(", ")}`);
  }
  const unknown = Object.keys(additions).find((key) => !(LISTS as readonly string[]).includes(key));
  if (unknown !== undefined) {
    throw new SpecError(`${where}: found "${unknown}", expected lists of ${LISTS.join(", ")}`);
  }
  const out = { ...registry } as unknown as Record<string, readonly unknown[]>;
  for (const list of LISTS) {
    const more = (additions as Partial<Record<string, readonly (Entry | NamedFormat)[]>>)[list] ?? [];
    if (!Array.isArray(more)) throw new SpecError(`${where}.${list}: found ${typeof more}, expected a list`);
    more.forEach((entry, i) => {
      requireNamed(entry, list, `${where}.${list}[${i}]`);
    });
    const replaced = new Set(more.flatMap(namesOf));
    const before = ((out[list] ?? []) as readonly (Entry | NamedFormat)[]).filter(
      (entry) => !namesOf(entry).some((name) => replaced.has(name)),
    );
    if (more.length > 0) out[list] = [...before, ...more];
  }
  return out as unknown as R;
}

function requireNamed(entry: unknown, list: keyof typeof NOUNS, where: string): void {
  const names = typeof entry === "object" && entry !== null ? namesOf(entry as Entry) : [];
  if (names.length === 0 || !names.every((name) => typeof name === "string" && name !== "")) {
    throw new SpecError(`${where}: expected a ${NOUNS[list]} with a name; see the declarations in gammats/models`);
  }
  if (list !== "formats" || typeof (entry as { readonly sniff?: unknown }).sniff === "function") return;
  throw new SpecError(
    `${where}: the file format "${names[0]}" has no function sniff, which says how sure it is of a file`,
  );
}

/** "spectral model "Mine" (amplitude cm-2 s-1 TeV-1, index)": its name, parameters and units. */
function label(family: Family, entry: Entry): string {
  const parameters = "parameters" in entry ? Object.entries(entry.parameters) : [];
  const listed = parameters.map(([name, p]) => ("unit" in p && p.unit !== "" ? `${name} ${p.unit}` : name)).join(", ");
  return `${NOUNS[family]} "${namesOf(entry).join('", "')}"${listed === "" ? "" : ` (${listed})`}`;
}

/** All that a registry has for likelihoods and GammaTS has not. */
function additionsOf(registry: Registry): { readonly label: string; readonly names: readonly string[] }[] {
  return FAMILIES.flatMap((family) => {
    const known: readonly Entry[] = likelihoodRegistry[family];
    const entries: readonly Entry[] = registry[family];
    return entries
      .filter((entry) => !known.includes(entry))
      .map((entry) => ({ label: label(family, entry), names: namesOf(entry) }));
  });
}

/** What datasets and models need of a registry that others may not have. */
export function additionsUsed(
  registry: Registry,
  datasets: readonly { readonly type: string; readonly statistic?: string }[],
  models: readonly Models[],
): string[] {
  const used = new Set<string>();
  for (const { type, statistic } of datasets) {
    used.add(type);
    if (statistic !== undefined) used.add(statistic);
  }
  for (const { components, calibration = [] } of models) addTypes([components, calibration], used);
  return additionsOf(registry).flatMap((a) => (a.names.some((name) => used.has(name)) ? [a.label] : []));
}

/** All values of `type` in plain data: of submodels, parts of compounds, priors. */
function addTypes(value: unknown, found: Set<string>): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  if ("type" in value && typeof value.type === "string") found.add(value.type);
  for (const inner of Object.values(value)) addTypes(inner, found);
}

/** Refuses work that needs what this registry has not. */
export function requireAdditions(needs: readonly string[], registry: Registry, where: string): void {
  const known = new Set(additionsOf(registry).map((a) => a.label));
  const missing = needs.filter((need) => !known.has(need));
  if (missing.length === 0) return;
  throw new SpecError(
    `${where}: this worker does not know the ${missing.join(", the ")}; start it with the file that declares ${missing.length === 1 ? "it" : "them"}: threadsExecutor({ plugins }), gammats worker --plugin file.js`,
  );
}
