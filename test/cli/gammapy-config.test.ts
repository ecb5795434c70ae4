/** The config.yaml of Gammapy's Analysis in place of a reduce.yaml. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gammapyOptions } from "../../src/cli/reduction/gammapy-config.js";
import { gammapyData } from "../environment.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe("a configuration of Gammapy", () => {
  const of = (datasets: object, more: object = {}) => {
    const notes: string[] = [];
    return { options: gammapyOptions({ datasets, ...more }, "config.yaml", (note) => notes.push(note)), notes };
  };

  it("is read as options", () => {
    const energy = { min: "1 TeV", max: "10 TeV", nbins: 5 };
    const on = { frame: "galactic", lon: "184.5 deg", lat: "-5.8 deg", radius: "0.2 deg" };
    const { options, notes } = of(
      {
        on_region: on,
        geom: { axes: { energy, energy_true: { min: "0.5 TeV", max: "20 TeV", nbins: 16 } } },
        background: { method: "reflected" },
        safe_mask: { methods: ["aeff-default", "edisp-bias"], parameters: { bias_percent: 5 } },
      },
      { observations: { obs_ids: [1, 2] }, flux_points: { energy: { min: "1 TeV", max: "4 TeV", nbins: 2 } } },
    );
    expect(options).toEqual({
      geometry: "spectrum",
      target: "184.5 -5.8 galactic",
      ids: "1,2",
      background: "reflected",
      range: "1 TeV,10 TeV",
      bins: "5",
      trueRange: "0.5 TeV,20 TeV",
      trueBins: "16",
      safeMask: "aeff-default,edisp-bias=5",
      radius: "0.2 deg",
      stack: true,
      pointEdges: "1 TeV,2 TeV,4 TeV",
    });
    expect(notes).toEqual([]);
  });

  it("is refused where it asks for what is not done, and what is not used is said", () => {
    expect(() => of({ background: { method: "ring" } })).toThrow(
      /datasets.background.method: found ring.*excess-map --ring/,
    );
    expect(() => of({ safe_mask: { methods: ["x"] } })).toThrow(/safe_mask.methods: found x/);
    expect(() => of({ background: { exclusion: "mask.fits.gz" } })).toThrow(/exclusion: found mask.fits.gz.*--exclude/);
    expect(() => of({}, { observations: { obs_time: { start: "2004-12-04" } } })).toThrow(/obs_time.*--time/);
    const wide = { wcs: { width: { width: "5 deg", height: "4 deg" } } };
    expect(() => of({ type: "3d", geom: wide })).toThrow(/wcs.width: found 5 deg x 4 deg, expected a square/);
    const { notes } = of({ background: { parameters: { min_counts: 5 } }, containment_correction: false });
    expect(notes).toEqual([
      expect.stringContaining("containment_correction is false"),
      "config.yaml: not used: datasets.background.parameters.min_counts",
    ]);
  });
});

describe.skipIf(gammapyData === null)("Gammapy's Analysis of four H.E.S.S. runs", () => {
  // test/oracle/analysis_config.py
  const oracle = async () =>
    JSON.parse(await readFile(new URL("../oracle/analysis_config.json", import.meta.url), "utf8"));
  const config = async (name: "spectra" | "map") => {
    const path = folder.path(`${name}.yaml`);
    await writeFile(path, (await oracle()).configs[name]);
    return path;
  };

  it("gives the same spectra, fit and flux points", async () => {
    const expected = await oracle();
    const line = ["analyse", `${gammapyData}/hess-dl3-dr1`, "--intervals", "none", "--json"];
    const { runs, fit, flux_points: points } = (await gammats([...line, "--config", await config("spectra")])).json();
    expect(runs.map(({ on }: { on: number }) => on)).toEqual(expected.on);
    // the reference stops within 1e-4 of the minimum
    expect(Math.abs(fit.total_stat - expected.stat)).toBeLessThan(1e-4);
    const index = fit.parameters.find(({ name }: { name: string }) => name === "index");
    expect(Math.abs(index.value - expected.index)).toBeLessThan(0.01 * index.error);
    points.forEach((point: { e_min: number; dnde: number; dnde_err: number }, k: number) => {
      expect(point.e_min).toBeCloseTo(expected.e_min[k], 12);
      // of the shape that the reference's fit stopped at
      expect(Math.abs(point.dnde - expected.dnde[k])).toBeLessThan(0.01 * point.dnde_err);
    });
  });

  it("gives the same map", async () => {
    const expected = (await oracle()).map;
    const out = folder.path("map");
    const line = ["reduce", `${gammapyData}/hess-dl3-dr1`, "--config", await config("map"), "--out", out];
    const made = await gammats(line);
    expect(made.said).toContain("raises the norm of the background");
    const [{ text }] = [{ text: (await gammats(["info", `${out}/datasets.yaml`, "--json"])).json() }];
    const [dataset] = text[0].datasets;
    // the norm makes both the same in each run
    expect(dataset.counts).toBe(expected.counts);
    expect(Math.abs(dataset.background / expected.background - 1)).toBeLessThan(1e-6);
  });
});
