/** An image as a table of compressed tiles, a row of pixels each: integers by RICE_1, floats to the last bit by GZIP_2. */
import { ARRAY_TYPES, encodeNumbers, UNSIGNED_ZERO } from "../bytes.js";
import type { Card, Column, FitsArray } from "../types.js";
import { encodeShuffled } from "./gzip.js";
import { encodeRice } from "./rice.js";

const BLOCK_SIZE = 32;

/** The one column and the cards that say how it was made; undefined for what Rice cannot take (64-bit integers) and images without pixels. */
export function compressTiles(data: FitsArray, shape: readonly number[]) {
  const { bitpix, shifted, letter } = ARRAY_TYPES[data[Symbol.toStringTag]]!;
  if (letter === "K" || data.length === 0) return undefined;
  const axes = shape.toReversed();
  const line = axes[0]!;
  const isFloat = bitpix < 0;
  const width = Math.abs(bitpix) / 8;
  const offset = shifted ? UNSIGNED_ZERO[letter]! : 0;
  const tiles = Array.from({ length: data.length / line }, (_, row) => {
    const pixels = data.subarray(row * line, (row + 1) * line);
    if (isFloat) return encodeShuffled(encodeNumbers(pixels), width);
    return encodeRice(offset === 0 ? (pixels as Int32Array) : stored(pixels as Uint32Array, offset), width, BLOCK_SIZE);
  });
  const column: Column = { name: "COMPRESSED_DATA", format: "PB", shape: [], data: tiles };
  const cards: Card[] = [
    { key: "ZIMAGE", value: true, comment: "this table holds a compressed image" },
    { key: "ZCMPTYPE", value: isFloat ? "GZIP_2" : "RICE_1" },
    { key: "ZBITPIX", value: bitpix },
    { key: "ZNAXIS", value: axes.length },
    ...axes.map((value, i) => ({ key: `ZNAXIS${i + 1}`, value })),
    ...axes.map((_, i) => ({ key: `ZTILE${i + 1}`, value: i === 0 ? line : 1 })),
    ...(isFloat
      ? [{ key: "ZQUANTIZ", value: "NONE" }]
      : [
          { key: "ZNAME1", value: "BLOCKSIZE" },
          { key: "ZVAL1", value: BLOCK_SIZE },
          { key: "ZNAME2", value: "BYTEPIX" },
          { key: "ZVAL2", value: width },
        ]),
    ...(shifted
      ? [
          { key: "BSCALE", value: 1 },
          { key: "BZERO", value: offset },
        ]
      : []),
  ];
  return { column, cards };
}

const stored = (pixels: ArrayLike<number>, offset: number) => Float64Array.from(pixels, (value) => value - offset);
