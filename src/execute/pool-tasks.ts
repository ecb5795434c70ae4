import { fingerprint } from "../math/fingerprint.js";
import type { ToWorker } from "./messages.js";

/** An object that several payloads hold, as workers get it. */
interface Part {
  readonly id: number;
  readonly value: object;
}

/** A payload, cut into its parts and the rest. */
export interface Task {
  readonly id: number;
  readonly kind: string;
  readonly rest: object;
  readonly fields: Readonly<Record<string, readonly Part[]>>;
}

/**
 * The tasks of a pool: one for each payload and kind. Objects in arrays of a payload become parts, the same for later payloads as long as
 * nothing in them is changed. Workers get `share(value)` of a part or a rest, made once.
 */
export function createTasks(share: (value: object) => object): (kind: string, payload: object) => Task {
  const tasks = new WeakMap<object, Map<string, Task>>();
  const parts = new WeakMap<object, Part & { readonly print: string }>();
  let nextPart = 0;
  let nextTask = 0;

  function partOf(value: object): Part {
    const print = fingerprint(value);
    let part = parts.get(value);
    if (part?.print !== print) parts.set(value, (part = { id: nextPart++, print, value: share(value) }));
    return part;
  }

  function cut(kind: string, payload: object): Task {
    const fields = Object.entries(payload).filter((entry): entry is [string, object[]] => areObjects(entry[1]));
    const rest = { ...payload, ...Object.fromEntries(fields.map(([field]) => [field, undefined])) };
    return {
      id: nextTask++,
      kind,
      rest: share(rest),
      fields: Object.fromEntries(fields.map(([field, values]) => [field, values.map(partOf)])),
    };
  }

  return (kind, payload) => {
    let byKind = tasks.get(payload);
    if (byKind === undefined) tasks.set(payload, (byKind = new Map()));
    let task = byKind.get(kind);
    if (task === undefined) byKind.set(kind, (task = cut(kind, payload)));
    return task;
  };
}

function areObjects(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((v) => typeof v === "object" && v !== null && !Array.isArray(v) && !ArrayBuffer.isView(v))
  );
}

/** Tasks that a worker keeps compiled. */
const KEPT_TASKS = 4;

/** What one worker holds. */
export interface Holdings {
  holds(task: Task): boolean;
  /** Sends what it lacks for the task and has it forget what it no longer needs. */
  give(task: Task): void;
}

export function createHoldings(post: (message: ToWorker) => void): Holdings {
  /** Oldest first. */
  const tasks: Task[] = [];
  const parts = new Set<number>();
  return {
    holds: (task) => tasks.includes(task),
    give(task) {
      if (tasks.includes(task)) return;
      for (const { id, value } of Object.values(task.fields).flat()) {
        if (parts.has(id)) continue;
        post({ type: "part", part: id, value });
        parts.add(id);
      }
      const fields = Object.fromEntries(Object.entries(task.fields).map(([f, all]) => [f, all.map((p) => p.id)]));
      post({ type: "task", task: task.id, kind: task.kind, payload: task.rest, parts: fields });
      if (tasks.push(task) <= KEPT_TASKS) return;
      const oldest = tasks.shift()!;
      const needed = new Set(tasks.flatMap((t) => Object.values(t.fields).flat()).map((p) => p.id));
      const unneeded = [...parts].filter((id) => !needed.has(id));
      for (const id of unneeded) parts.delete(id);
      post({ type: "forget", task: oldest.id, parts: unneeded });
    },
  };
}
