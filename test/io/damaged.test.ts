/** Files that random damage found to be read wrong, or to end in a fault of the program (test/fuzz). */
import { describe, expect, it } from "vitest";
import { readDatasets, writeDatasets } from "../../src/api/io.js";
import { FormatError } from "../../src/errors.js";
import { type Hdu, makeColumn, readFits, type TableHdu, writeFits } from "../../src/fits/index.js";
import { memoryFiles } from "../../src/io/files.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { writeFluxPoints } from "../../src/io/flux-points/write.js";
import { openKnown } from "../../src/io/formats/use.js";
import { readMapDataset, writeMapDataset } from "../../src/io/map-dataset.js";
import { writeMap } from "../../src/io/map-fits.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { standardRegistry } from "../../src/io/registry.js";
import type { Geom } from "../../src/sky/types.js";
import { fluxPointsDataset } from "../fit/synthetic.js";
import { spectrum } from "./samples.js";

/** The file of a spectrum with one of its tables changed. */
function changed(name: string, change: (table: TableHdu) => TableHdu): Uint8Array {
  const hdus = readFits(writeMapDataset(spectrum()));
  return writeFits(hdus.map((hdu): Hdu => (hdu.name === name ? change(hdu as TableHdu) : hdu)));
}

const read = (bytes: Uint8Array) => readMapDataset(bytes, { where: "d.fits" });

describe("damaged tables", () => {
  it("shapes of regions that are numbers", () => {
    const bytes = changed("COUNTS_REGION", (table) => ({
      ...table,
      columns: table.columns.map((c) => (c.name === "SHAPE" ? makeColumn("SHAPE", Int32Array.of(1)) : c)),
    }));
    expect(() => read(bytes)).toThrow(FormatError);
    expect(() => read(bytes)).toThrow(
      "d.fits: HDU COUNTS_REGION, column SHAPE: found the format J, expected a text in each row (A)",
    );
  });

  it("edges of an axis without numbers", () => {
    const bytes = changed("COUNTS_BANDS", (table) => ({
      ...table,
      columns: table.columns.map((c) => (c.name === "E_MAX" ? { ...c, shape: [0], data: new Float64Array(0) } : c)),
    }));
    expect(() => read(bytes)).toThrow(
      "d.fits: HDU COUNTS_BANDS, column E_MAX: found 0 numbers in 3 rows, expected one in each row",
    );
  });

  it("qualities of channels without numbers", async () => {
    const files = Object.entries(writeOgip(spectrum(), { name: "pha" }));
    const damaged = files.map(([path, bytes]): [string, Uint8Array] => {
      if (path !== "pha.fits") return [path, bytes];
      const hdus = readFits(bytes).map((hdu): Hdu => {
        if (hdu.kind !== "table" || hdu.name !== "SPECTRUM") return hdu;
        const none = { shape: [0], data: new Int16Array(0) };
        return { ...hdu, columns: hdu.columns.map((c) => (c.name === "QUALITY" ? { ...c, ...none } : c)) };
      });
      return [path, writeFits(hdus)];
    });
    await expect(readOgip("pha.fits", memoryFiles(Object.fromEntries(damaged)))).rejects.toThrow(
      "pha.fits: HDU SPECTRUM, column QUALITY: found 0 numbers in 3 rows, expected one in each row",
    );
  });

  it("a psf without offsets, and an exposure of two axes", () => {
    const { exposure, ...map } = spectrum();
    const psf = { map: { ...exposure!, unit: "sr-1" } };
    const bytes = writeMapDataset({ ...map, exposure, psf });
    expect(() => read(bytes)).toThrow("d.fits: HDU PSF: the axes are [energy_true], expected rad, then energy_true");
    const axes = [...exposure!.geom.axes, ...map.counts!.geom.axes];
    const geom = { ...exposure!.geom, axes } as Geom;
    const wide = { ...exposure!, geom, data: new Float64Array(3 * exposure!.data.length).fill(1) };
    expect(() => read(writeMapDataset({ ...map, exposure: wide }))).toThrow(
      'd.fits: HDU EXPOSURE: found the axes [energy_true, energy_true], expected "energy_true" alone',
    );
  });

  it("a map of one number, which has no axes", async () => {
    const geom: Geom = { kind: "region", regions: [], wcs: null, axes: [] };
    const files = memoryFiles({ "one.fits": writeMap({ geom, unit: "s", data: Float64Array.of(7) }) });
    const { format } = await openKnown("one.fits", files, standardRegistry.formats);
    expect(format.name).toBe("map");
  });

  it.each([
    ["datatype: float64", "datatype: float6", '"float6"'],
    ["float64[1]", "float64[x]", '"float64[x]"'],
    ["float64[1]", "flo[1]", '"flo[1]"'],
  ])("ECSV whose %s is %s", (from, to, found) => {
    const { points } = fluxPointsDataset("a", (e) => 1e-12 * e ** -2);
    const text = new TextDecoder().decode(
      writeFluxPoints({ ...points, counts: points.norm.map(() => 1) }, { format: "ecsv" }),
    );
    expect(text).toContain(from);
    const bytes = new TextEncoder().encode(text.replace(from, to));
    expect(() => readFluxPoints(bytes, { where: "sed.ecsv" })).toThrow(FormatError);
    expect(() => readFluxPoints(bytes, { where: "sed.ecsv" })).toThrow(`found ${found}, expected a type of ECSV`);
  });
});

// a name of YAML's end of a document, of a variable, of a drive of Windows, with a control character
it.each(["..", "...", "$HOME", "C:x", "a\u0007b", "- a", "a\nb"])(
  "a dataset named %j comes back from files",
  async (name) => {
    const files = memoryFiles();
    const datasets = [{ ...spectrum(), name }];
    await writeDatasets({ datasets }, files, { folder: "out", prefix: "a" });
    const { datasets: back } = await readDatasets("out/a_datasets.yaml", files);
    expect(back.map((dataset) => dataset.name)).toEqual([name]);
  },
);
