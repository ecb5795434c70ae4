/** Models in a text instead of a models.yaml, with data files of all kinds instead of a datasets.yaml. */
import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/declarations/index.js";
import { gammapyData } from "../environment.js";
import { type Folder, fermi, gammats, hawc, spectra, temporaryFolder } from "./run.js";

const runs = [23523, 23526].map((id) => `${spectra}/pha_obs${id}.fits`);
const cube = `${fermi}_data_Fermi-LAT.fits`;
let folder: Folder;

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** -d ln dnde / d ln E of the simulated source at an energy in TeV (docs/example.md). */
const trueIndex = (energy: number) => 1.263354075 + 2 * 0.06132066742 * Math.log(energy / 5.054833602905273e-5);

interface Parameter {
  readonly name: string;
  readonly value: number;
  readonly error: number;
}

async function fitted(argv: readonly string[], env: Record<string, string> = {}) {
  const { status, stderr, stdout, json } = await gammats(["fit", ...argv, "--json"], env);
  expect(status, stderr + stdout).toBe(0);
  const { total_stat: stat, parameters } = json();
  const of = (name: string) => (parameters as Parameter[]).find((p) => p.name === name || p.name.endsWith(`.${name}`))!;
  return { stat: stat as number, parameters: parameters as Parameter[], of, stderr };
}

/** A models.yaml of one source, and what else stands in it. */
async function yaml(name: string, spectral: string, more = ""): Promise<string> {
  const path = folder.path(name);
  await writeFile(path, `components:\n- name: source\n  type: SkyModel\n  spectral: ${spectral}\n${more}`);
  return path;
}

/** The same result to 1e-9: both fits begin at the same values, and differ in nothing. */
function expectSame(a: Awaited<ReturnType<typeof fitted>>, b: Awaited<ReturnType<typeof fitted>>) {
  expect(a.stat / b.stat).toBeCloseTo(1, 9);
  expect(a.parameters.map((p) => p.name)).toEqual(b.parameters.map((p) => p.name));
  a.parameters.forEach((p, i) => {
    const other = b.parameters[i]!;
    for (const key of ["value", "error"] as const) {
      if (other[key] !== 0) expect(p[key] / other[key], `${p.name} ${key}`).toBeCloseTo(1, 9);
    }
  });
}

const pl = (amplitude: string, more = "") =>
  `{type: pl, parameters: [{name: index, value: 2}, {name: amplitude, value: ${amplitude}, unit: cm-2 s-1 TeV-1}${more}]}`;

