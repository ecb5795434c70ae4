import { describe, expect, it } from "vitest";
import {
  type Card,
  findColumn,
  findHdu,
  findImage,
  findTable,
  getCard,
  headerBoolean,
  headerNumber,
  headerString,
  imageHdu,
  makeColumn,
  numericColumn,
  numericImage,
  readFits,
  tableHdu,
  writeFits,
} from "../../src/fits/index.js";

const cards: Card[] = [
  { key: "TELESCOP", value: "HESS" },
  { key: "LIVETIME", value: 1581.73, comment: "s" },
  { key: "BIG", value: 2n ** 60n },
  { key: "DONE", value: true },
  { key: "NOTHING", value: null },
];

describe("header values", () => {
  it("come with the type that is asked for", () => {
    expect(getCard(cards, "livetime")).toEqual({ key: "LIVETIME", value: 1581.73, comment: "s" });
    expect(headerString(cards, "TELESCOP")).toBe("HESS");
    expect(headerNumber(cards, "LIVETIME")).toBe(1581.73);
    expect(headerNumber(cards, "BIG")).toBe(2 ** 60);
    expect(headerBoolean(cards, "DONE")).toBe(true);
    expect(headerNumber(cards, "NOTHING", "f.fits", 3)).toBe(3);
    expect(headerString(cards, "MISSING", "f.fits", "none")).toBe("none");
  });

  it("say what is wrong", () => {
    expect(() => headerNumber(cards, "LIVTIME", "f.fits: HDU 1")).toThrow(
      /^f\.fits: HDU 1: the keyword LIVTIME is missing; did you mean "LIVETIME"\?/,
    );
    expect(() => headerNumber(cards, "NOTHING")).toThrow(/NOTHING has no value/);
    expect(() => headerNumber(cards, "TELESCOP")).toThrow(/TELESCOP is "HESS", expected a number/);
    expect(() => headerString(cards, "LIVETIME")).toThrow(/LIVETIME is 1581.73, expected a text/);
    expect(() => headerBoolean(cards, "LIVETIME")).toThrow(/expected T or F/);
  });
});

const table = tableHdu(
  "EVENTS",
  [
    makeColumn("ENERGY", Float32Array.of(0.5, 2), { unit: "TeV" }),
    makeColumn("ID", BigInt64Array.of(-99n, 2n ** 60n), { keywords: [{ key: "TNULL", value: -99 }] }),
    makeColumn("TEXT", ["a", "b"]),
    makeColumn("GOOD", Uint8Array.of(1, 0), { format: "L" }),
  ],
  [...cards, { key: "TLMIN1", value: 0 }],
);
const hdus = readFits(writeFits([imageHdu("MAP", [1, 2], Int16Array.of(3, 4)), table]));

describe("what is in a file", () => {
  it("is found by name, in any case", () => {
    expect(findHdu(hdus, "events")).toBe(hdus[1]);
    expect(findImage(hdus, "map").shape).toEqual([1, 2]);
    expect(findColumn(findTable(hdus, "EVENTS"), "energy")).toMatchObject({ name: "ENERGY", unit: "TeV", format: "E" });
  });

  it("is listed when a name is not there", () => {
    expect(() => findHdu(hdus, "EVENT", "f.fits")).toThrow(
      /^f\.fits: no HDU "EVENT"; found MAP, EVENTS; did you mean "EVENTS"\?$/,
    );
    expect(() => findTable(hdus, "MAP")).toThrow(/"MAP" is an image, expected a table/);
    expect(() => findImage(hdus, "EVENTS")).toThrow(/"EVENTS" is a table, expected an image/);
    expect(() => findColumn(findTable(hdus, "EVENTS"), "ENERG", "f.fits")).toThrow(
      /^f\.fits: the table "EVENTS" has no column "ENERG"; found ENERGY, ID, TEXT, GOOD; did you mean "ENERGY"\?$/,
    );
  });

  it("comes as float64 where that is asked for", () => {
    const events = findTable(hdus, "EVENTS");
    expect(numericColumn(events, "ENERGY")).toEqual(Float64Array.of(0.5, 2));
    expect(numericColumn(events, "ID")).toEqual(Float64Array.of(Number.NaN, 2 ** 60));
    expect(numericColumn(events, "GOOD")).toEqual(Float64Array.of(1, 0));
    expect(() => numericColumn(events, "TEXT")).toThrow(/has the format A, expected numbers/);
    expect(numericImage(findImage(hdus, "MAP"))).toEqual(Float64Array.of(3, 4));
    expect(() => numericImage(imageHdu("X", [], null))).toThrow(/has no pixels/);
  });

  it("can be cloned and keeps keywords of columns with their column", () => {
    const events = structuredClone(findTable(hdus, "EVENTS"));
    expect(events.columns[0]!.keywords).toEqual([{ key: "TLMIN", value: 0 }]);
    expect(headerNumber(events.header, "TLMIN1")).toBe(0);
    const turned = readFits(writeFits([{ ...events, columns: events.columns.toReversed() }]));
    expect(headerNumber(findTable(turned, "EVENTS").header, "TLMIN4")).toBe(0);
  });
});

describe("values that Astropy does not read", () => {
  it("scales variable-length arrays: value = stored * TSCAL + TZERO", () => {
    const rows = [Int32Array.of(1), new Int32Array(0), Int32Array.of(2, 3)];
    const keywords = [
      { key: "TSCAL", value: 0.25 },
      { key: "TZERO", value: -3.5 },
      { key: "TNULL", value: 3 },
    ];
    const scaled = tableHdu("T", [{ name: "v", format: "PJ", shape: [], data: rows, keywords }]);
    const [column] = findTable(readFits(writeFits([scaled])), "T").columns;
    expect(column!.format).toBe("PD");
    expect(column!.data).toEqual([Float64Array.of(-3.25), new Float64Array(0), Float64Array.of(-3, Number.NaN)]);
  });

  it("keeps text of a card that is no FITS value", () => {
    const bytes = writeFits([imageHdu("", [], null, [{ key: "WHEN", value: 20041204 }])]);
    const text = Buffer.from(bytes).toString("latin1").replace("            20041204", "          2004-12-04");
    expect(headerString(readFits(Buffer.from(text, "latin1"))[0]!.header, "WHEN")).toBe("2004-12-04");
  });

  it("splits rAw columns into texts of w characters", () => {
    const bytes = writeFits([tableHdu("T", [makeColumn("a", ["ab cd ", "ef ghi"])])]);
    const text = Buffer.from(bytes).toString("latin1").replace("'6A      '", "'6A3     '");
    const [column] = findTable(readFits(Buffer.from(text, "latin1")), "T").columns;
    expect({ ...column }).toMatchObject({ shape: [2], data: ["ab", "cd", "ef", "ghi"] });
  });
});
