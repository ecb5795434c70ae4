/** Text of files. */
import { FormatError } from "../errors.js";

/** UTF-8 as text; other bytes are refused, with their place. */
export function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const at = firstBad(bytes);
    const before = new TextDecoder().decode(bytes.subarray(0, at));
    const byte = bytes[at]!.toString(16).toUpperCase().padStart(2, "0");
    throw new FormatError({
      where: `${where}:${before.split("\n").length}`,
      found: `the byte 0x${byte} at offset ${at}`,
      expected: "UTF-8",
      remedy: "save the file in that encoding (iconv -f LATIN1 -t UTF-8, if it is in Latin-1)",
    });
  }
}

/** Offset of the first character that is none. */
function firstBad(bytes: Uint8Array): number {
  // the longest beginning that is good but for a character that it cuts, found by halves
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // back to where that character begins
  let at = Math.min(good, bytes.length - 1);
  while (!isUtf8(bytes.subarray(0, at), false)) at--;
  return at;
}

function isUtf8(bytes: Uint8Array, mayBeCut: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: mayBeCut });
    return true;
  } catch {
    return false;
  }
}
