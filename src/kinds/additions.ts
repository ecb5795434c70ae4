/** What a registry has beside what comes with GammaTS, and how those who compute elsewhere know that they have it too. */

import { SpecError } from "../errors.js";
import type { Registry } from "../likelihood/kind.js";
import type { Models } from "../models/types.js";
import { standardRegistry } from "./registry.js";

type Family = keyof Registry;
type Entry = Registry[Family][number];

/** What a file of one's own (`--plugin`) exports: declarations in lists of the same names as in a registry. */
export type RegistryAdditions = { readonly [F in Family]?: Registry[F] };

const NOUNS: Readonly<Record<Family, string>> = {
  spectral: "spectral model",
  spatial: "spatial model",
  temporal: "temporal model",
  priors: "prior",
  statistics: "statistic",
  kinds: "kind of dataset",
};
const FAMILIES = Object.keys(NOUNS) as Family[];

/** The names by which an entry of a registry is found. */
function namesOf(entry: Entry): readonly string[] {
  if ("types" in entry) return entry.types;
  return "type" in entry ? [entry.type] : [entry.name];
}

/** A registry with more in it; one that has the name of another takes its place. `where` begins messages. */
export function extendRegistry(registry: Registry, additions: RegistryAdditions, where = "registry"): Registry {
  if (typeof additions !== "object" || additions === null) {
    throw new SpecError(
      `${where}: found ${String(additions)}, expected an object with lists of ${FAMILIES.join(", ")}`,
    );
  }
  const unknown = Object.keys(additions).find((key) => !FAMILIES.includes(key as Family));
  if (unknown !== undefined) {
    throw new SpecError(`${where}: found "${unknown}", expected lists of ${FAMILIES.join(", ")}`);
  }
  const out: Record<string, readonly Entry[]> = {};
  for (const family of FAMILIES) {
    const more: readonly Entry[] = additions[family] ?? [];
    if (!Array.isArray(more)) throw new SpecError(`${where}.${family}: found ${typeof more}, expected a list`);
    more.forEach((entry, i) => {
      const names = typeof entry === "object" && entry !== null ? namesOf(entry) : [];
      if (names.length > 0 && names.every((name) => typeof name === "string" && name !== "")) return;
      throw new SpecError(
        `${where}.${family}[${i}]: expected a ${NOUNS[family]} with a name; see the declarations in gammats/models`,
      );
    });
    const replaced = new Set(more.flatMap(namesOf));
    out[family] = [...registry[family].filter((entry) => !namesOf(entry).some((name) => replaced.has(name))), ...more];
  }
  return out as unknown as Registry;
}

/** "spectral model "Mine" (amplitude cm-2 s-1 TeV-1, index)": its name, parameters and units. */
function label(family: Family, entry: Entry): string {
  const parameters = "parameters" in entry ? Object.entries(entry.parameters) : [];
  const listed = parameters.map(([name, p]) => ("unit" in p && p.unit !== "" ? `${name} ${p.unit}` : name)).join(", ");
  return `${NOUNS[family]} "${namesOf(entry).join('", "')}"${listed === "" ? "" : ` (${listed})`}`;
}

/** All that a registry has and GammaTS has not. */
function additionsOf(registry: Registry): { readonly label: string; readonly names: readonly string[] }[] {
  return FAMILIES.flatMap((family) => {
    const known: readonly Entry[] = standardRegistry[family];
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
