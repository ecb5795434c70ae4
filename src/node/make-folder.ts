import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing. Node's own option `recursive` never ends where a file system answers ENOENT to each
 * attempt, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let place = folder; !(await isFolder(place)) && place !== dirname(place); place = dirname(place)) {
    missing.push(place);
  }
  for (const place of missing.reverse()) {
    try {
      await mkdir(place);
    } catch (error) {
      // made by somebody else meanwhile
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !(await isFolder(place))) throw error;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}
