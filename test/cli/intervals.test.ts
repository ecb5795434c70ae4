import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gammapyData } from "../environment.js";
import { jointInFolder, withCalibration, writeJoint } from "./joint.js";
import { type Folder, gammats } from "./run.js";

let folder: Folder;
let joint: [string, string];
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
});
afterAll(() => folder.remove());

interface Named {
  readonly parameter: string;
}
const named = <T extends Named>(list: readonly T[], name: string): T =>
  list.find((p) => p.parameter.endsWith(`.${name}`))!;

describe("gammats fit --minos", () => {
  it("prints both errors, and gives them in the JSON and in fit-result.yaml", async () => {
    const out = folder.path("minos");
    const { status, stdout, stderr } = await gammats(["fit", ...joint, "--minos", "--out", out]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^MINOS +value +errn +errp +Hessian error/m);
    expect(stdout.match(/ ok$/gm)).toHaveLength(4);
    expect(await readFile(`${out}/fit-result.yaml`, "utf8")).toMatch(/errn: \d/);
    const run = await gammats(["fit", ...joint, "--minos", "alpha", "Fermi-LAT-bkg.norm", "--json"]);
    const { parameters } = run.json();
    expect(parameters.filter((p: { errn?: number }) => p.errn !== undefined)).toMatchObject([
      { name: "alpha", errn: expect.any(Number), errp: expect.any(Number) },
      { name: "norm", errn: expect.any(Number), errp: expect.any(Number) },
    ]);
  });

  it.runIf(gammapyData)("agrees with iminuit on the real files", async () => {
    const real = await writeJoint(gammapyData!, folder.path("real"));
    const { parameters } = (await gammats(["fit", ...real, "--minos", "--json"])).json();
    // iminuit 2.33 on the same function; 0.1 % of an error
    for (const [name, errn, errp] of [
      ["alpha", 0.036964, 0.036671],
      ["amplitude", 5.831e-4, 6.781e-4],
      ["beta", 0.0020206, 0.00204],
      ["norm", 0.075074, 0.077764],
    ] as const) {
      const p = parameters.find((q: { name: string }) => q.name === name);
      expect(Math.abs(p.errn / errn - 1)).toBeLessThan(1e-3);
      expect(Math.abs(p.errp / errp - 1)).toBeLessThan(1e-3);
    }
  });
});

