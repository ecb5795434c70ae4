import { FormatError, SpecError } from "../errors.js";
import { inflate } from "./inflate.js";

/** Where bytes come from and go to: the disk in Node, uploaded files or fetches in a browser, memory in tests. Paths use `/`. */
export interface FileAccess {
  /** Bytes of the file, inflated if it is a gzip stream. Throws FormatError naming the path if it is missing. */
  read(path: string): Promise<Uint8Array>;
  exists(path: string): Promise<boolean>;
  /** Names of all files in a folder and below it, as paths from it; absent: folders cannot be listed. Throws FormatError where there is no such folder. */
  list?(folder: string): Promise<readonly string[]>;
  /** Writes all or nothing. Throws SpecError if the file exists and `overwrite` is not set. */
  write(path: string, bytes: Uint8Array, options?: { overwrite?: boolean }): Promise<void>;
  /** Writes all of these files, by path, or none of them; absent: they are written one after the other. */
  writeAll?(entries: ReadonlyMap<string, Uint8Array>, options?: { overwrite?: boolean }): Promise<void>;
  /** Bytes of memory that what is read may take; absent: unknown. */
  freeBytes?(): number;
  /** A path of this system with `/` between its parts, as everywhere here; absent: paths are so. */
  plainPath?(path: string): string;
  /** Value of an environment variable such as GAMMAPY_DATA. */
  env(name: string): string | undefined;
  /** Whether FITS files are held against their checksums as they are read, and what does not hold is said. */
  readonly isChecked?: boolean;
}

/**
 * Writes files that belong together into `folder`; none where one exists and `overwrite` is not set, or where a name leads out of the folder. With the folder ""
 * the names are paths as the user gave them. Returns the paths.
 * @throws SpecError where a file exists and `overwrite` is not set, or a name leads out of the folder.
 */
export async function writeFiles(
  entries: ReadonlyMap<string, Uint8Array>,
  folder: string,
  files: FileAccess,
  options: { readonly overwrite?: boolean | undefined } = {},
): Promise<string[]> {
  const { overwrite = false } = options;
  for (const name of entries.keys()) {
    if (folder === "" || name.split("/").every(isPlainName)) continue;
    throw new SpecError(`${name}: not written: the name leads out of the folder ${folder}; rename the file`);
  }
  const placed = new Map([...entries].map(([name, bytes]) => [joinPath(folder, name), bytes]));
  const paths = [...placed.keys()];
  if (!overwrite) {
    for (const path of paths) {
      if (await files.exists(path)) {
        throw new SpecError(`${path} exists already; allow overwriting, or choose another folder or name`, {
          code: "existing-file",
          where: path,
        });
      }
    }
  }
  if (files.writeAll !== undefined) await files.writeAll(placed, { overwrite });
  else for (const [path, bytes] of placed) await files.write(path, bytes, { overwrite });
  return paths;
}

/**
 * Expands `$NAME` and `${NAME}`; a name without a value is an error that says where the path stands.
 * @throws FormatError where a variable is not set.
 */
export function expandPath(path: string, files: Pick<FileAccess, "env" | "plainPath">, where: string): string {
  const expanded = path.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? "";
    const value = files.env(name);
    if (value === undefined || value === "") {
      throw new FormatError(
        `${where}: the path "${path}" needs the environment variable ${name}, which is not set; set it to the folder that holds the data (export ${name}=...)`,
        { code: "missing-file", where },
      );
    }
    return value;
  });
  return files.plainPath?.(expanded) ?? expanded;
}

/** The folder of a path with `/`; `.` where it names none. That of a drive of Windows keeps its `/`: `C:/`. */
export function dirname(path: string): string {
  const i = path.lastIndexOf("/");
  const folder = i < 0 ? "." : path.slice(0, i);
  return i === 0 || /^[A-Za-z]:$/.test(folder) ? `${folder}/` : folder;
}

/** What follows the last `/` of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The name of a file without folder and endings: "runs/pha_1.fits.gz" gives "pha_1". */
export function stemOf(path: string): string {
  return basename(path).replace(/\.[A-Za-z]\w*?(\.gz|\.fz)?$/i, "");
}

/** Whether a name stays in the folder that it is joined to, on every system: no separators, no drive, no `..`, no `$NAME`. */
export function isPlainName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return name !== "" && name !== "." && name !== ".." && !/[/\\\u0000-\u001f$]|^[A-Za-z]:/.test(name);
}

/** The path of `name` in a folder; an absolute name stays as it is, also one with a drive of Windows. */
export function joinPath(folder: string, name: string): string {
  if (/^(?:[A-Za-z]:)?[/\\]/.test(name) || folder === "" || folder === ".") return name;
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** A name that a file says, and where no file is called so, the same as Windows would read it: `data\\x.fits` is `data/x.fits`. */
export const spellings = (name: string): readonly string[] =>
  name.includes("\\") ? [name, name.replaceAll("\\", "/")] : [name];

/**
 * Files in memory, for tests and for the browser.
 * @throws FormatError when a file is read that is not there.
 * @throws SpecError when one is written that exists, without `overwrite`.
 */
export function memoryFiles(
  entries: Record<string, Uint8Array> = {},
  env: Record<string, string> = {},
): FileAccess & { readonly entries: Map<string, Uint8Array> } {
  const map = new Map(Object.entries(entries));
  return {
    entries: map,
    async read(path) {
      const bytes = map.get(path);
      if (bytes === undefined) {
        throw new FormatError({
          code: "missing-file",
          where: path,
          what: "no such file",
          remedy: "check the name and the folder",
        });
      }
      return inflate(bytes, path);
    },
    async exists(path) {
      return map.has(path);
    },
    async list(folder) {
      const start = folder === "" || folder === "." ? "" : joinPath(folder, "");
      const names = [...map.keys()].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
      if (names.length > 0) return names;
      throw new FormatError({
        code: "missing-file",
        where: folder,
        what: "no such folder",
        remedy: "check the name and the folder",
      });
    },
    async write(path, bytes, options = {}) {
      if (map.has(path) && options.overwrite !== true) {
        throw new SpecError(`${path}: the file exists; choose another name or allow overwriting`, {
          code: "existing-file",
          where: path,
        });
      }
      map.set(path, bytes);
    },
    env: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
  };
}
