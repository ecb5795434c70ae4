/** What the system says of files, in words. */
import { dirname } from "node:path";
import { FormatError, GammatsError, SpecError } from "../errors.js";

/** What a path leads to, where it is no regular file. */
export interface FileState {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

/** "a folder", "a device"; undefined for a regular file. */
export function notAFile(state: FileState): string | undefined {
  if (state.isFile()) return undefined;
  if (state.isDirectory()) return "a folder";
  if (state.isFIFO()) return "a pipe (FIFO)";
  return state.isSocket() ? "a socket" : "a device";
}

export function readError(path: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  const unreadable = (what: string, remedy: string) =>
    new FormatError({ code: "unreadable-file", where: path, what, remedy });
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new FormatError({
        code: "missing-file",
        where: path,
        what: "no such file",
        remedy: `check the name and the folder (looked from ${workingFolder()})`,
      });
    case "EISDIR":
      return unreadable("this is a folder", "name a file in it");
    case "EACCES":
    case "EPERM":
      return unreadable("the file may not be read by this user", "change its permissions");
    default: {
      const [what, remedy] = systemError(error) ?? [];
      return what === undefined ? (error as Error) : unreadable(`it cannot be read: ${what}`, remedy!);
    }
  }
}

export function writeError(path: string, error: unknown): Error {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const folder = dirname(path);
  switch (code) {
    case "EEXIST":
      // of mkdir: a file stands where the folder should be
      return syscall === "mkdir" ? noFolder(folder) : existsError(path);
    case "ENOTDIR":
      return noFolder(folder);
    case "EISDIR":
      return unwritable(path, "this is a folder", "give the name of a file");
    case "ENOENT":
      return unwritable(path, `there is no folder ${folder}, and the system makes none`, "choose another");
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return unwritable(
        path,
        `the folder ${folder} is not writable (${code})`,
        "choose another or change its permissions",
      );
    case "ENOSPC":
    case "EDQUOT":
      return unwritable(
        path,
        code === "ENOSPC" ? "the disk is full" : "the quota is used up",
        "free room and run again",
      );
    default: {
      const [what, remedy] = systemError(error) ?? [];
      return what === undefined ? (error as Error) : unwritable(path, `it cannot be written: ${what}`, remedy!);
    }
  }
}

/** What is wrong, and what to do; undefined for what the system did not say. */
function systemError(error: unknown): readonly [what: string, remedy: string] | undefined {
  if (error instanceof GammatsError || !(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  switch (code) {
    case "EMFILE":
    case "ENFILE":
      return [`too many files are open (${code})`, "allow more (ulimit -n) or close some"];
    case "ENAMETOOLONG":
      return ["the name is longer than the disk allows", "give a shorter one"];
    case "ELOOP":
      return ["symbolic links lead round in a circle", "correct the link"];
    default:
      return [error.message, "look after the disk, or choose another place"];
  }
}

/** The working folder may have been removed: paths that are not absolute mean nothing then, and threads do not start. */
export function requireWorkingFolder(): void {
  try {
    process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new SpecError("the working folder no longer exists; go to another (cd)", { code: "missing-file" });
  }
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "a folder that no longer exists";
  }
}

export const existsError = (path: string) =>
  new SpecError(`${path} exists already; allow overwriting, or choose another name or folder`, {
    code: "existing-file",
    where: path,
  });

export const unwritable = (where: string, what: string, remedy: string) =>
  new SpecError({ code: "unwritable-file", where, what, remedy });

const noFolder = (folder: string) =>
  unwritable(folder, "a file of that name stands where a folder is needed", "choose another folder");
