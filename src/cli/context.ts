/** What a command has at hand: files, text output, Ctrl-C. */

import { SpecError } from "../errors.js";
import { createResponses, type Responses } from "../fold/response.js";
import { checkedFiles } from "../io/checked-files.js";
import type { FileAccess } from "../io/files.js";
import type { FileRegistry } from "../io/formats/types.js";
import { standardRegistry } from "../io/registry.js";
import type { TableFormat } from "../io/table/types.js";
import { extendRegistry } from "../kinds/additions.js";
import { gammapySampling } from "../models/spatial/gammapy-sampling.js";
import { nodeFiles } from "../node/files.js";
import type { Interrupt } from "../node/interrupt.js";
import { type Progress, progressLine } from "../node/progress.js";
import type { PictureStyle } from "../plot/picture-style.js";
import { commandFiles } from "./input.js";
import { type Place, refuseBinary } from "./place.js";
import { provenanceFiles, type Recorder } from "./provenance.js";
import { visible } from "./visible.js";

export interface Terminal {
  stdout(text: string | Uint8Array): void;
  stderr(text: string): void;
  /** What comes in where a file is called "-"; absent: nothing. */
  stdin?(signal: AbortSignal | undefined): Promise<Uint8Array>;
  /** Whether stdout is a terminal, which cannot show bytes. */
  isTerminal?(): boolean;
  /** Whether stderr is one that shows colours. */
  hasColours?(): boolean;
}

/** How much is said on stderr. */
export type Verbosity = "quiet" | "normal" | "verbose";

export interface Context {
  /** What public functions are to use: models and the like with those of --plugin, and the instruments, which are made once. */
  readonly using: { readonly registry: FileRegistry; readonly responses: Responses };
  /** Files of --plugin, for workers. */
  readonly plugins: readonly string[];
  /** Files that are checked as they are read, and say how they were made as they are written. */
  readonly files: FileAccess;
  /** Options of pictures: --style, --size and --font-file. */
  readonly look: { readonly style?: PictureStyle };
  /** Bytes as they are, read and written. */
  readonly plainFiles: FileAccess;
  /** Notes what the command decided itself, for its results to say. */
  resolve(more: Readonly<Record<string, unknown>>): void;
  readonly again: Again;
  readonly signal: AbortSignal | undefined;
  /** Runs a long computation that cannot hear of Ctrl-C, and writes nothing; Ctrl-C ends the process then. */
  compute<T>(run: () => T): T;
  /** `--json`: results are one document on stdout. */
  readonly json: boolean;
  /** Where the table goes. */
  readonly place: Place;
  /** `--table` and `--unit`. */
  readonly wanted: { readonly table: string | undefined; readonly units: readonly string[] };
  /** Text for people; with `--json`, and where a table goes to stdout, nothing. */
  print(text: string): void;
  /** What was written; with `--quiet` nothing. */
  said(text: string): void;
  /** Messages about the work, to stderr; with `--quiet` nothing. */
  note(text: string): void;
  /** The same, of what readers and writers did not use, changed or left out. */
  onNote(text: string): void;
  /** Why there is no success, to stderr. */
  fail(text: string): void;
  /** What only `--verbose` says. */
  detail(text: string): void;
  /** The one document of `--json`, of a result with its provenance; without `--json` nothing. */
  document(value: unknown): void;
  /** A table as a file, to stdout. */
  output(bytes: Uint8Array, format: TableFormat): void;
  progress(label: string): Progress;
}

