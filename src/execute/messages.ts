import { FormatError, SpecError, UnsupportedError } from "../errors.js";

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

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** What comes back for each job. */
export type FromWorker = { readonly task: number; readonly index: number } & (
  | { readonly result: unknown }
  | { readonly error: PlainError }
);

export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  return { name, message, ...(stack === undefined ? {} : { stack }) };
}

/** The error of a worker as it would have been here. */
export function toError({ name, message, stack }: PlainError): Error {
  const Known = [FormatError, SpecError, UnsupportedError].find((c) => c.name === name) ?? Error;
  const error = new Known(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** The buffers of all typed arrays in a result, each once: they are handed over, not copied. */
export function transferables(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) for (const v of value) transferables(v, found);
  else if (typeof value === "object" && value !== null) for (const v of Object.values(value)) transferables(v, found);
  return [...found];
}
