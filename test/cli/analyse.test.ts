/** From a folder of event lists to the spectrum, flux points and light curve of a source in one go. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { gammapyData } from "../environment.js";
import { folderOfRuns } from "./made-runs.js";
import { gammats } from "./run.js";

const folder = folderOfRuns();

const target = ["--target", "83.63 22.01"];
const free = ({ parameters }: { parameters: { name: string; value: number; error: number; frozen: boolean }[] }) =>
  parameters.filter(({ frozen }) => !frozen).map(({ name, value, error }) => ({ name, value, error }));

describe("gammats analyse", () => {
  it("gives what reduce, fit, flux-points and light-curve give one after the other", async () => {
    const out = folder.path("spectra");
    const line = ["analyse", folder.runs, ...target, "--intervals", "gti", "--out", out, "--json"];
    const all = (await gammats(line)).json();
    const [data, models] = [`${out}/datasets.yaml`, `${out}/models.yaml`];

    const fit = (await gammats(["fit", data, "--model", "pl", "--json"])).json();
    expect(all.fit.total_stat).toBeCloseTo(fit.total_stat, 9);
    expect(free(all.fit).map(({ value }) => value)).toEqual(free(fit).map(({ value }) => expect.closeTo(value, 4)));

    const edges = [...all.flux_points.map((p: { e_min: number }) => p.e_min), all.flux_points.at(-1).e_max];
    const given = ["--edges", edges.map((e: number) => `${e} TeV`).join(",")];
    const points = (await gammats(["flux-points", data, models, ...given, "--json"])).json();
    expect(points.flux_points).toHaveLength(all.flux_points.length);
    points.flux_points.forEach((point: { e2dnde: number; e2dnde_err: number }, k: number) => {
      // files hold responses in float32
      expect(Math.abs(all.flux_points[k].e2dnde - point.e2dnde)).toBeLessThanOrEqual(1e-5 * point.e2dnde);
      expect(Math.abs(all.flux_points[k].e2dnde_err - point.e2dnde_err)).toBeLessThanOrEqual(1e-5 * point.e2dnde_err);
    });
    const curve = (await gammats(["light-curve", data, models, "--json"])).json();
    expect(all.light_curve).toHaveLength(2);
    expect(all.light_curve[1].points[0].flux / curve.intervals[1].points[0].flux).toBeCloseTo(1, 5);
    expect((await readdir(out)).sort()).toEqual(
      expect.arrayContaining([
        ...["counts-all-runs", "light-curve", "significance", "spectrum"].map((name) => `${name}.png`),
        ...["datasets.yaml", "fit-result.yaml", "flux-points.fits", "light-curve.ecsv", "models.yaml", "reduce.yaml"],
      ]),
    );
  });

  it("fits a source at the target of a stacked map, and its light curve run by run", async () => {
    const line = [
      "analyse",
      folder.runs,
      ...target,
      "--geometry",
      "map",
      "--width",
      "3",
      "--binsz",
      "0.1",
      "--bins",
      "6",
    ];
    const made = await gammats([...line, "--intervals", "gti", "--out", folder.path("map"), "--json"]);
    expect(made.status).toBe(0);
    const { fit, light_curve: curve } = made.json();
    const [index, amplitude, background] = free(fit);
    expect([index!.name, amplitude!.name, background!.name]).toEqual(["index", "amplitude", "norm"]);
    expect(Math.abs(background!.value - 1)).toBeLessThan(3 * background!.error);
    // both runs see the same source
    const [a, b] = curve.map(({ points: [point] }: { points: { flux: number; flux_err: number }[] }) => [
      point!.flux,
      point!.flux_err,
    ]);
    expect(Math.abs(a[0] - b[0])).toBeLessThan(3 * Math.hypot(a[1], b[1]));
  });

  it("says that there are no flux points where the fit is no success, and keeps the rest", async () => {
    const out = folder.path("failed");
    const line = ["analyse", folder.runs, ...target, "--model", "pl + pl", "--out", out, "--json"];
    const made = await gammats(line);
    expect(made.status).toBe(1);
    expect(made.stderr).toContain("without it there are no flux points and no light curve");
    expect([made.json().fit.success, "flux_points" in made.json()]).toEqual([false, false]);
    expect(await readdir(out)).toEqual(expect.arrayContaining(["datasets.yaml", "fit-result.yaml", "reduce.yaml"]));
  });

  it("says what is wrong before runs are read", async () => {
    const wrong = async (...more: string[]) => (await gammats(["analyse", folder.runs, ...target, ...more])).said;
    expect(await wrong("--intervals", "nihgt")).toContain("night");
    expect(await wrong("--points-per-decade", "0")).toContain("--points-per-decade");
    expect(await wrong("--point-edges", "1 TeV,3 parsec")).toContain("--edges");
    expect(await wrong("--shape", "gauss", "--intervals", "none")).toContain("are for maps");
  });
});

describe.skipIf(gammapyData === null)("gammats analyse of four H.E.S.S. runs", () => {
  it("has the statistic of Gammapy 2.1", async () => {
    const line = ["analyse", `${gammapyData}/hess-dl3-dr1`, ...target, "--bins", "27", "--true-bins", "67", "--json"];
    const range = ["--true-range", "0.05 TeV,100 TeV", "--exclude", "galactic;circle(183.604,-8.708,0.5)"];
    const { fit, flux_points: points, light_curve: curve } = (await gammats([...line, ...range])).json();
    expect(fit.total_stat).toBeCloseTo(94.319582703, 4);
    expect(points.length).toBeGreaterThanOrEqual(5);
    // two of the runs are of one night
    expect(curve).toHaveLength(3);
  });
});
