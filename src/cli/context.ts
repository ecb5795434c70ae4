/** What a command has at hand: files, text output, Ctrl-C. */

import { SpecError } from "../errors.js";
import { createResponses, type Responses } from "../fold/response.js";
import { checkedFiles } from "../io/checked-files.js";
import type { FileAccess } from "../io/files.js";
import type { FileRegistry } from "../io/formats/types.js";
import { standardRegistry } from "../io/registry.js";
import { nodeFiles } from "../node/files.js";
import type { Interrupt } from "../node/interrupt.js";
import { type Progress, progressLine } from "../node/progress.js";
import type { PictureStyle } from "../plot/picture-style.js";
import { provenanceFiles, type Recorder } from "./provenance.js";
import { visible } from "./visible.js";

export interface Terminal {
  stdout(text: string): void;
  stderr(text: string): void;
}

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
  /** Text for people; with `--json` nothing. */
  print(text: string): void;
  /** Messages about the work, to stderr. */
  note(text: string): void;
  /** The same, of what readers and writers did not use, changed or left out. */
  onNote(text: string): void;
  /** The one document of `--json`, of a result with its provenance; without `--json` nothing. */
  document(value: unknown): void;
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
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly interrupt: Pick<Interrupt, "signal" | "compute">;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function createContext(given: CommandContext): Context {
  const { terminal, json, interrupt, env, registry, plugins, recorder, again } = given;
  const { signal, compute } = interrupt;
  const plainFiles = nodeFiles({ signal, env, maxBytes: memoryLimit(env), onRead: recorder?.seen });
  const checked = checkedFiles(plainFiles, (change) => terminal.stderr(`gammats: ${change}\n`));
  return {
    using: { registry, responses: createResponses({ immutable: true }) },
    plugins,
    look: {},
    files: recorder === undefined ? checked : provenanceFiles(checked, recorder),
    plainFiles,
    resolve: (more) => recorder?.resolve(more),
    again,
    signal,
    compute,
    json,
    print: (text) => {
      if (!json) terminal.stdout(text.endsWith("\n") ? text : `${text}\n`);
    },
    note: (text) => terminal.stderr(`${text}\n`),
    onNote: (text) => terminal.stderr(`gammats: ${text}\n`),
    document: (value) => {
      const provenance = recorder && { provenance: recorder.provenance() };
      if (json) terminal.stdout(jsonText(provenance === undefined ? value : { ...(value as object), ...provenance }));
    },
    progress: (label) => progressLine(visible(label)),
  };
}

/** GAMMATS_MAX_BYTES, for machines where less may be taken than is free, or more. */
function memoryLimit(env: CommandContext["env"]): number | undefined {
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

/** What comes with GammaTS, and what files of --plugin add to it. */
export async function registryWith(plugins: readonly string[]): Promise<FileRegistry> {
  if (plugins.length === 0) return standardRegistry;
  const { loadPlugins } = await import("../node/plugins.js");
  return loadPlugins(plugins, standardRegistry);
}
