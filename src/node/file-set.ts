/**
 * Several files of one folder that take their names together, also where the process is killed at any step. They are written into a folder of their own, which
 * gets two names after the other:
 *
 * - `.gammats-held`, which one writer at a time can have. Nobody reads it; that of a dead process is thrown away.
 * - `.gammats-new`, the one step that decides: until then all files are the old ones, from then on this folder holds what each of its files has become. They are
 *   moved to their places one after the other by whoever comes by: the writer or, where it was killed, the next reader or writer. No move depends on who has
 *   done the others.
 */
import { lstat, open, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { existsError, unwritable, writeError } from "./file-errors.js";
import { forget, isOfDeadProcess, temporaryIn } from "./temporaries.js";

const HELD = ".gammats-held";
const NEW = ".gammats-new";
/** In these two: the name that the folder began with, which says whose it is. */
const OWNER = ".gammats-owner";

/** How long to wait for other writers, ms; one of them needs some. */
const PATIENCE = 2000;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";

/** Where a file is to be found by somebody who may not finish the set: there first, else at its own place. */
export const placeInSet = (folder: string, name: string): string => join(folder, NEW, name);

/** Moves what an earlier write left to its place. */
export async function finishSet(folder: string): Promise<void> {
  const names = await namesIn(join(folder, NEW));
  if (names === undefined) return;
  for (const name of names) await move(folder, name);
  await syncFolder(folder);
  // gone already, or those of the next writer, who needs no owner any more
  await rm(join(folder, NEW, OWNER), { force: true }).catch(() => undefined);
  await rmdir(join(folder, NEW)).catch(() => undefined);
}

/** The names of the files of a set; undefined where there is none. */
async function namesIn(set: string): Promise<string[] | undefined> {
  try {
    const found = await readdir(set, { withFileTypes: true });
    return found.filter((entry) => entry.isFile() && entry.name !== OWNER).map((entry) => entry.name);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

async function move(folder: string, name: string): Promise<void> {
  try {
    await rename(join(folder, NEW, name), join(folder, name));
  } catch (error) {
    // another process has moved it
    if (codeOf(error) !== "ENOENT") throw writeError(join(folder, name), error);
  }
}

/** Gives the files in the folder `temporary`, which lies in `folder`, their places there; without `overwrite` only if none of them exists. */
export async function takeSet(
  temporary: string,
  folder: string,
  names: readonly string[],
  { overwrite }: { readonly overwrite: boolean },
): Promise<void> {
  await writeFile(join(temporary, OWNER), basename(temporary));
  await syncFolder(temporary);
  await hold(temporary, folder);
  try {
    await finishSet(folder);
    if (!overwrite) await refuseExisting(folder, names);
    await decide(folder);
  } catch (error) {
    await rename(join(folder, HELD), temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
  await finishSet(folder);
}

/** Waits until no other writer holds the folder. */
async function hold(temporary: string, folder: string): Promise<void> {
  const held = join(folder, HELD);
  for (const end = Date.now() + PATIENCE; ; ) {
    try {
      return await rename(temporary, held);
    } catch (error) {
      // EPERM: Windows, where a folder never takes the place of another
      if (!["ENOTEMPTY", "EEXIST", "EPERM", "ENOTDIR"].includes(codeOf(error))) throw writeError(held, error);
    }
    if (Date.now() > end) {
      throw unwritable(folder, "another process is writing into this folder", `if there is none, remove ${held}`);
    }
    if (!(await dropAbandoned(folder))) await sleep(5);
  }
}

const isAbandoned = async (held: string): Promise<boolean> =>
  isOfDeadProcess(await readFile(join(held, OWNER), "utf8").catch(() => ""));

/** Removes what a dead process held. Should a living one have taken its place meanwhile, that finds it gone and fails. */
export async function dropAbandoned(folder: string): Promise<boolean> {
  const held = join(folder, HELD);
  if (!(await isAbandoned(held))) return false;
  const place = temporaryIn(folder);
  await rename(held, place).catch(() => undefined);
  if (!(await isAbandoned(place))) await rename(place, held).catch(() => undefined);
  await forget(place);
  return true;
}

async function refuseExisting(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const found = await lstat(join(folder, name)).catch(() => undefined);
    if (found !== undefined) throw existsError(join(folder, name));
  }
}

async function decide(folder: string): Promise<void> {
  const set = join(folder, NEW);
  try {
    await rename(join(folder, HELD), set);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "EPERM", "ENOTDIR"].includes(codeOf(error))) throw writeError(set, error);
    throw unwritable(set, "what an earlier write left there cannot be moved to its place", "remove it");
  }
}

/** Puts the names of a folder on the disk; some systems cannot, and do so by themselves. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const opened = await open(folder, "r");
    try {
      await opened.sync();
    } finally {
      await opened.close();
    }
  } catch {
    // Windows opens no folders, some network disks sync none
  }
}
