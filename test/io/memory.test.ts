import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compileDataset, fitMemory } from "../../src/api/datasets.js";
import { readDatasets } from "../../src/api/io.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import { datasetMemory } from "../../src/datasets/memory.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { FormatError, UnsupportedError } from "../../src/errors.js";
import { memoryFiles } from "../../src/io/files.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import { readMap } from "../../src/io/map-fits.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { formatBytes, withMemory } from "../../src/memory.js";
import { skyModel } from "../../src/models/create.js";
import { nodeFiles } from "../../src/node/files.js";
import { storedBytes, storedDataset } from "../datasets/stored.js";
import { disk } from "./disk.js";

/** A FITS header of these cards, in blocks of 2880 bytes. */
function header(...cards: string[]): Uint8Array {
  const text = [...cards, "END"].map((card) => card.padEnd(80)).join("");
  return new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 2880) * 2880));
}

/** A file whose counts are 10^12 float32 bins, none of which is there. */
function gigantic(): Uint8Array {
  const primary = header(
    "SIMPLE  =                    T",
    "BITPIX  =                    8",
    "NAXIS   =                    0",
  );
  const counts = header(
    "XTENSION= 'IMAGE   '",
    "BITPIX  =                  -32",
    "NAXIS   =                    3",
    "NAXIS1  =               100000",
    "NAXIS2  =               100000",
    "NAXIS3  =                  100",
    "PCOUNT  =                    0",
    "GCOUNT  =                    1",
    "EXTNAME = 'COUNTS  '",
  );
  return new Uint8Array([...primary, ...counts]);
}

const point = (frozen: boolean) =>
  skyModel({
    name: "src",
    spectral: createSubmodel("PowerLawSpectralModel"),
    spatial: createSubmodel("PointSpatialModel", {
      lon_0: { value: 83.63, frozen },
      lat_0: { value: 22.01, frozen },
    }),
  });

describe("memory", () => {
  it("a map that memory cannot hold is refused by its header", () => {
    const read = () => readMapDataset(gigantic(), { where: "huge.fits", maxBytes: 4e4 });
    expect(read).toThrow(UnsupportedError);
    expect(read).toThrow(
      /^huge\.fits: about 8 TB of memory are needed \(COUNTS 8 TB\), but 40 kB may be used; cut out a smaller part/,
    );
    // without a limit the missing bytes are the error
    expect(() => readMapDataset(gigantic(), { where: "huge.fits" })).toThrow(FormatError);
  });
  it("so it is when a datasets file names it", async () => {
    const yaml = "datasets:\n- name: huge\n  type: MapDataset\n  filename: huge.fits\n";
    const entries = { "d.yaml": new TextEncoder().encode(yaml), "huge.fits": gigantic() };
    const files = { ...memoryFiles(entries), freeBytes: () => 4e4 };
    await expect(readDatasets("d.yaml", files)).rejects.toThrow(/huge\.fits: about 8 TB of memory are needed/);
  });
  it("a map alone is refused the same way, the HDUs beside it do not count", () => {
    const bytes = storedBytes("cube");
    expect(() => readMap(bytes, { where: "m.fits", hdu: "COUNTS", maxBytes: 1000 })).toThrow(
      /^m\.fits: about .* of memory are needed \(COUNTS .*\), but 1 kB may be used/,
    );
    const { data } = readMap(bytes, { where: "m.fits", hdu: "COUNTS" });
    const read = readMap(bytes, { where: "m.fits", hdu: "COUNTS", maxBytes: data.byteLength });
    expect(read.data).toEqual(data);
  });
  it("a redistribution matrix is refused before it is made", async () => {
    const path = "examples/crab/joint-crab/spectra/hess/pha_obs23523.fits";
    const size = (await readOgip(path, disk)).edisp!.map.data.byteLength;
    await expect(readOgip(path, { ...disk, freeBytes: () => size - 1 })).rejects.toThrow(
      /pha_obs23523_rmf\.fits: HDU MATRIX: about .* of memory are needed \(a matrix of \d+ x \d+ /,
    );
    await expect(readOgip(path, { ...disk, freeBytes: () => size })).resolves.toBeDefined();
  });
  it("of the arrays of a dataset is what they hold", () => {
    const cube = storedDataset<MapDataset>("cube");
    const expected = [
      cube.counts,
      cube.background,
      cube.exposure,
      cube.edisp!.map,
      cube.psf!.map,
      cube.maskSafe,
      cube.maskFit,
    ]
      .map((map) => map?.data.byteLength ?? 0)
      .reduce((a, b) => a + b);
    expect(datasetMemory(cube).reduce((sum, need) => sum + need.bytes, 0)).toBe(expected);
    expect(() => readMapDataset(storedBytes("cube"), { where: "cube.fits", maxBytes: expected / 2 })).toThrow(
      UnsupportedError,
    );
    expect(readMapDataset(storedBytes("cube"), { where: "cube.fits", maxBytes: 2 * expected }).name).toBe("cube");
  });
  it("a fit that may not have enough is refused, and says for what", () => {
    const cube = storedDataset<MapDataset>("cube");
    const models = { components: [point(false), fovBackground("cube")] };
    const needs = fitMemory(cube, models.components);
    const total = needs.reduce((sum, need) => sum + need.bytes, 0);
    expect(() => compileDataset(cube, models, { maxBytes: total })).not.toThrow();
    expect(() => compileDataset(cube, models, { maxBytes: total / 2 })).toThrow(
      /^the fit of dataset "cube": about .* of memory are needed \((rows|templates) of "src" /,
    );
    // a source that stays where it is needs no more than one that moves
    const still = fitMemory(cube, [point(true), fovBackground("cube")]);
    expect(still.reduce((sum, need) => sum + need.bytes, 0)).toBeLessThan(total);
  });
  it("an array that cannot be had is an error with the sizes, any other error stays", () => {
    const needs = () => [{ what: "templates", bytes: 2 ** 53 }];
    const allocate = () => withMemory("the fit", needs, () => new Float64Array(2 ** 50));
    expect(allocate).toThrow(UnsupportedError);
    expect(allocate).toThrow(
      /the fit: about 9\.01 PB of memory are needed \(templates 9\.01 PB\), but the machine refused/,
    );
    expect(() =>
      withMemory("the fit", needs, () => {
        throw new RangeError("toFixed() digits argument");
      }),
    ).toThrow(RangeError);
  });
  it("is written in the unit that fits", () => {
    expect([0, 999, 1500, 2.345e9, 8e12].map(formatBytes)).toEqual([
      "0 bytes",
      "999 bytes",
      "1.5 kB",
      "2.35 GB",
      "8 TB",
    ]);
  });
  it("files larger than what is free are not read, nor inflated", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gammats-memory-"));
    try {
      const files = nodeFiles({ maxBytes: 1000 });
      await writeFile(join(folder, "a.fits"), new Uint8Array(1001));
      await writeFile(join(folder, "b.fits.gz"), gzipSync(new Uint8Array(100_000)));
      await expect(files.read(join(folder, "a.fits"))).rejects.toThrow(
        /a\.fits: about 1 kB of memory are needed \(the bytes of the file 1 kB\)/,
      );
      await expect(files.read(join(folder, "b.fits.gz"))).rejects.toThrow(UnsupportedError);
      expect((await nodeFiles().read(join(folder, "b.fits.gz"))).length).toBe(100_000);
      expect(nodeFiles().freeBytes!()).toBeGreaterThan(1e6);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
