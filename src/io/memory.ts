import { type Hdu, readFits } from "../fits/index.js";
import { type MemoryNeed, requireMemory, withMemory } from "../memory.js";

export interface MemoryLimit {
  /** Name of the file, for messages. */
  readonly where: string;
  /** Refuse what would take more memory than this; default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** What `read` makes of the images of a file, unless the headers say that they take too much; `used`: the HDUs that it reads. */
export function withinMemory<T>(
  bytes: Uint8Array,
  { where, maxBytes }: MemoryLimit,
  read: () => T,
  used: (name: string) => boolean = () => true,
): T {
  const needs = () => imageMemory(readFits(bytes, { where, headersOnly: true }).filter((hdu) => used(hdu.name)));
  // a byte of the file takes 8 at most
  if (maxBytes !== undefined && 8 * bytes.length > maxBytes) requireMemory(where, needs(), maxBytes);
  return withMemory(where, needs, read);
}

/** Numbers are held as float64, masks as bytes. */
function imageMemory(hdus: readonly Hdu[]): MemoryNeed[] {
  return hdus.flatMap((hdu) => {
    if (hdu.kind !== "image" || hdu.shape.length === 0) return [];
    const width = /^MASK_/.test(hdu.name) ? 1 : 8;
    return [{ what: hdu.name, bytes: hdu.shape.reduce((a, b) => a * b, width) }];
  });
}
