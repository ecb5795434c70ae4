/** The files that a models.yaml names beside itself: what its models work on. */
import { isMap, type Node } from "yaml";
import { FormatError, GammatsError, hasCode } from "../../errors.js";
import type { ModelRegistry, ResourceNeeds } from "../../models/declaration.js";
import { type SubmodelKind, submodelKinds } from "../../models/lookup.js";
import { fileKeys, needsOf } from "../../models/resources.js";
import type { Models, ResourceKind } from "../../models/types.js";
import { expandPath, type FileAccess } from "../files.js";
import type { MemoryLimit } from "../memory.js";
import { resourceReaders } from "../resources.js";
import { resolvePath } from "./datasets.js";
import { type ModelsFile, readModels } from "./models.js";
import { openYaml, type YamlSource } from "./open.js";
import { parseModels } from "./read-models.js";
import type { ResourceFiles } from "./reading.js";
import { type Fields, readFields, readItems, readText, throwProblems } from "./source.js";

/** One file that a models.yaml names. */
export interface ModelFile {
  readonly kind: ResourceKind;
  /** As written. */
  readonly name: string;
  /** Folder where it is looked for too. */
  readonly folder?: string;
  /** File, line and key of the YAML. */
  readonly where: string;
}

/** The files that the models of a models.yaml need, in the order of the text. */
export function filesOfModels(text: string, registry: ModelRegistry, where = "models.yaml"): ModelFile[] {
  const found: ModelFile[] = [];
  const source = openYaml(text, where);
  // reading the models tells what is wrong
  if (source.problems.length > 0) return found;
  const components = readFields(source, source.document.contents, "")?.get("components");
  if (components === undefined) return found;
  const take = (fields: Fields | undefined, needs: ResourceNeeds) => {
    for (const { kind, from, folder, inlineKeys } of Object.values(needs)) {
      if (inlineKeys?.every((key) => fields?.get(key) !== undefined)) continue;
      const field = fields?.get(from);
      const name = field === undefined ? undefined : readText(source, field);
      if (name === undefined || name === "") continue;
      const at = `${where}:${source.lineOf(field!.node)} ${field!.path}`;
      found.push({ kind, name, ...(folder !== undefined && { folder }), where: at });
    }
  };
  const visit = (node: Node | null, path: string, kind: SubmodelKind) => {
    if (!isMap(node)) return;
    const fields = readFields(source, node, path);
    const written = typeOf(source, fields);
    const declaration = registry[kind].find(({ type, tag }) => type === written || tag === written);
    take(fields, declaration?.resources ?? {});
    for (const key of declaration?.parts ?? []) visit(fields?.get(key)?.node ?? null, `${path}.${key}`, kind);
  };
  readItems(source, components.node, "components").forEach((item, i) => {
    const path = `components[${i}]`;
    const fields = readFields(source, item, path);
    take(fields, needsOf(typeOf(source, fields) ?? "", "component", registry));
    for (const kind of submodelKinds) visit(fields?.get(kind)?.node ?? null, `${path}.${kind}`, kind);
  });
  return found;
}

function typeOf(source: YamlSource, fields: Fields | undefined): string | undefined {
  const field = fields?.get("type");
  return field === undefined ? undefined : readText(source, field);
}

/** Reads what `readModels` needs beside the text of `path`. Throws one FormatError with everything that is missing or wrong. */
export async function readModelFiles(
  text: string,
  path: string,
  files: FileAccess,
  registry: ModelRegistry,
): Promise<{ readonly resources: ResourceFiles }> {
  const { resources, problems } = await filesThatAreThere(text, path, files, registry);
  throwProblems(path, problems);
  return { resources };
}

/** The same of what is there, and what is not. */
async function filesThatAreThere(
  text: string,
  path: string,
  files: FileAccess,
  registry: ModelRegistry,
): Promise<{ readonly resources: ResourceFiles; readonly problems: readonly GammatsError[] }> {
  const resources = new Map<ResourceKind, Map<string, unknown>>();
  const problems: GammatsError[] = [];
  // most texts name none, and need not be read twice
  const mayName = [...fileKeys(registry)].some((key) => text.includes(key));
  for (const file of mayName ? filesOfModels(text, registry, path) : []) {
    const known = resources.get(file.kind) ?? new Map<string, unknown>();
    if (known.has(file.name)) continue;
    resources.set(file.kind, known);
    try {
      known.set(file.name, await readResource(file, path, files));
    } catch (error) {
      if (!(error instanceof GammatsError)) throw error;
      problems.push(...(error.problems ?? [error]));
    }
  }
  const found = Array.from(resources, ([kind, known]) => [kind, Object.fromEntries(known)]);
  return { resources: Object.fromEntries(found), problems };
}

export async function readResource(file: ModelFile, path: string, files: FileAccess): Promise<unknown> {
  const found = await placeOf(file, path, files);
  const options: MemoryLimit = { where: found, maxBytes: files.freeBytes?.() };
  return resourceReaders[file.kind](await files.read(found), options);
}

/** `readModels` of the text of `path`, with the files that it names. */
export async function readModelsWithFiles(
  text: string,
  path: string,
  files: FileAccess,
  registry: ModelRegistry,
): Promise<ModelsFile> {
  return readModels(text, { where: path, registry, ...(await readModelFiles(text, path, files, registry)) });
}

/** The models of the text of `path` that can be read, whatever is wrong with the others. */
export async function readableModels(
  text: string,
  path: string,
  files: FileAccess,
  registry: ModelRegistry,
): Promise<Models> {
  const { resources } = await filesThatAreThere(text, path, files, registry);
  return parseModels(text, { where: path, registry, resources }).models;
}

/** Where the YAML says, else in the folder of its kind, as Gammapy does with its tables. */
async function placeOf({ name, folder, where }: ModelFile, path: string, files: FileAccess): Promise<string> {
  try {
    return await resolvePath(name, path, files, where);
  } catch (error) {
    if (folder === undefined || !hasCode(error, "missing-file")) throw error;
    const variable = /\$(\w+)/.exec(folder)?.[1];
    if (variable !== undefined && (files.env(variable) ?? "") === "") {
      const hint = `; it is looked for in ${folder} too: set ${variable} to the folder of Gammapy's data`;
      throw new FormatError(error.message + hint, { code: "missing-file", where: error.where, found: name });
    }
    const base = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
    const known = `${expandPath(folder, files, where)}/${base}`;
    if (await files.exists(known)) return known;
    throw new FormatError(`${error.message}; nor is there ${known}`, {
      code: "missing-file",
      where: error.where,
      found: name,
    });
  }
}
