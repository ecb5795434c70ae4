/** Files on the disk: inflated when read, written whole or not at all. */

import { constants } from "node:buffer";
import { unlinkSync } from "node:fs";
import { access, link, mkdir, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FormatError, SpecError, UnsupportedError } from "../errors.js";
import type { FileAccess } from "../io/files.js";
import { formatBytes, requireMemory } from "../memory.js";

/** Options of `nodeFiles`. */
export interface NodeFilesOptions {
  /** Aborts reads and writes; a write that was under way leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Variables for `$NAME` in paths; those of the process unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes of memory that files and what is made of them may take; default: what the machine has free. */
  readonly maxBytes?: number | undefined;
}

/**
 * The disk as GammaTS sees it. Missing folders are made when a file is written.
 * @throws FormatError when a file is read that is missing or unreadable.
 * @throws SpecError when one is written that exists, without `overwrite`.
 */
export function nodeFiles(options: NodeFilesOptions = {}): FileAccess {
  const { signal, env = process.env, maxBytes } = options;
  const freeBytes = () => maxBytes ?? process.availableMemory();
  return {
    freeBytes,
    async read(path) {
      signal?.throwIfAborted();
      await requireRoom(path, freeBytes);
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await readFile(path, { signal }));
      } catch (error) {
        throw readError(path, error as NodeJS.ErrnoException);
      }
      return inflated(bytes, path, freeBytes);
    },
    async exists(path) {
      return access(path).then(
        () => true,
        () => false,
      );
    },
    write: (path, bytes, { overwrite = false } = {}) => writeFileAtomically(path, bytes, { overwrite, signal }),
    writeAll: (entries, { overwrite = false } = {}) => writeFilesAtomically([...entries], { overwrite, signal }),
    env: (name) => env[name],
  };
}

/** A file that memory cannot hold is refused before it is read; one that is not there is left to the reading. */
async function requireRoom(path: string, freeBytes: () => number): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  requireMemory(path, [{ what: "the bytes of the file", bytes: size }], freeBytes());
}

/** Of this process alone; a temporary file is made only where none of its name exists. */
const uniqueName = () => `${process.pid.toString(36)}${Math.random().toString(36).slice(2, 10)}`;

/** Temporary files of writes under way; removed when the process ends in the middle of one. */
const pending = new Set<string>();
let watching = false;

export interface WriteOptions {
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}

/** Writes to a temporary file in the same folder, which then takes the name: readers see the old file or the new one. */
export function writeFileAtomically(path: string, bytes: Uint8Array, options: WriteOptions = {}): Promise<void> {
  return writeFilesAtomically([[path, bytes]], options);
}

/** No file takes its name before all of them are on the disk: where one cannot be written, those that existed stay as they were. */
export async function writeFilesAtomically(
  entries: readonly (readonly [path: string, bytes: Uint8Array])[],
  options: WriteOptions = {},
): Promise<void> {
  const temporaries: string[] = [];
  const step = async (path: string, work: () => Promise<void>) => {
    options.signal?.throwIfAborted();
    await work().catch((error) => {
      throw writeError(path, error as NodeJS.ErrnoException);
    });
  };
  try {
    const written = entries.map(([path, bytes]) => {
      const temporary = join(dirname(path), `.${basename(path)}.${uniqueName()}.tmp`);
      temporaries.push(temporary);
      pending.add(temporary);
      return step(path, () => writeTemporary(temporary, path, bytes, options));
    });
    const failed = (await Promise.allSettled(written)).find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    for (const [k, [path]] of entries.entries()) {
      const take = options.overwrite ? rename : linkTo;
      await step(path, () => take(temporaries[k]!, path));
    }
  } finally {
    for (const temporary of temporaries) {
      await unlink(temporary).catch(() => undefined);
      pending.delete(temporary);
    }
  }
}

async function writeTemporary(
  temporary: string,
  path: string,
  bytes: Uint8Array,
  { overwrite = false, signal }: WriteOptions,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const target = await stat(path).catch(() => undefined);
  if (target?.isDirectory()) throw unwritable(path, "this is a folder", "give the name of a file");
  if (target !== undefined && !overwrite) throw existsError(path);
  watchExit();
  const file = await open(temporary, "wx");
  try {
    await file.writeFile(bytes, { signal });
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Unlike a rename, a link never replaces a file that came into being meanwhile. */
async function linkTo(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // file systems without hard links
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    await rename(temporary, path);
  }
}

function watchExit(): void {
  if (watching) return;
  watching = true;
  process.once("exit", () => {
    for (const path of pending) {
      try {
        unlinkSync(path);
      } catch {
        // already gone
      }
    }
  });
}

async function inflated(bytes: Uint8Array, path: string, freeBytes: () => number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const free = freeBytes();
  try {
    return await gunzipped(bytes, Math.min(free, constants.MAX_LENGTH));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new UnsupportedError(
        `${path}: inflated, the file takes more than the ${formatBytes(free)} of memory that are free; cut out a smaller part of the sky, or allow more (maxBytes, GAMMATS_MAX_BYTES)`,
        { code: "too-large", where: path },
      );
    }
    throw new FormatError(
      `${path}: the gzip stream cannot be inflated (${(error as Error).message}); the file is truncated or damaged, fetch it again`,
      { code: "damaged", where: path },
    );
  }
}

async function gunzipped(bytes: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  // most files need none of it, and a short command feels what Node loads for it
  const { gunzip } = await import("node:zlib");
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength }, (error, out) => (error ? reject(error) : resolve(new Uint8Array(out))));
  });
}

function readError(path: string, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return new FormatError({
        code: "missing-file",
        where: path,
        what: "no such file",
        remedy: `check the name and the folder (looked from ${process.cwd()})`,
      });
    case "EISDIR":
      return new FormatError(`${path}: this is a folder; name a file in it`, { code: "unreadable-file", where: path });
    case "EACCES":
    case "EPERM":
      return new FormatError({
        code: "unreadable-file",
        where: path,
        what: "the file may not be read by this user",
        remedy: "change its permissions",
      });
    default:
      return error;
  }
}

const existsError = (path: string) =>
  new SpecError(`${path} exists already; allow overwriting, or choose another name or folder`, {
    code: "existing-file",
    where: path,
  });

const unwritable = (where: string, what: string, remedy: string) =>
  new SpecError({ code: "unwritable-file", where, what, remedy });

const noFolder = (folder: string) =>
  unwritable(folder, "a file of that name stands where a folder is needed", "choose another folder");

function writeError(path: string, error: NodeJS.ErrnoException): Error {
  const folder = dirname(path);
  switch (error.code) {
    case "EEXIST":
      // of mkdir: a file stands where the folder should be
      return error.syscall === "mkdir" ? noFolder(folder) : existsError(path);
    case "ENOTDIR":
      return noFolder(folder);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return unwritable(
        path,
        `the folder ${folder} is not writable (${error.code})`,
        "choose another or change its permissions",
      );
    case "ENOSPC":
      return unwritable(path, "the disk is full", "free room and run again");
    default:
      return error;
  }
}
