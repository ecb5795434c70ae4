import { existsSync, readdirSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jointInFolder } from "./joint.js";
import { type Folder, fermi, gammats } from "./run.js";

let folder: Folder;
let joint: [string, string];
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
});
afterAll(() => folder.remove());

describe("gammats interval", () => {
  it("gives what fit --minos gives, and what toys make of it, in table, JSON and a picture", async () => {
    const out = folder.path("interval");
    const argv = ["interval", ...joint, "alpha", "--calibrated", "60", "--workers", "1"];
    const run = await gammats([...argv, "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { files, provenance: _, ...document } = run.json();
    const { value, cl, profile, calibrated } = document;
    const { parameters } = (await gammats(["fit", ...joint, "--minos", "alpha", "--json"])).json();
    const alpha = parameters.find((p: { name: string }) => p.name === "alpha");
    // 0.6827 is not quite one sigma
    expect([cl, value]).toEqual([0.6827, alpha.value]);
    expect(Math.abs((value - profile.lower) / alpha.errn - 1)).toBeLessThan(1e-4);
    expect(Math.abs((profile.upper - value) / alpha.errp - 1)).toBeLessThan(1e-4);
    expect(calibrated.values).toHaveLength(21);
    expect(calibrated.failed.every((n: number) => n === 0)).toBe(true);
    // counts are large, so both agree: 60 toys know the root of the critical rise to 0.17 in each of 21 places
    for (const end of ["lower", "upper"])
      expect(Math.abs(calibrated[end] - profile[end])).toBeLessThan(0.5 * alpha.errn);
    // where they look from differs: the folder, and here
    const { provenance: _seen, ...written } = JSON.parse(await readFile(`${out}/interval.json`, "utf8"));
    expect(written).toEqual(document);
    expect((await readdir(out)).sort()).toEqual([
      "interval-Crab_Nebula.alpha.png",
      "interval-Crab_Nebula.alpha.svg",
      "interval.json",
    ]);
    expect(files).toHaveLength(3);
    const { stdout } = await gammats([...argv, "--values", "1.2,1.3"]);
    expect(stdout).toMatch(/^Crab Nebula\.alpha = 1\.\d+, interval at 68\.27 %$/m);
    expect(stdout).toMatch(/^calibrated by toys .*end of the grid/m);
  });

  it("gives limits, and those to expect", async () => {
    const out = folder.path("limit");
    const argv = ["interval", ...joint, "Fermi-LAT-bkg.norm", "--side", "upper", "--expected", "1", "--toys", "100"];
    const run = await gammats([...argv, "--workers", "1", "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { cl, profile, expected } = run.json();
    // chi2 quantile of a one-sided 95 %: 1.6449^2
    expect([cl, profile.delta_stat]).toEqual([0.95, expect.closeTo(2.705543, 5)]);
    expect(profile.lower).toBeUndefined();
    expect([...expected.quantiles].sort((a, b) => a - b)).toEqual(expected.quantiles);
    // the median of 100 toys and the Asimov limit: 4 x 1.25 / 10 of the width of a toy's limit
    const sigma = (expected.quantiles[3] - expected.quantiles[1]) / 2;
    expect(Math.abs(expected.quantiles[2] - expected.asimov)).toBeLessThan(0.5 * sigma);
    expect(await readdir(out)).toContain("expected-Fermi-LAT-bkg.norm.svg");
    const { stdout } = await gammats([...argv, "--workers", "1"]);
    expect(stdout).toMatch(/^expected upper limit if the true value is 1$/m);
    expect(stdout).toMatch(/^Asimov data +-2 sigma +-1 sigma +median/m);
  });
});

describe("gammats test", () => {
  it("compares models with one parameter held, with toys, AIC and BIC", async () => {
    const out = folder.path("test");
    const argv = ["test", ...joint, "--hold", "Crab Nebula.beta=0.062", "--toys", "100", "--workers", "1"];
    const run = await gammats([...argv, "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { ts, dof, boundary, p_value, hypotheses, toys } = run.json();
    const [without, free] = hypotheses;
    const fit = (await gammats(["fit", ...joint, "--json"])).json();
    const held = (await gammats(["profile", ...joint, "beta", "--values", "0.062", "--json"])).json();
    expect(free.total_stat).toBeCloseTo(fit.total_stat, 8);
    expect(ts).toBeCloseTo(held.profiles[0].delta_stat[0], 6);
    expect([dof, boundary, without.n_free, free.n_free]).toEqual([1, false, 3, 4]);
    expect(free.aic - free.total_stat).toBeCloseTo(8, 8);
    expect(free.bic - free.total_stat).toBeCloseTo(4 * Math.log(free.n_bins), 8);
    expect(without.total_stat - free.total_stat).toBeCloseTo(ts, 8);
    // counts are large: Wilks holds within 4 binomial standard deviations
    expect(Math.abs(toys.p_value - p_value)).toBeLessThan(4 * toys.p_error);
    expect(toys.n).toBe(100);
    expect((await readdir(out)).sort()).toEqual(["test.json", "test.png", "test.svg"]);
    const { stdout } = await gammats(argv);
    expect(stdout).toMatch(/^hypothesis +free +stat +AIC +BIC$/m);
    expect(stdout).toMatch(/^toys +0\.\d+ \+- 0\.\d+ .*\d+ of 100 toys are as high$/m);
  });

  it("finds the Crab", async () => {
    const { status, stdout, stderr } = await gammats(["test", ...joint, "--source", "Crab Nebula"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^no source +1 /m);
    expect(stdout).toMatch(/^large counts +< 1e-300 +1\d\d\.\d+ sigma +half chi2 of 2, half of 3$/m);
    expect(stderr).toMatch(/without the source alpha, beta mean nothing; .*--toys 1000/);
  });

  it("looks for a cutoff and an extension", async () => {
    const models = folder.path("cutoff_models.yaml");
    const text = await readFile(joint[1], "utf8");
    const powerLaw = text
      .replace("LogParabolaSpectralModel", "PowerLawSpectralModel")
      .replace(/name: alpha/, "name: index")
      .replace(/ +- name: beta\n(?: {10}.*\n)*/, "")
      .replace(/^covariance:.*\n/m, "");
    await writeFile(models, powerLaw);
    const cutoff = (await gammats(["test", joint[0], models, "--cutoff", "Crab Nebula", "--json"])).json();
    expect(cutoff).toMatchObject({ success: true, dof: 1, boundary: true });
    expect(cutoff.ts).toBeGreaterThan(100);
    expect(cutoff.parameters).toMatchObject([{ parameter: "Crab Nebula.lambda_", unit: "TeV-1" }]);
    const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];
    const extension = await gammats(["test", ...analysis, "--extension", "Crab Nebula", "--json"]);
    expect(extension.stderr).toContain("the models as given have a lower stat");
    expect(extension.json()).toMatchObject({ ts: expect.closeTo(0, 5), p_value: expect.closeTo(1, 3) });
  });
});

describe("gammats goodness", () => {
  it("says how well the models describe the data, with and without toys", async () => {
    const out = folder.path("goodness");
    const argv = ["goodness", ...joint, "--toys", "100", "--workers", "1"];
    const run = await gammats([...argv, "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { total_stat, stat_saturated, deviance, p_value, toys, datasets } = run.json();
    expect(total_stat - stat_saturated).toBeCloseTo(deviance, 8);
    expect(datasets.reduce((sum: number, d: { deviance: number }) => sum + d.deviance, 0)).toBeCloseTo(deviance, 6);
    // the data are simulated from these models; Kaastra's moments and 100 toys: 4 binomial standard deviations and 3 %
    expect(Math.abs(toys.p_value - p_value)).toBeLessThan(4 * toys.p_error + 0.03);
    expect((await readdir(out)).sort()).toEqual(["goodness.json", "goodness.png", "goodness.svg"]);
    const { stdout, stderr } = await gammats(["goodness", ...joint]);
    expect(stdout).toMatch(/^dataset +bins +deviance +expected +expected_err +p_value$/m);
    expect(stdout).toMatch(/^4 free parameters, AIC -?[\d.]+, AICc -?[\d.]+, BIC -?[\d.]+$/m);
    expect(stderr).toMatch(/HESS: few counts.*--toys 1000/);
  });
});

describe("Ctrl-C", () => {
  it.each([
    ["interval", ["alpha", "--calibrated", "100000"]],
    ["test", ["--hold", "Crab Nebula.beta=0.06", "--toys", "1000000"]],
    ["goodness", ["--toys", "1000000"]],
  ])("ends %s with 130 and nothing is written", async (command, rest) => {
    const out = folder.path(`interrupted-${command}`);
    const running = gammats([command, ...joint, ...rest, "--workers", "1", "--out", out]);
    setTimeout(() => process.emit("SIGINT"), 1000);
    const { status, stdout, stderr } = await running;
    expect([status, stdout, stderr]).toEqual([130, "", expect.stringContaining("interrupted")]);
    await expect(readdir(out)).rejects.toThrow();
  });
});

describe("--resume", () => {
  it("goes on from what an interrupted command left, to the same result", async () => {
    const [kept, out] = [folder.path("kept"), folder.path("resumed")];
    const argv = ["toys", ...joint, "1500", "--workers", "1"];
    const first = gammats([...argv, "--resume", kept, "--out", out]);
    const waiting = setInterval(() => {
      if (existsSync(kept) && readdirSync(kept, { recursive: true }).some((name) => String(name).endsWith(".result"))) {
        clearInterval(waiting);
        process.emit("SIGINT");
      }
    }, 5);
    expect(await first).toMatchObject({ status: 130, stderr: expect.stringContaining(`is kept in ${kept}`) });
    await expect(readdir(out)).rejects.toThrow();
    const [task] = await readdir(kept);
    const before = await readdir(`${kept}/${task}`);
    // 1500 toys in jobs of 12
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(125);
    const { stdout } = await gammats(argv);
    expect((await gammats([...argv, "--resume", kept])).stdout).toBe(stdout);
    expect(await readdir(kept)).toEqual([task]);
    expect(await readdir(`${kept}/${task}`)).toHaveLength(125);
    expect((await gammats([...argv, "--seed", "2", "--resume", kept])).stdout).not.toBe(stdout);
    expect(await readdir(kept)).toHaveLength(2);
  });
});
