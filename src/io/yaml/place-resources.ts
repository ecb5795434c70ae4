/** Models in a folder of their own: the YAML, and beside it the files that it names. */
import { SpecError } from "../../errors.js";
import type { ModelRegistry } from "../../models/declaration.js";
import { type HeldResource, heldResources, renameFiles } from "../../models/resources.js";
import type { Models, Resource } from "../../models/types.js";
import { basename, isPlainName } from "../files.js";
import { resourceWriters } from "../resources.js";
import { filesOfModels } from "./model-files.js";
import { type WriteModelsOptions, writeModels } from "./models.js";
import { isFoundAnywhere } from "./write-models.js";

/** The text of a models.yaml, and the files by name that belong beside it. A file that is found from anywhere stays where it is. */
export function placeResources(
  models: Models,
  options: WriteModelsOptions,
): { readonly yaml: string; readonly files: ReadonlyMap<string, Uint8Array> } {
  const { registry } = options;
  const placed = renameFiles(models, registry, placedName);
  const yaml = writeModels(placed, options);
  // what stands in the YAML itself needs no file
  const named = new Set(filesOfModels(yaml, registry).map(({ name }) => name));
  const files = new Map<string, Uint8Array>();
  for (const [name, { need, data }] of ownFiles(placed, registry)) {
    if (named.has(name)) files.set(name, encoded(need.kind, data!));
  }
  return { yaml, files };
}

/** A name in the folder of the YAML, and none where the data can stand in the YAML. */
function placedName({ model, name, need, file, data }: HeldResource): string | undefined {
  if (file !== undefined && isFoundAnywhere(file)) return file;
  const base = file === undefined ? "" : basename(file.replaceAll("\\", "/"));
  if (isPlainName(base)) return base;
  if (data === undefined || need.inline !== undefined) return file;
  return `${model.replace(/[^\w.-]+/g, "_")}_${name}.fits`;
}

/** The data to be written, by name of the file. */
function ownFiles(models: Models, registry: ModelRegistry): Map<string, HeldResource> {
  const found = new Map<string, HeldResource>();
  for (const held of heldResources(models, registry)) {
    const { file, data } = held;
    if (file === undefined || data === undefined || isFoundAnywhere(file)) continue;
    const other = found.get(file);
    if (other !== undefined && other.data !== data) {
      throw new SpecError(
        `the models "${other.model}" and "${held.model}" both name a file ${file} for data of their own; rename one of them`,
      );
    }
    found.set(file, held);
  }
  return found;
}

function encoded(kind: HeldResource["need"]["kind"], data: Resource): Uint8Array {
  // each kind of data goes to the format of that kind
  return (resourceWriters[kind] as (data: Resource) => Uint8Array)(data);
}
