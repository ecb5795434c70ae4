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

describe("gammats toys", () => {
  it("finds pulls of mean 0 and width 1 and covers, and writes the values of all toys and pictures", async () => {
    const out = folder.path("toys");
    const argv = ["toys", ...joint, "400", "--seed", "3", "--workers", "1", "--minos", "alpha"];
    const run = await gammats([...argv, "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { n, seed, converged, parameters } = run.json();
    expect([n, seed, converged]).toEqual([400, 3, 400]);
    const fit = (await gammats(["fit", ...joint, "--json"])).json();
    const table = findTable(readFits(new Uint8Array(await readFile(`${out}/toys.fits`))), "TOYS", "toys.fits");
    for (const p of parameters) {
      const [model, name] = p.parameter.split(".");
      const fitted = fit.parameters.find((q: { model: string; name: string }) => q.model === model && q.name === name);
      expect(p.truth).toBeCloseTo(fitted.value, 10);
      // 4 standard deviations of 400 toys: 0.2, 0.14, 0.09; the pull of a skew parameter has a small mean of its own, 0.1
      expect(Math.abs(p.pull_mean)).toBeLessThan(0.3);
      expect(Math.abs(p.pull_width - 1)).toBeLessThan(0.15);
      expect(Math.abs(p.coverage - 0.6827)).toBeLessThan(0.1);
      const values = numericColumn(table, p.parameter.replace(/\W/g, "_"), "toys.fits");
      expect(values.reduce((a, b) => a + b, 0) / n).toBeCloseTo(p.mean, 10);
    }
    expect(parameters[1].minos_coverage).toBeGreaterThan(0.58);
    expect(numericColumn(table, "Crab_Nebula_alpha_errp", "toys.fits").every((x) => x > 0)).toBe(true);
    expect((await readdir(out)).filter((name) => name.endsWith(".png"))).toHaveLength(4);
  });

  it("prints a table; the same seed gives the same toys", async () => {
    const argv = ["toys", ...joint, "30", "--workers", "1"];
    const first = await gammats(argv);
    expect(first.stdout).toMatch(/^parameter +truth +mean +std +mean error +pull mean +pull width +coverage$/m);
    expect((await gammats(argv)).stdout).toBe(first.stdout);
    expect((await gammats([...argv, "--seed", "2"])).stdout).not.toBe(first.stdout);
  });

  it("simulates the models as they are with --no-fit", async () => {
    const argv = ["toys", ...joint, "20", "--workers", "1", "--set", "Crab Nebula.alpha=1.25", "--no-fit", "--json"];
    expect((await gammats(argv)).json().parameters[1]).toMatchObject({ parameter: "Crab Nebula.alpha", truth: 1.25 });
  });

  it("ends with 130 at Ctrl-C and writes nothing", async () => {
    const out = folder.path("interrupted");
    const running = gammats(["toys", ...joint, "1000000", "--workers", "1", "--out", out]);
    setTimeout(() => process.emit("SIGINT"), 1000);
    const { status, stderr } = await running;
    expect([status, stderr]).toEqual([130, expect.stringContaining("interrupted")]);
    await expect(readdir(out)).rejects.toThrow();
  });
});
