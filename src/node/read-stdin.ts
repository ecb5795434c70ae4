/** What comes in on stdin. */
import { UnsupportedError } from "../errors.js";
import { formatBytes } from "../memory.js";

/**
 * All bytes until the stream ends.
 * @throws UnsupportedError where there are more than `maxBytes`.
 */
export async function readStdin(
  maxBytes: number,
  stream: AsyncIterable<Uint8Array> = process.stdin,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of stream) {
    total += piece.length;
    // the pieces and the whole stand in memory together
    if (2 * total > maxBytes) {
      throw new UnsupportedError(
        `standard input: more than ${formatBytes(total)} came in, and ${formatBytes(maxBytes)} of memory may be taken for twice of it; write it to a file and name that`,
        { code: "too-large" },
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
