/** `convert` of models into another folder: what they name goes with them. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { writeMap } from "../../src/io/map-fits.js";
import { wcsGeom } from "../../src/sky/index.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(folder.path("given"));
  await mkdir(folder.path("maps"));
  const geom = wcsGeom({ center: { lon: 83, lat: 22, frame: "icrs" }, width: 1, binsz: 0.25, proj: "TAN" });
  const data = Float64Array.from({ length: 16 }, (_, i) => i);
  await writeFile(folder.path("maps/cloud.fits"), writeMap({ geom, unit: "sr-1", data }));
  const spectral = "{type: pl, parameters: [{name: index, value: 2.75}]}";
  const spatial = "{type: TemplateSpatialModel, filename: ../maps/cloud.fits}";
  await writeFile(
    folder.path("given/models.yaml"),
    `components:\n- {name: cloud, type: SkyModel, spectral: ${spectral}, spatial: ${spatial}}\ncovariance: cov.dat\n`,
  );
});
afterAll(() => folder.remove());

it("writes their maps beside them, and says that the covariance stays", async () => {
  const out = folder.path("a/b/new.yaml");
  const { status, said } = await gammats(["convert", folder.path("given/models.yaml"), "--out", out]);
  expect(status).toBe(0);
  expect(said).toMatch(/new\.yaml: without the covariance, as "cov\.dat" is in another folder/);
  expect((await readdir(folder.path("a/b"))).sort()).toEqual(["cloud.fits", "new.yaml"]);
  const written = parse(await readFile(out, "utf8"));
  expect(written.components[0].spatial.filename).toBe("cloud.fits");
  expect(written.covariance).toBeUndefined();
  const info = await gammats(["info", out, "--json"]);
  expect(info.json()[0].models[0].parameters[0].value).toBe(2.75);
});

it("leaves the names as they are in their own folder", async () => {
  const out = folder.path("given/again.yaml");
  expect((await gammats(["convert", folder.path("given/models.yaml"), "--out", out])).status).toBe(0);
  const written = parse(await readFile(out, "utf8"));
  expect([written.components[0].spatial.filename, written.covariance]).toEqual(["../maps/cloud.fits", "cov.dat"]);
});
