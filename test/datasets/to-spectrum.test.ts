import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { fit, type MapDataset, type Models, npred } from "../../src/index.js";
import { parseModel } from "../../src/models.js";
import { exampleFolder, nodeFiles, readCrab } from "../../src/node.js";
import { parseRegions, toSpectrum, withRegions } from "../../src/sky.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/to_spectrum.json", import.meta.url), "utf8"));

let fermi: MapDataset;
let models: Models;
beforeAll(async () => {
  const crab = await readCrab(exampleFolder(), nodeFiles());
  fermi = crab.datasets[0] as MapDataset;
  models = crab.models;
});

describe("toSpectrum", () => {
  for (const row of oracle) {
    it(`takes the spectrum that Gammapy takes from ${row.text}`, () => {
      const spectrum = toSpectrum(fermi, parseRegions(row.text), { name: "spectrum" }) as MapDataset;
      expect(spectrum.type).toBe("SpectrumDataset");
      expect([...spectrum.counts!.data]).toEqual(row.counts);
      // sums of float32 there
      expectClose(spectrum.background!.data, row.background, 1e-6);
      expectClose(spectrum.exposure!.data, row.exposure, 1e-6);
      // the counts of a source without a place do not know of the psf
      const source = parseModel("pl(index=2.2, amplitude=1e-11, reference=1)");
      const { data } = npred(spectrum, source, { model: source.components[0]!.name });
      // the energy dispersion of the nearest pixel there (docs/differences.md), of those around the centre here
      expectClose(data, row.npred, 2e-4);
    });
  }

  it("measures with its psf what the map measures", () => {
    const spectrum = toSpectrum(fermi, parseRegions("icrs;circle(83.63, 22.01, 0.3)"));
    const amplitude = (dataset: MapDataset) => {
      const { success, models: fitted } = fit([dataset], models);
      expect(success).toBe(true);
      return parameter(fitted, "amplitude");
    };
    const [wide, narrow] = [amplitude(fermi), amplitude(spectrum as MapDataset)];
    // a region of 0.3 deg loses a quarter of the source, which the psf knows; most counts are the same
    expect(Math.abs(narrow.value - wide.value)).toBeLessThan(0.5 * wide.error);
    expect(narrow.error).toBeLessThan(1.3 * wide.error);
  });

  it("leaves pixels without an exposure out of its mean", () => {
    const circle = parseRegions("icrs;circle(83.63, 22.01, 0.5)");
    const { exposure } = fermi;
    const flat = { ...exposure!, data: exposure!.data.map((_, i) => (i % 3 === 0 ? Number.NaN : 7)) };
    expect([...toSpectrum({ ...fermi, exposure: flat }, circle).exposure!.data]).toEqual(Array(12).fill(7));
  });

  it("keeps the ratio of the exposures of ON/OFF maps, without OFF counts too", () => {
    const { counts, psf, edisp, exposure } = fermi;
    const map = (value: (i: number) => number) => ({ ...counts!, data: counts!.data.map((_, i) => value(i)) });
    const n = counts!.data.length;
    // no OFF counts in the last of 5 bins of energy
    const countsOff = map((i) => (i < (4 * n) / 5 ? 3 : 0));
    const given = { name: "x", counts: counts!, psf: psf!, edisp: edisp!, exposure: exposure!, countsOff };
    const onOff = { ...given, type: "MapDatasetOnOff" as const, acceptance: map(() => 2), acceptanceOff: map(() => 8) };
    const spectrum = toSpectrum(onOff, parseRegions("icrs;circle(83.63, 22.01, 0.5)"));
    if (!("acceptance" in spectrum)) throw new Error("expected ON/OFF counts");
    expect([...spectrum.acceptance.data]).toEqual([2, 2, 2, 2, 2]);
    for (const b of spectrum.acceptanceOff!.data) expect(b).toBeCloseTo(8, 12);
  });

  it("refuses what would lose counts in silence", () => {
    const extract = (text: string) => () => toSpectrum(fermi, parseRegions(text));
    expect(extract("icrs;circle(83.63, 22.01, 3)")).toThrow(/reach beyond the map/);
    expect(extract("icrs;point(83.63, 22.01)")).toThrow(/found a region that is a point/);
    expect(extract("icrs;circle(83.63, 22.01, 0.001)")).toThrow(/no pixel has its middle/);
    const holed = withRegions(fermi, parseRegions("icrs;circle(83.9, 22, 0.2)"), "exclude");
    expect(() => toSpectrum(holed, parseRegions("icrs;circle(83.63, 22.01, 0.5)"))).toThrow(
      /mask_fit holds \d+ of the \d+ pixels/,
    );
  });
});

function expectClose(ours: Float64Array, theirs: readonly number[], tolerance: number): void {
  expect(ours.length).toBe(theirs.length);
  for (const [k, x] of ours.entries()) expect(Math.abs(x / theirs[k]! - 1)).toBeLessThan(tolerance);
}

function parameter({ components }: Models, name: string): { value: number; error: number } {
  const found = components.flatMap(({ spectral }) => spectral?.parameters ?? []).find((p) => p.name === name)!;
  return { value: found.value, error: found.error! };
}
