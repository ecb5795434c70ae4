import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeDatasets } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import { readLightCurve } from "../../src/io/flux-points/light-curve.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { skyModel } from "../../src/models/create.js";
import { nodeFiles } from "../../src/node/files.js";
import { type Folder, fermi, gammats, hawc, spectra, temporaryFolder } from "./run.js";

let folder: Folder;
let analysis: [datasets: string, models: string];
const edges = ["--edges", "0.8 TeV,2 TeV,20 TeV"];
beforeAll(async () => {
  folder = await temporaryFolder();
  const files = nodeFiles();
  const datasets = await Promise.all(
    [23523, 23526].map(async (run) => ({
      ...(await readOgip(`${spectra}/pha_obs${run}.fits`, files)),
      name: String(run),
    })),
  );
  const spectral = createSubmodel("LogParabolaSpectralModel", { amplitude: 3.5e-11, alpha: 2.3, beta: 0.12 });
  const models = { components: [skyModel({ name: "Crab Nebula", spectral })] };
  await writeDatasets({ datasets, models }, files, { folder: folder.path("runs"), prefix: "runs" });
  analysis = [folder.path("runs/runs_datasets.yaml"), folder.path("runs/runs_models.yaml")];
});
afterAll(() => folder.remove());

const curve = (...options: string[]) => gammats(["light-curve", ...analysis, ...options]);

describe("gammats light-curve", () => {
  it.each(["gti", "night", "1 d"])(
    "of flux points alone, with --intervals %s, is refused by their name",
    async (how) => {
      const { status, stderr } = await gammats(["light-curve", hawc, "--model", "pl", "--intervals", how]);
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(
          /light-curve: none of the datasets has counts: HAWC19_flux_points; .* flux points have none/,
        ),
      ]);
    },
  );

  it("measures runs, and says whether they are constant, the same on workers", async () => {
    const [here, there] = [await curve(...edges, "--json"), await curve(...edges, "--workers", "1", "--json")];
    // that it was computed in jobs is said
    const [one, other] = [here, there].map((run) => ({ ...run.json(), provenance: undefined }));
    expect([here.status, other]).toEqual([0, one]);
    expect(here.stderr).toMatch(
      /^gammats: light curve: energy edges moved to those of the data: 0.8 to 0.79433, .* TeV\n$/,
    );
    const { source, time_scale, intervals, variability } = here.json();
    expect([source, time_scale]).toEqual(["Crab Nebula", "tt"]);
    expect(intervals.map((x: { datasets: string[] }) => x.datasets)).toEqual([["23523"], ["23526"]]);
    const [first] = intervals;
    expect(first.time_max).toBeGreaterThan(first.time_min);
    expect(first.points).toHaveLength(2);
    const { flux, flux_err, flux_ul, counts, success } = first.points[0];
    expect([success, flux > 5 * flux_err, flux_ul > flux, counts > 20]).toEqual([true, true, true, true]);
    expect(variability[0].constancy).toMatchObject({ intervals: 2, dof: 1 });
    const text = await curve(...edges);
    expect(text.stdout).toMatch(/2 intervals of time; limits at 95.45 %\nMJD TT from .*\n-[\s\S]*Is it constant\?/);
  });

  it("writes and draws a curve, which other commands read", async () => {
    const [out, svg] = [folder.path("curve.fits"), folder.path("curve.svg")];
    const { status } = await curve("--intervals", "night", "--out", out, "--plot", svg);
    expect(status).toBe(0);
    expect(readLightCurve(await readFile(out), { where: out }).points).toHaveLength(1);
    expect(await readFile(svg, "utf8")).toMatch(/one flux for all times/);
    const [info] = (await gammats(["info", out, "--json"])).json();
    expect([info.kind, info.intervals.length]).toEqual(["light-curve", 1]);
    expect((await gammats(["validate", out])).stdout).toMatch(/1 file, no problems/);
    const ecsv = folder.path("curve.ecsv");
    expect((await gammats(["convert", out, "--out", ecsv, "--sed-type", "flux"])).status).toBe(0);
    expect((await gammats(["plot", ecsv, "--out", folder.path("again.svg")])).status).toBe(0);
    const twice = await gammats(["plot", out, analysis[1], "--out", folder.path("both.svg")]);
    expect(twice.stderr).toMatch(/\(light curve .*has a picture of its own/);
  });

  it("takes intervals from a duration, a light curve, a file with GTI and a text", async () => {
    const names = async (...options: string[]) => {
      const { stdout, stderr, status } = await curve(...edges, ...options, "--json");
      expect([status, stderr.replace(/^gammats: (not in|light curve: energy edges moved) .*\n/gm, "")]).toEqual([
        0,
        "",
      ]);
      return JSON.parse(stdout).intervals.map((x: { datasets: string[] }) => x.datasets);
    };
    const both = [["23523", "23526"]];
    expect(await names("--intervals", "1 d")).toEqual(both);
    const out = folder.path("given.fits");
    await curve("--intervals", "1 d", "--out", out);
    expect(await names("--intervals", out)).toEqual(both);
    expect(await names("--intervals", `${spectra}/pha_obs23523.fits`)).toEqual([["23523"]]);
    const { intervals } = (await curve(...edges, "--json")).json();
    const list = folder.path("list.txt");
    const [a, b] = intervals.map((x: { time_min: number; time_max: number }) => [x.time_min, x.time_max]);
    await writeFile(list, `# MJD\n${a[0] - 0.001} ${a[1] + 0.001}\n\n${b[0]}, ${b[1] + 1} # the second\n`);
    expect(await names("--intervals", list, "--time-scale", "tt")).toEqual([["23523"], ["23526"]]);
    // 64 s early in UTC, the second begins before its interval
    const early = await curve(...edges, "--intervals", list, "--json");
    expect(early.json().intervals.map((x: { datasets: string[] }) => x.datasets)).toEqual([["23523"]]);
    expect(early.stderr).toMatch(/not in the light curve, as no interval holds all of their time: "23526"/);
  });

  it("says what is wrong", async () => {
    await mkdir(folder.path("bad"), { recursive: true });
    const bad = folder.path("bad/list.txt");
    await writeFile(bad, "53343 53344\n53345\n");
    const cases: [string[], RegExp][] = [
      [["--intervals", "nigth"], /--intervals "nigth": there is no such file; did you mean "night"\?/],
      [["--intervals", bad], /list\.txt:2: found "53345", expected the MJD of a start and of a later stop/],
      [["--intervals", `${fermi}_models.yaml`], /found models \(Gammapy YAML\), expected good time intervals/],
      [["--intervals", "0 s"], /their duration is 0 s/],
      [["--intervals", "1 s"], /no dataset lies inside any of the 2 intervals of time/],
      [["--plot", "curve.gif"], /a picture ends in \.svg, \.png or \.pdf/],
      [["--threshold", "-1"], /--threshold "-1"/],
      [["--range", "1 TeV,10 TeV"], /light-curve: give the energies either as --edges/],
      [["--source", "Vela"], /there is no source "Vela"/],
      [["--workers", "0"], /--workers "0"/],
    ];
    for (const [options, message] of cases) {
      const { status, stdout, stderr } = await curve(...options);
      expect(stderr).toMatch(message);
      expect([status !== 0, stdout]).toEqual([true, ""]);
    }
  });
});
