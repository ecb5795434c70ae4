import { describe, expect, it } from "vitest";
import { type Hdu, imageHdu, readFits, writeFits } from "../../src/fits/index.js";
import { gtiHdu, gtiIn } from "../../src/io/gti.js";
import { readMapDataset, writeMapDataset } from "../../src/io/map-dataset.js";
import { cube } from "./samples.js";

const gti = { start: Float64Array.of(0, 100), stop: Float64Array.of(50, 300), reference: 51910, timeScale: "tt" };
const where = "a.fits";

/** The file with another HDU in place of its GTI. */
const exchange = (bytes: Uint8Array, hdu: Hdu) =>
  writeFits(readFits(bytes).map((own) => (own.name === "GTI" ? hdu : own)));

const dataset = writeMapDataset({ ...cube(), gti });
const image = imageHdu("GTI", [2, 2], Float64Array.of(1, 2, 3, 4));

describe("good time intervals", () => {
  it("are found in any case", () => {
    const lower = { ...gtiHdu(gti), name: "gti" };
    expect(readMapDataset(exchange(dataset, lower), { where }).gti).toEqual(gti);
    expect(gtiIn([lower], where)).toEqual(gti);
    expect(gtiIn([], where)).toBeUndefined();
  });

  it("say their time scale", () => {
    expect(gtiIn([gtiHdu({ ...gti, timeScale: "TDB" })], where)?.timeScale).toBe("tdb");
    expect(() => gtiIn([gtiHdu({ ...gti, timeScale: "utc ?" })], where)).toThrow(/keyword TIMESYS: found "utc \?"/);
  });

  it("are a table", () => {
    const message = 'a.fits: the HDU "GTI" is an image, expected a table';
    expect(() => readMapDataset(exchange(dataset, image), { where })).toThrow(message);
    expect(() => gtiIn([image], where)).toThrow(message);
  });
});
