import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Executor, Task } from "../execute/types.js";
import { writeFileAtomically } from "./files.js";
import { taskBytes } from "./task-id.js";

/** Options of `keepingExecutor`. */
export interface KeepOptions {
  readonly folder: string;
  /** Of the program; results of another one are not taken up. */
  readonly version: string;
}

/**
 * Keeps the result of every job in `folder`, one file each, and takes up those that are there: what is stopped and started again with the same arguments
 * (job size too) goes on where it was.
 */
export function keepingExecutor(executor: Executor, { folder, version }: KeepOptions): Executor {
  const folders = new WeakMap<object, Map<string, string>>();

  function folderOf(kind: string, payload: object): string {
    let byKind = folders.get(payload);
    if (byKind === undefined) folders.set(payload, (byKind = new Map()));
    let path = byKind.get(kind);
    if (path === undefined)
      byKind.set(kind, (path = join(folder, `${kind}-${taskBytes(kind, { version, payload }).id}`)));
    return path;
  }

  return {
    ...executor,
    async job<P extends object, R, C>(task: Task<P, R, C>, index: number, signal?: AbortSignal): Promise<R> {
      const { kind, payload } = task;
      const path = join(folderOf(kind.name, payload), `${index}.result`);
      const kept = await read(path);
      if (kept !== undefined) return kept as R;
      const result = await executor.job(task, index, signal);
      await writeFileAtomically(path, serialize(result), { overwrite: true });
      return result;
    },
  };
}

/** Undefined where there is no whole result. */
async function read(path: string): Promise<unknown> {
  try {
    return deserialize(await readFile(path));
  } catch {
    return undefined;
  }
}