describe("gammats fit of data files", () => {
  it("fits spectra with a word, and says what it guessed", async () => {
    const text = await fitted([...runs, "--model", "pl"]);
    const guessed = /^gammats: "source": start values amplitude = (\S+) cm-2 s-1 TeV-1 \(matches the data\)$/m.exec(
      text.stderr,
    )![1]!;
    expectSame(text, await fitted([...runs, await yaml("pl.yaml", pl(guessed))]));
    expect(Math.abs(text.of("index").value - trueIndex(1))).toBeLessThan(3 * text.of("index").error);
  });

  it("takes all files of a folder: those that spectra name come with them", async () => {
    const all = ["", "_arf", "_bkg", "_rmf"].flatMap((part) =>
      runs.map((run) => run.replace(/\.fits$/, `${part}.fits`)),
    );
    const text = await fitted([...all, "--model", "pl"]);
    expect(text.stderr).toContain("pha_obs23526_rmf.fits: read with the spectra that name them, and not by themselves");
    expectSame(text, await fitted([...runs, "--model", "pl"]));
  });

  it("says that absorption of X-rays means nothing for gamma rays", async () => {
    const { stderr } = await gammats(["fit", ...runs, "--model", "pl * tbabs(nh=0.5)"]);
    expect(stderr).toMatch(/its spectrum is given from 0 to 0\.0001 TeV, and needed from .* TeV, beyond which/);
  });

  it("fits flux points", async () => {
    const text = await fitted([hawc, "--model", "lp(amplitude=8e-14, beta=0.1)"]);
    const spectral =
      "{type: lp, parameters: [{name: amplitude, value: 8.e-14, unit: cm-2 s-1 TeV-1}, {name: beta, value: 0.1}]}";
    expectSame(text, await fitted([hawc, await yaml("lp.yaml", spectral)]));
    expect(text.stderr).toBe("");
  });

  it("fits a map: the source is placed, and its background gets a norm", async () => {
    const text = await fitted([cube, "--model", "pl(amplitude=1e-10)", "--at", "83.63 22.01"]);
    const spatial =
      "  spatial: {type: point, frame: icrs, parameters: [{name: lon_0, value: 83.63, frozen: true}, {name: lat_0, value: 22.01, frozen: true}]}\n";
    const background = "- type: FoVBackgroundModel\n  datasets_names: [Fermi-LAT]\n  spectral: {type: pl-norm}\n";
    expectSame(text, await fitted([cube, await yaml("map.yaml", pl("1.e-10"), spatial + background)]));
    expect(text.stderr).toBe('gammats: "Fermi-LAT-bkg": a free norm for the background of the map\n');
  });

  it("fits a mixture, and takes the place from the data", async () => {
    const { stderr, of } = await fitted([...runs, cube, hawc, "--model", "Crab = lp"]);
    expect(stderr).toMatch(
      /"Crab": placed at 184\.\d+, -5\.\d+ deg \(galactic\), the centre of the map of "Fermi-LAT"/,
    );
    expect(Math.abs(of("alpha").value - trueIndex(10))).toBeLessThan(5 * of("alpha").error);
  });

  it.each(["pl", "pl-2", "ecpl", "ecpl-3fgl", "lp", "lp2", "sbpl", "pl(index=4)", "pl(index=1)", "lp(beta=0.5)"])(
    "%s converges on spectra without any value",
    async (model) => {
      await fitted([...runs, "--model", model]);
    },
  );

  it("guesses norms far from the defaults, and energies outside of the data", async () => {
    const { stderr, of } = await fitted([cube, "--model", "pl", "--energy-range", "10 GeV,100 GeV"]);
    expect(stderr).toContain("reference = 0.03 TeV");
    expect(Math.abs(of("index").value - trueIndex(0.03))).toBeLessThan(3 * of("index").error);
  });

  it("writes YAML that says the same and is fitted again with the same result", async () => {
    const out = folder.path("out");
    const options = ["--model", "Crab = lp", "--group", "min 3", "--energy-range", "Fermi-LAT=20 GeV,2 TeV"];
    const text = await fitted([...runs, cube, hawc, ...options, "--out", out]);
    const again = await fitted([`${out}/datasets.yaml`, `${out}/models.yaml`]);
    expect(again.stat / text.stat).toBeCloseTo(1, 9);
    again.parameters.forEach((p, i) => {
      // both ends are within a thousandth of an error of the minimum
      expect(Math.abs(p.value - text.parameters[i]!.value)).toBeLessThanOrEqual(1e-3 * p.error);
    });
  });

  it("has one example in its help that runs as it stands", async () => {
    const { examples } = commands.find(({ name }) => name === "fit")!;
    const line = examples.find((text) => text.includes("--model"))!;
    const words = Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, word]) => quoted ?? word!).slice(1);
    const stdout = execFileSync(process.execPath, [resolve("dist/cli/main.js"), ...words], {
      cwd: spectra,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(stdout).toContain("success    : True");
  });
});

