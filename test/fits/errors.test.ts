import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, SpecError, UnsupportedError } from "../../src/errors.js";
import type { Card, Hdu } from "../../src/fits/index.js";
import { imageHdu, makeColumn, readFits, tableHdu, writeFits } from "../../src/fits/index.js";

const table = tableHdu("EVENTS", [
  makeColumn("ENERGY", Float32Array.of(1, 2, 3), { unit: "TeV" }),
  makeColumn("TIME", Float64Array.of(1, 2, 3)),
  { name: "HITS", format: "PI", shape: [], data: [Int16Array.of(1), Int16Array.of(2, 3), new Int16Array(0)] },
]);
const bytes = writeFits([table]);

/** The same file with one piece of text replaced. */
function edited(from: string, to: string, file = bytes): Uint8Array {
  const text = Buffer.from(file).toString("latin1");
  expect(text).toContain(from);
  return new Uint8Array(
    Buffer.from(text.replace(from, to.padEnd(from.length).slice(0, Math.max(from.length, to.length))), "latin1"),
  );
}

/** Reads all headers and all values. */
function readAll(file: Uint8Array, verify = false): Hdu[] {
  const hdus = readFits(file, { where: "f.fits", verify });
  for (const hdu of hdus) {
    if (hdu.kind === "image") void hdu.data;
    else for (const column of hdu.columns) void column.data;
  }
  return hdus;
}

describe("bytes that are not a whole FITS file", () => {
  it.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /^f\.fits: the file is empty/],
    ["text", new TextEncoder().encode("components:\n- name: crab\n"), /not a FITS file: it starts with "components:/],
    ["gzip", gzipSync(bytes), /gzip bytes.*gunzip/],
    ["a cut header", bytes.slice(0, 100), /HDU 0: the header that starts at byte 0 has no END card in the 100 bytes/],
    ["a cut extension header", bytes.slice(0, 2880 + 800), /HDU 1: the header that starts at byte 2880/],
    ["cut data", bytes.slice(0, 2 * 2880 + 30), /HDU 1 \(EVENTS\): the data are truncated: found 30 of the 66 bytes/],
    [
      "a tail",
      new Uint8Array([...bytes, ...new TextEncoder().encode("<html>")]),
      /6 bytes follow HDU 1 \(EVENTS\).*"<html>"/,
    ],
  ])("names %s", (_, file, message) => {
    expect(() => readAll(file)).toThrow(FormatError);
    expect(() => readAll(file)).toThrow(message);
  });

  it("reads data whose padding is missing, and padding after the end", () => {
    expect(readAll(bytes.slice(0, 2 * 2880 + 66))).toHaveLength(2);
    expect(readAll(new Uint8Array([...bytes, ...new Uint8Array(2880)]))).toHaveLength(2);
  });

  it("needs no data for the headers alone", () => {
    const hdus = readFits(bytes.slice(0, 2 * 2880), { headersOnly: true });
    expect(hdus[1]).toMatchObject({ kind: "table", name: "EVENTS", nrows: 3, columns: [] });
  });
});

