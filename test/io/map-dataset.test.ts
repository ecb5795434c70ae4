import { describe, expect, it } from "vitest";
import type { MapDataset } from "../../src/datasets/types.js";
import { type Card, getCard, type Hdu, readFits, type TableHdu, tableHdu, writeFits } from "../../src/fits/index.js";
import { openBytes } from "../../src/io/formats/open.js";
import { mapDatasetOfFile, readMapDataset, writeMapDataset } from "../../src/io/map-dataset.js";
import { writeMap } from "../../src/io/map-fits.js";
import { nPix } from "../../src/sky/pixels.js";
import { cube, spectrum } from "./samples.js";

const where = "a.fits";
const read = (bytes: Uint8Array) => readMapDataset(bytes, { where });
/** The file of a dataset with one HDU changed. */
const changed = (name: string, change: (hdu: Hdu) => Hdu | undefined, dataset: MapDataset = cube()) =>
  writeFits(readFits(writeMapDataset(dataset)).flatMap((hdu) => (hdu.name === name ? (change(hdu) ?? []) : hdu)));
const withCard = (hdu: Hdu, card: Card) => ({
  ...hdu,
  header: [...hdu.header.filter((c) => c.key !== card.key), card],
});
const withColumn = (hdu: Hdu, name: string, data: Float64Array): TableHdu => {
  const table = hdu as TableHdu;
  return { ...table, columns: table.columns.map((c) => (c.name === name ? { ...c, data } : c)) };
};

it("an image without axes names no table of them, which Gammapy would look for", () => {
  const { geom } = cube().counts!;
  const image = { geom: { ...geom, axes: [] }, unit: "", data: new Float64Array(nPix(geom)) };
  const hdus = readFits(writeMap(image));
  expect(hdus.map(({ name }) => name)).toEqual(["PRIMARY", "SKYMAP"]);
  expect(getCard(hdus[1]!.header, "BANDSHDU")).toBeUndefined();
});

describe("dataset files", () => {
  it("come back as they were", () => {
    const dataset = cube();
    expect(read(writeMapDataset(dataset))).toEqual(dataset);
  });

  it("of spectra keep masks, region and livetime", () => {
    const dataset = spectrum();
    const found = read(writeMapDataset(dataset));
    expect({ ...found, counts: 0 }).toMatchObject({
      type: "SpectrumDatasetOnOff",
      livetime: 600,
      maskFit: { data: Uint8Array.of(1, 1, 0) },
      acceptanceOff: { data: Float64Array.of(10, 11, 12) },
    });
    const region = found.counts?.geom.kind === "region" ? found.counts.geom.regions[0] : undefined;
    // The radius goes through pixels, whose size comes from a step of 1 arcsec.
    expect(region?.shape === "circle" && region.radius).toBeCloseTo(0.1, 8);
  });

  it("keep HDUs that are not read", () => {
    const extra = tableHdu("META_TABLE", [{ name: "OBS_ID", format: "J", shape: [], data: Int32Array.of(7) }]);
    const found = read(writeFits([...readFits(writeMapDataset(cube())), extra]));
    const again = readFits(writeMapDataset(found)).find((hdu) => hdu.name === "META_TABLE") as TableHdu;
    expect(again.columns[0]?.data).toEqual(Int32Array.of(7));
  });

  it("say where a number cannot be right", () => {
    const negative = cube();
    negative.counts!.data[4] = -1;
    expect(() => read(writeMapDataset(negative))).toThrow(
      "a.fits: HDU COUNTS: found -1 counts in energy bin 0 (1 to 2 TeV), pixel (1, 1)",
    );
    const nan = cube();
    nan.exposure!.data[23] = Number.NaN;
    expect(() => read(writeMapDataset(nan))).toThrow(
      "a.fits: HDU EXPOSURE: the exposure is NaN cm2 s in energy_true bin 3 (8 to 20 TeV), pixel (2, 1)",
    );
    const below = cube();
    below.exposure!.data[0] = -1;
    expect(() => read(writeMapDataset(below))).toThrow(/exposure is -1 cm2 s in energy_true bin 0/);
  });

  it("say what is wrong with units, shapes and axes", () => {
    expect(() => read(changed("EXPOSURE", (hdu) => withCard(hdu, { key: "BUNIT", value: "cm2 sr" })))).toThrow(
      /a\.fits: HDU EXPOSURE: found the unit "cm2 sr".*"cm2 s"/,
    );
    expect(() => read(changed("COUNTS_BANDS", () => undefined))).toThrow(
      /"COUNTS_BANDS" with the axes of COUNTS is missing/,
    );
    const order = Float64Array.of(2, 1, 5);
    expect(() => read(changed("COUNTS_BANDS", (hdu) => withColumn(hdu, "E_MIN", order)))).toThrow(
      /HDU COUNTS_BANDS, column E_MIN: row 2 is 1, expected 2; nodes must increase/,
    );
    const gap = Float64Array.of(2, 4, 10);
    expect(() => read(changed("COUNTS_BANDS", (hdu) => withColumn(hdu, "E_MAX", gap)))).toThrow(
      /column E_MAX: row 2 ends at 4, expected 5, where the next bin begins/,
    );
    const other = { ...cube(), background: { ...cube().exposure!, unit: "" } };
    expect(() => read(writeMapDataset(other))).toThrow(
      /HDU BACKGROUND: the shape is \[4, 2, 3\].*expected \[3, 2, 3\]/,
    );
    expect(() => read(writeFits([]))).toThrow(/a\.fits: no HDU COUNTS.*this is not a dataset file/);
  });

  it("refuse WCS that would be read wrongly", () => {
    expect(() => read(changed("COUNTS", (hdu) => withCard(hdu, { key: "CTYPE1", value: "ELON-CAR" })))).toThrow(
      /CTYPE1/,
    );
    expect(() => read(changed("COUNTS", (hdu) => withCard(hdu, { key: "RADESYS", value: "GAPPT" })))).toThrow(
      /a\.fits: HDU COUNTS: RADESYS is GAPPT/,
    );
  });

  it("is the same when an open file is read twice, also where units are converted", () => {
    const hdus = readFits(writeMapDataset(cube())).map((hdu) =>
      hdu.kind === "image" && hdu.name === "EXPOSURE"
        ? { ...hdu, header: hdu.header.map((c) => (c.key === "BUNIT" ? { ...c, value: "m2 s" } : c)) }
        : hdu,
    );
    const file = openBytes(writeFits(hdus), "a.fits");
    const [first, second] = [1, 2].map(() => mapDatasetOfFile(file, { where: "a.fits" }));
    expect(first!.exposure!.data).toEqual(cube().exposure!.data.map((x) => x * 1e4));
    expect(second).toEqual(first);
  });
});
