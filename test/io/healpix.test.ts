import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { MapDataset } from "../../src/datasets/types.js";
import { readFits, writeFits } from "../../src/fits/index.js";
import { readMapDataset, writeMapDataset } from "../../src/io/map-dataset.js";
import { readMap, writeMap } from "../../src/io/map-fits.js";
import { toFrame } from "../../src/sky/frames.js";
import {
  axisCenters,
  axisFromEdges,
  getByCoord,
  interpByCoord,
  interpolateMap,
  nBins,
  nPix,
  pixelCenters,
  size,
  wcsGeom,
} from "../../src/sky/index.js";
import type { Geom, MapAxis, SkyMap } from "../../src/sky/types.js";
import { conversionFactor } from "../../src/units/index.js";
import { python } from "../environment.js";

interface Case {
  gzip: string;
  unit: string;
  places: [number[], number[]];
  values: (number | null)[][];
  linear?: number[][];
}

/** Made by test/oracle/healpix_maps.py (Gammapy and healpy). */
const oracle: Record<string, Case> = JSON.parse(
  readFileSync(new URL("../oracle/healpix_maps.json", import.meta.url), "utf8"),
);
const cases = Object.entries(oracle).map(([name, c]) => ({
  name,
  ...c,
  bytes: new Uint8Array(gunzipSync(Buffer.from(c.gzip, "base64"))),
}));

/** Values of one bin at places in ICRS. */
function valuesAt(map: SkyMap, [ra, dec]: Case["places"], bin: number, linear: boolean): number[] {
  const at = ra.map((lon, i) => toFrame({ lon, lat: dec[i]!, frame: "icrs" }, (map.geom as { frame: "icrs" }).frame));
  const axes = map.geom.axes.map((axis) => new Float64Array(ra.length).fill(axisCenters(axis)[bin]!));
  const coords = { lon: Float64Array.from(at, (p) => p.lon), lat: Float64Array.from(at, (p) => p.lat), axes };
  return Array.from(linear ? interpByCoord(map, coords) : getByCoord(map, coords));
}

describe("HEALPix maps that Gammapy and healpy wrote", () => {
  it.each(cases)("$name: has the same value at each place", ({ bytes, name, unit, places, values }) => {
    const map = readMap(bytes, { where: name });
    expect(conversionFactor(map.unit, unit)).toBe(1);
    values.forEach((expected, bin) => {
      expect(valuesAt(map, places, bin, false)).toEqual(expected.map((v) => v ?? Number.NaN));
    });
  });

  it.each(cases.filter(({ linear }) => linear))(
    "$name: interpolates between pixels as Gammapy does",
    ({ bytes, name, places, linear }) => {
      const map = readMap(bytes, { where: name });
      linear!.forEach((expected, bin) => {
        const found = valuesAt(map, places, bin, true);
        // Gammapy converts places to galactic coordinates to 1e-13 deg, weights are that over 7 deg
        for (const [i, v] of expected.entries()) expect(found[i]).toBeCloseTo(v, 11);
      });
    },
  );

  it.each(cases)("$name: is the same after being written and read", ({ bytes, name }) => {
    const map = readMap(bytes, { where: name });
    expect(readMap(writeMap(map), { where: name })).toEqual(map);
  });

  it("says what is guessed and not used", () => {
    const { bytes } = cases.find(({ name }) => name === "healpy")!;
    const bare = readFits(bytes).map((hdu) => ({
      ...hdu,
      header: hdu.header.filter(({ key }) => key !== "COORDSYS"),
      ...(hdu.kind === "table" && { columns: [...hdu.columns, { ...hdu.columns[0]!, name: "OTHER" }] }),
    }));
    const notes: string[] = [];
    const map = readMap(writeFits(bare), { where: "x.fits", onNote: (note) => notes.push(note) });
    expect(map.geom).toMatchObject({ kind: "healpix", frame: "icrs" });
    expect(notes).toEqual([
      expect.stringContaining("the frame is not said (COORDSYS), and is taken for equatorial"),
      expect.stringMatching(/the columns OTHER are not used, only /),
    ]);
  });

  it.each([
    ["ORDERING", "SIDEWAYS", /ORDERING is "SIDEWAYS", expected RING or NESTED/],
    ["NSIDE", 6, /NSIDE is 6; NESTED needs a power of 2/],
    ["NSIDE", 32, /has 768 values, expected 12288/],
    ["NSIDE", 1e6, /NSIDE is 1000000; up to 8192 are read/],
    ["COORDSYS", "ECL", /COORDSYS is "ECL", expected CEL or GAL/],
    ["INDXSCHM", "LOCAL", /INDXSCHM is LOCAL/],
  ])("refuses %s = %s", (key, value, message) => {
    const { bytes } = cases.find(({ name }) => name === "gadf nested")!;
    const wrong = readFits(bytes).map((hdu) => ({
      ...hdu,
      header: hdu.header.map((card) => (card.key === key ? { ...card, value } : card)),
    }));
    expect(() => readMap(writeFits(wrong), { where: "x.fits" })).toThrow(message);
  });

  it("brings a map to the pixels of an image", () => {
    const { bytes } = cases.find(({ name }) => name === "gadf ring")!;
    const map = readMap(bytes, { where: "x.fits" });
    const geom = wcsGeom({ center: { lon: 10, lat: 20, frame: "icrs" }, npix: 5, binsz: 2, axes: map.geom.axes });
    const image = interpolateMap(map, geom);
    expect(image.data.length).toBe(3 * nPix(geom));
    const middle = valuesAt(map, [[10], [20]], 1, true)[0]!;
    expect(image.data[25 + 12]).toBeCloseTo(middle, 11);
  });
});

