/** What a command reads and is told, for its results to say. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileAccess } from "../io/files.js";
import { withProvenance } from "../io/provenance/stamp.js";
import type { Provenance, ProvenanceFile, ProvenanceOption } from "../io/provenance/types.js";
import { version } from "../node/version.js";

type Options = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Where and for whom, which no number depends on; names of machines stand among them. */
const LEFT_OUT = new Set(["json", "overwrite", "executor", "resume", "plugin", "quiet", "verbose"]);
/** What stands for any number of workers, here or elsewhere: all give the same digits. */
const ANY_WORKERS = "1";
/** Options that say where to write. */
export const OUTPUTS = ["out", "plot"] as const;

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export interface Recorder {
  /** Notes a file as it was read, `bytes` as they are on the disk. */
  seen(path: string, bytes: Uint8Array): void;
  /** Notes what the command decided itself: a seed, the folder of its data. */
  resolve(more: Options): void;
  /** With paths relative to `folder`, which the result goes to; without it to the working folder. */
  provenance(folder?: string): Provenance;
}

export interface Recorded {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Options;
  readonly plugins: readonly string[];
  readonly env: Environment;
}

export function createRecorder({ command, args, options, plugins, env }: Recorded): Recorder {
  const hashes = new Map<string, string>();
  let resolved = options;
  const time = timeOf(env);
  return {
    seen: (path, bytes) => void hashes.set(path, sha256(bytes)),
    resolve(more) {
      resolved = { ...resolved, ...more };
    },
    provenance(folder) {
      const place = placesOf([...hashes.keys()], folder ?? ".", env);
      const named = (text: string) => (isInput(text, hashes) ? place(text) : text);
      const { seed } = resolved;
      const modules = plugins.map((plugin): ProvenanceFile => {
        const path = plugin.startsWith("file:") ? fileURLToPath(plugin) : plugin;
        return { path: place(path), sha256: sha256(readFileSync(path)) };
      });
      return {
        gammats: version,
        node: process.versions.node,
        time,
        command,
        arguments: args.map(named),
        options: recordedOptions(resolved, folder, named),
        ...(seed !== undefined && { seed: Number(seed) }),
        // files may be read at a time
        inputs: Array.from(hashes, ([path, hash]) => ({ path: place(path), sha256: hash })).sort((a, b) =>
          a.path < b.path ? -1 : 1,
        ),
        ...(modules.length > 0 && { plugins: modules }),
      };
    },
  };
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org), else the clock; to the second. */
function timeOf({ SOURCE_DATE_EPOCH: epoch }: Environment): string {
  const date = epoch !== undefined && /^\d{1,11}$/.test(epoch) ? new Date(1000 * Number(epoch)) : new Date();
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** A file that was read, or a folder of such. */
const isInput = (text: string, hashes: ReadonlyMap<string, string>): boolean =>
  hashes.has(text) || [...hashes.keys()].some((path) => path.startsWith(`${text.replace(/\/$/, "")}/`));

/** Outputs relative to the result, or by their name alone. */
function recordedOptions(options: Options, folder: string | undefined, named: (text: string) => string) {
  const out: Record<string, ProvenanceOption> = {};
  if ((options.workers ?? options.executor) !== undefined) out.workers = ANY_WORKERS;
  for (const [name, value] of Object.entries(options)) {
    if (LEFT_OUT.has(name) || name === "workers" || value === undefined) continue;
    if (!(OUTPUTS as readonly string[]).includes(name)) {
      out[name] = typeof value === "string" ? named(value) : (value as ProvenanceOption);
    } else out[name] = folder === undefined ? basename(String(value)) : slashes(relative(folder, String(value))) || ".";
  }
  return out;
}

const slashes = (path: string): string => path.split(sep).join("/");

/** Where the package lies, with its examples. */
const packageFolder = (): string => dirname(createRequire(import.meta.url).resolve("gammats/package.json"));

/** The folders that have names of their own in a provenance: the same for all users. */
export function namedFolders(env: Environment): readonly (readonly [name: string, folder: string])[] {
  const { GAMMAPY_DATA: data = "" } = env;
  return [
    ["$GAMMAPY_DATA", data],
    ["<gammats>", packageFolder()],
    ["~", homedir()],
  ].filter(([, folder]) => folder !== "") as [string, string][];
}

/**
 * Paths relative to a folder, where that names no folder of a user: what is reached through a folder above the home goes by a name ($GAMMAPY_DATA, ~), by what was
 * given, if that is relative, or else from the folder that all such inputs have in common.
 */
function placesOf(inputs: readonly string[], base: string, env: Environment): (path: string) => string {
  const known = namedFolders(env);
  const place = (path: string): string | undefined => {
    const direct = relative(resolve(base), resolve(path));
    if (isHarmless(direct, base)) return slashes(direct) || ".";
    for (const [name, folder] of known) {
      const inside = relative(resolve(folder), resolve(path));
      if (!inside.startsWith("..") && !isAbsolute(inside)) return slashes(`${name}/${inside}`);
    }
    return !isAbsolute(path) && isHarmless(path, ".") ? slashes(path) : undefined;
  };
  const others = inputs.filter((path) => place(path) === undefined).map((path) => dirname(resolve(path)));
  const common = others.length === 0 ? "" : others.reduce(commonFolder);
  const isPrivate = isAbove(common, homedir());
  return (path) => place(path) ?? slashes(isPrivate ? basename(path) : relative(common, resolve(path)));
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== dirname(folder) && relative(folder, b).startsWith("..")) folder = dirname(folder);
  return folder;
}

/** Whether the way from a folder to a file does not lead through a folder that holds that of the user. */
function isHarmless(way: string, base: string): boolean {
  if (isAbsolute(way)) return false;
  const ups = way.split(/[\\/]/).filter((part) => part === "..").length;
  return ups === 0 || !isAbove(resolve(base, ...Array<string>(ups).fill("..")), homedir());
}

function isAbove(folder: string, inner: string): boolean {
  const way = relative(folder, inner);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

/** Files whose results say how they were made. */
export function provenanceFiles(files: FileAccess, recorder: Recorder): FileAccess {
  const stamped = (path: string, bytes: Uint8Array) => withProvenance(bytes, path, recorder.provenance(dirname(path)));
  return {
    ...files,
    write: (path, bytes, options) => files.write(path, stamped(path, bytes), options),
    writeAll: (entries, options) =>
      files.writeAll!(new Map(Array.from(entries, ([path, bytes]) => [path, stamped(path, bytes)])), options),
  };
}
