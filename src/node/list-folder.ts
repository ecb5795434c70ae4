/** Names of the files of a folder and below it. */
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
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
    throw readError(folder, error);
  }
}
