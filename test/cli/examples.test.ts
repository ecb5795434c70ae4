/** Every example of every command's help runs, on the embedded example, with fewer toys. */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/declarations/index.js";
import { writeMap } from "../../src/io/map-fits.js";
import { wcsGeom } from "../../src/sky/index.js";
import { made3fgl } from "../catalogues/made.js";
import { burst } from "../io/xray-files.js";
import { runIn, wordsOf } from "./example-lines.js";
import { writeJoint } from "./joint.js";
import { writeMadeRuns } from "./made-runs.js";
import { type Folder, fermi, gammats, hawc, spectra, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  const at = folder.path("all");
  await mkdir(at);
  const [datasets, models] = await writeJoint("examples/crab", at);
  for (const name of ["datasets", "crab_datasets"]) await cp(datasets, join(at, `${name}.yaml`));
  for (const name of ["models", "fitted_models"]) await cp(models, join(at, `${name}.yaml`));
  const powerlaw = (await readFile(models, "utf8"))
    .replace("LogParabolaSpectralModel", "PowerLawSpectralModel")
    .replace(/name: alpha\b/, "name: index")
    .replace(/\n *- name: beta\n(?: {6,}(?!- ).*\n)*/, "\n");
  await writeFile(join(at, "powerlaw_models.yaml"), powerlaw);
  for (const name of ["datasets", "models"]) await cp(`${fermi}_${name}.yaml`, join(at, `old_${name}.yaml`));
  await cp(`${fermi}_data_Fermi-LAT.fits`, join(at, "Fermi-LAT-3FHL_data_Fermi-LAT.fits"));
  await writeFile(join(at, "catalogue.fits"), made3fgl());
  const sky = { kind: "healpix", nside: 8, nested: false, frame: "icrs", pixels: null, axes: [] } as const;
  await writeFile(join(at, "healpix.fits"), writeMap({ geom: sky, unit: "s", data: new Float64Array(768).fill(1) }));
  const image = wcsGeom({ npix: [20, 20], binsz: 1, proj: "TAN", axes: [] });
  await writeFile(join(at, "image.fits"), writeMap({ geom: image, unit: "s", data: new Float64Array(400).fill(1) }));
  await writeMadeRuns(join(at, "hess-dl3-dr1"));
  for (const [name, bytes] of Object.entries(burst()))
    await writeFile(join(at, name.replace(/^burst\.pha2$/, "grb.pha2")), bytes);
  for (const name of ["HAWC19_flux_points.fits", "points.fits"]) await cp(hawc, join(at, name));
  await cp(spectra, at, { recursive: true });
  const { status } = await gammats(["fit", datasets, models, "--out", join(at, "fitted")]);
  expect(status).toBe(0);
  const lower = ["fit", datasets, join(at, "powerlaw_models.yaml"), "--out", join(at, "fitted-powerlaw")];
  expect((await gammats(lower)).status).toBe(0);
  // each command finds what the examples name, and nothing that others wrote
  for (const { name } of commands) await cp(at, folder.path(name), { recursive: true });
  await rm(join(folder.path("fit"), "fitted"), { recursive: true });
  await cp(join(at, "Fermi-LAT-3FHL_data_Fermi-LAT.fits"), join(folder.path("fit"), "dataset.fits"));
  await gammats(["convert", hawc, "--out", join(folder.path("fit"), "points.ecsv")]);
  for (const [i, name] of ["pha_obs23523.fits", "pha_obs23526.fits"].entries())
    await cp(join(at, name), join(folder.path("new"), `run${i + 1}.pha`));
  await writeFile(join(folder.path("schema"), "own.js"), "export default {};\n");
  const toys = ["toys", "datasets.yaml", "models.yaml", "12", "--workers", "1", "--out", "toys"];
  expect((await runIn(folder.path("rerun"), toys)).status).toBe(0);
});
afterAll(() => folder.remove());

/** What cannot be had in a test: a server, the files of another project. */
const needsServer = (line: string) => line.includes("redis://");
const needsNet = (line: string) => /gammats download(?! --list)/.test(line);
/** And a browser, or a folder that no machine of ours has. */
const isLeftOut = (line: string) => needsNet(line) || line === "gammats app" || line.includes("/archive/");

describe.each(commands.map((spec) => [spec.name, spec] as const))("gammats %s", (name, { examples }) => {
  it("has an example that runs", () => {
    expect(examples.filter((line) => !isLeftOut(line)).length).toBeGreaterThan(0);
  });

  it.each(examples.filter((line) => !isLeftOut(line)))("%s", { timeout: 600_000 }, async (line) => {
    const [last, ...before] = line.split(" && ").reverse();
    for (const step of before) {
      const [first, target] = step.split(" > ");
      const { status, stdout } = await runIn(folder.path(name), wordsOf(first!).slice(1));
      expect(status, step).toBe(0);
      await writeFile(join(folder.path(name), target!), stdout);
    }
    const [program, ...argv] = wordsOf(last!);
    expect(program).toBe("gammats");
    const { status, stdout, stderr } = await runIn(folder.path(name), argv);
    if (needsServer(line)) {
      expect([status, stderr]).toEqual([2, expect.stringContaining("redis: no connection to redis://head-node:6379")]);
      return;
    }
    expect(status, stderr + stdout).toBe(0);
    expect(stdout).not.toBe("");
  });
});
