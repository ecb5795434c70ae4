import { describe, expect, it } from "vitest";
import { toys } from "../../src/api/estimators.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { measuredData, setData, toySource } from "../../src/estimators/toy-data.js";
import type { Toys } from "../../src/estimators/toys.js";
import { calibration } from "../../src/models/calibration.js";
import { skyModel } from "../../src/models/create.js";
import type { Models, PriorSpec } from "../../src/models/types.js";
import { gaussian, onOffDataset, spectrumDataset } from "../fit/synthetic.js";

const spectral = createSubmodel("pl", { amplitude: 3e-11, index: 2.3 });
const source: Models = { components: [skyModel({ name: "crab", spectral })] };
const data = [spectrumDataset("a"), onOffDataset("b")];
const nuisance = (name: string, prior?: PriorSpec) =>
  calibration([name], { area_norm: { value: 1, frozen: false, ...(prior && { prior }) } }, `cal ${name}`);

/** (estimate - truth) / error of parameter `id` over the toys: mean and width. */
function pulls({ values, errors, truth, ids, n }: Toys, id: string): [mean: number, width: number] {
  const i = ids.indexOf(id);
  const k = ids.length;
  const all = Array.from({ length: n }, (_, t) => (values[t * k + i]! - truth[i]!) / errors[t * k + i]!);
  const mean = all.reduce((sum, x) => sum + x, 0) / n;
  return [mean, Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1))];
}

describe("constraints in toys", () => {
  it("priors that are measurements are made again: pulls are as wide as errors say", async () => {
    const models: Models = {
      ...source,
      calibration: [nuisance("a", gaussian(1, 0.1)), nuisance("b", gaussian(1, 0.2))],
    };
    const n = 2000;
    const run = await toys(data, models, { n, seed: 5 });
    for (const id of run.ids) {
      const [mean, width] = pulls(run, id);
      // 4 standard errors: of a mean 1 / sqrt(n), of a width 1 / sqrt(2 n); and the bias of a maximum likelihood estimate, here up to 0.1 errors
      expect(Math.abs(mean), id).toBeLessThan(4 / Math.sqrt(n) + 0.1);
      expect(Math.abs(width - 1), id).toBeLessThan(4 / Math.sqrt(2 * n) + 0.02);
    }
  });

  it("so are penalties over several parameters, with their correlation", async () => {
    const covariance = [
      [0.01, 0.008],
      [0.008, 0.01],
    ];
    const parameters = ["cal a.area_norm", "cal b.area_norm"];
    const models: Models = {
      ...source,
      calibration: [nuisance("a"), nuisance("b")],
      penalties: [{ parameters, mean: [1, 1], covariance, weight: 1 }],
    };
    const joint = compileJoint(data, models);
    const source_ = toySource(joint, joint.start);
    const n = 20000;
    const sums = [0, 0, 0, 0, 0];
    for (let k = 0; k < n; k++) {
      const [x, y] = source_(3, k).centres as unknown as [number, number];
      for (const [i, v] of [x - 1, y - 1, (x - 1) ** 2, (y - 1) ** 2, (x - 1) * (y - 1)].entries()) sums[i]! += v / n;
    }
    // standard errors: 0.1 / sqrt(n) = 7e-4 of means, 0.01 sqrt(2 / n) = 1e-4 of variances
    expect([sums[0], sums[1]].every((m) => Math.abs(m!) < 3e-3)).toBe(true);
    expect(Math.abs(sums[2]! - 0.01)).toBeLessThan(4e-4);
    expect(Math.abs(sums[3]! - 0.01)).toBeLessThan(4e-4);
    expect(Math.abs(sums[4]! - 0.008)).toBeLessThan(4e-4);
    const run = await toys(data, models, { n: 1000, seed: 5 });
    for (const id of parameters) expect(Math.abs(pulls(run, id)[1] - 1)).toBeLessThan(4 / Math.sqrt(2000) + 0.02);
  });

  it("leave other priors alone, and everything as it was afterwards", () => {
    const flat: PriorSpec = {
      type: "UniformPrior",
      weight: 1,
      parameters: [
        { name: "min", value: 0.5, unit: "" },
        { name: "max", value: 1.5, unit: "" },
      ],
    };
    const models: Models = { ...source, calibration: [nuisance("a", flat), nuisance("b", gaussian(1, 0.2))] };
    const joint = compileJoint(data, models);
    const before = joint.priorStat(joint.start);
    const toy = toySource(joint, joint.start)(1, 0);
    expect(toy.keys).toEqual(["prior of cal b.area_norm"]);
    setData(joint, toy);
    expect(joint.priorStat(joint.start)).not.toBe(before);
    setData(joint, measuredData(joint));
    expect(joint.priorStat(joint.start)).toBe(before);
  });
});
