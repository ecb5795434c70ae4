/** From a folder of event lists to datasets that are fitted. */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { gammapyData, python } from "../environment.js";
import { madeRun } from "../reduce/made-run.js";
import { folderOfRuns, writeMadeRuns } from "./made-runs.js";
import { gammats } from "./run.js";

const folder = folderOfRuns();

const target = ["--target", "83.63 22.01"];
const bytesOf = async (name: string, files: readonly string[]) =>
  Promise.all(files.map((file) => readFile(`${folder.path(name)}/${file}`)));

describe("gammats observations", () => {
  it("lists the runs of a folder without index files, and those that are chosen", async () => {
    const all = await gammats(["observations", folder.runs, "--json"]);
    expect(all.json().observations.map(({ id }: { id: string }) => id)).toEqual(["23523", "23526"]);
    const one = await gammats(["observations", folder.runs, "--ids", "23526"]);
    expect(one.stdout).toContain("1 of 2 observations");
    const none = await gammats(["observations", folder.runs, "--ids", "1"]);
    expect([none.status, none.said]).toEqual([2, expect.stringContaining("no observation 1")]);
  });
});

describe("gammats reduce", () => {
  it("makes ON/OFF spectra that are fitted, and a reduce.yaml that repeats them", async () => {
    const made = await gammats(["reduce", folder.runs, ...target, "--out", folder.path("spectra"), "--json"]);
    expect([made.status, made.said]).toEqual([0, ""]);
    const rows = made.json().runs;
    expect(rows).toHaveLength(2);
    // of 200 events of the source, with a psf of 0.05 deg, 91 % within 0.11 deg; and some 3 of the background
    for (const { excess } of rows) expect(Math.abs(excess - 182)).toBeLessThan(20);
    expect(rows[1].cumulated_significance).toBeGreaterThan(rows[0].significance);
    const fit = await gammats(["fit", `${folder.path("spectra")}/datasets.yaml`, "--model", "pl", "--json"]);
    expect(fit.status).toBe(0);
    const again = [
      "reduce",
      folder.runs,
      "--config",
      `${folder.path("spectra")}/reduce.yaml`,
      "--out",
      folder.path("again"),
    ];
    expect((await gammats(again)).status).toBe(0);
    const files = ["datasets.yaml", "reduce.yaml", "pha_obs23523.fits", "pha_obs23526_rmf.fits"];
    const [first, second] = [await bytesOf("spectra", files), await bytesOf("again", files)];
    // provenance names the command, which is another
    expect(second.slice(0, 2)).toEqual(first.slice(0, 2));
  });

  it("makes a stacked map with the background scaled to the counts", async () => {
    const line = [
      "reduce",
      folder.runs,
      ...target,
      "--geometry",
      "map",
      "--width",
      "3",
      "--binsz",
      "0.1",
      "--bins",
      "4",
    ];
    const made = await gammats([...line, "--out", folder.path("map"), "--json"]);
    expect(made.status).toBe(0);
    expect(made.json().datasets).toEqual([{ name: "stacked", type: "MapDataset" }]);
    expect(made.stderr).toContain("background times");
    const info = await gammats(["info", `${folder.path("map")}/datasets.yaml`, "--json"]);
    expect(info.status).toBe(0);
  });

  it("names a run that cannot be read, and leaves it out only when asked to", async () => {
    const broken = folder.path("broken");
    await mkdir(broken);
    await writeMadeRuns(broken);
    const { bytes } = madeRun({
      id: 7,
      seed: 7,
      change: (hdus) =>
        hdus.map((hdu) =>
          hdu.name === "GTI" && hdu.kind === "table" ? { ...hdu, columns: hdu.columns.slice(0, 1) } : hdu,
        ),
    });
    await writeFile(`${broken}/run_7.fits`, bytes);
    const refused = await gammats(["reduce", broken, ...target]);
    expect(refused.status).toBe(2);
    expect(refused.said).toMatch(/observation 7: .*run_7\.fits.*GTI.*STOP.*--skip-broken/s);
    const rest = await gammats(["reduce", broken, ...target, "--skip-broken", "--json"]);
    expect(rest.status).toBe(0);
    expect(rest.json().skipped).toEqual([{ id: "7", message: expect.stringContaining("STOP") }]);
    expect(rest.stderr).toContain("observation 7 is left out");
  });

  it("leaves out a run that has no place for OFF regions, with a word", async () => {
    const some = folder.path("on-target");
    await mkdir(some);
    for (const [id, north] of [
      [1, 0.5],
      [2, 0],
    ] as const) {
      await writeFile(`${some}/run_${id}.fits`, madeRun({ id, seed: id, north }).bytes);
    }
    const made = await gammats(["reduce", some, ...target, "--json"]);
    expect(made.status).toBe(0);
    const { runs: rows, skipped, datasets } = made.json();
    expect([rows.length, datasets.length, skipped.map(({ id }: { id: string }) => id)]).toEqual([1, 1, ["2"]]);
    expect(made.stderr).toMatch(/observation 2: no place for an OFF region[^\n]*\n.*observation 2 is left out/);
    // what is left is analysed
    expect((await gammats(["analyse", some, ...target, "--intervals", "none"])).status).toBe(0);
  });

  it("says what an option lacks", async () => {
    const wrong = async (...more: string[]) => {
      const { status, said } = await gammats(["reduce", folder.runs, ...more]);
      expect(status).toBe(2);
      return said;
    };
    expect(await wrong()).toContain("--target");
    expect(await wrong(...target, "--background", "fov")).toContain("reflected, wobble, response");
    expect(await wrong(...target, "--safe-mask", "aeff-max=10,offset")).toContain("offset-max=2.5");
    expect(await wrong(...target, "--width", "3")).toContain("--geometry spectrum");
    const wide = await wrong(...target, "--geometry", "map", "--width", "100", "--binsz", "0.001");
    expect(wide).toMatch(/maps of events: about \d.* TB of memory are needed/);
    expect(await wrong("--target", "10 10")).toContain("0 of 2 observations");
  });
});

