/** Spectra whose values exceed the largest number somewhere in a bin: a flux of 0 there would pass for a result. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { npredSignal } from "../../src/api/datasets.js";
import { fit } from "../../src/api/fit.js";
import { parseModel } from "../../src/api/model-texts.js";
import { dnde, flux } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import type { SkyModel } from "../../src/models/types.js";

const dataset = readMapDataset(gunzipSync(readFileSync("test/fold/reco-psf.fits.gz")), {
  where: "reco-psf.fits",
}) as MapDataset;

describe.each([
  // exp[a (E0^c - E^c)] in MeV with a = 1.4e-14, c = 3.2: exp(1.8e5) at 0.7 TeV, 1 at 1 TeV, 0 above
  ["sums of logarithms", "secpl-4fgl(amplitude=3e-13, expfactor=1.4e-14, index_1=1.36, index_2=3.2)"],
  ["sums of values", "pl(index=2) + secpl-4fgl(amplitude=3e-13, expfactor=1.4e-14, index_1=1.36, index_2=3.2)"],
])("%s", (_, text) => {
  const models = parseModel(text, { shape: "gauss(sigma=0.1)", at: "83.63 22.01" });
  const { spectral } = models.components[0] as SkyModel;

  it("are infinite, not 0, in the bin where a value is", () => {
    const [low, high] = dnde(spectral, [0.7, 5]);
    expect(low).toBe(Number.POSITIVE_INFINITY);
    expect(high).toBeLessThan(1);
    const [first, second] = flux(spectral, [0.7, 2], [2, 5]);
    expect(first).toBe(Number.POSITIVE_INFINITY);
    expect(second).toBeLessThan(1);
  });

  it("are no statistic, of fits and of predictions", () => {
    expect([...npredSignal(dataset, models).data].every(Number.isFinite)).toBe(false);
    const { success, reason, message, totalStat } = fit([dataset], models);
    expect([success, reason]).toEqual([false, "non-finite"]);
    expect(message).toMatch(/dataset "reco-psf" is NaN: npred is (NaN|Infinity) in energy bin 0/);
    expect(totalStat).toBeNaN();
  });
});
