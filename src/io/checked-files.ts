import { FormatError } from "../errors.js";
import { readFits } from "../fits/index.js";
import type { FileAccess } from "./files.js";

/** The same files; of a FITS file that is not what its CHECKSUM and DATASUM say, `note` is told, once. */
export function checkedFiles(files: FileAccess, note: (what: string) => void): FileAccess {
  const { freeBytes, list, plainPath, writeAll, isChecked } = files;
  // who gave them is told already
  if (isChecked) return files;
  return {
    isChecked: true,
    async read(path) {
      const bytes = await files.read(path);
      const change = checksumProblem(bytes, path);
      if (change !== undefined) note(change);
      return bytes;
    },
    exists: (path) => files.exists(path),
    write: (path, bytes, options) => files.write(path, bytes, options),
    env: (name) => files.env(name),
    ...(plainPath !== undefined && { plainPath: (path) => plainPath.call(files, path) }),
    ...(list !== undefined && { list: (folder) => list.call(files, folder) }),
    ...(writeAll !== undefined && { writeAll: (entries, options) => writeAll.call(files, entries, options) }),
    ...(freeBytes !== undefined && { freeBytes: () => freeBytes.call(files) }),
  };
}

/**
 * What CHECKSUM and DATASUM of a FITS file say of its bytes, where these are others; undefined where they hold, where there are none, and for other
 * files. `where`: its name, for the text.
 * @throws UnsupportedError where the file has HDUs that are not read.
 */
export function checksumProblem(bytes: Uint8Array, where: string): string | undefined {
  if (!String.fromCharCode(...bytes.subarray(0, 6)).startsWith("SIMPLE")) return undefined;
  try {
    readFits(bytes, { where, verify: true, headersOnly: true });
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}
