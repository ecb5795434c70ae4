/** Bad priors, formulas and penalties in models.yaml, and bad requests to the commands around a fit: status 2, one clear message. */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fermi, gammats, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let count = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];

/** Adds lines to the parameter of a name. */
const after = (name: string, lines: string) => (text: string) =>
  text.replace(new RegExp(`( +)- name: ${name}\\n`), (line, indent: string) =>
    [line, ...lines.split("\n").map((l) => `${indent}  ${l}\n`)].join(""),
  );
const prior = (type: string, parameters: string) => `prior: {type: ${type}, parameters: [${parameters}]}`;
const atEnd = (block: string) => (text: string) => `${text.trimEnd()}\n${block}\n`;
const penalty = (parameters: string, mean: string, covariance: string) =>
  atEnd(`penalties:\n  - parameters: ${parameters}\n    mean: ${mean}\n    covariance: ${covariance}`);

const follow = (lines: string) => (text: string) =>
  text.replace(/ {4}spatial:/, `      expressions:\n        ${lines}\n    spatial:`);

const MODELS: readonly (readonly [string, (text: string) => string, RegExp])[] = [
  [
    "a prior of an unknown type",
    after("alpha", prior("GausianPrior", "{name: mu, value: 1.2}")),
    /models\.yaml:\d+.*"GausianPrior".*did you mean "GaussianPrior"/,
  ],
  [
    "a prior with a misspelt parameter",
    after("alpha", prior("GaussianPrior", "{name: mu, value: 1.2}, {name: sigm, value: 0.1}")),
    /models\.yaml:\d+.*"sigm".*did you mean "sigma"/,
  ],
  [
    "a prior of width 0",
    after("alpha", prior("GaussianPrior", "{name: mu, value: 1.2}, {name: sigma, value: 0}")),
    /models\.yaml:\d+.*sigma/,
  ],
  [
    "a value outside of its prior",
    after("alpha", prior("UniformPrior", "{name: min, value: 3}, {name: max, value: 4}")),
    /"Crab Nebula\.alpha".*outside its UniformPrior \[3, 4\]/,
  ],
  [
    "a prior on an unknown parameter",
    penalty('["Crab Nebula.alfa"]', "[1.2]", "[[0.01]]"),
    /models\.yaml:\d+.*"Crab Nebula\.alfa".*did you mean "Crab Nebula\.alpha"/,
  ],
  [
    "a penalty whose covariance is not positive definite",
    penalty('["Crab Nebula.alpha", "Crab Nebula.beta"]', "[1.2, 0.06]", "[[0.01, 0.02], [0.02, 0.01]]"),
    /models\.yaml:\d+.*positive definite/,
  ],
  [
    "a penalty whose covariance has another size",
    penalty('["Crab Nebula.alpha", "Crab Nebula.beta"]', "[1.2, 0.06]", "[[0.01]]"),
    /models\.yaml:\d+.*covariance/,
  ],
  [
    "formulas that follow each other in a circle",
    (text) =>
      follow("alpha: '20 * \"Crab Nebula.beta\"'\n        beta: '0.05 * \"Crab Nebula.alpha\"'")(
        after("alpha", "frozen: true")(after("beta", "frozen: true")(text)),
      ),
    /models\.yaml:\d+.*depends on itself, Crab Nebula\.alpha -> Crab Nebula\.beta -> Crab Nebula\.alpha/,
  ],
  [
    "a formula over an unknown parameter",
    (text) => follow("beta: '0.05 * \"Crab Nebula.alfa\"'")(after("beta", "frozen: true")(text)),
    /models\.yaml:\d+.*"Crab Nebula\.alfa".*did you mean "Crab Nebula\.alpha"/,
  ],
  [
    "a formula with a name that is not quoted",
    (text) => follow('beta: "0.05 * Crab Nebula.alpha"')(after("beta", "frozen: true")(text)),
    /models\.yaml:\d+.*found "Nebula\.alpha".*names with blanks are quoted/,
  ],
  [
    "a calibration of an unknown dataset",
    atEnd("calibration:\n  - datasets_names: [Fermi-LTA]\n    parameters: []"),
    /"Fermi-LTA".*did you mean "Fermi-LAT"/,
  ],
  [
    "a calibration with a misspelt parameter",
    atEnd(
      "calibration:\n  - datasets_names: [Fermi-LAT]\n    parameters:\n      - name: area_nrom\n        value: 1.0",
    ),
    /models\.yaml:\d+.*"area_nrom".*did you mean "area_norm"/,
  ],
];

describe("bad models", () => {
  it.each(MODELS)("%s", async (_, spoil, message) => {
    const base = folder.path(`case-${count++}`);
    await cp("examples/crab/fermi-3fhl-crab", base, { recursive: true });
    const [datasets, models] = analysis.map((path) => `${base}/${path.slice(path.lastIndexOf("/") + 1)}`);
    const given = await readFile(models!, "utf8");
    const spoilt = spoil(given);
    expect(spoilt).not.toBe(given);
    await writeFile(models!, spoilt);
    const { status, stdout, said } = await gammats(["fit", datasets!, models!, "--out", `${base}-out`, "--json"]);
    expect(said).toMatch(message);
    expect(said).toMatch(/^gammats: /);
    expect(said).not.toMatch(/\n\s+at |this should not happen/);
    expect([status, stdout]).toEqual([2, ""]);
    expect(await readFile(models!, "utf8")).toBe(spoilt);
    await expect(readdir(`${base}-out`)).rejects.toThrow();
  });
});

