import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every file below a folder with all of its bytes, as text; {} where there is no folder. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  const all = await Promise.all(paths.map(async (path) => [path, (await readFile(path)).toString("latin1")] as const));
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}
