import { join } from "node:path";
import { GammatsError, hasCode } from "../errors.js";
import type { Executor, Task } from "../execute/types.js";
import type { StopSignal } from "../math/types.js";
import { readPlain } from "./read-file.js";
import { type Label, sealed, unsealed } from "./sealed.js";
import { taskBytes } from "./task-id.js";
import { version as own } from "./version.js";
import { writeFileAtomically } from "./write-files.js";

/** Options of `keepingExecutor`. */
export interface KeepOptions {
  readonly folder: string;
  /** Of the program; results of another one are not taken up. Default: that of GammaTS. */
  readonly version?: string;
  /** Told once if results are found that are damaged or not those of their jobs; these are computed again. */
  readonly onNote?: (note: string) => void;
}

/**
 * Keeps the result of every job in `folder`, one file each, and takes up those that are there: what is stopped and started again with the same arguments
 * (job size too) goes on where it was. A file says which version, task and job it is of, with a checksum of what follows.
 */
export function keepingExecutor(executor: Executor, { folder, version = own, onNote }: KeepOptions): Executor {
  const ids = new WeakMap<object, Map<string, string>>();
  let isNoted = false;

  function idOf(kind: string, payload: object): string {
    let byKind = ids.get(payload);
    if (byKind === undefined) ids.set(payload, (byKind = new Map()));
    let id = byKind.get(kind);
    if (id === undefined) byKind.set(kind, (id = taskBytes(kind, payload, version).id));
    return id;
  }

  /** Undefined where there is no result of this job. */
  async function read(path: string, label: Label): Promise<{ readonly value: unknown } | undefined> {
    try {
      const found = unsealed(await readPlain(path), label);
      if ("value" in found) return found;
      note(path, found.problem);
    } catch (error) {
      if (!hasCode(error, "missing-file")) note(path, problemOf(error));
    }
    return undefined;
  }

  /** Without the path, which the note begins with. */
  function problemOf(error: unknown): string {
    return (error instanceof GammatsError && error.what) || (error as Error).message;
  }

  function note(path: string, problem: string): void {
    if (!isNoted) {
      onNote?.(
        `${path}: this is not the result that belongs here: ${problem}; it is computed again, as are others like it`,
      );
    }
    isNoted = true;
  }

  return {
    ...executor,
    async job<P extends object, R, C>(task: Task<P, R, C>, index: number, signal?: StopSignal): Promise<R> {
      const { kind, payload } = task;
      const id = idOf(kind.name, payload);
      const path = join(folder, `${kind.name}-${id}`, `${index}.result`);
      const label = { gammats: version, kind: kind.name, task: id, index };
      const kept = await read(path, label);
      if (kept !== undefined) return kept.value as R;
      const result = await executor.job(task, index, signal);
      await writeFileAtomically(path, sealed(label, result), { overwrite: true });
      return result;
    },
  };
}
