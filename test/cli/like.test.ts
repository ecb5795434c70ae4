/** `--like gammapy`: predicted counts by the conventions of the reference. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { fit } from "../../src/api/fit.js";
import { readDatasets } from "../../src/api/io.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { gammapySampling } from "../../src/models/spatial/gammapy-sampling.js";
import { byGammapysRule } from "../datasets/gammapys-rule.js";
import { disk } from "../io/disk.js";
import { type Folder, fermi, gammats, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const data = `${fermi}_data_Fermi-LAT.fits`;
const line = [
  "fit",
  data,
  "--model",
  "src = pl",
  "--at",
  "83.63 22.01",
  "--shape",
  "disk(r_0=0.12)",
  "--freeze",
  "lon_0",
];
const more = ["--freeze", "lat_0", "--freeze", "r_0", "--json"];

it("is the registry and the instruments of the library that are called so", async () => {
  const out = folder.path("fitted");
  const like = (await gammats([...line, ...more, "--like", "gammapy", "--out", out])).json();
  const own = (await gammats([...line, ...more])).json();
  expect(Math.abs(like.total_stat - own.total_stat)).toBeGreaterThan(1e-3);
  const registry = extendRegistry(standardRegistry, gammapySampling, "test");
  const { datasets, models } = await readDatasets(`${out}/datasets.yaml`, disk, {
    modelsPath: `${out}/models.yaml`,
    registry,
  });
  const { totalStat } = fit(datasets, models!, { registry, ...byGammapysRule() });
  // from the minimum that the command found
  expect(totalStat).toBeCloseTo(like.total_stat, 6);
}, 60_000);

it("is refused for other programs", async () => {
  const { status, said } = await gammats([...line, ...more, "--like", "sherpa"]);
  expect(status).toBe(2);
  expect(said).toMatch(/gammapy/);
}, 60_000);
