import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Folder, gammats, temporaryFolder } from "./run.js";

const MAP = "examples/crab/fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const models = async (amplitude: string) => {
  const path = folder.path(`${amplitude}.yaml`);
  const parameters = `[{name: index, value: 2.5}, {name: amplitude, value: ${amplitude}, unit: cm-2 s-1 TeV-1}]`;
  const spatial =
    "{type: point, frame: icrs, parameters: [{name: lon_0, value: 83.63, unit: deg}, {name: lat_0, value: 22.01, unit: deg}]}";
  await writeFile(
    path,
    `components:\n- {name: s, type: SkyModel, spectral: {type: pl, parameters: ${parameters}}, spatial: ${spatial}}\n`,
  );
  return path;
};

it("simulate says in how many bins the models predict negative counts, which are drawn as 0", async () => {
  const run = async (amplitude: string) => gammats(["simulate", MAP, await models(amplitude), "--json"]);
  const right = await run("4.0e-12");
  expect([right.status, right.stderr]).toEqual([0, ""]);
  // a sink brighter than the background
  const wrong = await run("-4.0e-12");
  expect(wrong.stderr).toMatch(
    /^gammats: simulation of dataset "[^"]+": \d+ bins of \d+ have negative predicted counts, drawn as 0\n$/,
  );
  expect(wrong.json().datasets[0].counts).toBeLessThan(right.json().datasets[0].counts);
});
