import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Card, Column, FitsArray, Hdu } from "../../src/fits/index.js";
import { imageHdu, makeColumn, readFits, tableHdu, writeFits } from "../../src/fits/index.js";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 });
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** `n` values of the type that goes with a letter; capital U: the unsigned (or, for B, signed) twin. */
function values(letter: string, n: number): fc.Arbitrary<FitsArray> {
  const ints = <T>(min: number, max: number, make: (v: number[]) => T) =>
    fc.array(fc.integer({ min, max }), { minLength: n, maxLength: n }).map(make);
  const bigs = <T>(min: bigint, max: bigint, make: (v: bigint[]) => T) =>
    fc.array(fc.bigInt({ min, max }), { minLength: n, maxLength: n }).map(make);
  const doubles = fc.array(fc.double(), { minLength: n, maxLength: n });
  switch (letter) {
    case "L":
    case "X":
      return ints(0, 1, (v) => Uint8Array.from(v));
    case "B":
      return ints(0, 255, (v) => Uint8Array.from(v));
    case "UB":
      return ints(-128, 127, (v) => Int8Array.from(v));
    case "I":
      return ints(-(2 ** 15), 2 ** 15 - 1, (v) => Int16Array.from(v));
    case "UI":
      return ints(0, 2 ** 16 - 1, (v) => Uint16Array.from(v));
    case "J":
      return ints(-(2 ** 31), 2 ** 31 - 1, (v) => Int32Array.from(v));
    case "UJ":
      return ints(0, 2 ** 32 - 1, (v) => Uint32Array.from(v));
    case "K":
      return bigs(-(2n ** 63n), 2n ** 63n - 1n, (v) => BigInt64Array.from(v));
    case "UK":
      return bigs(0n, 2n ** 64n - 1n, (v) => BigUint64Array.from(v));
    case "E":
    case "C":
      return doubles.map((v) => Float32Array.from(v));
    default:
      return doubles.map((v) => Float64Array.from(v));
  }
}

const LETTERS = ["L", "X", "B", "UB", "I", "UI", "J", "UJ", "K", "UK", "E", "D", "C", "M"];
const parts = (letter: string) => (letter === "C" || letter === "M" ? 2 : 1);
const plain = (letter: string) => letter.replace("U", "");
/** Trailing blanks are not kept by FITS. */
const text = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)), maxLength: 12 })
  .map((s) => s.trimEnd());

/** One of: [], which is a scalar, or the axes of a vector that has elements. */
const cellShapes = fc.oneof(
  fc.constant<number[]>([]),
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
);

function column(nrows: number): fc.Arbitrary<Column> {
  const fixed = fc
    .tuple(fc.constantFrom(...LETTERS), cellShapes)
    .chain(([letter, shape]) =>
      values(letter, nrows * product(shape) * parts(letter)).map((data) =>
        makeColumn("fixed", data, { format: plain(letter), shape, unit: "TeV" }),
      ),
    );
  const variable = fc
    .tuple(fc.constantFrom("P", "Q"), fc.constantFrom(...LETTERS))
    .chain(([pointer, letter]) =>
      fc
        .tuple(...Array.from({ length: nrows }, () => fc.nat(4).chain((n) => values(letter, n * parts(letter)))))
        .map((data): Column => ({ name: "variable", format: pointer + plain(letter), shape: [], data })),
    );
  const texts = cellShapes.chain((shape) =>
    fc
      .array(text, { minLength: nrows * product(shape), maxLength: nrows * product(shape) })
      .map((data) => makeColumn("text", data, { shape })),
  );
  const words = fc
    .array(text, { minLength: nrows, maxLength: nrows })
    .map((data): Column => ({ name: "words", format: "PA", shape: [], data }));
  return fc.oneof({ weight: 3, arbitrary: fixed }, { weight: 3, arbitrary: variable }, texts, words);
}

/** The getters of what was read as plain properties; -0 and NaN payloads stay. */
const flat = (hdu: Hdu | undefined) =>
  hdu?.kind === "table" ? hdu.columns.map((c) => ({ ...c })) : { shape: hdu?.shape, data: hdu?.data };

describe("write, then read", () => {
  it("keeps every image", () => {
    const images = fc
      .tuple(fc.constantFrom("B", "UB", "I", "UI", "J", "UJ", "K", "UK", "E", "D"), shapes)
      .chain(([letter, shape]) => values(letter, product(shape)).map((data) => imageHdu("PRIMARY", shape, data)));
    fc.assert(
      fc.property(images, fc.boolean(), (image, extension) => {
        const hdus = extension ? [imageHdu("", [], null), { ...image, name: "second" }] : [image];
        const bytes = writeFits(hdus);
        expect(bytes.length % 2880).toBe(0);
        const again = readFits(bytes, { verify: true });
        expect(again.map((hdu) => hdu.name)).toEqual(extension ? ["PRIMARY", "second"] : ["PRIMARY"]);
        expect(flat(again.at(-1))).toStrictEqual({ shape: image.shape, data: image.data });
      }),
    );
  });

  it("keeps every kind of column", () => {
    const tables = fc
      .nat(4)
      .chain((nrows) => fc.array(column(nrows), { minLength: 1, maxLength: 5 }).map((columns) => ({ nrows, columns })));
    fc.assert(
      fc.property(tables, ({ nrows, columns }) => {
        const table = { ...tableHdu("table", columns), nrows };
        const again = readFits(writeFits([table]), { verify: true });
        expect(again[1]).toMatchObject({ kind: "table", name: "table", nrows });
        expect(flat(again[1])).toStrictEqual(columns);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps every header value", () => {
    const key = fc.oneof(
      fc.stringMatching(/^[A-Z][A-Z0-9_-]{0,7}$/),
      fc.stringMatching(/^[A-Za-z]{3,8} [a-z0-9]{1,8}$/),
    );
    const longText = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
      maxLength: 250,
    });
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
    const big = fc
      .bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
      .map((v) => (Number.isSafeInteger(Number(v)) ? Number(v) : v));
    const value = fc.oneof(
      longText.map((s) => s.trimEnd()),
      number,
      big,
      fc.boolean(),
      fc.constant(null),
    );
    const reserved =
      /^(END|CONTINUE|COMMENT|HISTORY|HIERARCH|SIMPLE|EXTEND|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|BLANK|BZERO|BSCALE)$/;
    const cards = fc.array(fc.record({ key: key.filter((k) => !reserved.test(k)), value, comment: fc.constant("c") }));
    fc.assert(
      fc.property(cards, (all) => {
        const [hdu] = readFits(writeFits([imageHdu("", [], null, all)]), { verify: true });
        const made = new Set(["SIMPLE", "BITPIX", "NAXIS", "EXTEND", "CHECKSUM", "DATASUM", "LONGSTRN"]);
        const found = hdu!.header.filter((card) => !made.has(card.key)).map(({ key, value }): Card => ({ key, value }));
        // A zero loses its sign.
        expect(found).toEqual(all.map(({ key, value }) => ({ key, value: value === 0 ? 0 : value })));
      }),
      { numRuns: 300 },
    );
  });

  it("writes the same bytes again", () => {
    const table = tableHdu(
      "T",
      [makeColumn("a", Float32Array.of(1, 2)), makeColumn("b", ["x", "yy"])],
      [
        { key: "TLMIN1", value: 0 },
        { key: "ORIGIN", value: "here", comment: "who" },
      ],
    );
    const bytes = writeFits([table]);
    expect(writeFits(readFits(bytes))).toEqual(bytes);
  });
});
