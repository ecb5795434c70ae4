/** What is done with datasets in HEALPix pixels beside fits. Data: test/oracle/healpix_datasets.py. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { estimateFluxPoints, estimateTsMap } from "../../src/api/estimators.js";
import { toSpectrum } from "../../src/datasets/to-spectrum.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { npred, simulate, stackReduce } from "../../src/index.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import { parseModel } from "../../src/models.js";
import { mapSpecOf } from "../../src/plot/results.js";
import { parseRegions } from "../../src/sky.js";

const { narrow } = JSON.parse(readFileSync(new URL("../oracle/healpix_datasets.json", import.meta.url), "utf8"));
const bytes = new Uint8Array(gunzipSync(Buffer.from(narrow.file, "base64")));
const dataset = readMapDataset(bytes, { where: "narrow.fits", name: "narrow" }) as MapDataset;
const models = parseModel("x = pl(index=2.2 frozen, amplitude=3e-12, reference=2 TeV)", { at: "83.9 22.3" });
const expected: MapDataset = { ...dataset, counts: npred(dataset, models) };

describe("a dataset in HEALPix pixels", () => {
  it("has flux points, which find what its counts were made from", () => {
    const points = estimateFluxPoints([expected], models, { source: "x", energyEdges: [1, 2.1544346900318843, 10] });
    for (const norm of points.norm) expect(norm).toBeCloseTo(1, 5);
  });

  it("is simulated with the mean that is predicted", () => {
    const drawn = simulate(dataset, models, 1);
    const sum = (data: Float64Array) => data.reduce((a, b) => a + b, 0);
    const mean = sum(expected.counts!.data);
    expect(Math.abs(sum(drawn.counts!.data) - mean)).toBeLessThan(4 * Math.sqrt(mean));
    expect(drawn.counts!.geom).toEqual(dataset.counts!.geom);
  });

  it("is stacked with another on the same pixels", () => {
    const stacked = stackReduce([expected, { ...expected, name: "b" }], { name: "both" }) as MapDataset;
    const inside = dataset.maskSafe!.data;
    stacked.counts!.data.forEach((n, i) => {
      expect(n).toBeCloseTo(inside[i] === 1 ? 2 * expected.counts!.data[i]! : 0, 9);
    });
    const twice = npred(stacked, models).data;
    const once = expected.counts!.data;
    for (let i = 0; i < once.length; i++) if (inside[i] === 1) expect(twice[i]! / once[i]!).toBeCloseTo(2, 9);
  });

  it("is drawn, with a residual of each HEALPix pixel", () => {
    const counts = { ...expected.counts!, data: expected.counts!.data.map((n, i) => n + 1e-3 * i) };
    const { panels, image } = mapSpecOf({ ...expected, counts }, npred(dataset, models));
    expect(panels.map((panel) => panel.title)).toEqual(["Counts", "Npred", "Residuals"]);
    expect(panels[2]!.smoothing).toBe(0);
    const values = new Set(Array.from(panels[0]!.values).filter(Number.isFinite));
    expect(values.size).toBeLessThanOrEqual(137);
    expect(values.size).toBeGreaterThan(100);
    expect(image.width * image.height).toBe(panels[0]!.values.length);
  });

  it("is refused by name by TS maps and spectra of a region", () => {
    expect(() => estimateTsMap([dataset], models)).toThrow(
      /TS map: dataset "narrow" has 137 HEALPix pixels of nside 64/,
    );
    expect(() => toSpectrum(dataset, parseRegions("icrs; circle(83.63, 22.01, 1)"))).toThrow(
      /toSpectrum: dataset "narrow": found 137 HEALPix pixels/,
    );
  });

  it("refuses a psf in reconstructed energy", () => {
    const { geom, ...map } = dataset.psf!.map;
    const axes = [geom.axes[0]!, { ...geom.axes[1]!, name: "energy" }];
    const reco = { ...dataset, psf: { map: { ...map, geom: { ...geom, axes } } } } as MapDataset;
    expect(() => npred(reco, models)).toThrow(/found a psf in reconstructed energy with counts in HEALPix pixels/);
  });
});
