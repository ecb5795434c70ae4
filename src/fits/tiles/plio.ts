/** The run lengths of IRAF's pixel lists (PLIO_1; FITS 4.0, section 10.4.4): 16-bit words of an operation and 12 bits. */
import { FormatError } from "../../errors.js";

/** `n` pixels from 0 to 2^24. */
export function decodePlio(words: ArrayLike<number>, n: number, where: string): Int32Array {
  const out = new Int32Array(n);
  const old = words[2]! > 0;
  const end = old ? words[2]! : (words[4]! << 15) + words[3]!;
  let value = 1;
  let at = 0;
  for (let i = old ? 3 : words[1]!; i < end; i++) {
    const word = words[i];
    if (word === undefined || at > n) {
      throw new FormatError(`${where}: the run lengths do not make ${n} pixels; the file is damaged, fetch it again`, {
        code: "damaged",
        where,
      });
    }
    const data = word & 0xfff;
    switch (word >> 12) {
      case 0:
        at += data;
        break;
      case 1:
        value = (words[++i]! << 12) + data;
        break;
      case 2:
        value += data;
        break;
      case 3:
        value -= data;
        break;
      case 4:
        out.fill(value, at, (at += data));
        break;
      case 5:
        at += data;
        out[at - 1] = value;
        break;
      case 6:
        out[at++] = value += data;
        break;
      case 7:
        out[at++] = value -= data;
        break;
    }
  }
  return out;
}
