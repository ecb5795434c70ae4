/** Gzip streams, inflated within a limit of memory. */
import { FormatError, GammatsError, UnsupportedError } from "../errors.js";
import { formatBytes } from "../memory.js";

export interface InflateOptions {
  /** Refuse what inflates to more; default: 2 GB. */
  readonly maxBytes?: number;
}

/** What a page or a small machine can hold. */
const MAX_BYTES = 2e9;

export const isGzip = (bytes: Uint8Array): boolean => bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes themselves, or, where the first two say gzip, what they inflate to. */
export async function inflate(bytes: Uint8Array, where: string, options: InflateOptions = {}): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  const { maxBytes = MAX_BYTES } = options;
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  return collectInflated(bytes, chunksOf(stream), { where, maxBytes });
}

/** Not every browser can iterate over a stream. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * The chunks that `gzip` inflates to, as one array. Its last four bytes say how large that is: what they say is taken at once, and where they are wrong (several
 * streams in one file, more than 4 GB) pieces follow that are joined at the end.
 */
export async function collectInflated(
  gzip: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
  { where, maxBytes }: { readonly where: string; readonly maxBytes: number },
): Promise<Uint8Array> {
  const room = (bytes: number) => {
    if (bytes > maxBytes) throw tooLarge(where, maxBytes);
  };
  const expected = sizeInTrailer(gzip);
  room(expected);
  const pieces = [new Uint8Array(expected)];
  let total = 0;
  let at = 0;
  try {
    for await (const chunk of chunks) {
      total += chunk.length;
      // joining takes them once more
      room(total > expected ? 2 * total : total);
      let last = pieces.at(-1)!;
      let rest = chunk;
      if (rest.length > last.length - at) {
        last.set(rest.subarray(0, last.length - at), at);
        rest = rest.subarray(last.length - at);
        at = 0;
        pieces.push((last = new Uint8Array(Math.max(rest.length, Math.min(total, PIECE)))));
      }
      last.set(rest, at);
      at += rest.length;
    }
  } catch (error) {
    if (error instanceof GammatsError) throw error;
    throw new FormatError(
      `${where}: the gzip stream cannot be inflated (${(error as Error).message}); the file is truncated or damaged, fetch it again`,
      { code: "damaged", where },
    );
  }
  return pieces.length === 1 && total === expected ? pieces[0]! : joined(pieces, total);
}

/** Pieces grow with what is there already, up to this, bytes. */
const PIECE = 2 ** 26;

/** Deflate makes no more than this of a byte. */
const MAX_RATIO = 1032;

/** ISIZE of RFC 1952, or 0 where it cannot be true. */
function sizeInTrailer(gzip: Uint8Array): number {
  if (gzip.length < 18) return 0;
  const { buffer, byteOffset, byteLength } = gzip;
  const size = new DataView(buffer, byteOffset, byteLength).getUint32(byteLength - 4, true);
  return size <= MAX_RATIO * gzip.length ? size : 0;
}

function joined(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const out = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece.subarray(0, total - at), at);
    at += Math.min(piece.length, total - at);
  }
  return out;
}

function tooLarge(where: string, maxBytes: number): UnsupportedError {
  return new UnsupportedError(
    `${where}: inflated, the file takes more than the ${formatBytes(maxBytes)} of memory that may be taken; cut out a smaller part of the sky, or allow more (maxBytes, GAMMATS_MAX_BYTES)`,
    { code: "too-large", where },
  );
}
