/** What `gammats/node` is in a page: the files of the example come from the site, and what is written stays in memory. */
import { type FileAccess, memoryFiles } from "gammats";

/** A folder whose files the site serves below `address`; `names` are those that are there. */
export function siteFiles(address: string, names: readonly string[]): FileAccess {
  const memory = memoryFiles();
  return {
    ...memory,
    async read(path) {
      if (!memory.entries.has(path) && names.includes(path)) {
        const response = await fetch(new URL(path, address));
        memory.entries.set(path, new Uint8Array(await response.arrayBuffer()));
      }
      return memory.read(path);
    },
    exists: async (path) => names.includes(path) || memory.exists(path),
  };
}
