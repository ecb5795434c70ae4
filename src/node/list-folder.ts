/** Names of the files of a folder and below it. */
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { FormatError } from "../errors.js";
import { readError } from "./file-errors.js";

/** As paths from the folder, with `/`. Names that begin with a dot are left out, and what lies below folders of such names. */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter((name) => name.split("/").every((part) => !part.startsWith(".")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") {
      const remedy = "name the folder that the file is in, or another";
      throw new FormatError({ code: "unreadable-file", where: folder, what: "this is a file, and no folder", remedy });
    }
    throw readError(folder, error);
  }
}