describe.skipIf(gammapyData === null)("gammats reduce of four H.E.S.S. runs", () => {
  const line = () => [
    ...["reduce", `${gammapyData}/hess-dl3-dr1`, ...target, "--range", "0.1 TeV,40 TeV", "--bins", "27"],
    ...["--true-range", "0.05 TeV,100 TeV", "--true-bins", "67"],
    ...["--exclude", "galactic;circle(183.604,-8.708,0.5)"],
  ];

  it("has the counts and the fit of Gammapy 2.1", async () => {
    const out = folder.path("hess");
    const { runs: rows } = (await gammats([...line(), "--out", out, "--json"])).json();
    expect(rows.map(({ on, off }: { on: number; off: number }) => [on, off])).toEqual([
      [149, 117],
      [154, 150],
      [136, 327],
      [111, 275],
    ]);
    const significances = [20.449683757, 19.8150539166, 21.7197321233, 18.802302295];
    rows.forEach(({ significance }: { significance: number }, k: number) => {
      expect(significance).toBeCloseTo(significances[k]!, 6);
    });
    const fit = (await gammats(["fit", `${out}/datasets.yaml`, "--model", "pl", "--json"])).json();
    expect(fit.total_stat).toBeCloseTo(94.319582703, 4);
    const value = (name: string) => fit.parameters.find((p: { name: string }) => p.name === name).value;
    // the reference's minimiser stops within 1e-3 of the errors
    expect(Math.abs(value("index") - 2.631307)).toBeLessThan(3e-4);
    expect(Math.abs(value("amplitude") / 4.2652559e-11 - 1)).toBeLessThan(3e-4);
  });

  it.skipIf(python === null)("is opened by Gammapy with the same statistic", async () => {
    const out = folder.path("hess-gammapy");
    expect((await gammats([...line(), "--out", out])).status).toBe(0);
    const code = `import sys
from gammapy.datasets import Datasets
from gammapy.modeling.models import SkyModel, PowerLawSpectralModel
d = Datasets.read(sys.argv[1])
d.models = [SkyModel(PowerLawSpectralModel(index=2.6, amplitude="4.2e-11 cm-2 s-1 TeV-1"), name="s")]
print(d.stat_sum())`;
    const theirs = Number(
      execFileSync(python!, ["-W", "ignore", "-c", code, `${out}/datasets.yaml`], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    );
    const model = 's = pl(index=2.6, amplitude="4.2e-11 cm-2 s-1 TeV-1")';
    const info = await gammats(["info", `${out}/datasets.yaml`, "--model", model, "--json"]);
    const own = info.json().datasets.reduce((sum: number, d: { statSum: number }) => sum + d.statSum, 0);
    expect(own).toBeCloseTo(theirs, 4);
  });
});