/** Commands that another call has recorded, by name. */
export interface Again {
  /** The flags of its options; undefined where there is none whose results say how they were made. */
  flagsOf(name: string): readonly string[] | undefined;
  /** Runs it and gives the document that `--json` would have; nothing is printed but notes. */
  run(name: string, args: readonly string[], options: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface CommandContext {
  /** Of a command whose results say how they were made. */
  readonly recorder?: Recorder | undefined;
  readonly again: Again;
  readonly registry: FileRegistry;
  readonly plugins: readonly string[];
  /** `--like gammapy`: instruments by its rule; the registry has its sampling. */
  readonly isLikeGammapy?: boolean;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly place: Place;
  readonly wanted: Context["wanted"];
  readonly verbosity: Verbosity;
  readonly interrupt: Pick<Interrupt, "signal" | "compute">;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whose paths files may name. */
  readonly platform?: NodeJS.Platform;
}

export function createContext(given: CommandContext): Context {
  const { terminal, json, place, wanted, verbosity, env, registry, plugins, recorder, again } = given;
  const { signal, compute } = given.interrupt;
  const isQuiet = verbosity === "quiet";
  if (place.kind === "stdout") refuseBinary(place.format, terminal.isTerminal?.() === true);
  const line = (text: string) => (text.endsWith("\n") ? text : `${text}\n`);
  const print = (text: string) => {
    if (!json && place.kind !== "stdout") terminal.stdout(line(text));
  };
  const note = (text: string) => {
    if (!isQuiet) terminal.stderr(line(text));
  };
  const detail = (text: string) => {
    if (verbosity === "verbose") terminal.stderr(line(`gammats: ${text}`));
  };
  const disk = nodeFiles({ signal, env, platform: given.platform, maxBytes: memoryLimit(env), onRead: recorder?.seen });
  const plainFiles = commandFiles(disk, {
    stdin: () => terminal.stdin?.(signal),
    onStdin: recorder?.seen,
    onRead: (path, n) => detail(`read ${path}, ${n} bytes`),
  });
  const checked = checkedFiles(plainFiles, (change) => note(`gammats: ${change}`));
  return {
    using: {
      registry,
      responses: createResponses({ immutable: true, ...(given.isLikeGammapy && { irfs: "gammapy" }) }),
    },
    plugins,
    look: {},
    files: recorder === undefined ? checked : provenanceFiles(checked, recorder),
    plainFiles,
    resolve: (more) => recorder?.resolve(more),
    again,
    signal,
    compute,
    json,
    place,
    wanted,
    print,
    said: (text) => {
      if (!isQuiet) print(text);
    },
    note,
    onNote: (text) => note(`gammats: ${text}`),
    fail: (text) => terminal.stderr(line(text)),
    detail,
    document: (value) => {
      const provenance = recorder && { provenance: recorder.provenance() };
      if (json) terminal.stdout(jsonText(provenance === undefined ? value : { ...(value as object), ...provenance }));
    },
    output: (bytes, format) => terminal.stdout(format === "fits" ? bytes : new TextDecoder().decode(bytes)),
    progress: (label) => (isQuiet ? SILENT : progressLine(visible(label))),
  };
}

const SILENT: Progress = { update: () => undefined, end: () => undefined };

/** GAMMATS_MAX_BYTES, for machines where less may be taken than is free, or more. */
export function memoryLimit(env: CommandContext["env"]): number | undefined {
  const text = env?.GAMMATS_MAX_BYTES;
  if (text === undefined || text === "") return undefined;
  const bytes = Number(text);
  if (bytes > 0) return bytes;
  throw new SpecError(`GAMMATS_MAX_BYTES is "${text}", expected a number of bytes above 0, such as 4e9`);
}

export const jsonText = (value: unknown): string => `${JSON.stringify(value, numbersOrNull, 2)}\n`;

/** JSON has no NaN; typed arrays are arrays. */
function numbersOrNull(_: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return value;
}

/** What comes with GammaTS, sampled as in Gammapy where that is asked for, and what files of --plugin add to it. */
export async function registryWith(plugins: readonly string[], isLikeGammapy = false): Promise<FileRegistry> {
  const registry = isLikeGammapy
    ? extendRegistry(standardRegistry, gammapySampling, "--like gammapy")
    : standardRegistry;
  if (plugins.length === 0) return registry;
  const { loadPlugins } = await import("../node/plugins.js");
  return loadPlugins(plugins, registry);
}
