import { readFile, stat, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFluxMaps } from "../../src/io/flux-maps.js";
import type { WcsGeom } from "../../src/sky/types.js";
import { fermi, gammats, spectra, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];

describe("gammats ts-map", () => {
  it("finds the Crab where it was left out, and nothing where it was not", async () => {
    const out = folder.path("removed");
    const run = await gammats(["ts-map", ...analysis, "--remove", "Crab Nebula", "--out", out, "--json"]);
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const { peaks, models, files } = run.json();
    expect(models).not.toContain("Crab Nebula");
    expect(peaks).toHaveLength(1);
    const [peak] = peaks;
    // the pixel that holds the source
    expect(Math.hypot((peak.ra - 83.633083) * Math.cos(0.384), peak.dec - 22.0145)).toBeLessThan(0.06);
    expect(peak.value).toBeCloseTo(Math.sqrt(peak.ts), 9);
    expect(peak.flux / peak.flux_err).toBeGreaterThan(50);
    for (const file of files) expect((await stat(file)).size, file).toBeGreaterThan(100);
    const { maps, sedType, modelFile } = readFluxMaps(new Uint8Array(await readFile(`${out}/ts-map.fits`)), {
      where: "ts-map.fits",
    });
    expect([sedType, modelFile]).toEqual(["likelihood", `${out}/ts-map_model.yaml`]);
    const [nx] = (maps.ts!.geom as WcsGeom).npix;
    expect(maps.ts!.data[peak.y * nx + peak.x]).toBe(peak.ts);

    const text = await gammats(["ts-map", ...analysis, "--edges", "10 GeV,100 GeV,2 TeV", "--threshold", "8"]);
    expect(text.status).toBe(0);
    expect(text.stdout).toMatch(/^Test statistics of a point source at 1592 pixels of 50 x 40, Fermi-LAT\n/);
  });

  it("writes a map that info and plot read again, peaks and picture the same", async () => {
    const out = folder.path("again");
    const run = await gammats(["ts-map", ...analysis, "--remove", "Crab Nebula", "--out", out, "--json"]);
    const [{ ts: _, flux: _1, flux_err: _2, flux_ul: _3, npred_excess: _4, ...peak }] = run.json().peaks;
    const [info] = (await gammats(["info", `${out}/ts-map.fits`, "--json"])).json();
    expect([info.kind, info.sed_type, info.model]).toEqual(["flux-maps", "likelihood", `${out}/ts-map_model.yaml`]);
    expect(info.peaks).toEqual([peak]);
    const [ts] = info.quantities.filter((q: { name: string }) => q.name === "sqrt_ts");
    expect([ts.bins, ts.pixels, ts.most]).toEqual([1, 1592, peak.value]);
    expect((await gammats(["info", `${out}/ts-map.fits`])).stdout).toMatch(/0\.01 +2 +\d+\.\d\d +83\.\d{4} +22\.\d{4}/);
    const drawn = await gammats(["plot", `${out}/ts-map.fits`, "--out", folder.path("again.svg")]);
    expect([drawn.status, drawn.stderr]).toEqual([0, ""]);
    expect(await readFile(folder.path("again.svg"), "utf8")).toBe(await readFile(`${out}/ts-map.svg`, "utf8"));
    for (const others of [[analysis[1]!], analysis]) {
      const more = await gammats(["plot", `${out}/ts-map.fits`, ...others, "--out", folder.path("more.svg")]);
      expect([more.status, more.stderr]).toEqual([2, expect.stringMatching(/ts-map\.fits.*has a picture of its own/)]);
    }
  });

  it.each([
    [["--remove", "Crab"], /--remove: there is no model "Crab"; did you mean "Crab Nebula"\?/],
    [["--threshold", "high"], /--threshold "high": expected a number of standard deviations/],
    [["--distance", "3 TeV"], /--distance.*TeV/],
    [["--index", "steep"], /--index "steep": expected a number/],
    [["--edges", "1 GeV"], /expected two or more that increase/],
    [["--dataset", "HESS"], /HESS/],
    [["--workers", "2", "--executor", "redis://127.0.0.1:1"], /found --workers and --executor/],
    [["--executor", "http://x"], /expected the address of a Redis server/],
  ])("refuses %j", async (options, message) => {
    const { status, stderr } = await gammats(["ts-map", ...analysis, ...options]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it("needs a map", async () => {
    const yaml = folder.path("hess.yaml");
    const path = `${process.cwd()}/${spectra}/pha_obs23523.fits`;
    await writeFile(yaml, `datasets:\n- name: HESS\n  type: SpectrumDatasetOnOff\n  filename: ${path}\n`);
    const { status, stderr } = await gammats(["ts-map", yaml, analysis[1]!]);
    expect(stderr).toMatch(/none of the datasets is a map|Fermi-LAT/);
    expect(status).toBe(2);
  });
});
