/** `gammats convert` between HEALPix pixels and images. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMap, writeMap } from "../../src/io/map-fits.js";
import { pixelCenters, wcsGeom } from "../../src/sky/index.js";
import type { Geom, HealpixGeom, SkyMap } from "../../src/sky/types.js";
import { type Folder, gammats, hawc, temporaryFolder } from "./run.js";

let folder: Folder;
const degree = Math.PI / 180;
/** A smooth field on the sphere, whose values are known everywhere. */
const field = (lon: number, lat: number) =>
  2 + Math.sin(lat * degree) + Math.cos(lat * degree) * Math.cos(lon * degree);

function mapOf(geom: Geom, unit = "s"): SkyMap {
  const { lon, lat } = pixelCenters(geom);
  return { geom, unit, data: Float64Array.from(lon, (l, i) => (Number.isFinite(l) ? field(l, lat[i]!) : Number.NaN)) };
}

const sphere: HealpixGeom = { kind: "healpix", nside: 32, nested: false, frame: "galactic", pixels: null, axes: [] };
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(folder.path("sphere.fits"), writeMap(mapOf(sphere)));
  const center = { lon: 120, lat: -40, frame: "icrs" } as const;
  const image = wcsGeom({ center, npix: [60, 40], binsz: 0.5, proj: "TAN", axes: [] });
  await writeFile(folder.path("image.fits"), writeMap(mapOf(image)));
});
afterAll(() => folder.remove());

async function converted(...argv: string[]): Promise<SkyMap> {
  const out = folder.path("out.fits");
  const { status, said } = await gammats(["convert", ...argv, "--out", out, "--overwrite"]);
  expect(status, said).toBe(0);
  return readMap(new Uint8Array(await readFile(out)), { where: out });
}

/** The largest distance to the field. */
function worst({ geom, data }: SkyMap): number {
  const { lon, lat } = pixelCenters(geom);
  return data.reduce(
    (most, x, i) => (Number.isNaN(x) ? most : Math.max(most, Math.abs(x - field(lon[i]!, lat[i]!)))),
    0,
  );
}

describe("gammats convert", () => {
  it("makes an image of HEALPix pixels, with the values at its pixels", async () => {
    const image = await converted(folder.path("sphere.fits"), "--pixel-size", "2 deg");
    expect(image.geom).toMatchObject({ kind: "wcs", npix: [180, 90] });
    // the nearest pixel, of 1.8 deg, would be 0.02 off; at the poles healpy's rule is no better than linear in the pixel
    expect(worst(image)).toBeLessThan(0.01);
    expect(image.unit).toBe("s");
    expect(image.data.filter(Number.isNaN).length).toBeGreaterThan(1000);
  });

  it("makes HEALPix pixels of an image, those in it alone", async () => {
    const map = await converted(folder.path("image.fits"), "--nside", "64");
    expect(map.geom).toMatchObject({ kind: "healpix", nside: 64, nested: false, frame: "icrs" });
    // 30 x 20 deg seen tangentially, in pixels of 0.916 deg
    expect(Math.abs(map.data.length / ((30 * 20) / 0.839) - 1)).toBeLessThan(0.1);
    expect(worst(map)).toBeLessThan(2e-4);
  });

  it("keeps the sum of counts", async () => {
    const total = (map: SkyMap) => map.data.reduce((sum, x) => sum + x, 0);
    const before = readMap(new Uint8Array(await readFile(folder.path("sphere.fits"))), { where: "sphere.fits" });
    const after = await converted(folder.path("sphere.fits"), "--pixel-size", "1 deg", "--counts");
    // pixels at the rim of the sky have no solid angle of their own
    expect(Math.abs(total(after) / total(before) - 1)).toBeLessThan(0.02);
  });

  it.each([
    [["sphere.fits", "--nside", "8"], /found a map in HEALPix pixels, expected/],
    [["image.fits", "--pixel-size", "1 deg"], /found an image \(WCS\), expected/],
    [["image.fits", "--nside", "12"], /--nside "12": expected a power of 2/],
    [["sphere.fits", "--pixel-size", "0 deg"], /expected an angle up to 10 deg/],
  ])("%j is refused", async ([name, ...more], message) => {
    const { status, said } = await gammats(["convert", folder.path(name!), ...more, "--out", folder.path("no.fits")]);
    expect([status, said]).toEqual([2, expect.stringMatching(message)]);
  });

  it("refuses what is no map", async () => {
    const { status, said } = await gammats(["convert", hawc, "--nside", "8", "--out", folder.path("no.fits")]);
    expect([status, said]).toEqual([2, expect.stringContaining("expected a sky map, for --pixel-size and --nside")]);
  });
});
