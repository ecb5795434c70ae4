/** Tile-compressed images (FITS 4.0, section 10.1): a table with a row for each tile. */
import { FormatError } from "../../errors.js";
import { decodeNumbers, encodeNumbers, LETTERS, type Scaling } from "../bytes.js";
import { toFloat64 } from "../column.js";
import type { Card, Column, FitsArray } from "../types.js";
import { dequantize, NULL_VALUE, randomTable } from "./dither.js";
import { decodeGzip } from "./gzip.js";
import { decodeHcompress } from "./hcompress.js";
import type { Tiling } from "./header.js";
import { decodePlio } from "./plio.js";
import { decodeRice } from "./rice.js";

/** Pixels that any header may ask for, and how many bytes more than those of the table: tiles of one value take next to nothing. */
const FREE_PIXELS = 2 ** 22;
const MAX_RATIO = 4000;

export interface TileTable {
  readonly columns: readonly Column[];
  readonly nrows: number;
  /** Bytes of the table. */
  readonly size: number;
  readonly header: readonly Card[];
}

/** All pixels in C order. */
export function readTiles(table: TileTable, tiling: Tiling, scaling: Scaling, at: string): FitsArray {
  const { bitpix, axes, tile } = tiling;
  const damaged = (what: string) =>
    new FormatError(`${at}: ${what}; the file is damaged, fetch it again`, { code: "damaged", where: at });
  const width = Math.abs(bitpix) / 8;
  const pixels = axes.reduce((product, n) => product * n, 1);
  if (pixels > FREE_PIXELS && pixels * width > MAX_RATIO * table.size)
    throw damaged(`${table.size} bytes cannot hold the ${axes.join(" x ")} pixels that the header promises`);
  const counts = axes.map((n, i) => Math.ceil(n / tile[i]!));
  const tiles = counts.reduce((product, n) => product * n, 1);
  if (tiles !== table.nrows) throw damaged(`the image has ${tiles} tiles, the table ${table.nrows} rows`);
  const decode = tileDecoder(table, tiling, at);
  const raw = new Uint8Array(pixels * width);
  const index = counts.map(() => 0);
  for (let row = 0; row < tiles; row++) {
    const first = index.map((k, i) => k * tile[i]!);
    const size = first.map((start, i) => Math.min(tile[i]!, axes[i]! - start));
    place(decode(row, size), raw, { axes, first, size, width });
    next(index, counts);
  }
  return decodeNumbers(raw, LETTERS[bitpix]!, scaling);
}

/** Counts up, the first number fastest. */
function next(index: number[], counts: readonly number[]): void {
  for (let i = 0; i < index.length; i++) {
    if (++index[i]! < counts[i]!) return;
    index[i] = 0;
  }
}

interface Place {
  readonly axes: readonly number[];
  readonly first: readonly number[];
  readonly size: readonly number[];
  readonly width: number;
}

/** Lines of a tile to where they belong in the image. */
function place(tile: Uint8Array, image: Uint8Array, { axes, first, size, width }: Place): void {
  const line = size[0]! * width;
  const index = size.map(() => 0);
  for (let from = 0; from < tile.length; from += line) {
    let to = 0;
    for (let i = axes.length - 1; i >= 0; i--) to = to * axes[i]! + first[i]! + index[i]!;
    image.set(tile.subarray(from, from + line), to * width);
    index[0] = size[0]! - 1;
    next(index, size);
  }
}