describe.runIf(gammapyData)("gammats fit of the real files", () => {
  const data = gammapyData!;
  const env = { GAMMAPY_DATA: data };
  const real = [23523, 23526, 23559, 23592].map((id) => `${data}/joint-crab/spectra/hess/pha_obs${id}.fits`);

  it("fits four runs of H.E.S.S., a map of Fermi and points of HAWC with a word", async () => {
    const files = [
      ...real,
      `${data}/fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits`,
      `${data}/hawc_crab/HAWC19_flux_points.fits`,
    ];
    const text = await fitted([...files, "--model", "lp"]);
    const guessed = /amplitude = (\S+) /.exec(text.stderr)![1]!;
    const [lon, lat] = /placed at (\S+), (\S+) deg/.exec(text.stderr)!.slice(1) as [string, string];
    const spectral = `{type: lp, parameters: [{name: amplitude, value: ${guessed}, unit: cm-2 s-1 TeV-1}, {name: beta, value: 0.1}]}`;
    const spatial = `  spatial: {type: point, frame: galactic, parameters: [{name: lon_0, value: ${lon}, frozen: true}, {name: lat_0, value: ${lat}, frozen: true}]}\n`;
    const background =
      "- type: FoVBackgroundModel\n  datasets_names: [Fermi-LAT-3FHL_data_Fermi-LAT]\n  spectral: {type: pl-norm}\n";
    expectSame(text, await fitted([...files, await yaml("real.yaml", spectral, spatial + background)]));
  });

  it("absorbs a spectrum by Gammapy's table", async () => {
    const text = await fitted([...real, "--model", "pl(amplitude=1e-10) + ebl(z=0.116, reference=franceschini)"], env);
    const absorption =
      "{type: ebl-norm, parameters: [{name: redshift, value: 0.116}], filename: $GAMMAPY_DATA/ebl/ebl_franceschini.fits.gz}";
    const spectral = `\n    type: CompoundSpectralModel\n    model1: ${pl("1.e-10")}\n    model2: ${absorption}\n    operator: mul`;
    expectSame(text, await fitted([...real, await yaml("ebl.yaml", spectral)], env));
    const out = folder.path("ebl");
    await fitted([...real, "--model", "pl + ebl(z=0.116)", "--out", out], env);
    expect(await readFile(`${out}/models.yaml`, "utf8")).toContain("$GAMMAPY_DATA/ebl/ebl_dominguez11.fits.gz");
    await fitted([`${out}/datasets.yaml`, `${out}/models.yaml`], env);
  });
});

describe("a text beside a models.yaml", () => {
  it("adds a source to those of the file, and fits as if it stood there", async () => {
    const first = await yaml("one.yaml", `{type: pl, parameters: [{name: amplitude, value: 1.e-11}]}`);
    const added = "second = pl(amplitude=2e-12, index=3 frozen)";
    const text = await fitted([runs[0]!, first, "--model", added, "--freeze", "source.index"]);
    const second = `- name: second
  type: SkyModel
  spectral: {type: pl, parameters: [{name: amplitude, value: 2.e-12}, {name: index, value: 3, frozen: true}]}
`;
    const spectral = `{type: pl, parameters: [{name: amplitude, value: 1.e-11}, {name: index, value: 2, frozen: true}]}`;
    const both = await yaml("two.yaml", spectral, second);
    const file = await fitted([runs[0]!, both]);
    expect(text.stat).toBeCloseTo(file.stat, 9);
    const values = (found: typeof file) => found.parameters.map(({ name, value }) => [name, value]);
    expect(values(text)).toEqual(values(file));
  });

  it("leaves the backgrounds of maps to the file, and writes both", async () => {
    const out = folder.path("beside");
    const argv = [cube, `${fermi}_models.yaml`, "--model", "new = pl(amplitude=1e-13 frozen, index=frozen)"];
    const { stderr } = await fitted([...argv, "--at", "84.5 22.5", "--out", out]);
    expect(stderr).not.toContain("a free norm for the background");
    const written = await readFile(`${out}/models.yaml`, "utf8");
    expect(written.match(/FoVBackgroundModel/g)).toHaveLength(1);
    expect(written).toMatch(/name: Crab Nebula[\s\S]*name: new/);
  });
});

describe("a change with time", () => {
  it("fits as the models.yaml that says the same, from the start of the data", async () => {
    const out = folder.path("decay");
    const argv = [runs[0]!, "--model", "pl", "--time", "exp-decay(t0=5 h frozen)"];
    const text = await fitted([...argv, "--out", out]);
    // the start of the good time interval in UTC, as Astropy has it
    expect(text.of("t_ref").value).toBeCloseTo(53000.91592, 4);
    expect(text.stderr).toMatch(/t_ref = 53000\.9\d+ d/);
    const file = await fitted([`${out}/datasets.yaml`, `${out}/models.yaml`]);
    expect(file.stat).toBeCloseTo(text.stat, 9);
    // 28 minutes of 5 hours: the mean of the decay is 1 - x/2 of the constant flux
    const constant = await fitted([runs[0]!, "--model", "pl"]);
    const x = 28 / 300;
    const mean = (1 - Math.exp(-x)) / x;
    expect((constant.of("amplitude").value / text.of("amplitude").value / mean - 1) * 100).toBeCloseTo(0, 0);
  });
});

