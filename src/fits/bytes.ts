import type { FitsArray } from "./types.js";

/** Letters of TFORM whose cells are plain numbers; images use the same six (BITPIX 8, 16, 32, 64, -32, -64). */
export type NumberLetter = "B" | "I" | "J" | "K" | "E" | "D";

/** Letter of each BITPIX. */
export const LETTERS: Readonly<Record<number, NumberLetter>> = {
  8: "B",
  16: "I",
  32: "J",
  64: "K",
  [-32]: "E",
  [-64]: "D",
};

/** Bytes of one element. Bits (X) are counted apart; C and M are two floats. */
export const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  L: 1,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
};

/** BZERO or TZERO that turns the signed integers of FITS into unsigned ones, and bytes into signed ones (FITS 4.0, table 11). */
export const UNSIGNED_ZERO: Readonly<Record<string, number>> = { B: -128, I: 2 ** 15, J: 2 ** 31, K: 2 ** 63 };

/** How each typed array is stored: letter, BITPIX, and whether the zero of `UNSIGNED_ZERO` goes with it. */
export const ARRAY_TYPES: Readonly<
  Record<string, { readonly letter: NumberLetter; readonly bitpix: number; readonly shifted: boolean }>
> = {
  Uint8Array: { letter: "B", bitpix: 8, shifted: false },
  Int8Array: { letter: "B", bitpix: 8, shifted: true },
  Int16Array: { letter: "I", bitpix: 16, shifted: false },
  Uint16Array: { letter: "I", bitpix: 16, shifted: true },
  Int32Array: { letter: "J", bitpix: 32, shifted: false },
  Uint32Array: { letter: "J", bitpix: 32, shifted: true },
  BigInt64Array: { letter: "K", bitpix: 64, shifted: false },
  BigUint64Array: { letter: "K", bitpix: 64, shifted: true },
  Float32Array: { letter: "E", bitpix: -32, shifted: false },
  Float64Array: { letter: "D", bitpix: -64, shifted: false },
};

export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Big-endian to the machine's order or back, in place. `bytes` must start at a multiple of their width in the buffer. */
function swapBytes({ buffer, byteOffset, byteLength }: Uint8Array, width: number): void {
  if (!littleEndian || width === 1) return;
  if (width === 2) {
    const words = new Uint16Array(buffer, byteOffset, byteLength / 2);
    for (let i = 0; i < words.length; i++) {
      const w = words[i]!;
      words[i] = (w << 8) | (w >>> 8);
    }
    return;
  }
  // signed: those fit into a small integer
  const words = new Int32Array(buffer, byteOffset, byteLength / 4);
  if (width === 4) {
    for (let i = 0; i < words.length; i++) words[i] = swap32(words[i]!);
    return;
  }
  for (let i = 0; i < words.length; i += 2) {
    const w = words[i]!;
    words[i] = swap32(words[i + 1]!);
    words[i + 1] = swap32(w);
  }
}

function swap32(w: number): number {
  return (w << 24) | ((w << 8) & 0xff0000) | ((w >>> 8) & 0xff00) | (w >>> 24);
}

/** Adds 2^(n-1) to every big-endian n-bit integer: flips its highest bit. */
function flipSign(bytes: Uint8Array, width: number): void {
  for (let i = 0; i < bytes.length; i += width) bytes[i]! ^= 0x80;
}

/** Copies `nrows` cells of `cell` bytes that stand `stride` bytes apart into one new buffer. */
export function gather(source: Uint8Array, start: number, nrows: number, stride: number, cell: number): Uint8Array {
  const out = new Uint8Array(nrows * cell);
  if (stride === cell || nrows <= 1) {
    out.set(source.subarray(start, start + nrows * cell));
  } else if (cell > 32) {
    for (let r = 0, from = start; r < nrows; r++, from += stride) {
      out.set(source.subarray(from, from + cell), r * cell);
    }
  } else if (areWords(source, start, stride, cell)) {
    const [from, to] = [wordsOf(source, start), wordsOf(out, 0)];
    const [step, width] = [stride >> 2, cell >> 2];
    for (let r = 0, at = 0, row = 0; r < nrows; r++, row += step) {
      for (let i = 0; i < width; i++) to[at++] = from[row + i]!;
    }
  } else {
    for (let r = 0, to = 0, row = start; r < nrows; r++, row += stride) {
      for (let i = 0; i < cell; i++) out[to++] = source[row + i]!;
    }
  }
  return out;
}

