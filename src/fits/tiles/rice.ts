/** Rice coding of differences of neighbouring pixels (FITS 4.0, section 10.4.1): blocks of pixels, each with a number of bits of its own. */
import { FormatError } from "../../errors.js";

/** Bits that say how a block is coded, the code of plain values, and bits of a plain value, by bytes of a pixel. */
const LAYOUT: Readonly<Record<number, readonly [bits: number, plain: number, width: number]>> = {
  1: [3, 6, 8],
  2: [4, 14, 16],
  4: [5, 25, 32],
};

export const riceLayout = (bytePix: number) => LAYOUT[bytePix];

/** `n` pixels of `bytePix` bytes; those of one byte are unsigned, all others signed. */
export function decodeRice(bytes: Uint8Array, n: number, bytePix: number, blockSize: number, where: string) {
  const [bits, plain, width] = LAYOUT[bytePix]!;
  const input = bitReader(bytes, where);
  const out = new Int32Array(n);
  let last = input.read(width) | 0;
  for (let i = 0; i < n; ) {
    const end = Math.min(i + blockSize, n);
    const code = input.read(bits) - 1;
    for (; i < end; i++) {
      if (code >= 0) {
        const mapped = code === plain ? input.read(width) : ((input.zeros() << code) | input.read(code)) >>> 0;
        last = (last + unfold(mapped)) | 0;
      }
      out[i] = bytePix === 4 ? last : bytePix === 2 ? (last << 16) >> 16 : last & 0xff;
    }
  }
  return out;
}

/** 0, -1, 1, -2 ... of 0, 1, 2, 3 ... */
const unfold = (value: number) => (value & 1 ? ~(value >>> 1) : value >>> 1);

function bitReader(bytes: Uint8Array, where: string) {
  let at = 0;
  let buffer = 0;
  let left = 0;
  const next = () => {
    if (at >= bytes.length) {
      throw new FormatError(`${where}: the compressed pixels end too early; the file is damaged, fetch it again`, {
        code: "damaged",
        where,
      });
    }
    buffer = bytes[at++]!;
    left = 8;
  };
  return {
    /** The next `n` <= 32 bits, unsigned. */
    read(n: number): number {
      let value = 0;
      for (let missing = n; missing > 0; ) {
        if (left === 0) next();
        const take = Math.min(left, missing);
        left -= take;
        missing -= take;
        value = (value << take) | ((buffer >> left) & ((1 << take) - 1));
      }
      return value >>> 0;
    },
    /** Number of zeros before the next one, which is passed over too. */
    zeros(): number {
      let count = 0;
      for (;;) {
        if (left === 0) next();
        const rest = buffer & ((1 << left) - 1);
        if (rest !== 0) {
          const top = Math.clz32(rest) - (32 - left);
          left -= top + 1;
          return count + top;
        }
        count += left;
        left = 0;
      }
    },
  };
}

/** The reverse of `decodeRice`, for pixels that fit into `bytePix` bytes. */
export function encodeRice(pixels: ArrayLike<number>, bytePix: number, blockSize: number): Uint8Array {
  const [bits, plain, width] = LAYOUT[bytePix]!;
  const shift = 32 - width;
  const out = bitWriter(pixels.length * bytePix);
  let last = pixels[0] ?? 0;
  out.write(last, width);
  const mapped = new Uint32Array(blockSize);
  for (let start = 0; start < pixels.length; start += blockSize) {
    const n = Math.min(blockSize, pixels.length - start);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const difference = ((pixels[start + i]! - last) << shift) >> shift;
      last = pixels[start + i]!;
      mapped[i] = difference < 0 ? ~(difference << 1) : difference << 1;
      sum += mapped[i]!;
    }
    const code = sum === 0 ? -1 : Math.min(bestBits(sum, n), plain);
    out.write(code + 1, bits);
    if (code < 0) continue;
    for (let i = 0; i < n; i++) {
      const value = mapped[i]!;
      if (code === plain) {
        out.write(value, width);
        continue;
      }
      out.writeZeros(value >>> code);
      out.write(1, 1);
      out.write(value, code);
    }
  }
  return out.bytes();
}

/** Low bits that are written as they are: about the logarithm of the mean. */
function bestBits(sum: number, n: number): number {
  const mean = Math.max(0, (sum - Math.floor(n / 2) - 1) / n);
  return mean < 2 ? 0 : Math.floor(Math.log2(mean));
}

function bitWriter(expected: number) {
  let out = new Uint8Array(Math.max(64, expected));
  let at = 0;
  let buffer = 0;
  let filled = 0;
  const push = () => {
    if (at === out.length) {
      const larger = new Uint8Array(2 * out.length);
      larger.set(out);
      out = larger;
    }
    out[at++] = buffer;
    buffer = 0;
    filled = 0;
  };
  return {
    /** The low `n` <= 32 bits of `value`. */
    write(value: number, n: number): void {
      for (let missing = n; missing > 0; ) {
        const take = Math.min(8 - filled, missing);
        missing -= take;
        buffer = (buffer << take) | ((value >>> missing) & ((1 << take) - 1));
        filled += take;
        if (filled === 8) push();
      }
    },
    writeZeros(n: number): void {
      for (let missing = n; missing > 0; ) {
        const take = Math.min(8 - filled, missing);
        missing -= take;
        buffer <<= take;
        filled += take;
        if (filled === 8) push();
      }
    },
    bytes(): Uint8Array {
      if (filled > 0) {
        buffer <<= 8 - filled;
        push();
      }
      return out.slice(0, at);
    },
  };
}
