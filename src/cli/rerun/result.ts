/** The result that is to be made again: a file, or the files of a folder. */
import { readdir, stat } from "node:fs/promises";
import { SpecError } from "../../errors.js";
import { basename, dirname, joinPath } from "../../io/files.js";
import { provenanceOf } from "../../io/provenance/stamp.js";
import type { Provenance } from "../../io/provenance/types.js";
import { readPlain } from "../../node/read-file.js";

export interface KnownResult {
  readonly provenance: Provenance;
  /** That its paths are relative to. */
  readonly folder: string;
  /** Bytes by name: of a folder all files. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly isFolder: boolean;
}

/**
 * @throws SpecError where nothing there says how it was made, or files of several calls do.
 */
export async function readResult(path: string): Promise<KnownResult> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const folder = isFolder ? path : dirname(path);
  const names = isFolder
    ? (await readdir(path, { withFileTypes: true })).filter((f) => f.isFile()).map((f) => f.name)
    : [basename(path)];
  const files = new Map<string, Uint8Array>();
  const found = new Map<string, { readonly provenance: Provenance; readonly names: string[] }>();
  for (const name of names.sort()) {
    const bytes = await readPlain(joinPath(folder, name));
    files.set(name, bytes);
    const provenance = provenanceOf(bytes, joinPath(folder, name));
    if (provenance === undefined) continue;
    const key = JSON.stringify({ ...provenance, time: "" });
    const known = found.get(key) ?? { provenance, names: [] };
    found.set(key, { ...known, names: [...known.names, name] });
  }
  const [first, ...others] = found.values();
  if (first === undefined) {
    const what = isFolder ? "no file in this folder says" : "this file does not say";
    throw new SpecError({
      where: path,
      what: `${what} how it was made`,
      remedy:
        "give a result of gammats with its provenance: fit-result.yaml, JSON, FITS or ECSV, or the folder with it",
    });
  }
  if (others.length > 0) {
    const list = [first, ...others].map((one) => `${one.names.join(", ")} (gammats ${one.provenance.command})`);
    throw new SpecError({
      where: path,
      what: `its files are of several calls: ${list.join("; ")}`,
      remedy: "name one of the files",
    });
  }
  return { provenance: first.provenance, folder, files, isFolder };
}
