/** HCOMPRESS_1 (White 1992; FITS 4.0, section 10.4.3): the H-transform of a tile, its bit planes as quadtrees. Two-dimensional arrays are [rows, columns] in C order. */
import { FormatError } from "../../errors.js";
import { inverseTransform } from "./h-transform.js";

/** Integers of a tile of `n` pixels. `smooth`: blocks of lossy tiles are smoothed. */
export function decodeHcompress(bytes: Uint8Array, n: number, smooth: boolean, where: string): Float64Array {
  const damaged = (what: string) =>
    new FormatError(`${where}: ${what}; the file is damaged, fetch it again`, { code: "damaged", where });
  if (bytes.length < 25 || bytes[0] !== 0xdd || bytes[1] !== 0x99) throw damaged("these are no HCOMPRESS bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [rows, columns, scale] = [view.getInt32(2), view.getInt32(6), view.getInt32(10)];
  if (rows < 1 || columns < 1 || rows * columns !== n)
    throw damaged(`HCOMPRESS says ${rows} x ${columns} pixels, the tile has ${n}`);
  const planes = bytes.subarray(22, 25);
  if (planes.some((count) => count > 52)) throw damaged("HCOMPRESS says more than 52 bit planes");
  const a = new Float64Array(n);
  const input = bitInput(bytes, 25, damaged);
  const [halfX, halfY] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const quadrant = (start: number, nqx: number, nqy: number, count: number) =>
    decodeQuadrant({ a, start, stride: columns, nqx, nqy }, count, input, damaged);
  quadrant(0, halfX, halfY, planes[0]!);
  quadrant(halfY, halfX, columns >> 1, planes[1]!);
  quadrant(columns * halfX, rows >> 1, halfY, planes[1]!);
  quadrant(columns * halfX + halfY, rows >> 1, columns >> 1, planes[2]!);
  if (input.nybble() !== 0) throw damaged("the bit planes do not end where they should");
  input.align();
  for (let i = 0; i < n; i++) if (a[i] !== 0 && input.bit() === 1) a[i] = -a[i]!;
  a[0] = Number(view.getBigInt64(14));
  if (scale > 1) for (let i = 0; i < n; i++) a[i]! *= scale;
  inverseTransform(a, rows, columns, smooth ? scale : 0);
  return a;
}

type Damaged = (what: string) => FormatError;

function bitInput(bytes: Uint8Array, start: number, damaged: Damaged) {
  let at = start;
  let buffer = 0;
  let left = 0;
  const bit = () => {
    if (left === 0) {
      if (at >= bytes.length) throw damaged("the compressed pixels end too early");
      buffer = bytes[at++]!;
      left = 8;
    }
    return (buffer >> --left) & 1;
  };
  const read = (n: number) => {
    let value = 0;
    for (let i = 0; i < n; i++) value = (value << 1) | bit();
    return value;
  };
  return {
    bit,
    nybble: () => read(4),
    /** What follows starts at the next byte. */
    align: () => {
      left = 0;
    },
    /** Four bits, the more frequent the shorter their code. */
    huffman(): number {
      let code = read(3);
      if (code < 4) return 1 << code;
      code = (code << 1) | bit();
      if (code < 13) return FOUR_BITS[code - 8]!;
      code = (code << 1) | bit();
      if (code < 31) return FIVE_BITS[code - 26]!;
      return bit() === 0 ? 0 : 14;
    },
  };
}

const FOUR_BITS = [3, 5, 10, 12, 15];
const FIVE_BITS = [6, 7, 9, 11, 13];

/** A part of the array `a`, from `start`, whose rows stand `stride` apart. */
interface Quadrant {
  readonly a: Float64Array;
  readonly start: number;
  readonly stride: number;
  readonly nqx: number;
  readonly nqy: number;
}

function decodeQuadrant(q: Quadrant, planes: number, input: ReturnType<typeof bitInput>, damaged: Damaged): void {
  const { nqx, nqy } = q;
  const levels = Math.ceil(Math.log2(Math.max(nqx, nqy, 1)));
  const cells = ((nqx + 1) >> 1) * ((nqy + 1) >> 1);
  let nybbles: Uint8Array = new Uint8Array(Math.max(1, cells));
  for (let bit = planes - 1; bit >= 0; bit--) {
    const kind = input.nybble();
    if (kind === 0) {
      nybbles = new Uint8Array(Math.max(1, cells));
      for (let i = 0; i < cells; i++) nybbles[i] = input.nybble();
    } else if (kind === 0xf) {
      nybbles = Uint8Array.of(input.huffman());
      // sizes of the levels: of `levels` halvings, rounded up
      for (let k = levels - 1; k > 0; k--) {
        nybbles = expand(nybbles, halved(nqx, k), halved(nqy, k));
        for (let i = nybbles.length - 1; i >= 0; i--) if (nybbles[i] !== 0) nybbles[i] = input.huffman();
      }
    } else throw damaged(`a bit plane begins with ${kind}, expected 0 or 15`);
    insert(nybbles, q, 2 ** bit);
  }
}

const halved = (n: number, times: number) => Math.max(1, Math.ceil(n / 2 ** times));

/** Bits of the nybbles [(rows + 1) / 2, (columns + 1) / 2] as [rows, columns]. */
function expand(nybbles: Uint8Array, rows: number, columns: number): Uint8Array {
  const out = new Uint8Array(rows * columns);
  const width = (columns + 1) >> 1;
  for (let x = 0, at = 0; x < rows; x++) {
    for (let y = 0; y < columns; y++) {
      const nybble = nybbles[(x >> 1) * width + (y >> 1)]!;
      out[at++] = (nybble >> (3 - 2 * (x & 1) - (y & 1))) & 1;
    }
  }
  return out;
}

function insert(nybbles: Uint8Array, { a, start, stride, nqx, nqy }: Quadrant, value: number): void {
  const width = (nqy + 1) >> 1;
  for (let x = 0; x < nqx; x++) {
    for (let y = 0; y < nqy; y++) {
      const nybble = nybbles[(x >> 1) * width + (y >> 1)]!;
      if ((nybble >> (3 - 2 * (x & 1) - (y & 1))) & 1) a[start + x * stride + y]! += value;
    }
  }
}
