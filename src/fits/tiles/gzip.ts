/** GZIP_1 and GZIP_2 (FITS 4.0, section 10.4.2): big-endian numbers, as they are or all first bytes, all second bytes ... */
import { gunzipSync } from "fflate";
import { FormatError } from "../../errors.js";
import { gzipped } from "../gzip.js";

/** `size` big-endian bytes of numbers of `width` bytes. */
export function decodeGzip(
  bytes: Uint8Array,
  size: number,
  width: number,
  { shuffled, where }: { readonly shuffled: boolean; readonly where: string },
): Uint8Array {
  const damaged = (what: string) =>
    new FormatError(`${where}: ${what}; the file is damaged, fetch it again`, { code: "damaged", where });
  let plain: Uint8Array;
  try {
    // one byte more than expected tells too many from enough
    plain = gunzipSync(bytes, { out: new Uint8Array(size + 1) });
  } catch (error) {
    throw damaged(`the gzip stream cannot be inflated (${(error as Error).message})`);
  }
  if (plain.length !== size) throw damaged(`the gzip stream has not the ${size} bytes of the tile`);
  return shuffled ? transpose(plain, width, size / width) : plain.slice();
}

/** The reverse of `decodeGzip` with `shuffled`. */
export function encodeShuffled(plain: Uint8Array, width: number): Uint8Array {
  // without the time of writing, so that files are the same each time
  return gzipped(transpose(plain, plain.length / width, width));
}

/** [rows, columns] to [columns, rows]. */
function transpose(bytes: Uint8Array, rows: number, columns: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let c = 0, at = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) out[at++] = bytes[r * columns + c]!;
  }
  return out;
}
