/** Files that a user gave, as what reads them sees them. */
import { type FileAccess, FormatError } from "gammats";
import { basename, checksumProblem, inflate } from "gammats/io";

/** Files that are opened together may have this many bytes, inflated: the page has to live in the memory of a tab. */
export const MAX_BYTES = 1e9;

/** Reads the given files, each inflated and held against its checksums once and one after the other, so that all together stay within `maxBytes`. */
export function inflated(
  given: ReadonlyMap<string, Uint8Array>,
  maxBytes: number,
  onNote: (note: string) => void,
): (name: string) => Promise<Uint8Array> {
  const known = new Map<string, Promise<Uint8Array>>();
  let left = maxBytes;
  let last: Promise<unknown> = Promise.resolve();
  const read = async (name: string) => {
    const bytes = await inflate(given.get(name)!, name, { maxBytes: left });
    left -= bytes.length;
    const problem = checksumProblem(bytes, name);
    if (problem !== undefined) onNote(problem);
    return bytes;
  };
  return (name) => {
    let found = known.get(name);
    if (found === undefined) {
      found = last.then(() => read(name));
      last = found.catch(() => undefined);
      known.set(name, found);
    }
    return found;
  };
}

/** The given files by name: folders in a path need not be those of the user's disk. `used` collects what was read. */
export function givenFiles(
  given: ReadonlyMap<string, Uint8Array>,
  used: Set<string>,
  bytesOf: (name: string) => Promise<Uint8Array>,
): FileAccess {
  const find = (path: string): string | undefined => {
    const ends = [...given.keys()].filter((name) => name === path || basename(name) === basename(path));
    // two files of one name in different folders: the one whose folders agree further
    const shared = (name: string) => {
      const [a, b] = [name.split("/").reverse(), path.split("/").reverse()];
      return a.findIndex((part, i) => part !== b[i]);
    };
    return ends.sort((a, b) => (a === path ? -1 : b === path ? 1 : shared(b) - shared(a)))[0];
  };
  return {
    isChecked: true,
    async read(path) {
      const name = find(path) ?? find(`${path}.gz`);
      if (name === undefined) {
        throw new FormatError({
          code: "missing-file",
          what: `${basename(path)} is missing among the files`,
          found: path,
          remedy: `another file names it (${path})`,
        });
      }
      used.add(name);
      return bytesOf(name);
    },
    exists: async (path) => find(path) !== undefined,
    write: async () => {
      throw new FormatError("files are only read here");
    },
    // $GAMMAPY_DATA/... is found by the name of the file
    env: (name) => name,
  };
}

/** The first few of many names. */
export const listed = (paths: readonly string[]): string =>
  `${paths.slice(0, 3).map(basename).join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}`;
