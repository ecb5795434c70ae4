import { nameHint, plainError, SpecError } from "../errors.js";
import { type FromWorker, type ToWorker, transferables } from "./messages.js";
import type { AnyTaskKind } from "./types.js";

/** The kind of that name, or a clear error. */
export function findKind(kinds: readonly AnyTaskKind[], name: string): AnyTaskKind {
  const kind = kinds.find((k) => k.name === name);
  if (kind !== undefined) return kind;
  const hint = nameHint(
    name,
    kinds.map((k) => k.name),
  );
  throw new SpecError({
    code: "unknown-name",
    where: "worker",
    what: `there is no task "${name}"${hint}`,
    found: name,
    remedy: "start workers of the same version as the caller",
  });
}

/** The worker's side of a pool, with the context of its tasks: call the returned function with each message. `post` sends an answer, handing the buffers over. */
export function serveJobs(
  kinds: readonly AnyTaskKind[],
  context: unknown,
  post: (message: FromWorker, transfer: ArrayBuffer[]) => void,
): (message: ToWorker) => void {
  const parts = new Map<number, object>();
  const tasks = new Map<number, { kind: string; payload: object; run?: (index: number) => unknown }>();
  return (message) => {
    if (message.type === "part") {
      parts.set(message.part, message.value);
      return;
    }
    const { task } = message;
    if (message.type === "task") {
      const fields = Object.entries(message.parts).map(([field, ids]) => [field, ids.map((id) => parts.get(id))]);
      tasks.set(task, { kind: message.kind, payload: { ...message.payload, ...Object.fromEntries(fields) } });
      return;
    }
    if (message.type === "forget") {
      tasks.delete(task);
      for (const part of message.parts) parts.delete(part);
      return;
    }
    const { index } = message;
    try {
      const entry = tasks.get(task)!;
      entry.run ??= findKind(kinds, entry.kind).prepare(entry.payload, context);
      const result = entry.run(index);
      post({ task, index, result }, transferables(result));
    } catch (error) {
      post({ task, index, error: plainError(error) }, []);
    }
  };
}
