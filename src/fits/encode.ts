import { SpecError } from "../errors.js";
import { ARRAY_TYPES, ELEMENT_BYTES, encodeNumbers, UNSIGNED_ZERO } from "./bytes.js";
import type { Card, Column, FitsArray } from "./types.js";

/** One column as bytes of the main table, its cards (roots without number), and what it adds to the heap. */
export interface EncodedColumn {
  /** Bytes of one cell. */
  readonly cell: number;
  /** [nrows * cell], or numbers, one a row, that have yet to become bytes. */
  readonly bytes: Uint8Array | Float64Array;
  readonly cards: readonly Card[];
}

/** Variable-length arrays, one behind the other. */
export interface Heap {
  readonly parts: Uint8Array[];
  size: number;
}

/** Letter of TFORM and the typed arrays that it can hold. */
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  L: ["Uint8Array"],
  X: ["Uint8Array"],
  B: ["Uint8Array", "Int8Array"],
  I: ["Int16Array", "Uint16Array"],
  J: ["Int32Array", "Uint32Array"],
  K: ["BigInt64Array", "BigUint64Array"],
  E: ["Float32Array"],
  D: ["Float64Array"],
  C: ["Float32Array"],
  M: ["Float64Array"],
};

export function encodeColumn(column: Column, nrows: number, heap: Heap, where: string): EncodedColumn {
  const { format, shape } = column;
  if (/^[PQ]/.test(format)) return encodeVariable(column, nrows, heap, where);
  const cells = shape.reduce((product, n) => product * n, 1);
  const isVector = shape.length > 0 && !(shape.length === 1 && shape[0]! !== 1);
  if (format === "A") {
    const texts = column.data as readonly string[];
    requireLength(texts.length, nrows * cells, where);
    const width = texts.reduce((longest, text) => Math.max(longest, text.length), 1);
    const bytes = new Uint8Array(nrows * cells * width).fill(0x20);
    texts.forEach((text, i) => {
      bytes.set(encodeText(text), i * width);
    });
    const tdim = shape.length > 0 ? tdimCard([width, ...shape.toReversed()]) : [];
    return { cell: cells * width, bytes, cards: [tform(`${cells * width}A`), ...tdim] };
  }
  const data = numbers(column.data, format, where);
  const parts = format === "C" || format === "M" ? 2 : 1;
  requireLength(data.length, nrows * cells * parts, where);
  const bytes = format === "D" && cells === 1 ? (data as Float64Array) : encodeElements(data, format, nrows, cells);
  const cards = [tform(`${cells}${format}`), ...zeroCard(data), ...(isVector ? tdimCard(shape.toReversed()) : [])];
  return { cell: nrows === 0 ? cellBytes(format, cells) : bytes.byteLength / nrows, bytes, cards };
}

function encodeVariable(column: Column, nrows: number, heap: Heap, where: string): EncodedColumn {
  const pointer = column.format[0]!;
  const letter = column.format.slice(1);
  const rows = column.data as readonly (FitsArray | string)[];
  requireLength(rows.length, nrows, where);
  const pairs = pointer === "P" ? new Int32Array(2 * nrows) : new BigInt64Array(2 * nrows);
  let longest = 0;
  let zero: readonly Card[] = [];
  rows.forEach((row, r) => {
    const parts = letter === "C" || letter === "M" ? 2 : 1;
    const n = row.length / parts;
    const data = letter === "A" ? encodeText(row as string) : numbers(row as FitsArray, letter, where);
    const bytes = letter === "A" ? (data as Uint8Array) : encodeElements(data, letter, 1, n);
    if (letter !== "A" && r === 0) zero = zeroCard(data);
    if (letter !== "A" && zeroCard(data).length !== zero.length) {
      throw new SpecError(
        `${where}: row ${r + 1} is a ${data[Symbol.toStringTag]}; give arrays of one type in all rows`,
      );
    }
    if (pointer === "P" && heap.size + bytes.length >= 2 ** 31) {
      throw new SpecError(`${where}: the heap has more than 2^31 bytes; give the column the format "Q${letter}"`);
    }
    setPair(pairs, r, n, heap.size);
    heap.parts.push(bytes);
    heap.size += bytes.length;
    longest = Math.max(longest, n);
  });
  const cards = [tform(`1${pointer}${letter}(${longest})`), ...zero];
  return { cell: pointer === "P" ? 8 : 16, bytes: encodeNumbers(pairs), cards };
}

function setPair(pairs: Int32Array | BigInt64Array, r: number, count: number, offset: number): void {
  if (pairs instanceof Int32Array) pairs.set([count, offset], 2 * r);
  else pairs.set([BigInt(count), BigInt(offset)], 2 * r);
}

/** Bytes of `nrows` cells of `cells` elements. */
function encodeElements(data: FitsArray, letter: string, nrows: number, cells: number): Uint8Array {
  if (letter === "L") return (data as Uint8Array).map((value) => (value ? 0x54 : 0x46));
  if (letter !== "X") return encodeNumbers(data);
  const cell = cellBytes("X", cells);
  const bytes = new Uint8Array(nrows * cell);
  for (let r = 0, from = 0; r < nrows; r++) {
    for (let i = 0; i < cells; i++) if (data[from++]) bytes[r * cell + (i >> 3)]! |= 0x80 >> (i & 7);
  }
  return bytes;
}

function cellBytes(letter: string, cells: number): number {
  return letter === "X" ? Math.ceil(cells / 8) : cells * ELEMENT_BYTES[letter]!;
}

/** The data of a column, if its type goes with the letter. */
function numbers(data: Column["data"] | FitsArray, letter: string, where: string): FitsArray {
  const type = (data as FitsArray)[Symbol.toStringTag] ?? "array";
  const allowed = HOLDS[letter];
  if (!allowed) {
    throw new SpecError(
      `${where}: unknown format "${letter}", expected one of L X B I J K A E D C M, or P or Q before it`,
    );
  }
  if (allowed.includes(type)) return data as FitsArray;
  throw new SpecError(
    `${where}: the format ${letter} cannot hold the ${type} that was given; give ${allowed.join(" or ")}, or another format`,
  );
}

/** Of printable ASCII. */
const encodeText = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function requireLength(found: number, expected: number, where: string): void {
  if (found === expected) return;
  throw new SpecError(`${where}: found ${found} values, expected ${expected} (rows times the shape of a cell)`);
}

function tform(value: string): Card {
  return { key: "TFORM", value };
}

function tdimCard(axes: readonly number[]): Card[] {
  return [{ key: "TDIM", value: `(${axes.join(",")})` }];
}

function zeroCard(data: FitsArray): Card[] {
  const { letter, shifted } = ARRAY_TYPES[data[Symbol.toStringTag]]!;
  if (!shifted) return [];
  return [
    { key: "TSCAL", value: 1 },
    { key: "TZERO", value: letter === "K" ? 2n ** 63n : UNSIGNED_ZERO[letter]! },
  ];
}
