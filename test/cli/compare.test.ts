/** `gammats compare`: several models of the same data, fitted now or earlier. */
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Folder, gammats, spectra, temporaryFolder } from "./run.js";

const runs = [23523, 23526].map((id) => `${spectra}/pha_obs${id}.fits`);
const held = "pl(index=2 frozen)";
const three = ["--model", held, "--model", "lp", "--model", "ecpl"];
let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const model of ["pl", "lp"]) {
    const { status } = await gammats(["fit", ...runs, "--model", model, "--out", folder.path(model)]);
    expect(status).toBe(0);
  }
});
afterAll(() => folder.remove());

describe("gammats compare of models in texts", () => {
  it("has the numbers of each fit, criteria by their formulas, and ratios of what is nested", async () => {
    const { status, json, stderr } = await gammats(["compare", ...runs, ...three, "--json"]);
    expect(status, stderr).toBe(0);
    const { models, ratios, provenance } = json();
    expect(models.map((m: { name: string }) => m.name)).toEqual([held, "lp", "ecpl"]);
    for (const m of models) {
      const fit = (await gammats(["fit", ...runs, "--model", m.name, "--json"])).json();
      expect(m.total_stat).toBe(fit.total_stat);
      const bins = fit.datasets.reduce((sum: number, d: { n_fit_bins: number }) => sum + d.n_fit_bins, 0);
      const free = Object.keys(fit.covariance).length;
      expect([m.n_free, m.n_bins]).toEqual([free, bins]);
      // Akaike 1974, Schwarz 1978
      expect(m.aic).toBeCloseTo(m.total_stat + 2 * free, 10);
      expect(m.bic).toBeCloseTo(m.total_stat + free * Math.log(bins), 10);
    }
    const lowest = Math.min(...models.map((m: { aic: number }) => m.aic));
    expect(models.map((m: { delta_aic: number }) => m.delta_aic)).toEqual(
      models.map((m: { aic: number }) => m.aic - lowest),
    );
    const [pl, lp] = models;
    expect(ratios.map((r: Record<string, unknown>) => [r.null, r.alternative, r.dof, r.nested])).toEqual([
      [held, "lp", 2, true],
      [held, "ecpl", 2, true],
      ["lp", "ecpl", null, false],
    ]);
    expect(ratios[0].ts).toBeCloseTo(pl.total_stat - lp.total_stat, 10);
    // the tail of chi2 of two degrees of freedom is an exponential
    expect(ratios[0].p_value / Math.exp(-(pl.total_stat - lp.total_stat) / 2)).toBeCloseTo(1, 10);
    expect(ratios[2].reason).toMatch(/^not nested: /);
    expect(provenance.options.model).toEqual([held, "lp", "ecpl"]);
  });

  it("halves the probability where a parameter stands at its limit (Chernoff)", async () => {
    const texts = ["--model", "pl", "--model", "ecpl(lambda_=0.1[0..])"];
    const { ratios } = (await gammats(["compare", ...runs, ...texts, "--json"])).json();
    const free = (await gammats(["compare", ...runs, "--model", "pl", "--model", "ecpl", "--json"])).json();
    expect([ratios[0].boundary, free.ratios[0].boundary]).toEqual([true, false]);
    // the minimum lies inside of the limit, so that both have the same ts
    expect(ratios[0].ts).toBeCloseTo(free.ratios[0].ts, 6);
    expect(ratios[0].p_value / free.ratios[0].p_value).toBeCloseTo(0.5, 6);
  });

  it("has no significance where the simpler model does as well, and no minus before 0", async () => {
    // the spectrum bends the other way, so that the fit ends at the limit
    const argv = ["compare", runs[1]!, "--model", "pl", "--model", "lp(beta=-0.1[..0])", "--group", "min 3"];
    const { ratios } = (await gammats([...argv, "--json"])).json();
    expect([ratios[0].ts < 1e-3, ratios[0].p_value]).toEqual([true, 1]);
    const { stdout } = await gammats(argv);
    expect(stdout).toMatch(/\npl +lp\(beta=-0\.1\[\.\.0\]\) +0\.000 +1 +1 +- +half chi2 of 0, half of 1\n/);
    expect(stdout).toContain("- no significance: p is above a half");
  });

  it("says where a parameter stands at a limit that is not in question", async () => {
    const argv = ["compare", ...runs, "--model", "pl(index=3.2[3..])", "--model", "lp"];
    const { stderr, stdout } = await gammats(argv);
    expect(stderr).toMatch(/and lp: source\.index at a limit, where -2 ln L need not follow chi2: .* guide only/);
    expect(stdout).toContain("chi2 of 1");
  });

  it("takes a models.yaml for each of the models, and what is changed for all", async () => {
    const files = ["pl", "lp"].map((name) => folder.path(`${name}/models.yaml`));
    const argv = ["compare", ...runs, ...files, "--freeze", "amplitude", "--json"];
    const { models, ratios } = (await gammats(argv)).json();
    expect(models.map((m: { n_free: number }) => m.n_free)).toEqual([1, 2]);
    // their amplitudes are held, at other reference energies
    expect(ratios[0].reason).toMatch(/^not nested: /);
  });

  it("writes the tables, and says once what is said of the data", async () => {
    const argv = ["compare", ...runs, "--group", "min 3", "--model", "pl", "--model", "lp"];
    const { stdout, stderr } = await gammats(argv);
    expect(stdout).toMatch(/^model +stat +free +AIC +delta_AIC/);
    expect(stdout).toMatch(/\npl +lp +\d/);
    expect(stderr.match(/"23523": channels grouped/g)).toHaveLength(1);
    const csv = (await gammats([...argv, "--table", "ratios", "--format", "csv"])).stdout;
    expect(csv).toMatch(/^null,alternative,TS,dof/m);
  });

  it.each([
    [["--model", "pl"], /found models once, "pl", expected at least two/],
    [["--shape", "point"], /--shape is for the sources of --model/],
    [[...three, "--at", "1 2", "--at", "3 4"], /found --at 2 times, expected once, for all, or 3 times/],
  ])("%j is refused", async (more, message) => {
    const { status, said } = await gammats(["compare", ...runs, ...more]);
    expect([status, said]).toEqual([2, expect.stringMatching(message)]);
  });

  it("says what means nothing in the simpler models", async () => {
    const { stderr } = await gammats(["compare", ...runs, "--group", "min 3", "--model", "pl", "--model", "bpl"]);
    expect(stderr).toMatch(/pl and bpl: source\.ebreak means nothing in the simpler models: .* gammats test --toys/);
  });

  it("is no success where a fit is none, and says which", async () => {
    // two power laws whose indices are the same at the start: which of them has the flux is not told
    const { status, said, stdout } = await gammats(["compare", ...runs, "--model", "pl", "--model", "pl + pl"]);
    expect([status, said]).toEqual([1, expect.stringContaining("gammats compare: pl + pl: The function is flat")]);
    expect(stdout).toMatch(/\npl \+ pl .* no success: The function/);
  });
});

