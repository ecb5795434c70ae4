/** A folder that `gammats fit --out` wrote, and its fit-result.yaml, wherever an analysis is asked for. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jointInFolder } from "./joint.js";
import { type Folder, gammats } from "./run.js";

let folder: Folder;
let files: readonly string[];
beforeAll(async () => {
  const made = await jointInFolder();
  folder = made.folder;
  const { status } = await gammats(["fit", ...made.joint, "--out", folder.path("fitted")]);
  expect(status).toBe(0);
  files = ["datasets", "models"].map((name) => folder.path(`fitted/joint_${name}.yaml`));
});
afterAll(() => folder.remove());

const LINES: readonly (readonly [command: string, ...more: string[]])[] = [
  ["fit"],
  ["profile", "alpha", "--points", "3"],
  ["contour", "alpha", "beta", "--points", "4", "--sigma", "1"],
  ["interval", "alpha"],
  ["sample", "--sampler", "ensemble", "--samples", "400"],
  ["toys", "2", "--workers", "1"],
  ["test", "--hold", "beta=0"],
  ["goodness"],
  ["compare", "--model", "Crab Nebula = lp", "--at", "83.63 22.01"],
  ["flux-points", "--dataset", "HESS", "--edges", "1 TeV,10 TeV"],
  ["light-curve", "--dataset", "HESS"],
  ["ts-map", "--edges", "20 GeV,2 TeV"],
  ["simulate", "--seed", "3"],
];

describe.each(LINES)("gammats %s", (command, ...more) => {
  it("takes the folder of a fit, and its fit-result.yaml, as the two files in it", async () => {
    const ofFiles = await gammats([command, ...files, ...more, "--json"]);
    // 1: few samples
    expect(ofFiles.status, ofFiles.said).toBeLessThan(2);
    for (const path of ["fitted", "fitted/fit-result.yaml"]) {
      const { status, said, json } = await gammats([command, folder.path(path), ...more, "--json"]);
      expect(status, said).toBe(ofFiles.status);
      // what was read is named there
      const without = (document: object) => ({ ...document, provenance: undefined });
      expect(without(json())).toEqual(without(ofFiles.json()));
    }
  });
});

describe("the folder of a fit", () => {
  it("is described and checked with all that is in it", async () => {
    const info = await gammats(["info", folder.path("fitted")]);
    expect([info.status, info.stdout]).toEqual([
      0,
      expect.stringMatching(/fit-result\.yaml: fit result.*joint_datasets\.yaml: /s),
    ]);
    const table = await gammats(["info", folder.path("fitted"), "--format", "csv"]);
    expect(table.stdout).toMatch(/^(#.*\n)*model,name,value/);
    const { stdout } = await gammats(["validate", folder.path("fitted")]);
    expect(stdout).toBe("3 files, no problems\n");
  });

  it("is drawn as the spectrum of its models, or its datasets where a folder is to be written", async () => {
    const sed = folder.path("sed.svg");
    expect((await gammats(["plot", folder.path("fitted"), "--out", sed])).status).toBe(0);
    expect(await readFile(sed, "utf8")).toContain("Crab Nebula");
    expect((await gammats(["plot", folder.path("fitted"), "--out", folder.path("pictures")])).status).toBe(0);
    expect(await readdir(folder.path("pictures"))).toContain("counts-HESS.svg");
  });

  it("is converted", async () => {
    const out = folder.path("new/crab_datasets.yaml");
    const { status, said } = await gammats(["convert", folder.path("fitted"), "--out", out]);
    expect(status, said).toBe(0);
    expect(await readdir(folder.path("new"))).toContain("crab_models.yaml");
  });

  it("is made again after another command read it", async () => {
    const out = folder.path("profile");
    await gammats(["profile", folder.path("fitted"), "alpha", "--points", "3", "--out", out]);
    const { status, said, stdout } = await gammats(["rerun", out]);
    expect(status, said + stdout).toBe(0);
  });

  it("without results, or with several, is refused with what is missing", async () => {
    await mkdir(folder.path("empty"));
    const none = await gammats(["fit", folder.path("empty")]);
    expect([none.status, none.said]).toEqual([
      2,
      expect.stringMatching(
        /empty: found no datasets\.yaml or models\.yaml, expected a folder that gammats fit --out wrote/,
      ),
    ]);
    await mkdir(folder.path("two"));
    for (const name of ["a_datasets.yaml", "b_datasets.yaml"])
      await writeFile(folder.path(`two/${name}`), "datasets: []\n");
    const two = await gammats(["profile", folder.path("two"), "alpha"]);
    expect([two.status, two.said]).toEqual([
      2,
      expect.stringMatching(/two: found several: a_datasets\.yaml, b_datasets\.yaml/),
    ]);
  });
});
