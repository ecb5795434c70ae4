/** A command that fails changes no file: neither those it read nor those that an earlier run wrote. */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf } from "./contents.js";
import { gammats, hawc, spectra, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const stem = "Fermi-LAT-3FHL";
const workers = ["--workers", "1"];

/** What each command gets after its analysis, and what it writes into: a folder or a file. */
const COMMANDS: readonly (readonly [command: string, rest: readonly string[], out: string])[] = [
  ["fit", ["--minos", "alpha"], "out"],
  ["flux-points", ["--edges", "10 GeV,100 GeV,1 TeV"], "out/points.fits"],
  ["light-curve", ["--edges", "10 GeV,100 GeV,1 TeV"], "out/curve.fits"],
  ["profile", ["alpha", "--points", "3"], "out"],
  ["contour", ["alpha", "beta", "--points", "5"], "out"],
  ["sample", ["--sampler", "ensemble", "--samples", "320", "--warmup", "5"], "out"],
  ["toys", ["10", ...workers], "out"],
  ["interval", ["alpha", "--calibrated", "5", "--values", "1.6,1.7", ...workers], "out"],
  ["test", ["--hold", "Crab Nebula.beta=0", "--toys", "5", ...workers], "out"],
  ["goodness", ["--toys", "5", ...workers], "out"],
  ["plot", [], "out"],
  ["simulate", [], "out"],
];

/** A copy of the Fermi-LAT analysis of a case, and the paths of it. */
async function copy(name: string) {
  const base = folder.path(name);
  await cp("examples/crab/fermi-3fhl-crab", `${base}/in`, { recursive: true });
  return { base, datasets: `${base}/in/${stem}_datasets.yaml`, models: `${base}/in/${stem}_models.yaml` };
}

async function refused(argv: readonly string[], message: RegExp): Promise<void> {
  const { status, stdout, said } = await gammats(argv);
  expect(said).toMatch(message);
  expect(said).not.toMatch(/\n\s+at |this should not happen/);
  expect(status).toBe(2);
  // a result that could not be written is printed all the same, without files
  expect(stdout).not.toMatch(/^Wrote|"files":/m);
}

describe("files that were there", () => {
  it.each(COMMANDS)("stay as they are when %s fails", async (command, rest, target) => {
    const { base, datasets, models } = await copy(command);
    const argv = [command, datasets, models, ...rest, "--out", `${base}/${target}`, "--json"];
    expect((await gammats(argv)).status).toBeLessThan(2);
    const before = await contentsOf(base);
    expect(Object.keys(before).some((path) => path.startsWith(`${base}/out/`))).toBe(true);
    // a second run, without and with leave to replace what the first one wrote
    await refused(argv, /exists already/);
    expect(await contentsOf(base)).toEqual(before);
    const spoilt = (await readFile(models, "utf8")).replace("name: alpha", "name: alfa");
    await writeFile(models, spoilt);
    await refused([...argv, "--overwrite"], /models\.yaml:\d+.*"alfa".*did you mean "alpha"/);
    expect(await contentsOf(base)).toEqual({ ...before, [models]: spoilt });
  });

  it.each([
    ["profile", "profile-Crab_Nebula.alpha.png", ["alpha", "--points", "3"]],
    ["toys", "toys.fits", ["10", ...workers]],
    ["interval", "interval-Crab_Nebula.alpha.svg", ["alpha"]],
    ["test", "test.png", ["--hold", "Crab Nebula.beta=0", "--toys", "5", ...workers]],
    ["goodness", "goodness.svg", ["--toys", "5", ...workers]],
    ["fit", "fit-result.yaml", []],
    ["simulate", "simulated_models.yaml", ["--seed", "1"]],
    ["plot", "maps-Fermi-LAT.svg", []],
  ])("stay as they are when %s cannot write one of its files", async (command, file, rest) => {
    const { base, datasets, models } = await copy(`${command}-late`);
    const argv = [command, datasets, models, ...rest, "--out", `${base}/out`, "--json"];
    expect((await gammats(argv)).status).toBeLessThan(2);
    await rm(`${base}/out/${file}`);
    await mkdir(`${base}/out/${file}`);
    await writeFile(`${base}/out/${command}.json`, "mine");
    const before = await contentsOf(base);
    await refused([...argv, "--overwrite"], /this is a folder; give the name of a file/);
    expect(await contentsOf(base)).toEqual(before);
  });

  it("stay as they are when stack and convert fail", async () => {
    const base = folder.path("files");
    await cp(spectra, `${base}/in`, { recursive: true });
    await cp(hawc, `${base}/in/points.fits`);
    const stack = ["stack", `${base}/in/pha_obs23523.fits`, "--out", `${base}/out/stacked.fits`];
    const convert = ["convert", `${base}/in/points.fits`, "--out", `${base}/out/points.ecsv`];
    for (const argv of [stack, convert]) expect((await gammats(argv)).status).toBe(0);
    const damaged: Record<string, string> = {};
    for (const argv of [stack, convert]) {
      const before = await contentsOf(base);
      await refused(argv, /exists already/);
      expect(await contentsOf(base)).toEqual(before);
      const cut = (await readFile(argv[1]!)).subarray(0, 5000);
      await writeFile(argv[1]!, cut);
      damaged[argv[1]!] = cut.toString("latin1");
      await refused([...argv, "--overwrite"], /^gammats: .*(pha_obs23523|points)\.fits/);
      expect(await contentsOf(base)).toEqual({ ...before, ...damaged });
    }
  });
});
