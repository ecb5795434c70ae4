/** `gammats catalog`, `info` and `validate` on made catalogues; what it writes, opened by Gammapy. */
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dnde } from "../../src/api/models.js";
import { readModels } from "../../src/index.js";
import { made3fgl, made3hwc, made4fgl } from "../catalogues/made.js";
import { python } from "../environment.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

let folder: Folder;
let [fgl, hwc, dr4] = ["", "", ""];
beforeAll(async () => {
  folder = await temporaryFolder();
  [fgl, hwc, dr4] = ["3fgl.fits", "3hwc.ecsv", "4fgl.fits"].map((name) => folder.path(name)) as [
    string,
    string,
    string,
  ];
  await writeFile(fgl, made3fgl());
  await writeFile(hwc, made3hwc());
  await writeFile(dr4, made4fgl(4));
});
afterAll(() => folder.remove());

const near = ["--near", "83.6 22"];

it("are drawn on the sky, and names that are not there are answered with those near to them", async () => {
  const own = await temporaryFolder();
  await writeFile(own.path("3fgl.fits"), made3fgl());
  expect((await gammats(["plot", own.path("3fgl.fits"), "--out", own.path("sky.svg")])).status).toBe(0);
  const svg = await readFile(own.path("sky.svg"), "utf8");
  for (const word of ["5 sources", "3FGL J1640.0-4000", "Galactic longitude"]) expect(svg).toContain(word);
  const said = async (name: string) => (await gammats(["catalog", own.path("3fgl.fits"), "--source", name])).said;
  expect(await said("J0534.5")).toContain('there is no source "J0534.5"; did you mean "3FGL J0534.5+2200"');
  expect(await said("Crab Nebul")).toContain('did you mean "Crab Nebula"?');
  expect(await said("M87")).toContain("there are 3FGL J0534.5+2200, Crab");
  await own.remove();
});