const folder = mkdtempSync(join(tmpdir(), "healpix-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("HEALPix maps that we write", () => {
  it.runIf(python)("have the same values in Gammapy", () => {
    const chosen = cases.filter(({ name }) => /gadf|sparse|fermi/.test(name));
    const paths = chosen.map(({ name, bytes }) => {
      const path = join(folder, `${name.replaceAll(" ", "-")}.fits`);
      writeFileSync(path, writeMap(readMap(bytes, { where: name })));
      return path;
    });
    const script = new URL("../oracle/healpix_maps.py", import.meta.url).pathname;
    const found = JSON.parse(execFileSync(python!, ["-W", "ignore", script, "check", ...paths], { encoding: "utf8" }));
    for (const [i, { values }] of chosen.entries()) expect(found[paths[i]!]).toEqual(values);
  });
});

describe("a dataset", () => {
  const axis = axisFromEdges([1, 2, 4], { name: "energy", unit: "TeV" });
  const image = wcsGeom({ center: { lon: 83, lat: 22, frame: "icrs" }, npix: [6, 5], binsz: 0.5, axes: [axis] });
  const healpix: Geom = {
    kind: "healpix",
    nside: 32,
    nested: false,
    frame: "icrs",
    pixels: null,
    axes: [{ ...axis, name: "energy_true" }],
  };
  const mapOf = (geom: Geom, unit: string, value: (lon: number, lat: number) => number): SkyMap => {
    const { lon, lat } = pixelCenters(geom);
    return {
      geom,
      unit,
      data: Float64Array.from({ length: size(geom) }, (_, i) => value(lon[i % lon.length]!, lat[i % lon.length]!)),
    };
  };

  it("has an exposure in HEALPix pixels in its own ones", () => {
    const bytes = writeMapDataset({
      type: "MapDataset",
      name: "a",
      counts: mapOf(image, "", () => 1),
      exposure: mapOf(healpix, "cm2 s", (_, lat) => 1e9 * Math.cos((lat * Math.PI) / 180)),
    });
    const { exposure } = readMapDataset(bytes, { where: "a.fits" });
    expect(exposure!.geom).toMatchObject({ kind: "wcs", npix: [6, 5] });
    const { lat } = pixelCenters(image);
    // linear over pixels of 1.8 deg: half of 0.9 deg squared
    for (let i = 0; i < 30; i++)
      expect(exposure!.data[i]! / 1e9 / Math.cos((lat[i]! * Math.PI) / 180)).toBeCloseTo(1, 3);
  });

  it.each([true, false])(
    "with everything in HEALPix pixels is the same when it is read again, NESTED: %s",
    (nested) => {
      const pixels = Int32Array.from([7, 3, 40, 41]);
      const geom: Geom = { kind: "healpix", nside: 4, nested, frame: "galactic", pixels, axes: [axis] };
      const map = (axes: readonly MapAxis[], unit: string): SkyMap => {
        const n = pixels.length * axes.reduce((product, a) => product * nBins(a), 1);
        return { geom: { ...geom, axes }, unit, data: Float64Array.from({ length: n }, (_, i) => 1 + i) };
      };
      const energyTrue: MapAxis = { ...axis, name: "energy_true" };
      const rad: MapAxis = {
        name: "rad",
        unit: "deg",
        interp: "lin",
        nodeType: "edges",
        nodes: Float64Array.of(0, 1, 2),
      };
      const dataset: MapDataset = {
        type: "MapDataset",
        name: "a",
        counts: map([axis], ""),
        background: map([axis], ""),
        exposure: map([energyTrue], "cm2 s"),
        psf: { map: map([rad, energyTrue], "sr-1") },
        edisp: { map: map([axis, energyTrue], "") },
        maskSafe: { geom, data: Uint8Array.from(map([axis], "").data, (x) => x % 3 && 1) },
      };
      const found = readMapDataset(writeMapDataset(dataset), { where: "a.fits" });
      expect(found).toEqual(dataset);
    },
  );

  it("is refused where its maps have other pixels, or the same in another order", () => {
    const counts = mapOf({ ...healpix, pixels: Int32Array.of(3, 5), axes: [axis] }, "", () => 1);
    const background = mapOf({ ...healpix, pixels: Int32Array.of(5, 3), axes: [axis] }, "", () => 1);
    const bytes = writeMapDataset({ type: "MapDataset", name: "a", counts, background } as MapDataset);
    expect(() => readMapDataset(bytes, { where: "a.fits" })).toThrow(
      /a\.fits: HDU BACKGROUND: found 2 HEALPix pixels.*same order/,
    );
  });
});
