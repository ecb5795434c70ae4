/** Memory that is asked for before it is taken. */
import { UnsupportedError } from "./errors.js";

/** Something that takes memory. */
export interface MemoryNeed {
  readonly what: string;
  readonly bytes: number;
}

/** Throws UnsupportedError that names the largest of the needs where they exceed `maxBytes` together. */
export function requireMemory(where: string, needs: readonly MemoryNeed[], maxBytes = Number.POSITIVE_INFINITY): void {
  const bytes = totalBytes(needs);
  if (!(bytes > maxBytes)) return;
  throw tooLarge(where, needs, `${formatBytes(maxBytes)} may be used`);
}

/** What `make` returns; where an array cannot be had, UnsupportedError that says what is needed. */
export function withMemory<T>(where: string, needs: () => readonly MemoryNeed[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError) || !/allocation|array (buffer )?length/i.test(error.message)) throw error;
    throw tooLarge(where, needs(), `the machine refused (${error.message})`);
  }
}

export const totalBytes = (needs: readonly MemoryNeed[]) => needs.reduce((sum, { bytes }) => sum + bytes, 0);

function tooLarge(where: string, needs: readonly MemoryNeed[], found: string): UnsupportedError {
  const largest = [...needs].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const list = largest.map(({ what, bytes }) => `${what} ${formatBytes(bytes)}`).join(", ");
  return new UnsupportedError(
    `${where}: about ${formatBytes(totalBytes(needs))} of memory are needed (${list}), but ${found}; cut out a smaller part of the sky, take coarser bins or a shorter energy axis, or allow more (maxBytes, GAMMATS_MAX_BYTES)`,
    { code: "too-large", where },
  );
}

/** "1.2 GB" */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let i = 0;
  let value = bytes;
  for (; value >= 1000 && i < units.length - 1; i++) value /= 1000;
  return `${i === 0 ? value : Number(value.toPrecision(3))} ${units[i]}`;
}
