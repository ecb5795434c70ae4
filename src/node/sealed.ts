/**
 * Data with a line before them that says whose they are: version, task, job, and the SHA-256 of the bytes. What does not fit is never read further. The line is
 * JSON, the data are what Node's structured serializer makes of them.
 */
import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";

/** What the data are, and of whom. */
export type Label = Readonly<Record<string, string | number>>;

export type Unsealed = { readonly value: unknown } | { readonly problem: string; readonly label: Label };

export const sealed = (label: Label, value: unknown): Uint8Array => sealedBytes(label, serialize(value));

/** `body`: of `serialize`. */
export function sealedBytes(label: Label, body: Uint8Array): Uint8Array {
  const head = { ...label, bytes: body.length, sha256: sha256(body) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]);
}

/** What was sealed under this label, or why that is not to be had. */
export function unsealed(bytes: Uint8Array, expected: Label): Unsealed {
  const end = bytes.subarray(0, MAX_HEAD).indexOf(0x0a);
  const label = labelOf(Buffer.from(bytes.subarray(0, Math.max(0, end))).toString());
  const broken = (problem: string): Unsealed => ({ problem, label });
  if (end < 0 || Object.keys(label).length === 0) return broken("it does not begin with a label");
  const body = bytes.subarray(end + 1);
  if (label.bytes !== body.length) return broken(`it has ${body.length} bytes, expected ${label.bytes ?? "a number"}`);
  if (label.sha256 !== sha256(body)) return broken("its checksum does not hold");
  for (const [key, value] of Object.entries(expected)) {
    if (label[key] !== value) return broken(`it is of ${key} ${label[key] ?? "nothing"}, expected ${value}`);
  }
  try {
    const value: unknown = deserialize(body);
    return isPlain(value) ? { value } : broken("it holds what is no plain data");
  } catch (error) {
    return broken(`it cannot be read (${(error as Error).message})`);
  }
}

/** Longer labels are none. */
const MAX_HEAD = 4096;

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The texts and numbers of a label; empty for anything else. */
function labelOf(head: string): Label {
  try {
    const found: unknown = JSON.parse(head);
    const isLabel = typeof found === "object" && found !== null && !Array.isArray(found);
    const entries = isLabel ? Object.entries(found) : [];
    return Object.fromEntries(entries.filter(([, value]) => typeof value === "string" || typeof value === "number"));
  } catch {
    return {};
  }
}

/** Whether data are made of numbers, texts, flags, lists, mappings and arrays of numbers alone. */
export function isPlain(value: unknown): boolean {
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== "object" || part === null || seen.has(part)) continue;
    seen.add(part);
    if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) continue;
    const isMap = part instanceof Map;
    if (!Array.isArray(part) && !isMap && !(part instanceof Set) && !(part instanceof Date)) {
      const prototype: unknown = Object.getPrototypeOf(part);
      if (prototype !== Object.prototype && prototype !== null) return false;
      // copied into another object, it would become its prototype
      if (Object.hasOwn(part, "__proto__")) return false;
    }
    for (const inner of isMap ? [...part.keys(), ...part.values()] : Object.values(part)) waiting.push(inner);
    if (part instanceof Set) for (const inner of part) waiting.push(inner);
  }
  return true;
}
