import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { npred } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import { stackReduce } from "../../src/datasets/stack.js";
import type { MapDataset } from "../../src/datasets/types.js";
import {
  type Card,
  getCard,
  type Hdu,
  makeColumn,
  readFits,
  type TableHdu,
  tableHdu,
  writeFits,
} from "../../src/fits/index.js";
import { openBytes } from "../../src/io/formats/open.js";
import { mapDatasetOfFile, readMapDataset, writeMapDataset } from "../../src/io/map-dataset.js";
import { mapToHdus, primaryHdu, readMap, writeMap } from "../../src/io/map-fits.js";
import { skyModel } from "../../src/models/create.js";
import { axisFromEdges, wcsGeom } from "../../src/sky/index.js";
import { nPix } from "../../src/sky/pixels.js";
import type { SkyMap, WcsGeom } from "../../src/sky/types.js";
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

/** The file of test/oracle/field_files.py. */
function oldFile(change = (kernel: SkyMap) => kernel): Hdu[] {
  const energy = axisFromEdges([1, 3, 10], { name: "energy", unit: "TeV", interp: "log" });
  const pixels = { center: { lon: 0, lat: 0, frame: "galactic" }, binsz: 0.1 } as const;
  const geom = wcsGeom({ ...pixels, npix: [7, 7], axes: [energy] });
  const map = (unit: string, f: (t: number, y: number, x: number) => number) => ({
    geom,
    unit,
    data: Float64Array.from({ length: 98 }, (_, i) => f(Math.floor(i / 49), Math.floor(i / 7) % 7, i % 7)),
  });
  const kernel = {
    geom: wcsGeom({ ...pixels, npix: [3, 3], axes: [energy] }),
    unit: "",
    data: Float64Array.from(
      [0.3, 0.1].flatMap((side) => [side, 1, side].flatMap((a) => [side, 1, side].map((b) => a * b))),
    ),
  };
  const matrix = tableHdu("EDISP_MATRIX", [
    makeColumn("ENERG_LO", Float64Array.of(1, 3), { unit: "TeV" }),
    makeColumn("ENERG_HI", Float64Array.of(3, 10), { unit: "TeV" }),
    makeColumn("N_GRP", Int16Array.of(1, 1)),
    makeColumn("F_CHAN", Int16Array.of(0, 0)),
    makeColumn("N_CHAN", Int16Array.of(2, 2)),
    makeColumn("MATRIX", Float64Array.of(0.8, 0.15, 0.1, 0.85), { shape: [2] }),
  ]);
  return [
    primaryHdu(),
    ...mapToHdus(
      "COUNTS",
      map("", () => 1),
    ),
    ...mapToHdus(
      "EXPOSURE",
      map("cm2 s", (t, y, x) => 1e12 * (1 + t + 0.1 * y + 0.03 * x)),
    ),
    ...mapToHdus("PSF_KERNEL", change(kernel)),
    matrix,
  ];
}

const oracle = JSON.parse(readFileSync(new URL("../oracle/field_files.json", import.meta.url), "utf8"));
it("an image without axes names no table of them, which Gammapy would look for", () => {
  const { geom } = cube().counts!;
  const image = { geom: { ...geom, axes: [] }, unit: "", data: new Float64Array(nPix(geom)) };
  const hdus = readFits(writeMap(image));
  expect(hdus.map(({ name }) => name)).toEqual(["PRIMARY", "SKYMAP"]);
  expect(getCard(hdus[1]!.header, "BANDSHDU")).toBeUndefined();
});

