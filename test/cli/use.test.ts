import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/declarations/index.js";
import { optionsOf } from "../../src/cli/parser.js";
import { version } from "../../src/node/version.js";
import { fermi, gammats, hawc, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe("gammats", () => {
  it("says its version and its commands", async () => {
    expect(await gammats(["--version"])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
    const { status, stdout } = await gammats(["--help"]);
    expect(status).toBe(0);
    const names =
      "crab info fit flux-points flux light-curve profile contour sample toys interval test goodness worker plot stack simulate convert validate models download doctor completion";
    for (const name of names.split(" ")) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    expect(stdout).toContain(
      "Exit status: 0 success, 1 a fit that did not converge or a rerun that differs, 2 wrong use or input, 70 a fault",
    );
  });

  it.each(commands.map((c) => c.name))("%s --help gives options and examples", async (name) => {
    const { status, stdout, stderr } = await gammats([name, "--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/Examples:\n {2}\$ gammats /);
    expect(stdout).toContain("--json");
  });

  it("documents only examples that its parser takes", () => {
    for (const command of commands) {
      const { name, examples } = command;
      const flags = optionsOf(command).map(([flag]) => /--[\w-]+/.exec(flag)![0]);
      for (const example of examples) {
        for (const [flag] of example.matchAll(/ (--[\w-]+)/g)) {
          if (example.includes(`gammats ${name}`)) expect(flags, example).toContain(flag.trim());
        }
      }
    }
  });

  it.each([
    [["fti", "a", "b"], "Did you mean fit?"],
    [["fit", "a", "b", "--jsn"], "Did you mean --json?"],
    [["fit"], "missing required argument 'files'"],
    [["fit", "a.yaml"], "a.yaml: no such file"],
    [["fit", `${fermi}_datasets.yaml`], 'give a models.yaml too, or say them: --model "pl(index=2.3)"'],
    [["toys", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`], "toys: the argument <n> is missing"],
    [["fit", "a", "b", "--backend", "migrad"], "Allowed choices are newton, minuit, simplex"],
    [["models", "a", "b"], "too many arguments"],
    [["interval", `${fermi}_models.yaml`, "alpha", "beta"], 'interval: there is no file "beta"'],
    [
      ["stack", "a.fits", "--format", "xspec"],
      '--format: there is no format of datasets "xspec"; there are gadf, ogip',
    ],
  ])("%j is wrong use: status 2", async (argv, message) => {
    const { status, stdout, stderr } = await gammats(argv);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^gammats: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("says what to do without a command", async () => {
    const { status, stderr } = await gammats([]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Usage: gammats/);
  });

  it.each([
    [["fit", "none.yaml", "none.yaml"], /none\.yaml: no such file; check the name/],
    [["fit", hawc, hawc], /HAWC19_flux_points\.fits/],
    [["info", "none.fits"], /none\.fits: no such file/],
    [["stack", hawc], /found flux points \(GADF SED\), expected counts in bins of energy/],
    [
      ["plot", "README.md"],
      /README\.md: found a text that begins with "# GammaTS", expected .*models \(Gammapy YAML\), datasets of an analysis/,
    ],
    [["convert", hawc], /say where to write with --out/],
    [
      ["plot", hawc, "--style", hawc],
      /HAWC19_flux_points\.fits: found FITS with the HDUs .*, expected a style of pictures \(YAML\); give that file/,
    ],
    [
      ["fit", hawc, "--model", "pl(reference=1 TeV, amplitude=1e-12)", "--statistic", "profile"],
      /no flux point can be fitted: none that is in the fit has what the statistic "profile" takes \(the likelihood scan/,
    ],
    [["models", "PowerLawSpectralMode"], /did you mean "PowerLawSpectralModel"/],
    [["simulate", "--seed", "x"], /--seed "x": expected a whole number/],
    [["simulate"], /name a datasets\.yaml and a models\.yaml, or data files, or an --example/],
    [["crab", "--data", "/nowhere"], /\/nowhere\/fermi-3fhl-crab\/Fermi-LAT-3FHL_datasets\.yaml: no such file/],
    [
      ["fit", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--set", "Crab Nebula.alfa=1"],
      /--set: there is no parameter "Crab Nebula\.alfa"; did you mean "Crab Nebula\.alpha"/,
    ],
    [
      ["fit", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--set", "alpha"],
      /expected a parameter and a value, like --set "Crab Nebula\.alpha=1\.3"/,
    ],
    [
      ["fit", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--energy-range", "Fermi=1 TeV,2 TeV"],
      /--energy-range: there is no dataset "Fermi"; did you mean "Fermi-LAT"/,
    ],
    [["fit", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--energy-range", "1,2"], /"1".*expected .*TeV|unit/],
    [
      ["fit", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--energy-range", "1 PeV,2 PeV"],
      /no bin is left for the fit/,
    ],
    [
      ["flux-points", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--source", "Crab", "--edges", "1 TeV,2 TeV"],
      /did you mean "Crab Nebula"/,
    ],
    [["flux-points", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`], /give the energies either as --edges/],
  ])("%j is wrong input: status 2, one clear message", async (argv, message) => {
    const { status, stdout, stderr } = await gammats(argv);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^(?:Crab: .*\n)?gammats: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("needs GAMMAPY_DATA only where a path does", async () => {
    const yaml = folder.path("needs_datasets.yaml");
    await writeFile(yaml, "datasets:\n- name: x\n  type: MapDataset\n  filename: $GAMMAPY_DATA/x.fits\n");
    const { status, stderr } = await gammats(["fit", yaml, `${fermi}_models.yaml`]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/needs_datasets\.yaml:4.*GAMMAPY_DATA, which is not set/);
  });

  it("leaves existing files untouched", async () => {
    const out = folder.path("existing");
    const argv = ["fit", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--out", out];
    expect((await gammats(argv)).status).toBe(0);
    const names = await readdir(out);
    const read = () => Promise.all(names.map((name) => readFile(`${out}/${name}`)));
    const before = await read();
    const { status, stderr } = await gammats([...argv, "--set", "Crab Nebula.alpha=2"]);
    expect(status).toBe(2);
    expect(stderr).toContain("exists already");
    expect(await read()).toEqual(before);
    expect(await readdir(out)).toEqual(names);
    expect((await gammats([...argv, "--overwrite"])).status).toBe(0);
  });

  it("ends with 130 at Ctrl-C and leaves nothing half-written", async () => {
    const out = folder.path("interrupted");
    const running = gammats(["crab", "--example", "--out", out]);
    setTimeout(() => process.emit("SIGINT"), 50);
    const { status, stderr } = await running;
    expect([status, stderr]).toEqual([130, expect.stringContaining("interrupted")]);
    const left = await readdir(out).catch(() => []);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("the program", () => {
  it("starts without loading what the command does not need", () => {
    // the built program, as users start it; the build belongs to `npm ci`
    const { status, stdout } = spawnSync(process.execPath, ["dist/cli/main.js", "--version"], { encoding: "utf8" });
    expect([status, stdout]).toEqual([0, `${version}\n`]);
  });
});
