/** Files that are written whole or not at all, several of them together. */
import type { Stats } from "node:fs";
import { link, lstat, mkdir, open, readlink, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { SpecError } from "../errors.js";
import { existsError, notAFile, unwritable, writeError } from "./file-errors.js";
import { dropAbandoned, finishSet, syncFolder, takeSet } from "./file-set.js";
import { makeFolder } from "./make-folder.js";
import { forget, removeStale, temporaryIn } from "./temporaries.js";

export interface WriteOptions {
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}

/** Writes to a temporary file in the same folder, which then takes the name: readers see the old file or the new one. */
export function writeFileAtomically(path: string, bytes: Uint8Array, options: WriteOptions = {}): Promise<void> {
  return writeFilesAtomically([[path, bytes]], options);
}

/**
 * No file takes its name before all of them are on the disk. Those of one folder take their names together, also where the process is killed in the
 * middle; of several folders (a symbolic link counts as what it leads to) one follows the other. A link stays a link, and the mode and, where that is
 * permitted, the owner of a file that is replaced are kept.
 */
export async function writeFilesAtomically(
  entries: readonly (readonly [path: string, bytes: Uint8Array])[],
  { overwrite = false, signal }: WriteOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const targets = await Promise.all(entries.map(([path, bytes]) => targetOf(path, bytes, overwrite)));
  const parts = partsOf(targets);
  try {
    const prepared = await Promise.allSettled(parts.map((part) => prepare(part, signal)));
    const failed = prepared.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    signal?.throwIfAborted();
    for (const part of parts) await take(part, overwrite);
  } finally {
    for (const { temporary } of parts) await forget(temporary);
  }
}

/** A file to be written. */
interface Target {
  /** As it was given, for messages. */
  readonly path: string;
  /** Behind symbolic links. */
  readonly folder: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What is to be replaced. */
  readonly old: Stats | undefined;
}

/** The files of one folder. */
interface Part {
  readonly folder: string;
  readonly files: readonly Target[];
  /** The one file, or a folder that holds the files by name. */
  readonly temporary: string;
}

async function targetOf(path: string, bytes: Uint8Array, overwrite: boolean): Promise<Target> {
  try {
    const state = await unlessMissing(stat(path));
    const kind = state && notAFile(state);
    if (kind !== undefined) throw unwritable(path, `this is ${kind}`, "give the name of a file");
    const { place, old } = await throughLinks(path);
    if (!overwrite && (old !== undefined || place !== path)) throw existsError(path);
    return { path, folder: dirname(place), name: basename(place), bytes, old };
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Of links in a chain; the system has a limit of this size too. */
const MAX_LINKS = 40;

/** Where symbolic links lead, also to a file that is not there yet. */
async function throughLinks(path: string): Promise<{ readonly place: string; readonly old: Stats | undefined }> {
  let place = path;
  for (let i = 0; i < MAX_LINKS; i++) {
    const old = await unlessMissing(lstat(place));
    if (old === undefined || !old.isSymbolicLink()) return { place, old };
    const next = await readlink(place);
    // not joined: ".." behind another link is for the system to follow
    place = isAbsolute(next) ? next : `${await realpath(dirname(place))}${sep}${next}`;
  }
  throw Object.assign(new Error("too many links"), { code: "ELOOP", syscall: "readlink" });
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // a file in place of a folder is told when the folder is made
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function partsOf(targets: readonly Target[]): Part[] {
  const folders = new Map<string, Map<string, Target>>();
  for (const target of targets) {
    const files = folders.get(target.folder) ?? new Map<string, Target>();
    folders.set(target.folder, files);
    const twin = files.get(target.name);
    if (twin !== undefined) {
      throw new SpecError(`${target.path} and ${twin.path} are one file; choose another name for one of them`, {
        code: "unwritable-file",
        where: target.path,
      });
    }
    files.set(target.name, target);
  }
  return [...folders].map(([folder, files]) => ({
    folder,
    files: [...files.values()],
    temporary: temporaryIn(folder),
  }));
}

/** Writes everything to the disk, under no name that anybody knows. */
async function prepare({ folder, files, temporary }: Part, signal: AbortSignal | undefined): Promise<void> {
  try {
    await makeFolder(folder);
    await finishSet(folder);
    await dropAbandoned(folder);
    await removeStale(folder);
    if (files.length > 1) await mkdir(temporary);
  } catch (error) {
    throw writeError(files[0]!.path, error);
  }
  const written = await Promise.allSettled(
    files.map((file) => writeTemporary(files.length > 1 ? join(temporary, file.name) : temporary, file, signal)),
  );
  for (const [i, one] of written.entries()) {
    if (one.status === "rejected") throw writeError(files[i]!.path, one.reason);
  }
}

async function writeTemporary(temporary: string, { bytes, old }: Target, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  // what was private stays so from the first byte on
  const file = await open(temporary, "wx", old === undefined ? 0o666 : 0o600);
  try {
    await file.writeFile(bytes, { signal });
    if (old !== undefined) {
      // only the superuser may give a file to somebody else
      await file.chown(old.uid, old.gid).catch(() => undefined);
      await file.chmod(old.mode & 0o7777).catch(() => undefined);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Gives the files their names. */
async function take({ folder, files, temporary }: Part, overwrite: boolean): Promise<void> {
  if (files.length > 1) {
    const names = files.map(({ name }) => name);
    return takeSet(temporary, folder, names, { overwrite });
  }
  const [{ path, name }] = files as [Target];
  try {
    const place = join(folder, name);
    await (overwrite ? rename(temporary, place) : linkTo(temporary, place));
  } catch (error) {
    throw writeError(path, error);
  }
  await syncFolder(folder);
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