it("energies of the Fermi tools without a unit are in MeV", () => {
  const { geom } = cube().counts!;
  const image = { geom: { ...geom, axes: [] }, unit: "", data: new Float64Array(nPix(geom)) };
  const [primary, sky] = readFits(writeMap(image));
  const [nx, ny] = (geom as WcsGeom).npix;
  const map = { ...sky!, shape: [2, ny, nx], data: new Float64Array(2 * nx * ny) } as Hdu;
  const read = (unit?: string) => {
    const column = makeColumn("Energy", Float64Array.of(100, 1000), unit === undefined ? {} : { unit });
    return readMap(writeFits([primary!, map, tableHdu("ENERGIES", [column])]), { where, hdu: "SKYMAP" }).geom.axes[0];
  };
  expect(read()).toMatchObject({ unit: "TeV", name: "energy_true" });
  expect(Array.from(read()!.nodes, (e) => Number(e.toPrecision(12)))).toEqual([1e-4, 1e-3]);
  expect(read()).toEqual(read("MeV"));
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

  it("of Gammapy 0.17 have their psf kernel and their matrix of energy dispersion", () => {
    const found = read(writeFits(oldFile()));
    const again = read(writeMapDataset(found));
    expect(again).toEqual(found);
    const spectral = createSubmodel("pl", { index: 2, amplitude: 1e-11, reference: 1 });
    const spatial = { ...createSubmodel("point", { lon_0: 0.03, lat_0: 0.02 }), frame: "galactic" } as const;
    npred(again, { components: [skyModel({ name: "s", spectral, spatial })] }).data.forEach((n, i) => {
      // cells that the transforms of the script leave at rounding are zero here
      expect(n).toBeCloseTo(oracle.kernels[i]!, 12);
    });
    expect(() => stackReduce([found, found])).toThrow(/images on the pixels \(PSF_KERNEL\) cannot be stacked/);
  });

  it("refuse kernels that do not fit, and name HDUs that are not used", () => {
    const point = {
      components: [skyModel({ name: "s", spectral: createSubmodel("pl"), spatial: createSubmodel("point") })],
    };
    const fold = (change: (kernel: SkyMap) => SkyMap) => () => npred(read(writeFits(oldFile(change))), point);
    const leaning = (map: SkyMap) => ({ ...map, data: map.data.map((x, i) => (i === 0 ? 2 * x : x)) });
    const broken = (map: SkyMap) => ({ ...map, data: map.data.map((x, i) => (i === 1 ? Number.NaN : x)) });
    expect(fold(broken)).toThrow(/psf: found NaN in pixel 1 of image 0/);
    expect(fold(leaning)).toThrow(/dataset "a" psf: image 0 is not the same on both sides of its middle/);
    const coarse = ({ geom, ...map }: SkyMap) => ({
      ...map,
      geom: { ...geom, wcs: { ...(geom as WcsGeom).wcs, cd: [-0.2, 0, 0, 0.2] } } as WcsGeom,
    });
    expect(fold(coarse)).toThrow(/found kernels on pixels of 0.2 x 0.2 deg \(CAR\), expected 0.1 x 0.1 deg/);
    const bounds = tableHdu("EDISP_MATRIX_EBOUNDS", [makeColumn("CHANNEL", Int32Array.of(0, 1, 2))]);
    expect(() => read(writeFits([...oldFile(), bounds]))).toThrow(
      /HDU EDISP_MATRIX_EBOUNDS: found 3 bins of energy, expected 2/,
    );
    const notes: string[] = [];
    const other = [...oldFile(), tableHdu("AREA", [makeColumn("X", Int32Array.of(1))])];
    readMapDataset(writeFits(other), { where, onNote: (note) => notes.push(note) });
    expect(notes).toEqual(["a.fits: HDUs that are kept, but not used: AREA"]);
  });

  it("say where a number cannot be right", () => {
    const negative = cube();
    negative.counts!.data[4] = -1;
    expect(() => read(writeMapDataset(negative))).toThrow(
      "a.fits: HDU COUNTS: found -1 counts in energy bin 0 (1 to 2 TeV), pixel (1, 1)",
    );
    const nan = cube();
    nan.exposure!.data[23] = Number.POSITIVE_INFINITY;
    expect(() => read(writeMapDataset(nan))).toThrow(
      "a.fits: HDU EXPOSURE: the exposure is Infinity cm2 s in energy_true bin 3 (8 to 20 TeV), pixel (2, 1)",
    );
    // not seen, as fits say (test/datasets/instrument.test.ts)
    nan.exposure!.data[23] = Number.NaN;
    expect(read(writeMapDataset(nan)).exposure!.data[23]).toBeNaN();
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
