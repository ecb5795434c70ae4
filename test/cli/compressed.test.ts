import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMap, writeMap } from "../../src/io/map-fits.js";
import { axisFromEdges, wcsGeom } from "../../src/sky/index.js";
import { type Folder, gammats, hawc, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe("maps in compressed tiles", () => {
  it("are written by `convert` (.fits.fz), read, drawn, and made plain again", async () => {
    const axis = axisFromEdges([1, 2, 4], { name: "energy", unit: "TeV" });
    const geom = wcsGeom({ center: { lon: 83, lat: 22, frame: "icrs" }, npix: [6, 5], binsz: 0.1, axes: [axis] });
    const map = { geom, unit: "", data: Float64Array.from({ length: 60 }, (_, i) => i % 7) };
    const [given, tiled, plain] = ["given.fits", "map.fits.fz", "map.fits"].map((name) => folder.path(name)) as [
      string,
      string,
      string,
    ];
    await writeFile(given, writeMap(map));
    expect(await gammats(["convert", given, "--out", tiled])).toMatchObject({ status: 0, stderr: "" });
    expect((await readFile(tiled, "latin1")).includes("ZIMAGE  =                    T")).toBe(true);
    expect(await gammats(["convert", tiled, "--out", plain])).toMatchObject({ status: 0, stderr: "" });
    for (const path of [given, tiled, plain]) expect(readMap(await readFile(path), { where: path })).toEqual(map);
    const table = await gammats(["convert", hawc, "--out", folder.path("points.fits.fz")]);
    expect(table.stderr).toContain("points.fits.fz: there is no image to compress, and tables stay as they are");
    expect((await gammats(["info", tiled])).stdout).toContain("sky map");
    expect((await gammats(["plot", tiled, "--out", folder.path("map.svg")])).status).toBe(0);
    expect(await readFile(folder.path("map.svg"), "utf8")).toContain("1 TeV to 2 TeV");
  });
});