describe("gammats profile", () => {
  it("holds what fit --minos finds, in table, JSON and pictures", async () => {
    const out = folder.path("profile");
    const run = await gammats(["profile", ...joint, "alpha", "beta", "--points", "7", "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { success, profiles, files } = run.json();
    expect(success).toBe(true);
    const alpha = named<Named & { values: number[]; delta_stat: number[]; value: number; intervals: object[] }>(
      profiles,
      "alpha",
    );
    expect(alpha.values).toHaveLength(7);
    // the middle of an odd number of values is the best fit
    expect(alpha.values[3]).toBeCloseTo(alpha.value, 12);
    expect(Math.abs(alpha.delta_stat[3]!)).toBeLessThan(1e-6);
    const { parameters } = (await gammats(["fit", ...joint, "--minos", "alpha", "--json"])).json();
    const { errn, errp } = parameters.find((p: { name: string }) => p.name === "alpha");
    expect(alpha.intervals[0]).toMatchObject({ sigma: 1, errn, errp, success: true });
    expect((await readdir(out)).sort()).toEqual([
      "profile-Crab_Nebula.alpha.png",
      "profile-Crab_Nebula.alpha.svg",
      "profile-Crab_Nebula.beta.png",
      "profile-Crab_Nebula.beta.svg",
      "profile.json",
    ]);
    expect(files).toHaveLength(5);
    // where they look from differs: the folder, and here
    const { files: _, provenance: _here, ...document } = run.json();
    const { provenance: _there, ...written } = JSON.parse(await readFile(`${out}/profile.json`, "utf8"));
    expect(written).toEqual(document);
  });

  it("takes given values, and lies below the slice with the others held", async () => {
    const argv = ["profile", ...joint, "Crab Nebula.amplitude", "--values", "3e-3, 5e-7 cm-2 s-1 GeV-1", "--json"];
    const profile = (await gammats(argv)).json().profiles[0];
    expect(profile.values[0]).toBe(3e-3);
    expect(profile.values[1]).toBeCloseTo(5e-4, 15);
    const slice = (await gammats([...argv, "--hold"])).json().profiles[0];
    expect(slice.intervals).toEqual([]);
    for (const k of [0, 1]) expect(profile.delta_stat[k]).toBeLessThan(slice.delta_stat[k]);
  });

  it("profiles all free parameters unless told, and prints them", async () => {
    const { status, stdout } = await gammats(["profile", ...joint, "--points", "3", "--freeze", "Crab Nebula.beta"]);
    expect(status).toBe(0);
    expect(stdout.match(/the others fitted again at each value/g)).toHaveLength(3);
    expect(stdout).toMatch(/1 sigma \(68\.3 %\): \d\.\d+ -0\.\d+ \+0\.\d+/);
    expect(stdout).toMatch(/2 sigma \(95\.4 %\)/);
  });
});

describe("gammats contour", () => {
  it("gives points on their levels, in table, JSON and a picture", async () => {
    const out = folder.path("contour");
    const argv = ["contour", ...joint, "alpha", "beta", "--points", "12"];
    const run = await gammats([...argv, "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { x, y, contours } = run.json();
    expect([x.parameter, y.parameter]).toEqual(["Crab Nebula.alpha", "Crab Nebula.beta"]);
    expect(contours.map((c: { sigma: number }) => c.sigma)).toEqual([1, 2]);
    // for two parameters 1 - exp(-1/2), 1 - exp(-2)
    expect(contours[0].cl).toBeCloseTo(0.39346934, 8);
    expect(contours[1].cl).toBeCloseTo(0.86466472, 8);
    for (const c of contours) expect(c.statuses).toEqual(Array(12).fill("ok"));
    // where alpha is least and most, the 1 sigma contour is as far as MINOS: the points lie inside, near it
    const { parameters } = (await gammats(["fit", ...joint, "--minos", "alpha", "--json"])).json();
    const { errn, errp } = parameters.find((p: { name: string }) => p.name === "alpha");
    const reach = [x.value - Math.min(...contours[0].x), Math.max(...contours[0].x) - x.value];
    for (const [k, error] of [errn, errp].entries()) {
      expect(reach[k]).toBeLessThan(error * (1 + 1e-6));
      expect(reach[k]).toBeGreaterThan(0.9 * error);
    }
    expect((await readdir(out)).sort()).toEqual([
      "contour-Crab_Nebula.alpha-Crab_Nebula.beta.png",
      "contour-Crab_Nebula.alpha-Crab_Nebula.beta.svg",
      "contour.json",
    ]);
    const { stdout } = await gammats([...argv, "--cl", "0.9"]);
    // chi2 quantile of two degrees of freedom: -2 ln(0.1)
    expect(stdout).toMatch(/2\.146 +90\.00 % +4\.6052 +12/);
  });
});

describe("gammats fit with systematics", () => {
  it("prints pulls and impacts, and writes them with pictures", async () => {
    const models = await withCalibration(await readFile(joint[1], "utf8"), `${joint[1]}.calibrated.yaml`);
    const out = folder.path("pulls");
    const run = await gammats(["fit", joint[0], models, "--impacts", "--out", out]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect(run.stdout).toMatch(/^parameter +value +error +pull +pull_error$/m);
    expect(run.stdout).toMatch(/^nuisance +parameter +down +up/m);
    const { pulls, impacts } = JSON.parse(await readFile(`${out}/pulls.json`, "utf8"));
    const area = named<Named & { pull: number; pull_error: number }>(pulls, "area_norm");
    const { parameters } = (await gammats(["fit", joint[0], models, "--json"])).json();
    const fitted = parameters.find((p: { name: string }) => p.name === "area_norm");
    expect(area.pull).toBeCloseTo((fitted.value - 1) / 0.2, 12);
    expect(area.pull_error).toBeCloseTo(fitted.error / 0.2, 12);
    // two nuisance parameters, four others
    expect(impacts).toHaveLength(8);
    const names = await readdir(out);
    for (const name of ["pulls.svg", "pulls.png", "impacts-Crab_Nebula.alpha.svg"]) expect(names).toContain(name);
  });

  it("says that there is nothing to have an impact", async () => {
    const { status, stderr } = await gammats(["fit", ...joint, "--impacts"]);
    expect([status, stderr]).toEqual([0, expect.stringContaining("no impacts")]);
  });
});

describe("existing files", () => {
  it.each([
    ["profile", ["alpha", "--points", "3"]],
    ["contour", ["alpha", "beta", "--points", "5"]],
  ])("%s does not replace them unless told", async (command, rest) => {
    const out = folder.path(`kept-${command}`);
    const argv = [command, ...joint, ...rest, "--out", out];
    expect((await gammats(argv)).status).toBe(0);
    await writeFile(`${out}/${command}.json`, "mine");
    const { status, stderr } = await gammats(argv);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${command}.json exists already; give --overwrite`)]);
    expect(await readFile(`${out}/${command}.json`, "utf8")).toBe("mine");
    expect((await gammats([...argv, "--overwrite"])).status).toBe(0);
  });
});