/** Big-endian bytes of the pixels of a tile. */
function tileDecoder(table: TileTable, tiling: Tiling, at: string) {
  const { algorithm, bitpix, dither, seed } = tiling;
  const width = Math.abs(bitpix) / 8;
  const column = (name: string) => table.columns.find((c) => c.name.toUpperCase() === name);
  const arrays = (name: string) => column(name)?.data as readonly FitsArray[] | undefined;
  const [compressed, zipped, plain] = ["COMPRESSED_DATA", "GZIP_COMPRESSED_DATA", "UNCOMPRESSED_DATA"].map(arrays);
  /** A number of the tile: from a column, or from the header for all. */
  const numberOf = (name: string) => {
    const values = column(name)?.data;
    const floats = values === undefined ? undefined : toFloat64(values as FitsArray, undefined);
    const card = table.header.find(({ key }) => key.toUpperCase() === name)?.value;
    const all = typeof card === "number" || typeof card === "bigint" ? Number(card) : undefined;
    return (row: number) => floats?.[row] ?? all;
  };
  const [scale, zero, blank] = [numberOf("ZSCALE"), numberOf("ZZERO"), numberOf("ZBLANK")];
  const random = dither === "none" ? undefined : randomTable();
  return (row: number, size: readonly number[]): Uint8Array => {
    const where = `${at}: tile ${row + 1}`;
    const n = size.reduce((product, count) => product * count, 1);
    const fits = (bytes: Uint8Array) => {
      if (bytes.length === n * width) return bytes;
      throw new FormatError(`${where}: found ${bytes.length} bytes, expected ${n * width}; the file is damaged`, {
        code: "damaged",
        where,
      });
    };
    if (plain?.[row]?.length) return fits(encodeNumbers(plain[row]!));
    if (zipped?.[row]?.length)
      return decodeGzip(zipped[row] as Uint8Array, n * width, width, { shuffled: false, where });
    const bytes = compressed?.[row];
    if (!bytes?.length) {
      throw new FormatError(`${where}: has no pixels; the file is damaged, fetch it again`, { code: "damaged", where });
    }
    if (algorithm === "NOCOMPRESS") return fits(bytes as Uint8Array);
    const step = bitpix < 0 ? scale(row) : undefined;
    if (bitpix < 0 && (step === undefined || step === 0)) {
      // not quantized: the bytes of the floats themselves
      return decodeGzip(bytes as Uint8Array, n * width, width, { shuffled: algorithm === "GZIP_2", where });
    }
    const integerWidth = bitpix < 0 ? 4 : width;
    const stored = integers(bytes, n, integerWidth, tiling, where);
    if (bitpix > 0) return stored instanceof Uint8Array ? stored : bigEndian(stored, width, false);
    const values = stored instanceof Uint8Array ? (decodeNumbers(stored, "J", PLAIN) as Int32Array) : stored;
    const quantized = { scale: step!, zero: zero(row) ?? 0, blank: blank(row) ?? NULL_VALUE };
    return bigEndian(dequantize(values, quantized, dither, { row, seed, table: random }), width, true);
  };
}

const PLAIN: Scaling = { scale: 1, zero: 0 };

/** The integers of a tile, or their big-endian bytes of `width` each. */
function integers(bytes: FitsArray, n: number, width: number, tiling: Tiling, where: string) {
  switch (tiling.algorithm) {
    case "RICE_1":
      return decodeRice(bytes as Uint8Array, n, tiling.bytePix, tiling.blockSize, where);
    case "PLIO_1":
      return decodePlio(bytes as unknown as ArrayLike<number>, n, where);
    case "HCOMPRESS_1":
      return decodeHcompress(bytes as Uint8Array, n, tiling.smooth, where);
    default:
      return decodeGzip(bytes as Uint8Array, n * width, width, { shuffled: tiling.algorithm === "GZIP_2", where });
  }
}

function bigEndian(values: ArrayLike<number>, width: number, float: boolean): Uint8Array {
  if (float) return encodeNumbers(width === 4 ? Float32Array.from(values) : Float64Array.from(values));
  if (width === 1) return Uint8Array.from(values);
  if (width === 8) return encodeNumbers(BigInt64Array.from(Array.from(values, BigInt)));
  return encodeNumbers(width === 2 ? Int16Array.from(values) : Int32Array.from(values));
}
