/** What `gammats plot` draws of events and responses: the numbers behind the pictures, of a made run. */
import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countsOf, energiesOf, offsetsOf, ratesOf } from "../../src/cli/event-data/events-drawn.js";
import { responseLines } from "../../src/cli/event-data/responses-drawn.js";
import { readEventData } from "../../src/io/dl3/event-data.js";
import type { LineSpec } from "../../src/plot/line.js";
import { background2d, gaussPsf, kingPsf, radMax } from "../reduce/made-responses.js";
import { madeRun } from "../reduce/made-run.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

const made = madeRun({ id: 5, seed: 5 });
const { run, responses } = readEventData(made.hdus, "run.fits", {}).data;
const total = (y: ArrayLike<number>) => Array.from(y).reduce((s, x) => s + x, 0);
const spec = (kind: string): LineSpec => responseLines(responses.find((r) => r.kind === kind)!).spec;

describe("events", () => {
  it("are all in the image, or said to lie beyond it", () => {
    const { map, outside } = countsOf(run!);
    const beyond = Number(/^(\d+) events? beyond/.exec(outside)?.[1] ?? 0);
    expect(beyond).toBeLessThanOrEqual(0.005 * 1600);
    // a square around the circle of the pointing
    expect(total(map.data)).toBeGreaterThanOrEqual(1600 - beyond);
    expect(total(map.data)).toBeLessThanOrEqual(1600);
    // 200 events within 0.05 deg of the source, 0.5 deg south of the middle of 5 deg
    const brightest = map.data.indexOf(Math.max(...map.data));
    const [nx] = (map.geom as { npix: readonly [number, number] }).npix;
    expect(Math.abs((brightest % nx) - (nx - 1) / 2)).toBeLessThan(2);
    expect(Math.floor(brightest / nx)).toBeLessThan(nx / 2);
  });

  it("are counted by energy, ring and good time", () => {
    expect(total(energiesOf(run!)!.series[0]!.y)).toBe(1600);
    const { x, y } = offsetsOf(run!).series[0]!;
    // a background of 1400 events, flat over 2.5 deg: 71 deg-2 away from the source
    const far = Array.from(x).flatMap((r, k) => (r > 1 && r < 2.4 ? [y[k]!] : []));
    expect(Math.abs(total(far) / far.length - 1400 / (Math.PI * 2.5 ** 2))).toBeLessThan(6);
    const rate = ratesOf(run!)!;
    expect(total(rate.series[0]!.y) / rate.series[0]!.y.length).toBeCloseTo(1.6, 6);
    expect(rate.xLabel).toMatch(/MJD 53343\.05787 \(TT\) \[min\]/);
  });

  it("have a rate where there is good time alone", () => {
    const gti = { ...run!.gti!, start: Float64Array.of(5000, 5750), stop: Float64Array.of(5250, 6000) };
    const { x, y } = ratesOf({ ...run!, gti })!.series[0]!;
    expect(x).toHaveLength(20);
    expect(Math.abs(total(y) / 20 - 1.6)).toBeLessThan(0.15);
    // minutes
    expect(Array.from(x).some((t) => t > 250 / 60 && t < 750 / 60)).toBe(false);
  });
});

describe("responses", () => {
  it("are lines with the values of their tables", () => {
    const area = spec("aeff_2d");
    expect(area.series.map(({ label }) => label)).toEqual(["0.5 deg", "1.5 deg", "2.5 deg"]);
    // madeRun: 1e5 (1 + bin / 12) / (1 + offset bin) m2
    expect(area.series[1]!.y[12]).toBeCloseTo(1e5, 0);
    const migra = spec("edisp_2d").series[0]!;
    expect(Math.max(...Array.from(migra.y))).toBeCloseTo(
      Math.exp(-0.5 * (0.025 / 0.15) ** 2) / (0.15 * Math.sqrt(2 * Math.PI)),
      5,
    );
    // sqrt(-2 ln 0.32) x 0.05 deg, in rings of 0.01 deg
    const [r68] = spec("psf_table").series;
    expect(Math.abs(r68!.y[3]! - 0.05 * Math.sqrt(-2 * Math.log(0.32)))).toBeLessThan(5e-4);
    // 1e-5 E^-2.7 (1 + 0.02 x + 0.01 y) s-1 MeV-1 sr-1 at bins 6 and 6 of the field of view
    const [rate] = spec("bkg_3d").series;
    expect(rate!.y[0]! / (10 * rate!.x[0]! ** -2.7 * 1.18)).toBeCloseTo(1, 5);
  });

  it.each([
    [gaussPsf(), "psf", /68 %/],
    [kingPsf(), "psf", /68 %/],
    [background2d(), "background", /0\.5 deg/],
    [radMax(), "rad_max", /0\.5 deg/],
  ] as const)("of the other classes are drawn too", (hdu, name, label) => {
    const [response] = readEventData([hdu], "x.fits", {}).data.responses;
    const found = responseLines(response!);
    expect(found.name).toBe(name);
    expect(found.spec.series[0]!.label).toMatch(label);
    expect(found.spec.series[0]!.y.length).toBe(3);
    for (const y of Array.from(found.spec.series[0]!.y)) expect(y).toBeGreaterThan(0);
  });
});

describe("gammats plot", () => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(folder.path("runs"));
    await writeFile(folder.path("runs/run.fits"), made.bytes);
  });
  afterAll(() => folder.remove());

  it("writes a picture for each of them", async () => {
    const drawn = await gammats(["plot", folder.path("runs/run.fits"), "--out", folder.path("pictures")]);
    expect([drawn.status, drawn.said]).toEqual([0, ""]);
    const names = ["aeff", "background", "counts", "edisp", "energies", "offsets", "psf", "rate"];
    expect((await readdir(folder.path("pictures"))).sort()).toEqual(names.map((name) => `${name}.svg`));
  });

  it("writes them into a folder called pictures where no name is given", async () => {
    const argv = [resolve("dist/cli/main.js"), "plot", "run.fits"];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
      cwd: folder.path("runs"),
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Wrote pictures/counts.svg");
    expect(await readdir(folder.path("runs/pictures"))).toHaveLength(8);
    await rm(folder.path("runs/pictures"), { recursive: true });
  });

  it("says that they are several, and what to draw of a folder", async () => {
    const one = await gammats(["plot", folder.path("runs/run.fits"), "--out", folder.path("one.svg")]);
    expect([one.status, one.said]).toEqual([2, expect.stringMatching(/there are 8: counts, .*name a folder/)]);
    const all = await gammats(["plot", folder.path("runs"), "--out", folder.path("all")]);
    expect(all.status).toBe(2);
    expect(all.said).toMatch(/runs: found .*folder|runs: .*datasets\.yaml/);
  });
});
