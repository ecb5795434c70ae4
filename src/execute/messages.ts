import type { PlainError } from "../errors.js";

/** What goes to a worker: parts of payloads and tasks (kept until forgotten), or a job of one. */
export type ToWorker =
  | { readonly type: "part"; readonly part: number; readonly value: object }
  | {
      readonly type: "task";
      readonly task: number;
      readonly kind: string;
      readonly payload: object;
      /** Parts that belong into fields of the payload, in order. */
      readonly parts: Readonly<Record<string, readonly number[]>>;
    }
  | { readonly type: "forget"; readonly task: number; readonly parts: readonly number[] }
  | { readonly type: "job"; readonly task: number; readonly index: number };

/** What comes back for each job. */
export type FromWorker = { readonly task: number; readonly index: number } & (
  | { readonly result: unknown }
  | { readonly error: PlainError }
);

/** The buffers of all typed arrays in a result, each once: they are handed over, not copied. */
export function transferables(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) for (const v of value) transferables(v, found);
  else if (typeof value === "object" && value !== null) for (const v of Object.values(value)) transferables(v, found);
  return [...found];
}
