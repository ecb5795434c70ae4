/** The files that short texts of models name. */

import type { ModelRegistry } from "../models/declaration.js";
import type { FileOfText } from "../models/text/build.js";
import { placeAt } from "../models/text/scan.js";
import { filesOfSource, readSources, type SourceTexts } from "../models/text/sources.js";
import type { TextSource } from "../models/text/types.js";
import type { Resource } from "../models/types.js";
import type { FileAccess } from "./files.js";
import { readResource } from "./yaml/model-files.js";

/** What the files of a text hold, by their names. */
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
  for (const { need, name, at, ...source } of named) {
    if (found[name] !== undefined) continue;
    const { kind, folder } = need;
    const where = placeAt(source, at);
    found[name] = (await readResource(
      { kind, name, where, ...(folder !== undefined && { folder }) },
      ".",
      files,
    )) as Resource;
  }
  return found;
}
