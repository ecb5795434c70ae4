/** The disk: files are inflated when they are read, and written whole or not at all. */
import type { FileAccess } from "../io/files.js";
import { isThere, readWhole } from "./read-file.js";
import { writeFileAtomically, writeFilesAtomically } from "./write-files.js";

export interface NodeFilesOptions {
  /** Aborts reads and writes; a write that was under way leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Variables for `$NAME` in paths; those of the process unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes of memory that files and what is made of them may take; default: what the machine has free. */
  readonly maxBytes?: number | undefined;
}

/** The disk as GammaTS sees it. Missing folders are made when a file is written. */
export function nodeFiles(options: NodeFilesOptions = {}): FileAccess {
  const { signal, env = process.env, maxBytes } = options;
  const freeBytes = () => maxBytes ?? process.availableMemory();
  return {
    freeBytes,
    read: (path) => readWhole(path, { signal, freeBytes }),
    exists: isThere,
    write: (path, bytes, { overwrite = false } = {}) => writeFileAtomically(path, bytes, { overwrite, signal }),
    writeAll: (entries, { overwrite = false } = {}) => writeFilesAtomically([...entries], { overwrite, signal }),
    env: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
  };
}