describe("files and texts that do not fit", () => {
  const models = `${fermi}_models.yaml`;
  it.each([
    [
      ["fit", `${spectra}/pha_obs23523_arf.fits`, "--model", "pl"],
      /pha_obs23523_arf\.fits: found effective area.*expected a datasets\.yaml, a models\.yaml, or data/,
    ],
    [["fit", models, "--model", "pl"], /Fermi-LAT-3FHL_models\.yaml: found models, and no data/],
    [["fit", cube, models, "--model", "Crab Nebula = pl"], /the models\.yaml has a source "Crab Nebula" too/],
    [["fit", cube, models, "--time", "exp-decay"], /--time is for the sources of --model/],
    [
      ["fit", cube, hawc],
      /there are no models; found .*Fermi-LAT\.fits \(dataset of maps.*HAWC19_flux_points\.fits \(flux points/,
    ],
    [["fit", cube, models, models], /found 2 files of the kind models\.yaml/],
    [["fit", cube, models, "--at", "1 2"], /--at is for the sources of --model/],
    [["fit", runs[0]!, "--model", "pll"], /--model "pll", character 1: there is no spectrum "pll"; did you mean "pl"/],
    [
      ["fit", runs[0]!, "--model", "pl", "--shape", "gauss", "--group", "x"],
      /--group "x": found "x", expected a rule like "min 20"/,
    ],
    [["fit", runs[0]!, "--model", "pl", "--shape", "gauss"], /"source": it has a shape and no place/],
    [["fit", runs[0]!, "--model", "pl", "--statistic", "chi3"], /there is no statistic "chi3"; did you mean "chi2"/],
    [["fit", runs[0]!, "--model", "pl", "--statistic", "profile"], /"23523" takes wstat or pgstat/],
    [
      ["fit", runs[0]!, "--model", "pl", "--statistic", "23523=cash"],
      /"cash" is for counts data; a SpectrumDatasetOnOff takes wstat or pgstat or cstat/,
    ],
    [["fit", hawc, "--model", "pl", "--group", "min 20"], /none of the datasets is a spectrum/],
    [["fit", runs[0]!, "--model", "pl", "--group", "min 100000"], /no bin of at least 100000 counts in the fit/],
    [["fit", runs[0]!, "--model", "pl + ebl(z=0.1)"], /GAMMAPY_DATA, which is not set/],
    [["fit", runs[0]!, "--model", "pl + ebl(z=0.1, file=none.fits)"], /character 22: no file "none\.fits"/],
    [
      ["fit", runs[0]!, "--model", "pl", "--set", "indx=2"],
      /--set: there is no parameter "indx"; did you mean "index"/,
    ],
    [
      ["fit", cube, "--model", "pl", "--set", "reference=2 TeV"],
      /write "source\.reference" or "Fermi-LAT-bkg\.reference"/,
    ],
    [
      ["fit", runs[0]!, "--model", "pl", "--replace-spectrum", "lp"],
      /--replace-spectrum changes the models of a models\.yaml/,
    ],
  ])("%j", async (argv, message) => {
    const { status, said } = await gammats(argv);
    expect(said).toMatch(message);
    expect(status).toBe(2);
  });

  it("but the order of files does not matter", async () => {
    const right = await fitted([`${fermi}_datasets.yaml`, models]);
    expectSame(await fitted([models, `${fermi}_datasets.yaml`]), right);
    expectSame(await fitted([models, cube]), right);
  });

  it("and datasets of one name are told apart, those of one content named", async () => {
    const copy = folder.path("copy");
    await cp(spectra, copy, { recursive: true });
    const { stderr } = await fitted([runs[0]!, `${copy}/pha_obs23523.fits`, runs[1]!, "--model", "pl"]);
    expect(stderr).toContain('a second dataset is called "23523"; it becomes "23523-2"');
    expect(stderr.match(/dataset .*counts twice/g)).toEqual([
      'dataset "23523-2" has the same content as "23523": it counts twice',
    ]);
    expect((await fitted([...runs, "--model", "pl"])).stderr).not.toContain("counts twice");
  });

  it("and the same file twice is refused", async () => {
    const { status, said } = await gammats(["fit", runs[0]!, `./${runs[0]}`, "--model", "pl"]);
    expect([status, said]).toEqual([
      2,
      expect.stringContaining(`./${runs[0]}: the file is given twice and would count twice; name it once`),
    ]);
  });
});

describe("what the command line changes", () => {
  it("takes names of parameters alone", async () => {
    const text = ["--set", "index=2.7", "--freeze", "index"];
    const { parameters, of } = await fitted([...runs, "--model", "pl", ...text]);
    expect(of("index")).toMatchObject({ value: 2.7, error: 0 });
    expect(parameters.filter(({ error }) => error > 0)).toHaveLength(1);
    const { json } = await gammats(["profile", ...runs, "--model", "pl", "index", "--points", "3", "--json"]);
    expect(json().profiles[0].parameter).toBe("source.index");
  });

  it("replaces a spectrum, whose norm it guesses", async () => {
    const path = await yaml("old.yaml", pl("1.e-3"));
    const replaced = await fitted([...runs, path, "--replace-spectrum", "ecpl"]);
    expectSame(replaced, await fitted([...runs, path, "--replace-spectrum", "source = ecpl"]));
    expect(replaced.stderr).toMatch(/"source": start values amplitude = /);
    expect(replaced.stat).toBeCloseTo((await fitted([...runs, "--model", "ecpl"])).stat, 6);
  });

  it("groups channels until each bin has enough counts", async () => {
    const out = folder.path("grouped");
    const { stderr } = await fitted([runs[0]!, "--model", "pl", "--group", "min 20", "--out", out]);
    const rule =
      /channels grouped into (\d+) bins of at least 20 counts; too few for one, and left out of the fit: (\d+) counts in \d+ channels? from/;
    const [, bins, left] = rule.exec(stderr)!;
    const { json } = await gammats(["info", `${out}/pha_obs23523.fits`, "--json"]);
    const [{ datasets }] = json();
    expect(datasets[0].nFitBins).toBe(Number(bins));
    expect(datasets[0].counts).toBeGreaterThanOrEqual(20 * Number(bins));
    const whole = (await gammats(["info", runs[0]!, "--json"])).json()[0].datasets[0].counts;
    expect(datasets[0].counts + Number(left)).toBe(whole);
    const joined = await gammats(["fit", runs[0]!, "--model", "pl", "--group", "min 20 join", "--json"]);
    expect(joined.stderr).toMatch(/too few for one of their own, and joined to the one before: /);
    expect(joined.json().datasets[0]).toMatchObject({ n_fit_bins: Number(bins), counts: whole });
  });

  it("chooses the statistic of flux points, which is written", async () => {
    const points = ["flux-points", ...runs, "--model", "pl(index=2.5)", "--edges", "1 TeV,2 TeV,4 TeV,8 TeV"];
    const made = folder.path("points.fits");
    const { status, stderr } = await gammats([...points, "--fitted", "--out", made, "--sed-type", "likelihood"]);
    expect(status, stderr).toBe(0);
    const chi2 = await fitted([made, "--model", "pl"]);
    const profile = await fitted([made, "--model", "pl", "--statistic", "profile", "--out", folder.path("profile")]);
    expect(profile.stat).not.toBeCloseTo(chi2.stat, 3);
    const again = await fitted([`${folder.path("profile")}/datasets.yaml`, `${folder.path("profile")}/models.yaml`]);
    expect(again.stat).toBeCloseTo(profile.stat, 6);
  });
});

describe("all commands", () => {
  const short = [...runs, "--model", "pl(amplitude=4e-11)"];
  it.each([
    ["flux-points", [...short, "--edges", "1 TeV,10 TeV"]],
    ["light-curve", [...short]],
    ["ts-map", [cube, "--model", "pl(amplitude=1e-12)", "--at", "84.5 22.5", "--edges", "20 GeV,2 TeV"]],
    ["profile", [...short, "index", "--points", "3"]],
    ["contour", [...short, "index", "amplitude", "--points", "4", "--sigma", "1"]],
    ["interval", [...short, "index"]],
    ["sample", [...short, "--samples", "2000"]],
    ["toys", [...short, "2", "--workers", "1"]],
    ["test", [...short, "--hold", "index=2"]],
    ["goodness", [...short]],
    ["info", [...short]],
    ["flux", [...short, "--range", "1 TeV,10 TeV"]],
    ["validate", [...short]],
    ["simulate", [...short]],
  ] as const)("%s takes data files and a text", async (command, argv) => {
    const { status, said, json } = await gammats([command, ...argv, "--json"]);
    expect(status, said).toBe(0);
    json();
  });

  it("validate names what is wrong with a text", async () => {
    const { status, stdout } = await gammats(["validate", runs[0]!, "--model", "pl(gamma=2)"]);
    expect([status, stdout]).toEqual([2, expect.stringMatching(/problem: --model .*"gamma".*\n1 problem/s)]);
  });

  it("ts-map takes a map alone: its background is all that is expected", async () => {
    const { status, said, json } = await gammats(["ts-map", cube, "--json"]);
    expect(status, said).toBe(0);
    expect(json().models).toEqual(["Fermi-LAT-bkg"]);
    const [{ ra, dec }] = json().peaks;
    // a pixel of 0.06 deg
    expect([Math.abs(ra - 83.633) < 0.07, Math.abs(dec - 22.0145) < 0.07]).toEqual([true, true]);
    const more = await gammats(["ts-map", cube, "--at", "1 2"]);
    expect([more.status, more.said]).toEqual([2, expect.stringContaining("--at is for the sources of --model")]);
  });

  it("plot draws the model of a text, fitted too", async () => {
    const out = folder.path("sed.svg");
    const { status, said } = await gammats(["plot", hawc, "--model", "lp", "--fitted", "--out", out]);
    expect(status, said).toBe(0);
    expect(await readFile(out, "utf8")).toContain("source");
    const argv = ["plot", ...short, "--out", folder.path("pictures")];
    expect((await gammats(argv)).status).toBe(0);
  });

  it("points are measured by models of a text that are fitted first, unless they shall not be", async () => {
    const argv = ["flux-points", ...runs, "--model", "pl", "--edges", "1 TeV,10 TeV", "--json"];
    const [first, same, asIs] = await Promise.all(
      [[], ["--fitted"], ["--no-fitted"]].map((more) => gammats([...argv, ...more])),
    );
    expect(first!.stderr).toContain("fitted to the data first; --no-fitted uses them as they stand");
    expect(same!.stderr).not.toContain("as they stand");
    expect(asIs!.stderr).toContain("used as they stand; --fitted fits them to the data first");
    const [point, again, other] = [first, same, asIs].map((run) => run!.json().flux_points[0]);
    expect(again).toEqual(point);
    // one bin for nearly all of the data: a multiple of 1 of the fitted spectrum, whose index is not 2
    expect(Math.abs(point.norm - 1)).toBeLessThan(0.1);
    expect(Math.abs(other.dnde / point.dnde - 1)).toBeGreaterThan(0.05);
    const map = [cube, "--model", "pl(amplitude=1e-12)", "--at", "84.5 22.5", "--edges", "1 TeV,2 TeV"];
    expect((await gammats(["ts-map", ...map])).stderr).toContain("used as they stand");
  });

  it("stack and simulate write a datasets.yaml that can be fitted", async () => {
    const stacked = folder.path("hess.fits");
    expect((await gammats(["stack", ...runs, "--name", "HESS", "--out", stacked])).status).toBe(0);
    const one = await fitted([folder.path("hess_datasets.yaml"), "--model", "pl"]);
    expectSame(one, await fitted([stacked, "--model", "pl"]));
    const out = folder.path("simulated");
    expect((await gammats(["simulate", ...short, "--seed", "1", "--out", out])).status).toBe(0);
    await fitted([`${out}/simulated_datasets.yaml`, `${out}/simulated_models.yaml`]);
  });

  it("new writes a commented analysis that can be fitted", async () => {
    const out = folder.path("analysis");
    const { status, said, stdout } = await gammats(["new", "--out", out]);
    expect(status, said).toBe(0);
    const line = /gammats fit (\S+) (\S+)/.exec(stdout)!.slice(1);
    await fitted(line);
    expect(await readFile(`${out}/models.yaml`, "utf8")).toMatch(/- name: index # photon index/);
    const own = folder.path("own");
    expect((await gammats(["new", ...runs, hawc, "--model", "Crab = lp", "--out", own])).status).toBe(0);
    const { of } = await fitted([`${own}/datasets.yaml`, `${own}/models.yaml`]);
    expect(of("alpha").value).toBeGreaterThan(2);
  });
});
