/** Counts by distance from a target, and the smallest flux that would be seen. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { gammapyData } from "../environment.js";
import { folderOfRuns } from "./made-runs.js";
import { gammats } from "./run.js";

const folder = folderOfRuns();

const target = ["--target", "83.63 22.01"];

describe("gammats theta2", () => {
  it("counts the events of a source whose psf is known", async () => {
    const plot = folder.path("theta2.png");
    const line = ["theta2", folder.runs, ...target, "--max-theta2", "0.2", "--bins", "20", "--plot", plot, "--json"];
    const { theta2, inside } = (await gammats(line)).json();
    expect(theta2).toHaveLength(20);
    // 400 events, a Gaussian of 0.05 deg: 1 - exp(-0.01 / (2 x 0.05^2)) of them within 0.1 deg
    const expected = 400 * (1 - Math.exp(-0.01 / (2 * 0.05 ** 2)));
    const [first] = theta2;
    expect(Math.abs(first.excess - expected)).toBeLessThan(3 * first.excess_err);
    // beyond 0.22 deg there is none of it
    const far = theta2.slice(5).reduce((sum: number, row: { excess: number }) => sum + row.excess, 0);
    const error = Math.sqrt(
      theta2.slice(5).reduce((sum: number, row: { excess_err: number }) => sum + row.excess_err ** 2, 0),
    );
    expect(Math.abs(far)).toBeLessThan(3 * error);
    expect(inside.counts).toBeGreaterThan(first.counts);
    expect((await readFile(plot)).subarray(1, 4).toString()).toBe("PNG");
  });

  it("refuses circles that overlap, and says how far they may reach", async () => {
    const { status, said } = await gammats(["theta2", folder.runs, ...target, "--max-theta2", "0.3"]);
    expect(status).toBe(2);
    expect(said).toMatch(/observation 23523: theta2: .*overlap.*distances up to 0\.500 deg/s);
  });
});

describe("gammats sensitivity", () => {
  it("falls with the square root of the time where the background decides, and in proportion where the events do", async () => {
    const out = folder.path("spectra");
    await gammats(["reduce", folder.runs, ...target, "--bins", "6", "--stack", "--out", out]);
    const line = ["sensitivity", `${out}/datasets.yaml`, "--background-fraction", "0", "--json"];
    const of = async (...more: string[]) => (await gammats([...line, ...more])).json();
    const [short, long] = [await of("--livetime", "50000 h"), await of("--livetime", "200000 h")];
    const decided = (by: string) =>
      short.sensitivity.flatMap((row: { criterion: string; e2dnde: number }, k: number) =>
        row.criterion === by && long.sensitivity[k].criterion === by ? [row.e2dnde / long.sensitivity[k].e2dnde] : [],
      );
    const bySignificance = decided("significance");
    expect(bySignificance.length).toBeGreaterThan(0);
    for (const ratio of bySignificance) expect(Math.abs(ratio - 2)).toBeLessThan(0.01);
    const few = ["--sigma", "0.01", "--min-excess", "1e7"];
    const [a, b] = [await of("--livetime", "1 h", ...few), await of("--livetime", "4 h", ...few)];
    for (const [k, row] of a.sensitivity.entries()) {
      if (row.criterion === "events") expect(row.e2dnde / b.sensitivity[k].e2dnde).toBeCloseTo(4, 9);
    }
    const half = ["--sigma", "0.01", "--min-excess", "0", "--background-fraction", "0.5"];
    const background = (await gammats(["sensitivity", `${out}/datasets.yaml`, ...half, "--json"])).json();
    const row = background.sensitivity.find((r: { criterion: string }) => r.criterion === "background");
    expect(row.excess / row.background).toBeCloseTo(0.5, 12);
  });

  it("refuses what has no OFF counts", async () => {
    const { status, said } = await gammats(["sensitivity", "/no/such.fits"]);
    expect([status, said]).toEqual([2, expect.stringContaining("/no/such.fits")]);
    const out = folder.path("maps");
    await gammats([
      "reduce",
      folder.runs,
      ...target,
      "--geometry",
      "map",
      "--width",
      "2",
      "--binsz",
      "0.2",
      "--bins",
      "2",
      "--out",
      out,
    ]);
    const map = await gammats(["sensitivity", `${out}/datasets.yaml`]);
    expect([map.status, map.said]).toEqual([
      2,
      expect.stringMatching(/"stacked": found MapDataset, expected counts ON and OFF/),
    ]);
  });
});

describe.skipIf(gammapyData === null)("gammats theta2 of four H.E.S.S. runs", () => {
  it("has the counts and significances of Gammapy 2.1", async () => {
    // test/oracle/reduce.py
    const oracle = JSON.parse(await readFile(new URL("../oracle/reduce.json", import.meta.url), "utf8"));
    const more = ["--off-positions", "3", "--energy-range", "1 TeV,20 TeV"];
    const place = ["--target", "83.633083 22.0145"];
    const line = ["theta2", `${gammapyData}/hess-dl3-dr1`, ...place, "--max-theta2", "0.1", "--bins", "10", "--json"];
    for (const [k, options] of [[], more].entries()) {
      const { theta2 } = (await gammats([...line, ...options])).json();
      const column = (name: string) => theta2.map((row: Record<string, number>) => row[name]);
      expect(column("counts")).toEqual(oracle.theta2[k].counts);
      expect(column("counts_off")).toEqual(oracle.theta2[k].counts_off);
      expect(column("sqrt_ts")).toEqual(oracle.theta2[k].sqrt_ts.map((x: number) => expect.closeTo(x, 8)));
    }
  });
});
