import { beforeAll, describe, expect, it } from "vitest";
import { npred, npredSignal } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { fitMask } from "../../src/datasets/facets.js";
import type { BinnedDataset, Dataset } from "../../src/datasets/types.js";
import { updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { readCrab } from "../fit/crab.js";

const data = process.env.GAMMAPY_DATA;

/** Joint best fit in float64. */
const best = { amplitude: 3.973667689e-3, alpha: 1.263354075, beta: 0.06132066742, norm: 1.305008343 };

describe.runIf(data)("the joint Crab files at the best fit", () => {
  let datasets: readonly Dataset[];
  let models: Models;
  let fermi: BinnedDataset;
  let hess: BinnedDataset;
  let hawc: Dataset;
  beforeAll(async () => {
    const crab = await readCrab(data!);
    datasets = crab.datasets;
    models = updateParameters(crab.models, {
      "Crab Nebula.amplitude": best.amplitude,
      "Crab Nebula.alpha": best.alpha,
      "Crab Nebula.beta": best.beta,
      "Fermi-LAT-bkg.norm": best.norm,
    });
    [fermi, hess, hawc] = datasets as [BinnedDataset, BinnedDataset, Dataset];
  });
  const total = (values: Float64Array, mask?: Uint8Array) =>
    values.reduce((s, x, i) => s + (mask === undefined || mask[i] === 1 ? x : 0), 0);

  it("predict the counts of Gammapy 2.1", () => {
    const map = npred(fermi, models).data;
    // float32 convolution there: 1e-7 of the sum
    expect(total(map, fitMask(fermi)) / 2980.7341039151756).toBeCloseTo(1, 6);
    expect(total(map) / 3038.049125254147).toBeCloseTo(1, 6);
    // float32 response after stacking
    expect(total(npredSignal(hess, models).data, fitMask(hess)) / 221.7072753996938).toBeCloseTo(1, 6);
    expect(total(npred(hess, models).data, fitMask(hess)) / 238.06948578983966).toBeCloseTo(1, 6);
  });

  it("give the statistics", () => {
    const joint = compileJoint(datasets, models);
    const stats = datasets.map((_, i) => joint.datasetStat(i, joint.start));
    // Gammapy 2.1 at these values; 2e-4 is what float32 costs there
    expect(Math.abs(stats[0]! + 12737.60047753176)).toBeLessThan(2e-4);
    expect(stats[1]).toBeCloseTo(34.75733116707041, 5);
    expect(stats[2]).toBeCloseTo(5.6131, 4);
    // at the minimum the statistic is stationary, so ten digits of the parameters give it to 1e-8
    expect(stats[0]! + stats[1]! + stats[2]!).toBeCloseTo(-12697.229883105, 6);
  });

  it("predict dnde at the flux points", () => {
    const dnde = npred(hawc, models);
    expect(dnde.unit).toBe("cm-2 s-1 TeV-1");
    expect(dnde.data.every((x) => x > 0)).toBe(true);
  });
});