/** The reverse of `gather`: writes cells of `cell` bytes, or float64, into rows of `stride` bytes, at `start` of each. */
export function scatter(
  cells: Uint8Array | Float64Array,
  target: Uint8Array,
  start: number,
  stride: number,
  cell: number,
): void {
  if (cells instanceof Float64Array) {
    const to = viewOf(target);
    for (let r = 0, row = start; r < cells.length; r++, row += stride) to.setFloat64(row, cells[r]!);
    return;
  }
  const nrows = cell === 0 ? 0 : cells.length / cell;
  if (nrows === 0) return;
  if (cell > 32) {
    for (let r = 0, row = start; r < nrows; r++, row += stride) {
      target.set(cells.subarray(r * cell, (r + 1) * cell), row);
    }
    return;
  }
  if (areWords(target, start, stride, cell) && cells.byteOffset % 4 === 0) {
    const [from, to] = [wordsOf(cells, 0), wordsOf(target, start)];
    const [step, width] = [stride >> 2, cell >> 2];
    for (let r = 0, at = 0, row = 0; r < nrows; r++, row += step) {
      for (let i = 0; i < width; i++) to[row + i] = from[at++]!;
    }
    return;
  }
  for (let r = 0, from = 0, row = start; r < nrows; r++, row += stride) {
    for (let i = 0; i < cell; i++) target[row + i] = cells[from++]!;
  }
}

/** Whether all cells lie on whole words of 4 bytes. */
const areWords = ({ byteOffset }: Uint8Array, start: number, stride: number, cell: number): boolean =>
  ((byteOffset + start) | stride | cell) % 4 === 0;

const wordsOf = ({ buffer, byteOffset, byteLength }: Uint8Array, start: number) =>
  new Int32Array(buffer, byteOffset + start, (byteLength - start) >> 2);

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);

/** value = stored * scale + zero; a stored integer equal to `blank` is undefined. */
export interface Scaling {
  readonly scale: number;
  readonly zero: number;
  readonly blank?: bigint;
}

/** True if the values can only be held as float64: physical value or blank pixels. 64-bit integers keep their blanks, as float64 cannot hold them. */
export function needsFloat(letter: NumberLetter, { scale, zero, blank }: Scaling): boolean {
  const isInteger = letter !== "E" && letter !== "D";
  if (isInteger && blank !== undefined && letter !== "K") return true;
  return scale !== 1 || (zero !== 0 && !(isInteger && zero === UNSIGNED_ZERO[letter]));
}

/** Numbers of one big-endian buffer, which is used up. Complex numbers come as their parts (`complex`: the zero goes to the real part only). */
export function decodeNumbers(raw: Uint8Array, letter: NumberLetter, scaling: Scaling, complex = false): FitsArray {
  const width = ELEMENT_BYTES[letter]!;
  if (!needsFloat(letter, scaling)) {
    const shifted = scaling.zero !== 0;
    if (shifted) flipSign(raw, width);
    swapBytes(raw, width);
    return asNumbers(raw, letter, shifted);
  }
  swapBytes(raw, width);
  const stored = asNumbers(raw, letter, false);
  const { scale, zero } = scaling;
  const out = new Float64Array(stored.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = Number(stored[i]!) * scale + (complex && i % 2 === 1 ? 0 : zero);
  }
  if (scaling.blank !== undefined && letter !== "K" && letter !== "E" && letter !== "D") {
    const blank = Number(scaling.blank);
    for (let i = 0; i < out.length; i++) if (stored[i] === blank) out[i] = Number.NaN;
  }
  return out;
}

function asNumbers(bytes: Uint8Array, letter: NumberLetter, shifted: boolean): FitsArray {
  const buffer = bytes.buffer;
  switch (letter) {
    case "B":
      return shifted ? new Int8Array(buffer) : bytes;
    case "I":
      return shifted ? new Uint16Array(buffer) : new Int16Array(buffer);
    case "J":
      return shifted ? new Uint32Array(buffer) : new Int32Array(buffer);
    case "K":
      return shifted ? new BigUint64Array(buffer) : new BigInt64Array(buffer);
    case "E":
      return new Float32Array(buffer);
    case "D":
      return new Float64Array(buffer);
  }
}

/** Big-endian bytes of an array, shifted where its type needs BZERO or TZERO; into `bytes`, which start at a multiple of their width in the buffer. */
export function encodeNumbers(data: FitsArray, bytes = new Uint8Array(data.byteLength)): Uint8Array {
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  swapBytes(bytes, data.BYTES_PER_ELEMENT);
  if (ARRAY_TYPES[data[Symbol.toStringTag]]!.shifted) flipSign(bytes, data.BYTES_PER_ELEMENT);
  return bytes;
}

/** Characters of a fixed-length field: up to the first NUL, without trailing blanks; one byte a character. */
export function decodeText(bytes: Uint8Array, start: number, length: number): string {
  let end = start;
  while (end < start + length && bytes[end] !== 0) end++;
  while (end > start && bytes[end - 1] === 0x20) end--;
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}
