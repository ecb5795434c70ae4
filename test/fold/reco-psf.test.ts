/** A psf by reconstructed energy (Gammapy's RecoPSFMap): what it predicts beside Gammapy 2.1, and the same with free place and extent. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compileDataset, npred, npredSignal } from "../../src/api/datasets.js";
import { estimateTsMap } from "../../src/api/estimators.js";
import { createSubmodel } from "../../src/api/models.js";
import { fitMask } from "../../src/datasets/facets.js";
import { stackReduce } from "../../src/datasets/stack.js";
import { toSpectrum } from "../../src/datasets/to-spectrum.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import { skyModel } from "../../src/models/create.js";
import { allParameters } from "../../src/models/parameters.js";
import type { Models, Submodel } from "../../src/models/types.js";
import { check } from "../datasets/check-derivatives.js";
import expected from "../oracle/reco_psf.json" with { type: "json" };

const file = gunzipSync(readFileSync("test/fold/reco-psf.fits.gz"));
const dataset = readMapDataset(file, { where: "reco-psf.fits" }) as MapDataset;
/** A psf that is another on the other half of the sky. */
const varied: MapDataset = {
  ...dataset,
  psf: {
    ...dataset.psf!,
    map: { ...dataset.psf!.map, data: dataset.psf!.map.data.map((x, k) => x * (1 + 0.3 * (k % 2))) },
  },
};
const SHAPES: Record<string, Submodel> = {
  point: createSubmodel("point", { lon_0: 83.8, lat_0: 22.13 }, { kind: "spatial" }),
  gauss: createSubmodel("gauss", { lon_0: 83.6, lat_0: 22, sigma: 0.12 }, { kind: "spatial" }),
  disk: createSubmodel("disk", { lon_0: 83.7, lat_0: 22.05, r_0: 0.25 }, { kind: "spatial" }),
};
const source = (spatial: Submodel, free: boolean): Models => ({
  components: [
    skyModel({
      name: "src",
      spectral: createSubmodel("pl", { index: 2.2, amplitude: 4e-12 }),
      spatial: { ...spatial, parameters: spatial.parameters.map((p) => ({ ...p, frozen: p.frozen || !free })) },
    }),
  ],
});
const peakOf = (values: ArrayLike<number>) => Math.max(...Array.from(values));
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (x, k) => Math.abs(x - b[k]!))) / peakOf(b);

describe("a psf in reconstructed energy", () => {
  // the reference convolves in float32 and samples disks (differences.md)
  it.each([
    ["point", 1e-6],
    ["gauss", 1e-4],
    ["disk", 1e-2],
  ] as const)("predicts of a %s what Gammapy does, within %s of the peak", (shape, tolerance) => {
    const { npred } = expected.find((row) => row.shape === shape)!;
    const found = npredSignal(dataset, source(SHAPES[shape]!, false)).data;
    expect(farthest(found, npred)).toBeLessThan(tolerance);
  });

  it.each(Object.keys(SHAPES))("of a free %s is that of a frozen one, with exact derivatives", (shape) => {
    for (const data of [dataset, varied]) {
      const free = source(SHAPES[shape]!, true);
      const found = npredSignal(data, free).data;
      expect(farthest(found, npredSignal(data, source(SHAPES[shape]!, false)).data)).toBeLessThan(1e-12);
      check(data, free);
    }
  });

  it.each(Object.keys(SHAPES))("has the statistic of what it predicts, of a frozen %s and of a free one", (shape) => {
    const mask = fitMask(dataset);
    for (const free of [false, true]) {
      const models = source(SHAPES[shape]!, free);
      const mu = npred(dataset, models).data;
      const cash = dataset.counts!.data.map((n, i) => (mask[i] === 1 ? 2 * (mu[i]! - n * Math.log(mu[i]!)) : 0));
      const expected = cash.reduce((sum, x) => sum + x, 0);
      const none = compileDataset(dataset, models, { free: () => false });
      expect(none.term.value(new Float64Array(0)) / expected).toBeCloseTo(1, 12);
      const { term, parameters } = compileDataset(dataset, models);
      const entries = allParameters(models);
      const p = Float64Array.from(parameters, (x) => entries[x.entry]!.parameter.value * x.factor);
      expect(term.value(p) / expected).toBeCloseTo(1, 12);
    }
  });

  it("is stacked by the exposure at its energies", () => {
    const psf = { map: dataset.psf!.map };
    const stacked = stackReduce([
      { ...dataset, psf },
      { ...dataset, psf: { map: varied.psf!.map } },
    ]);
    const [a, b] = [psf.map.data, varied.psf!.map.data];
    // the same exposure, so the mean
    expect(
      farthest(
        stacked.psf!.map.data,
        a.map((x, k) => (x + b[k]!) / 2),
      ),
    ).toBeLessThan(1e-12);
    expect(stacked.psf!.map.geom.axes[1]!.name).toBe("energy");
  });

  it("is refused where only one in true energy says what is seen", () => {
    const { components } = source(SHAPES.point!, false);
    const { maskSafe: _, ...open } = dataset;
    const spectrum = toSpectrum(open, [
      { shape: "circle", center: { lon: 83.63, lat: 22.01, frame: "icrs" }, radius: 0.3 },
    ]);
    expect(() => npredSignal(spectrum, { components })).toThrow(/"src".*reconstructed energy.*fit the map/);
    expect(() => estimateTsMap([dataset], { components: [] })).toThrow(/reconstructed energy.*TS maps do not/);
  });
});