describe("damaged headers", () => {
  it.each<[string, string, RegExp]>([
    [
      "BITPIX  =                    8 / bits per pixel",
      "BITPIX  =                    7 /",
      /HDU 0 \(PRIMARY\): BITPIX is 7/,
    ],
    [
      "NAXIS   =                    0",
      "NAXIS   =                 1234",
      /NAXIS is 1234, expected an integer from 0 to 999/,
    ],
    ["NAXIS2  =                    3", "NAXIS2  =                   -3", /HDU 1 \(EVENTS\): NAXIS2 is -3/],
    ["NAXIS2  =                    3", "NAXIS2  =      999999999999999", /make \d+ bytes, which no file holds/],
    ["NAXIS2  =                    3", "NAXIS2  =           1999999999", /truncated: found 2880 of the 3\d+ bytes/],
    [
      "NAXIS2  =                    3",
      "NAXISX  =                    3",
      /the keyword NAXIS2 is missing; did you mean "NAXIS/,
    ],
    [
      "NAXIS1  =                   20",
      "NAXIS1  =                   19",
      /column 3 \(HITS\).*ends at byte 20 of a row.*19 bytes/,
    ],
    ["TFIELDS =                    3", "TFIELDS =                 5000", /TFIELDS is 5000/],
    ["'1D      '", "'1Z      '", /column 2 \(TIME\): TFORM is "1Z"/],
    ["EXTNAME = 'EVENTS  '", "EXTNAME = 'EVENTS   ", /card 9: a string value has no closing quote; found "EXTNAME/],
    ["TUNIT1  =", "\u0001\u0002UNIT1 =", /HDU 1: card \d+: its keyword is not text/],
  ])("%s -> %s", (from, to, message) => {
    expect(() => readAll(edited(from, to))).toThrow(FormatError);
    expect(() => readAll(edited(from, to))).toThrow(message);
  });

  it("names the row whose array lies outside the heap", () => {
    const file = bytes.slice();
    new DataView(file.buffer).setInt32(2 * 2880 + 20 + 12, 4);
    expect(() => readAll(file)).toThrow(
      /column 3 \(HITS\): row 2 points to 4 elements at byte 2 of the heap, which has 6/,
    );
  });

  describe("arrays of rows that lie over one another in the heap", () => {
    const rows = 100;
    const long = Float32Array.from({ length: 4000 }, (_, i) => i);
    const file = writeFits([
      tableHdu("T", [{ name: "V", format: "PE", shape: [], data: Array.from({ length: rows }, () => long) }]),
    ]);
    const pointing = (first: (row: number) => number) => {
      const out = file.slice();
      const view = new DataView(out.buffer);
      for (let r = 0; r < rows; r++) {
        view.setInt32(2 * 2880 + 8 * r, 3900);
        view.setInt32(2 * 2880 + 8 * r + 4, 4 * first(r));
      }
      // the heap has the first array alone
      const header = Buffer.from(out.subarray(2880, 5760)).toString("latin1");
      const heap = header.replace(/PCOUNT {2}= +\d+/, `PCOUNT  = ${String(4 * long.length).padStart(20)}`);
      const data = out.subarray(5760, 5760 + 8 * rows + 4 * long.length);
      const whole = new Uint8Array(5760 + 2880 * Math.ceil(data.length / 2880));
      whole.set(out.subarray(0, 2880));
      whole.set(Buffer.from(heap, "latin1"), 2880);
      whole.set(data, 5760);
      return whole;
    };

    it("are refused where they take much more than the heap", () => {
      expect(() => readAll(pointing((r) => r))).toThrow(/arrays add up to 1560000 bytes in a heap of \d+/);
    });

    it("are one where they are the same", () => {
      const [, hdu] = readAll(pointing(() => 7));
      const column = hdu!.kind === "table" ? hdu!.columns[0]! : undefined;
      const arrays = column!.data as Float32Array[];
      expect([arrays.length, arrays[99]!.length, arrays[99]![0]]).toEqual([rows, 3900, 7]);
      expect(arrays[99]).toBe(arrays[0]);
    });
  });

  it("does not read random groups", () => {
    const cards = ["SIMPLE  =                    T", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 0", "GROUPS  = T", "END"];
    const file = new TextEncoder().encode(
      cards
        .map((card) => card.padEnd(80))
        .join("")
        .padEnd(2880),
    );
    expect(() => readAll(file)).toThrow(UnsupportedError);
  });

  it("do not ask for memory that the file does not fill", () => {
    const rows = edited("NAXIS1  =                   20", "NAXIS1  =                    0");
    expect(() => readAll(edited("NAXIS2  =                    3", "NAXIS2  =           2000000000", rows))).toThrow(
      /2000000000 rows of no bytes/,
    );
  });
});

describe("checksums", () => {
  it("find one changed byte, wherever it is", () => {
    const header = 2880 + 8 * 80 + 12;
    for (const [at, what] of [
      [2 * 2880 + 5, /HDU 1 \(EVENTS\): the data have changed.*DATASUM/],
      [header, /HDU 1 .*: the header or the data have changed.*CHECKSUM/],
    ] as const) {
      const file = bytes.slice();
      file[at]! ^= 1;
      expect(() => readAll(file)).not.toThrow();
      expect(() => readAll(file, true)).toThrow(what);
    }
    expect(readAll(bytes, true)).toHaveLength(2);
  });
});

describe("what cannot be written", () => {
  const header = (card: Card) => () => writeFits([imageHdu("", [], null, [card])]);
  it.each<[string, () => unknown, RegExp]>([
    ["a number that is not finite", header({ key: "X", value: Number.NaN }), /HDU 0 \(\): keyword X: .* NaN/],
    ["a key with =", header({ key: "a=b", value: 1 }), /keyword "a=b" does not fit/],
    ["a key without room", header({ key: "x".repeat(80), value: 1 }), /does not fit into a FITS card/],
    [
      "a type that does not go with the format",
      () => writeFits([tableHdu("T", [makeColumn("a", Float64Array.of(1), { format: "E" })])]),
      /the format E cannot hold the Float64Array that was given; give Float32Array/,
    ],
    [
      "an unknown format",
      () => writeFits([tableHdu("T", [makeColumn("a", Float64Array.of(1), { format: "Z" })])]),
      /unknown format "Z"/,
    ],
    ["a wrong shape", () => writeFits([imageHdu("", [2, 2], Float64Array.of(1, 2, 3))]), /found 3 values.*\[2,2\]/],
    [
      "columns of several lengths",
      () => tableHdu("T", [makeColumn("a", ["x"]), makeColumn("b", Float64Array.of(1, 2))]),
      /the column "b" has 2 rows, expected 1 as in "a"/,
    ],
    [
      "arrays of several types",
      () =>
        writeFits([
          tableHdu("T", [{ name: "v", format: "PI", shape: [], data: [Int16Array.of(1), Uint16Array.of(1)] }]),
        ]),
      /row 2 is a Uint16Array/,
    ],
  ])("%s", (_, write, message) => {
    expect(write).toThrow(SpecError);
    expect(write).toThrow(message);
  });
});

describe("texts beyond printable ASCII", () => {
  it("are folded and transliterated, and it is said where", () => {
    const notes: string[] = [];
    const hdu = tableHdu(
      "T",
      [makeColumn("\u00b5", ["Aharonian et al.\n2006", "Se\u00f1or", "\u5929"])],
      [
        { key: "AUTHOR", value: "K\u00f6ln\tM\u00fcller \u2013 Li\u00e8ge" },
        { key: "OK", value: "plain", comment: "\u00b10.1" },
      ],
    );
    const [, read] = readFits(writeFits([hdu], { onNote: (note) => notes.push(note) }));
    expect(read).toMatchObject({ columns: [{ name: "u", data: ["Aharonian et al. 2006", "Senor", "?"] }] });
    expect(read!.header).toEqual(
      expect.arrayContaining([
        { key: "AUTHOR", value: "Koln Muller - Liege" },
        { key: "OK", value: "plain", comment: "+-0.1" },
      ]),
    );
    expect(notes).toEqual([
      'HDU 1 (T): changed to what FITS can hold (printable ASCII on one line): keyword AUTHOR, comment of OK, column "\u00b5", texts of u',
    ]);
  });
});

describe("any damage", () => {
  const oracle: Record<string, { gzip: string }> = JSON.parse(
    readFileSync(new URL("../oracle/fits.json", import.meta.url), "utf8"),
  );
  const files = [
    ...Object.values(oracle).map(({ gzip }) => new Uint8Array(gunzipSync(Buffer.from(gzip, "base64")))),
    bytes,
  ];

  /** Nothing but our errors may come out. */
  function tolerate(damaged: Uint8Array): void {
    try {
      readAll(damaged);
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof UnsupportedError)) throw error;
    }
  }

  it("is either read or reported as a FormatError", () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0x00, max: 0xff }));
    const changes = fc.array(change, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.nat(files.length - 1), changes, fc.option(fc.nat()), (which, all, cut) => {
        const file = files[which]!;
        const damaged = file.slice(0, cut === null ? file.length : cut % file.length);
        for (const [at, value] of all) damaged[at % file.length] = value;
        tolerate(damaged);
      }),
      { numRuns: 1000 },
    );
  });

  it("is also found where digits change", () => {
    const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
    const digits = files.map((file) => [...file.keys()].filter((i) => isDigit(file[i]!)));
    const change = fc.tuple(fc.nat(), fc.constantFrom(..."0123456789-PQAEIX'"));
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.nat(files.length - 1), changes, (which, all) => {
        const damaged = files[which]!.slice();
        const places = digits[which]!;
        for (const [i, character] of all) damaged[places[i % places.length]!] = character.charCodeAt(0);
        tolerate(damaged);
      }),
      { numRuns: 1000 },
    );
  });
});
