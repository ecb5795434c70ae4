import type { FileAccess } from "../io/files.js";
import { recognise } from "../io/recognise.js";

/** The bytes of a file and what it is. */
export async function readAny(path: string, files: FileAccess) {
  const bytes = await files.read(path);
  return { path, bytes, ...recognise(bytes, path) };
}
