import { type Hdu, readFits } from "../fits/index.js";
import { type MemoryNeed, requireMemory, withMemory } from "../memory.js";

export interface MemoryLimit {
  /** Name of the file, for messages. */
  readonly where: string;
  /** Refuse what would take more memory than this; default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** A FITS file; `hdus`: where it was parsed before. */
export interface FitsFile {
  readonly bytes: Uint8Array;
  readonly hdus?: readonly Hdu[];
}

/** What `read` makes of a FITS file, unless the headers say that its images take too much; `used`: the HDUs that it reads. */
export function withinMemory<T>(
  { bytes, hdus }: FitsFile,
  { where, maxBytes }: MemoryLimit,
  read: (hdus: readonly Hdu[]) => T,
  used: (name: string) => boolean = () => true,
): T {
  const headers = () => hdus ?? readFits(bytes, { where, headersOnly: true });
  const needs = () => imageMemory(headers().filter((hdu) => used(hdu.name)));
  // a byte of the file takes 8 at most
  if (maxBytes !== undefined && 8 * bytes.length > maxBytes) requireMemory(where, needs(), maxBytes);
  return withMemory(where, needs, () => read(hdus ?? readFits(bytes, { where })));
}

/** Numbers are held as float64, masks as bytes. */
function imageMemory(hdus: readonly Hdu[]): MemoryNeed[] {
  return hdus.flatMap((hdu) => {
    if (hdu.kind !== "image" || hdu.shape.length === 0) return [];
    const width = /^MASK_/.test(hdu.name) ? 1 : 8;
    return [{ what: hdu.name, bytes: hdu.shape.reduce((a, b) => a * b, width) }];
  });
}