describe("gammats compare of earlier results", () => {
  it("is the same as of the fits, from their folders or files", async () => {
    const [pl, lp] = ["pl", "lp"].map((name) => folder.path(name)) as [string, string];
    const { models, ratios } = (await gammats(["compare", ...runs, "--model", "pl", "--model", "lp", "--json"])).json();
    const earlier = (await gammats(["compare", pl, `${lp}/fit-result.yaml`, "--json"])).json();
    earlier.models.forEach((m: { total_stat: number; n_free: number }, i: number) => {
      // the digits of the file
      expect(m.total_stat / models[i].total_stat).toBeCloseTo(1, 10);
      expect(m.n_free).toBe(models[i].n_free);
    });
    expect(earlier.ratios[0].p_value / ratios[0].p_value).toBeCloseTo(1, 6);
    const again = await gammats(["compare", pl, "--model", "lp", "--json"]);
    expect(again.json().models[1].total_stat / models[1].total_stat).toBeCloseTo(1, 6);
  });

  it("knows nothing of what is nested where the models are not there", async () => {
    await cp(folder.path("pl/fit-result.yaml"), folder.path("alone.yaml"));
    const { ratios } = (await gammats(["compare", folder.path("alone.yaml"), folder.path("lp"), "--json"])).json();
    expect(ratios[0].reason).toContain("no models.yaml beside the result");
  });

  it("refuses those of other data, and those that do not say", async () => {
    const one = await gammats(["fit", runs[0]!, "--model", "pl", "--out", folder.path("one")]);
    expect(one.status).toBe(0);
    const other = await gammats(["compare", folder.path("one"), folder.path("lp")]);
    expect([other.status, other.said]).toEqual([
      2,
      expect.stringMatching(/not of the same data: pha_obs23526\w*\.fits \(SHA-256/),
    ]);
    await gammats(["fit", ...runs, "--model", "pl", "--energy-range", "1 TeV,10 TeV", "--out", folder.path("range")]);
    const range = await gammats(["compare", folder.path("range"), folder.path("lp")]);
    expect([range.status, range.said]).toEqual([2, expect.stringContaining("the option energyRange is")]);
    const changed = await gammats(["compare", folder.path("pl"), folder.path("lp"), "--freeze", "alpha"]);
    expect([changed.status, changed.said]).toEqual([2, expect.stringContaining("leave out --freeze")]);
    const text = await readFile(folder.path("pl/fit-result.yaml"), "utf8");
    await writeFile(folder.path("silent.yaml"), text.replace(/\nprovenance:[\s\S]*/, "\n"));
    const silent = await gammats(["compare", folder.path("silent.yaml"), folder.path("lp")]);
    expect([silent.status, silent.said]).toEqual([2, expect.stringContaining("does not say which data it is of")]);
    await rm(folder.path("silent.yaml"));
  });
});
