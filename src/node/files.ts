/** The disk: files are inflated when they are read, and written whole or not at all. */
import type { FileAccess } from "../io/files.js";
import { listFolder } from "./list-folder.js";
import { plainPath } from "./plain-path.js";
import { isThere, readWhole } from "./read-file.js";
import { writeFileAtomically, writeFilesAtomically } from "./write-files.js";

/** Options of `nodeFiles`. */
export interface NodeFilesOptions {
  /** Aborts reads and writes; a write that was under way leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Variables for `$NAME` in paths; those of the process unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes of memory that files and what is made of them may take; default: what the machine has free. */
  readonly maxBytes?: number | undefined;
  /** Whose paths they are; absent: those of this machine. */
  readonly platform?: string | undefined;
  /** Told of every file that is read, with its bytes as they are on the disk. */
  readonly onRead?: ((path: string, bytes: Uint8Array) => void) | undefined;
}

/**
 * The disk as GammaTS sees it. Missing folders are made when a file is written.
 * @throws FormatError when a file is read that is missing or unreadable.
 * @throws SpecError when one is written that exists, without `overwrite`.
 */
export function nodeFiles(options: NodeFilesOptions = {}): FileAccess {
  const { signal, env = process.env, maxBytes, platform, onRead } = options;
  const freeBytes = () => maxBytes ?? process.availableMemory();
  return {
    freeBytes,
    read: (path) => readWhole(path, { signal, freeBytes, onRead }),
    exists: isThere,
    list: listFolder,
    write: (path, bytes, { overwrite = false } = {}) => writeFileAtomically(path, bytes, { overwrite, signal }),
    writeAll: (entries, { overwrite = false } = {}) => writeFilesAtomically([...entries], { overwrite, signal }),
    plainPath: (path) => plainPath(path, platform),
    env: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
  };
}
