/** The files that short texts of models name. */

import type { ModelRegistry } from "../models/declaration.js";
import type { FileOfText } from "../models/text/build.js";
import { resourceKey } from "../models/text/resource-key.js";
import { placeAt } from "../models/text/scan.js";
import { filesOfSource, readSources, type SourceTexts } from "../models/text/sources.js";
import type { TextSource } from "../models/text/types.js";
import type { Resource, ResourceKind } from "../models/types.js";
import type { FileAccess } from "./files.js";
import { readResource } from "./yaml/model-files.js";

/** What the files of a text hold, by their names; what is read from one as data of a second kind, by `resourceKey`. */
export type TextResources = Readonly<Record<string, Resource>>;

export async function readTextFiles(
  texts: SourceTexts,
  files: FileAccess,
  registry: ModelRegistry,
): Promise<TextResources> {
  return readNamedFiles(
    readSources(texts).flatMap((source) => filesOfSource(source, registry)),
    files,
  );
}

/** The same of files that are found already. */
export async function readNamedFiles(
  named: readonly (FileOfText & TextSource)[],
  files: FileAccess,
): Promise<TextResources> {
  const found: Record<string, Resource> = {};
  const kinds = new Map<string, ResourceKind>();
  for (const { need, name, at, ...source } of named) {
    const { kind, folder } = need;
    // the first kind stands under the name alone
    const key = (kinds.get(name) ?? kind) === kind ? name : resourceKey(kind, name);
    if (kinds.has(key)) continue;
    kinds.set(key, kind);
    const where = placeAt(source, at);
    found[key] = (await readResource(
      { kind, name, where, ...(folder !== undefined && { folder }) },
      ".",
      files,
    )) as Resource;
  }
  return found;
}