describe("gammats catalog", () => {
  it("lists the sources, of a place the nearest first", async () => {
    const all = (await gammats(["catalog", fgl, "--json"])).json();
    expect(all).toMatchObject({ catalogue: "3fgl" });
    expect(all.sources).toHaveLength(5);
    const { stdout, status } = await gammats(["catalog", fgl, ...near, "--radius", "3"]);
    expect(status).toBe(0);
    expect(stdout).toContain("2 of 5 sources");
    expect(stdout).toMatch(/3FGL J0534\.5\+2200 .* PowerLaw +Point +Crab/);
    const csv = await gammats(["catalog", fgl, "--near", "184.55 -5.78", "--frame", "galactic", "--format", "csv"]);
    expect(
      csv.stdout
        .split("\n")
        .slice(1)
        .map((line) => line.split(",")[0]),
    ).toEqual(["3FGL J0534.5+2200", "3FGL J0538.0+2100", ""]);
  });

  it("writes the models of a region, with free norms near to it", async () => {
    const out = folder.path("roi_models.yaml");
    const run = await gammats(["catalog", fgl, ...near, "--free-radius", "1", "--models", out]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { models } = readModels(await readFile(out, "utf8"));
    const free = models.components.map(({ name, spectral }) => [
      name,
      spectral.parameters.filter((p) => !p.frozen).map((p) => p.name),
    ]);
    expect(free).toEqual([
      ["3FGL J0534.5+2200", ["amplitude"]],
      ["3FGL J0538.0+2100", []],
    ]);
    expect((await gammats(["catalog", fgl, ...near, "--models", out])).said).toContain(`${out} exists already`);
  });

  it("says which sources it leaves out, and what to do", async () => {
    const out = folder.path("all_models.yaml");
    const { status, said } = await gammats(["catalog", fgl, "--models", out]);
    expect(status).toBe(0);
    expect(said).toContain("left out: 3FGL J0040.0+6000e: its shape is the map MadeCloud.fits, which is not in");
  });

  it("shows one source, and writes its flux points and light curve", async () => {
    const [points, curve] = [folder.path("points.fits"), folder.path("curve.ecsv")];
    const argv = ["catalog", fgl, "--source", "Crab", "--flux-points", points, "--light-curve", curve];
    const { status, stdout } = await gammats(argv);
    expect(status).toBe(0);
    expect(stdout).toMatch(/3FGL J0534\.5\+2200 +index +2\.100 +0\.210/);
    expect((await gammats(["info", points])).stdout).toContain("flux points (GADF SED)");
    expect((await gammats(["info", curve])).stdout).toContain("light curve (Gammapy)");
  });

  it("refuses in the manner of the house", async () => {
    const cases = [
      [["--source", "Krab"], 'there is no source "Krab"; did you mean "Crab"?'],
      [["--source", "Crab", ...near], "found --source and --near; give one of them"],
      [["--frame", "galactic"], "--frame: there is no --near"],
      [["--near", "here"], '--near "here": expected longitude and latitude in deg'],
      [[...near, "--radius", "-1"], '--radius "-1": expected an angle in deg'],
      [["--flux-points", "x.fits"], "--flux-points: it is for one source; name it with --source"],
      [["--near", "200 0", "--models", folder.path("none.yaml")], "found no source there, expected one at least"],
    ] as const;
    for (const [argv, message] of cases) {
      const { status, said } = await gammats(["catalog", fgl, ...argv]);
      expect([status, said]).toEqual([2, expect.stringContaining(message)]);
    }
    const other = await gammats(["catalog", "examples/crab/hawc_crab/HAWC19_flux_points.fits"]);
    expect(other.said).toContain("found flux points (GADF SED), expected catalogue of sources");
  });

  it("is what info, validate and tables of info know of such files", async () => {
    const { stdout } = await gammats(["info", hwc]);
    expect(stdout).toContain("catalogue of sources");
    expect(stdout).toContain("3 sources, 11 columns: source_name, glon");
    expect((await gammats(["info", dr4, "--json"])).json()[0]).toMatchObject({ kind: "catalogue", n_sources: 4 });
    expect((await gammats(["validate", fgl, hwc, dr4])).status).toBe(0);
  });
});

describe.runIf(python !== null)("Gammapy", () => {
  it("opens the models that were written, with equal dnde", { timeout: 300_000 }, async () => {
    const code = `
import json, sys
from gammapy.modeling.models import Models
import astropy.units as u
models = Models.read(sys.argv[1])
e = [1e-4, 1e-3, 1e-2, 0.1] * u.TeV
print(json.dumps({m.name: [m.spectral_model(e).to_value("cm-2 s-1 TeV-1").tolist(), [p.name for p in m.parameters.free_parameters]] for m in models}))
`;
    for (const path of [fgl, dr4, hwc]) {
      const out = `${path}_models.yaml`;
      const place = path === hwc ? ["--near", "100.5 1.5 galactic"] : ["--near", "90 0", "--radius", "90"];
      expect((await gammats(["catalog", path, ...place, "--free-radius", "2", "--models", out])).status).toBe(0);
      const { models } = readModels(await readFile(out, "utf8"));
      const theirs = JSON.parse(execFileSync(python!, ["-W", "ignore", "-c", code, out], { encoding: "utf8" }));
      expect(Object.keys(theirs)).toEqual(models.components.map(({ name }) => name));
      for (const { name, spectral } of models.components) {
        const [values, free] = theirs[name] as [number[], string[]];
        const ours = dnde(spectral, [1e-4, 1e-3, 1e-2, 0.1]);
        // the same formula, exponentials of numbers up to 1e2
        for (const [i, x] of values.entries()) expect(ours[i]! / x).toBeCloseTo(1, 10);
        expect(free).toEqual(spectral.parameters.filter((p) => !p.frozen).map((p) => p.name));
      }
    }
  });
});
