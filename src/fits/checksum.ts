/** Checksums of FITS 4.0, section 4.4.2.7 and appendix J: sums of 32-bit big-endian words in ones' complement. */
import { littleEndian } from "./bytes.js";

/** What the bytes of a word count, from the lowest of the machine's word. */
const PLACES = littleEndian ? [2 ** 24, 2 ** 16, 2 ** 8, 1] : [1, 2 ** 8, 2 ** 16, 2 ** 24];

/** Sum of `bytes` (a multiple of 4 long), added to `start`. */
export function sum32(bytes: Uint8Array, start = 0): number {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(buffer, byteOffset, byteLength / 4);
  const [p0, p1, p2, p3] = PLACES as [number, number, number, number];
  let sum = start;
  for (let i = 0; i < words.length; ) {
    // two bytes at once: the sums of 128 stay below 2^15 and, both together, below 2^31
    const stop = Math.min(words.length, i + 128);
    let even = 0;
    let odd = 0;
    for (; i < stop; i++) {
      const w = words[i]!;
      even += w & 0xff00ff;
      odd += (w >>> 8) & 0xff00ff;
    }
    sum += (even & 0xffff) * p0 + (odd & 0xffff) * p1 + (even >>> 16) * p2 + (odd >>> 16) * p3;
    // the carries go round
    while (sum >= 2 ** 32) sum = (sum % 2 ** 32) + Math.floor(sum / 2 ** 32);
  }
  return sum;
}

/** The 16 characters of CHECKSUM that bring the HDU's sum, taken with "0000000000000000" in their place, to -0. */
export function encodeChecksum(sum: number): string {
  const complement = ~sum >>> 0;
  const chars = new Array<number>(16);
  for (let i = 0; i < 4; i++) {
    const byte = (complement >>> (24 - 8 * i)) & 0xff;
    const quotient = (byte >> 2) + 0x30;
    const four = [quotient + (byte % 4), quotient, quotient, quotient];
    // Pairs move apart until no character is punctuation.
    while (four.some(isPunctuation)) {
      for (const j of [0, 2]) {
        if (isPunctuation(four[j]!) || isPunctuation(four[j + 1]!)) {
          four[j]!++;
          four[j + 1]!--;
        }
      }
    }
    for (let j = 0; j < 4; j++) chars[4 * j + i] = four[j]!;
  }
  // The value stands one byte after a word boundary, so it is turned right by one.
  return String.fromCharCode(chars[15]!, ...chars.slice(0, 15));
}

function isPunctuation(code: number): boolean {
  return (code >= 0x3a && code <= 0x40) || (code >= 0x5b && code <= 0x60);
}
