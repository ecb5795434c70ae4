/** `info` shows what a file is made of, whatever else fails, and the files beside it. */
import { copyFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Folder, gammats, spectra, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await copyFile(`${spectra}/pha_obs23523.fits`, folder.path("pha_obs23523.fits"));
  const spectral = "{type: pl, parameters: [{name: index, value: 2}]}";
  const spatial = "{type: TemplateSpatialModel, filename: nowhere.fits}";
  await writeFile(
    folder.path("m.yaml"),
    `components:\n- {name: cloud, type: SkyModel, spectral: ${spectral}, spatial: ${spatial}}\n`,
  );
});
afterAll(() => folder.remove());

it("the HDUs of a spectrum without its companions, the lines of models whose map is not there, and what can be read", async () => {
  const [pha, models] = [folder.path("pha_obs23523.fits"), folder.path("m.yaml")];
  const hawc = "examples/crab/hawc_crab/HAWC19_flux_points.fits";
  const { status, stdout, stderr } = await gammats(["info", pha, models, hawc]);
  expect(status).toBe(2);
  expect(stdout).toMatch(/counts spectrum \(OGIP PHA\), \d+ bytes[\s\S]*SPECTRUM +table +\d+ +80 rows x 4 columns/);
  expect(stdout).toContain("name: cloud");
  expect(stdout).toMatch(/HAWC19[\s\S]*e_min \[TeV\]/);
  expect(stderr).toMatch(/ANCRFILE names "pha_obs23523_arf.fits", which is not there/);
  expect(stderr).toMatch(/no file "nowhere.fits"/);
});

it("the sources of models that can be read, beside one whose map is not there", async () => {
  const spectral = "{type: pl, parameters: [{name: index, value: 2.75}]}";
  await writeFile(
    folder.path("two.yaml"),
    `components:
- {name: cloud, type: SkyModel, spectral: ${spectral}, spatial: {type: TemplateSpatialModel, filename: nowhere.fits}}
- {name: star, type: SkyModel, spectral: ${spectral}}
`,
  );
  const { status, stdout, stderr } = await gammats(["info", folder.path("two.yaml")]);
  expect(status).toBe(2);
  expect(stdout).toMatch(/models \(Gammapy YAML\)[\s\S]*Name +: star[\s\S]*index +: 2\.75\n/);
  expect(stdout).not.toContain("cloud");
  expect(stderr).toMatch(/no file "nowhere.fits"/);
});

it("nothing but the error is said where a document is asked for", async () => {
  const { status, stdout, stderr } = await gammats(["info", folder.path("m.yaml"), "--json"]);
  expect([status, stdout, JSON.parse(stderr).error.code]).toEqual([2, "", "missing-file"]);
});
