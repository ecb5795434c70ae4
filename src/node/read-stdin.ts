/** What comes in on stdin. */
import { addAbortSignal, type Readable } from "node:stream";
import { UnsupportedError } from "../errors.js";
import { formatBytes } from "../memory.js";

/**
 * All bytes until the stream ends.
 * @throws UnsupportedError where there are more than `maxBytes`, and an AbortError where `signal` says so.
 */
export async function readStdin(maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const stream: Readable = signal === undefined ? process.stdin : addAbortSignal(signal, process.stdin);
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