const FROZEN = ["--freeze", "Crab Nebula.beta"];
const REQUESTS: readonly (readonly [readonly string[], RegExp])[] = [
  [
    ["contour", ...analysis, "alpha", "beta", ...FROZEN],
    /contour: the parameter "Crab Nebula\.beta" is frozen.*free it/,
  ],
  [["profile", ...analysis, "beta", ...FROZEN], /profile: the parameter "Crab Nebula\.beta" is frozen.*free it/],
  [["fit", ...analysis, "--minos", "beta", ...FROZEN], /--minos: the parameter "Crab Nebula\.beta" is frozen/],
  [["toys", ...analysis, "10", "--minos", "beta", ...FROZEN], /--minos: the parameter "Crab Nebula\.beta" is frozen/],
  [
    ["contour", ...analysis, "alpha", "Crab Nebula.bta"],
    /contour: there is no parameter.*did you mean "Crab Nebula\.beta"/,
  ],
  [["profile", ...analysis, "alfa"], /profile: there is no parameter "alfa".*did you mean "(Crab Nebula\.)?alpha"/],
  [
    ["profile", ...analysis, "reference"],
    /several models have a parameter "reference"; write "Crab Nebula\.reference" or/,
  ],
  [
    ["contour", ...analysis, "alpha", "alpha"],
    /found the parameter "Crab Nebula\.alpha" twice; give two different ones/,
  ],
  [
    ["contour", ...analysis, "alpha", "beta", "--sigma", "0"],
    /--sigma "0": expected a number of standard deviations above 0/,
  ],
  [
    ["contour", ...analysis, "alpha", "beta", "--sigma=-1"],
    /--sigma "-1": expected a number of standard deviations above 0/,
  ],
  [["profile", ...analysis, "alpha", "--sigma", "x"], /--sigma "x": expected a number of standard deviations above 0/],
  [
    ["contour", ...analysis, "alpha", "beta", "--cl", "68"],
    /--cl "68": expected a probability between 0 and 1, like 0\.9/,
  ],
  [
    ["contour", ...analysis, "alpha", "beta", "--cl", "0.9", "--sigma", "1"],
    /found --sigma and --cl; give one of them/,
  ],
  [["contour", ...analysis, "alpha", "beta", "--points", "2"], /--points "2": expected a whole number of at least 3/],
  [["profile", ...analysis, "alpha", "--points", "1"], /--points "1": expected a whole number of at least 2/],
  [["profile", ...analysis, "alpha", "--values", "1.2,x"], /--values "1\.2,x": found "x", expected a number/],
  [["sample", ...analysis, "--sampler", "nutz"], /'nutz' is invalid\. Allowed choices are nuts, ensemble, nested/],
  [["sample", ...analysis, "--samples", "0"], /--samples "0": expected a whole number of at least 100/],
  [["sample", ...analysis, "--seed", "x"], /--seed "x": expected a whole number of at least 0/],
  [["sample", ...analysis, "--range", "alpha"], /--range "alpha": expected a parameter and two numbers/],
  [["sample", ...analysis, "--range", "alpha=2,1"], /the range of Crab Nebula\.alpha is \[2, 1\]/],
  [
    ["sample", ...analysis, "--range", "alfa=1,2"],
    /--range: there is no parameter "alfa".*did you mean "(Crab Nebula\.)?alpha"/,
  ],
  [["toys", ...analysis, "ten"], /the number of toys "ten": expected a whole number of at least 2/],
  [["toys", ...analysis, "10", "--workers", "0"], /--workers "0": expected a whole number of at least 1/],
];

describe("bad requests", () => {
  it.each(REQUESTS)("%j", async (argv, message) => {
    const { status, stdout, said } = await gammats([...argv, "--json"]);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/\n\s+at |this should not happen/);
    expect([status, stdout]).toEqual([2, ""]);
  });

  it.each([
    ["profile", ["Crab Nebula.amplitude"]],
    ["contour", ["Crab Nebula.amplitude", "Crab Twin.amplitude"]],
    ["sample", []],
    ["toys", ["10"]],
    ["interval", ["Crab Nebula.amplitude", "--calibrated", "10"]],
    ["test", ["--hold", "Crab Nebula.amplitude=0"]],
    ["goodness", []],
  ])("%s says that the fit did not converge: status 1", async (command, rest) => {
    const models = folder.path("flat_models.yaml");
    const text = await readFile(analysis[1]!, "utf8");
    // a second source of the same shape on top of the first: only the sum of their amplitudes is determined
    const twin = /components:\n([\s\S]*?)(?= {2}- type: FoV)/.exec(text)![1]!.replace("Crab Nebula", "Crab Twin");
    await writeFile(models, text.replace("components:\n", `components:\n${twin}`));
    const shapes = ["Crab Nebula.alpha", "Crab Nebula.beta", "Crab Twin.alpha", "Crab Twin.beta"];
    const freeze = shapes.flatMap((id) => ["--freeze", id]);
    const { status, stdout, stderr } = await gammats([command, analysis[0]!, models, ...rest, "--json", ...freeze]);
    expect([status, JSON.parse(stdout).success]).toEqual([1, false]);
    expect(stderr).toMatch(new RegExp(`^gammats ${command}: the fit did not converge: `));
  });

  it("refuses an output folder that is a file before it works", async () => {
    const path = folder.path("file");
    await mkdir(folder.path("."), { recursive: true });
    await writeFile(path, "mine");
    const { status, stderr } = await gammats(["profile", ...analysis, "alpha", "--points", "2", "--out", path]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("a file of that name stands where a folder is needed"),
    ]);
    expect(await readFile(path, "utf8")).toBe("mine");
  });
});
