/** Maps of excess and significance from the command line. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MapDataset } from "../../src/datasets/types.js";
import { readDatasets } from "../../src/index.js";
import { readMap } from "../../src/io.js";
import { nodeFiles } from "../../src/node.js";
import { separation } from "../../src/sky/frames.js";
import { cashCountsStatistics } from "../../src/stats/counts-statistics.js";
import { writeMadeRuns } from "./made-runs.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

let folder: Folder;
let data: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeMadeRuns(folder.path("runs"));
  const map = ["--geometry", "map", "--width", "3", "--binsz", "0.05", "--bins", "2", "--out", folder.path("maps")];
  const { status } = await gammats(["reduce", folder.path("runs"), "--target", "83.63 22.01", ...map]);
  expect(status).toBe(0);
  data = `${folder.path("maps")}/datasets.yaml`;
});
afterAll(() => folder.remove());

const mapOf = async (path: string) => readMap(await readFile(path), { where: path });

describe("gammats excess-map", () => {
  it("adds up what is within the radius, and finds the source", async () => {
    const out = folder.path("excess");
    const { peaks } = (await gammats(["excess-map", data, "--radius", "0.15", "--out", out, "--json"])).json();
    const [peak] = peaks;
    // the psf is 0.05 deg wide
    expect(separation(peak.ra, peak.dec, 83.63, 22.01)).toBeLessThan(0.05);
    const [counts, background, excess, sqrtTs] = await Promise.all(
      ["counts", "background", "excess", "sqrt_ts"].map((name) => mapOf(`${out}/${name}.fits`)),
    );
    const at = peak.y * 60 + peak.x;
    expect(counts!.data[at]).toBe(peak.counts);
    const b = background!.data[at]!;
    expect(excess!.data[at]).toBeCloseTo(peak.counts - b, 9);
    expect(sqrtTs!.data[at]).toBeCloseTo(cashCountsStatistics(peak.counts, b).sqrtTs, 9);
    // pixel by pixel: those whose middle is within 3 pixels of 0.05 deg
    const { datasets } = await readDatasets(data, nodeFiles());
    const { counts: all, maskSafe } = datasets[0] as MapDataset;
    let sum = 0;
    all!.data.forEach((n, k) => {
      const [x, y] = [k % 60, Math.floor(k / 60) % 60];
      if (Math.hypot(x - peak.x, y - peak.y) <= 3 && maskSafe!.data[k] === 1) sum += n;
    });
    expect(peak.counts).toBe(sum);
    expect((await readFile(`${out}/significance.png`)).length).toBeGreaterThan(1000);
  });

  it("takes the background from rings, outside of what is excluded", async () => {
    const line = ["excess-map", data, "--radius", "0.15", "--json"];
    const exclude = ["--exclude", "icrs;circle(83.63,22.01,0.3)"];
    const of = async (...more: string[]) => (await gammats([...line, ...more])).json().peaks[0];
    const [open, closed] = [await of("--ring", "0.1,0.3"), await of("--ring", "0.1,0.3", ...exclude)];
    expect(open.counts).toBe(closed.counts);
    // the source's own events are background where they are not excluded
    expect(open.background).toBeGreaterThan(2 * closed.background);
    expect(closed.value).toBeGreaterThan(open.value);
    const adaptive = await of("--adaptive-ring", "0.4,0.2,1.2", ...exclude);
    expect(Math.abs(adaptive.background - closed.background)).toBeLessThan(5 * Math.sqrt(closed.background));
    const each = (await gammats([...line, "--ring", "0.4,0.3", "--each-energy"])).json();
    expect(each.energy_edges).toHaveLength(3);
  });

  it("leaves out what models explain", async () => {
    const texts = ["--model", "pl", "--at", "83.63 22.01", "--freeze", "index", "--fitted"];
    const fitted = await gammats(["excess-map", data, ...texts, "--json"]);
    expect(fitted.status).toBe(0);
    const known = fitted.json();
    const removed = (await gammats(["excess-map", data, ...texts, "--remove", "source", "--json"])).json();
    const highest = ({ peaks }: { peaks: { value: number }[] }) => Math.max(0, ...peaks.map(({ value }) => value));
    expect(highest(removed)).toBeGreaterThan(15);
    expect(highest(known)).toBeLessThan(highest(removed) / 2);
  });

  it("says what is wrong", async () => {
    const wrong = async (...more: string[]) => {
      const { status, said } = await gammats(["excess-map", ...more]);
      expect(status).toBe(2);
      return said;
    };
    expect(await wrong(data, "--ring", "0.5")).toContain("inner radius and width");
    expect(await wrong(data, "--ring", "0.5,0.2", "--adaptive-ring", "0.5,0.2,1")).toContain("give one of them");
    expect(await wrong(data, "--exclude", "icrs;circle(83.63,22.01,0.5)")).toContain("rings");
    expect(await wrong(data, "--remove", "x")).toContain('no model "x"');
    const both = await gammats([
      "excess-map",
      data,
      "examples/crab/joint-crab/spectra/hess/pha_obs23523.fits",
      "--json",
    ]);
    expect([both.status, both.json().datasets]).toEqual([0, ["stacked"]]);
    expect(both.said).toMatch(/"23523" is left out: it has no counts on a map/);
    const spectrum = "examples/crab/joint-crab/spectra/hess/pha_obs23523.fits";
    expect(await wrong(spectrum)).toContain("counts on a map");
  });
});
