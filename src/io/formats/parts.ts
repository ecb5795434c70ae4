/** Files that are a dataset only together. */
import type { DatasetParts, FileFormat, KnownFile } from "./types.js";

/** Of files given together those that are parts of one dataset as one file, which stands where the first of them stood; the others as they are. */
export function joinParts(files: readonly KnownFile[]): KnownFile[] {
  const groups = new Map<DatasetParts, KnownFile[]>();
  for (const file of files) {
    const { partOf } = file.format;
    if (partOf !== undefined) groups.set(partOf, [...(groups.get(partOf) ?? []), file]);
  }
  const first = new Map(Array.from(groups, ([parts, own]) => [own[0]!, joined(parts, own)]));
  return files.flatMap((file) => (file.format.partOf === undefined ? [file] : (first.get(file) ?? [])));
}

/** Named as the first file. */
function joined(parts: DatasetParts, files: readonly KnownFile[]): KnownFile {
  const { name, about, types } = parts;
  const read = (_: unknown, context: Parameters<DatasetParts["join"]>[1]) => parts.join(files, context);
  const format: FileFormat = { name, about, holds: ["datasets"], sniff: () => 0, dataset: { types, read } };
  return { ...files[0]!, format };
}
