/** Spectra that we write as OGIP have the statistic of Sherpa and threeML too. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileDataset, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { OnOffDataset } from "../../src/datasets/types.js";
import { logNormalKernel } from "../../src/instruments/dispersion.js";
import { effectiveArea, energyBias, energyResolution } from "../../src/instruments/iact.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { axisCenters, axisFromBounds } from "../../src/sky/index.js";
import type { MapAxis, RegionGeom } from "../../src/sky/types.js";
import { sherpaPython, threemlPython } from "../environment.js";
import storedSherpa from "../oracle/sherpa_ogip.json" with { type: "json" };
import storedThreeml from "../oracle/threeml_ogip.json" with { type: "json" };
import { disk } from "./disk.js";

/** Amplitude at 1 TeV in cm-2 s-1 TeV-1, and index; the first is what the others are compared with. */
const POINTS = [
  [3.8e-11, 2.45],
  [4e-11, 2.5],
  [3e-11, 2.5],
  [4e-11, 2.2],
  [1e-12, 2],
  [2e-10, 3],
] as const;
/** Names of spectra; threeML knows one BACKSCAL for all channels. */
const UNIFORM = ["fine", "safe"];
const SPECTRA = [...UNIFORM, "unequal"];
/**
 * Of differences of -2 ln L. Both programs integrate in keV: energies and areas are rounded (1e-12), and threeML integrates each true-energy bin by Simpson's
 * rule: 2e-9 of a power law in bins of 1.2 %. What is left is the rounding of sums of some hundreds with terms of both signs.
 */
const RELATIVE = 1e-6;

const power = ([amplitude, index]: readonly [number, number]): Models => ({
  components: [
    skyModel({
      name: "source",
      spectral: createSubmodel("pl", { amplitude: `${amplitude} cm-2 s-1 TeV-1`, index, reference: "1 TeV" }),
    }),
  ],
});

/** Four decades in 800 bins of true energy and 40 of measured energy; counts and OFF counts with zeros among them. */
function spectrum(kind: string): OnOffDataset {
  const axis = (name: string, n: number): MapAxis => axisFromBounds(0.01, 100, n, { name, unit: "TeV", interp: "log" });
  const [energy, energyTrue] = [axis("energy", 40), axis("energy_true", 800)];
  const geom = (...axes: MapAxis[]): RegionGeom => ({ kind: "region", regions: [], wcs: null, axes });
  const map = (value: (i: number) => number) => ({
    geom: geom(energy),
    unit: "",
    data: Float64Array.from({ length: 40 }, (_, i) => value(i)),
  });
  const isSafe = (i: number) => Number(kind === "fine" || (i > 12 && i < 38 && i !== 20));
  const livetime = 1500;
  const area = axisCenters(energyTrue).map((e) => effectiveArea(e, 45));
  const law = { sigma: (e: number) => energyResolution(e, 45), bias: (e: number) => energyBias(e, 45) };
  const empty: OnOffDataset = {
    type: "SpectrumDatasetOnOff",
    name: kind,
    exposure: { geom: geom(energyTrue), unit: "cm2 s", data: area.map((a) => a * livetime) },
    edisp: { map: { geom: geom(energy, energyTrue), unit: "", data: logNormalKernel(energyTrue, energy, law) } },
    acceptance: map(() => 1),
    acceptanceOff: map((i) => (kind === "unequal" ? 10 + (i % 4) : 12)),
    countsOff: map((i) => (i * 37) % 11),
    counts: map(() => 0),
    maskSafe: { geom: geom(energy), data: Uint8Array.from({ length: 40 }, (_, i) => isSafe(i)) },
    livetime,
  };
  const signal = npredSignal(empty, power(POINTS[0])).data;
  return { ...empty, counts: map((i) => Math.max(0, Math.floor(signal[i]! + ((i * 17) % 5) - 1.5))) };
}

function ours(dataset: OnOffDataset): number[] {
  const { term } = compileDataset(dataset, power(POINTS[0]));
  return POINTS.map(([amplitude, index]) => term.value(Float64Array.of(index, amplitude)));
}

const differences = (stat: readonly number[]) => stat.slice(1).map((s) => s - stat[0]!);

function same(found: readonly number[], expected: readonly number[], what: string): void {
  const [a, b] = [differences(found), differences(expected)];
  expect(a.length, what).toBe(POINTS.length - 1);
  for (const [i, x] of a.entries()) expect(Math.abs(x / b[i]! - 1), `${what}, point ${i + 1}`).toBeLessThan(RELATIVE);
}

type Stats = {
  readonly stat: Readonly<Record<string, readonly number[]>>;
  readonly points: readonly (readonly number[])[];
};

describe("OGIP spectra that we write", () => {
  const kept = process.env.GAMMATS_OGIP_FOLDER;
  let folder: string;

  beforeAll(async () => {
    folder = kept ?? (await mkdtemp(join(tmpdir(), "gammats-ogip-")));
    for (const name of SPECTRA) {
      const files = writeOgip(spectrum(name), { name });
      for (const [file, bytes] of Object.entries(files)) await disk.write(join(folder, file), bytes);
    }
    await writeFile(join(folder, "list.json"), JSON.stringify({ spectra: SPECTRA, uniform: UNIFORM, points: POINTS }));
  });
  afterAll(() => (kept === undefined ? rm(folder, { recursive: true, force: true }) : undefined));

  const run = (python: string, script: string): Stats =>
    JSON.parse(
      execFileSync(python, [join(import.meta.dirname, "../oracle", script), folder], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    );

  async function compare(peer: Stats, names: readonly string[]): Promise<void> {
    expect(peer.points).toEqual(POINTS);
    expect(Object.keys(peer.stat)).toEqual(names);
    for (const name of names) {
      same(ours(spectrum(name)), peer.stat[name]!, name);
      same(ours(await readOgip(join(folder, `${name}.fits`), disk)), peer.stat[name]!, `${name} read back`);
    }
  }

  it("have the statistic of Sherpa 4.19", () => compare(storedSherpa, SPECTRA));
  it("have the statistic of threeML 2.6", () => compare(storedThreeml, UNIFORM));
  it.runIf(sherpaPython)("have it in Sherpa as it runs here", () =>
    compare(run(sherpaPython!, "sherpa_ogip.py"), SPECTRA),
  );
  it.runIf(threemlPython)(
    "have it in threeML as it runs here",
    () => compare(run(threemlPython!, "threeml_ogip.py"), UNIFORM),
    240_000,
  );
});
