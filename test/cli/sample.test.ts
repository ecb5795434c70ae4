import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findTable, numericColumn, readFits } from "../../src/fits/index.js";
import { jointInFolder } from "./joint.js";
import { type Folder, gammats } from "./run.js";

let folder: Folder;
let joint: [string, string];
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
});
afterAll(() => folder.remove());

interface Summary {
  readonly parameter: string;
  readonly mean: number;
  readonly std: number;
  readonly r_hat: number;
  readonly ess_bulk: number;
  readonly quantiles: readonly number[];
}

describe("gammats sample", () => {
  it("agrees with the profile likelihood, and writes samples and pictures", async () => {
    const out = folder.path("nuts");
    const run = await gammats(["sample", ...joint, "--samples", "2000", "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { success, parameters, sampler } = run.json();
    expect([success, sampler]).toEqual([true, "nuts"]);
    const fit = (await gammats(["fit", ...joint, "--json"])).json();
    const table = findTable(readFits(new Uint8Array(await readFile(`${out}/samples.fits`))), "SAMPLES", "samples.fits");
    for (const p of parameters as Summary[]) {
      const [model, name] = p.parameter.split(".");
      const fitted = fit.parameters.find((q: { model: string; name: string }) => q.model === model && q.name === name);
      // the skewness of the amplitude moves its mean by a fifth of an error; 2000 samples know widths to a few percent
      expect(Math.abs(p.mean - fitted.value)).toBeLessThan(0.35 * fitted.error);
      expect(Math.abs(p.std / fitted.error - 1)).toBeLessThan(0.15);
      expect(p.r_hat).toBeLessThan(1.01);
      expect(p.ess_bulk).toBeGreaterThan(400);
      expect([...p.quantiles].sort((a, b) => a - b)).toEqual(p.quantiles);
      const column = numericColumn(table, p.parameter.replace(/\W/g, "_"), "samples.fits");
      expect(column).toHaveLength(2000);
      expect(column.reduce((a, b) => a + b, 0) / 2000).toBeCloseTo(p.mean, 12);
    }
    const files = ["corner.png", "corner.svg", "posterior.json", "samples.fits", "trace.png", "trace.svg"];
    expect((await readdir(out)).sort()).toEqual(files);
  });

  it("prints a table; the same seed gives the same samples", async () => {
    const argv = ["sample", ...joint, "--samples", "1200", "--freeze", "Fermi-LAT-bkg.norm"];
    const first = await gammats(argv);
    expect(first.stdout).toMatch(/^parameter +mean +std .*R-hat +ESS$/m);
    expect((await gammats(argv)).stdout).toBe(first.stdout);
    expect((await gammats([...argv, "--seed", "2"])).stdout).not.toBe(first.stdout);
  });

  it("gives the evidence of nested sampling, with the ranges that it holds for", async () => {
    const ranges = ["--range", "alpha=1,1.6", "--range", "Fermi-LAT-bkg.norm=0.5,2"];
    const argv = ["sample", ...joint, "--sampler", "nested", "--live", "50", "--samples", "500", ...ranges];
    const held = ["--freeze", "Crab Nebula.beta"];
    const { stdout } = await gammats([...argv, ...held]);
    expect(stdout).toMatch(/^ln evidence: [\d.]+ \+- 0\.\d+, information [\d.]+ nats$/m);
    expect(stdout).toMatch(/Crab Nebula\.alpha: flat from 1 to 1\.6 \(--range\)/);
    expect(stdout).not.toContain("R-hat");
  });

  it("ends with status 1 and words where the samples are not to be trusted, and writes CSV", async () => {
    const out = folder.path("few");
    const argv = ["sample", ...joint, "--sampler", "ensemble", "--samples", "320", "--warmup", "5", "--format", "csv"];
    const run = await gammats([...argv, "--out", out, "--json"]);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/gammats: Crab Nebula\.alpha: only \d+ effective samples/);
    expect(run.json().success).toBe(false);
    const lines = (await readFile(`${out}/samples.csv`, "utf8")).trimEnd().split("\r\n");
    expect(lines[0]).toBe(
      "chain,Crab Nebula.amplitude [cm-2 s-1 TeV-1],Crab Nebula.alpha,Crab Nebula.beta,Fermi-LAT-bkg.norm,stat",
    );
    expect(lines).toHaveLength(321);
  });

  it("ends with 130 at Ctrl-C and writes nothing", async () => {
    const out = folder.path("interrupted");
    const running = gammats(["sample", ...joint, "--samples", "1000000", "--out", out]);
    setTimeout(() => process.emit("SIGINT"), 1000);
    const { status, stderr } = await running;
    expect([status, stderr]).toEqual([130, expect.stringContaining("interrupted")]);
    await expect(readdir(out)).rejects.toThrow();
  });
});
