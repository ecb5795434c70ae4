/** A fit that is a success has errors that the likelihood confirms. */
import { describe, expect, it } from "vitest";
import { asimov } from "../../src/api/datasets.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { toyFitter } from "../../src/estimators/toy-fit.js";
import { compatibleWithLimit } from "../../src/fit/compatible.js";
import { confirmErrors } from "../../src/fit/confirm.js";
import { errorsOf, fitJoint } from "../../src/fit/fit.js";
import { confidence, confidenceAll } from "../../src/fit/intervals.js";
import { minimizeAndDescribe } from "../../src/fit/minimize-joint.js";
import { skyModel } from "../../src/models/create.js";
import type { Models, PriorSpec } from "../../src/models/types.js";
import { image } from "./image.js";
import { fluxPointsDataset } from "./synthetic.js";

const gaussian: Models = {
  components: [
    skyModel({
      name: "src",
      spectral: createSubmodel("pl", {
        amplitude: { value: 2e-10 },
        index: { value: 2.3, frozen: true },
        reference: 1,
      }),
      spatial: createSubmodel("GaussianSpatialModel", { lon_0: 83.6, lat_0: 22, sigma: 0.4 }),
    }),
  ],
};
const joint = compileJoint([asimov(image("map"), gaussian)], gaussian);
const found = minimizeAndDescribe(joint);
const errors = errorsOf(joint, found);
/** The same errors, that of parameter i `factor` times too large. */
const scaled = (slot: number, factor: number) => ({
  ...errors,
  errors: errors.errors.map((e, i) => (i === slot ? factor * e : e)),
  matrix: errors.matrix.map((c, k) => c * ((Math.floor(k / 4) === slot ? factor : 1) * (k % 4 === slot ? factor : 1))),
});

describe("errors held against the likelihood", () => {
  it("are those of the Hessian", () => {
    expect(confirmErrors(joint, found, errors)).toEqual({ flaws: [] });
  });

  it.each([0, 1, 2, 3])("of parameter %i, 5 times too large or too small, are not", (slot) => {
    for (const factor of [5, 0.2]) {
      const { flaws } = confirmErrors(joint, found, scaled(slot, factor));
      expect(flaws).toHaveLength(1);
      const flaw = flaws[0]!;
      expect([flaw.slot, flaw.flaw]).toEqual([slot, "rise"]);
      if (flaw.flaw !== "rise") return;
      // a parabola rises by the square; 5 errors away it is none
      for (const side of [flaw.below, flaw.above]) {
        if (factor < 1) expect(side).toBeCloseTo(factor ** 2, 2);
        else expect(side).toBeGreaterThan(9);
      }
    }
  });

  it("are no larger than the map", () => {
    const lon = joint.parameters.findIndex((p) => p.id === "src.lon_0");
    const lat = lon + 1;
    // 2.1 deg in latitude, and 2.1 deg / cos(22 deg) of longitude
    const size = (slot: number, error: number) =>
      confirmErrors(joint, found, scaled(slot, error / errors.errors[slot]!)).flaws.map((f) => f.flaw);
    expect(size(lat, 2.11)).toEqual(["size"]);
    expect(size(lat, 2.09)).toEqual(["rise"]);
    expect(size(lon, 2.11)).toEqual(["rise"]);
    expect(size(lon, 2.28)).toEqual(["size"]);
  });

  it("lead to a lower minimum that lies one error away", () => {
    const sigma = joint.parameters.findIndex((p) => p.id === "src.sigma");
    const off = joint.start.slice();
    off[sigma]! *= 1.1;
    // as if the search had ended there
    const there = minimizeAndDescribe(joint, off, { maxCalls: 1 });
    const best = { ...there.best, success: true };
    const { lower } = confirmErrors(joint, { ...there, best }, errors);
    expect(joint.objective.value(lower!)).toBeLessThan(there.best.value - 1);
  });

  it("make no success of a fit where there are none", () => {
    const still = fit([image("map")], {
      components: [
        skyModel({
          name: "src",
          spectral: createSubmodel("pl", { amplitude: { value: 0, min: 0 }, index: 2, reference: 1 }),
          spatial: createSubmodel("GaussianSpatialModel", {
            lon_0: 83.6,
            lat_0: 22,
            sigma: { value: 0.4, frozen: true },
          }),
        }),
      ],
    });
    expect(still.success).toBe(false);
    expect(still.message).toMatch(/No error can be given for .*src\.index \(flat\)|flat/);
  });

  it("of what is compatible with its lower limit come with an upper limit", () => {
    const models: Models = {
      components: [
        skyModel({
          name: "src",
          spectral: createSubmodel("pl", {
            amplitude: { value: 1e-12, min: 0 },
            index: { value: 2, frozen: true },
            reference: 1,
          }),
          spatial: createSubmodel("GaussianSpatialModel", {
            lon_0: { value: 83.6, frozen: true },
            lat_0: { value: 22, frozen: true },
            sigma: { value: 0.3, frozen: true },
          }),
        }),
      ],
    };
    const j = compileJoint([asimov(image("map"), models)], models);
    const result = fitJoint(j);
    expect(result.success).toBe(true);
    const sentences = compatibleWithLimit(j, result, [{ slot: 0, flaw: "no error", reason: "flat" }]);
    // 1.64 errors above, and a little more: the likelihood of few counts rises less above than below
    const limit = Number(/below ([\d.e-]+) /.exec(sentences[0]!)![1]);
    const inErrors = (limit - result.free.values[0]!) / result.free.errors[0]!;
    expect(inErrors).toBeGreaterThan(1.64);
    expect(inErrors).toBeLessThan(1.8);
  });
});

describe("a minimum at the kink of a prior", () => {
  // chi2 of ten points of 5 %: (d / 0.05)^2 10 for an amplitude 1 + d; Laplace: 2 |d - 0.01| / s
  const dataset = fluxPointsDataset("points", (e) => 1e-11 * e ** -2);
  const laplace = (mu: number, sigma: number, eta = 1): PriorSpec => ({
    type: "GeneralizedGaussianPrior",
    weight: 1,
    parameters: Object.entries({ mu, sigma, eta }).map(([name, value]) => ({ name, value, unit: "" })),
  });
  const models = (prior: PriorSpec): Models => ({
    components: [
      skyModel({
        name: "src",
        spectral: createSubmodel("pl", {
          amplitude: { value: 1e-11, prior },
          index: { value: 2, frozen: true },
          reference: 1,
        }),
      }),
    ],
  });
  const width = 0.01 * Math.SQRT2;
  const a = 10 / 0.05 ** 2;
  /** Root t > 0 of a t^2 + b t = 1. */
  const root = (b: number) => (-b + Math.sqrt(b * b + 4 * a)) / (2 * a);
  const right = { below: root(2 / width - 2 * a * 0.01), above: root(2 / width + 2 * a * 0.01) };

  it("is a success, with the mean of the errors on either side", () => {
    const j = compileJoint([dataset], models(laplace(1.01e-11, 1e-13)));
    const result = fitJoint(j);
    expect([result.success, result.reason]).toEqual([true, "converged"]);
    expect(result.message).toContain("src.amplitude lies at the kink of its prior at 1.01e-11");
    expect(result.free.values[0]).toBe(1.01e-11);
    const amplitude = result.parameters.find((p) => p.id === "src.amplitude")!;
    expect(amplitude.errorStatus).toBe("at kink");
    expect(amplitude.error / 1e-11).toBeCloseTo((right.below + right.above) / 2, 6);
    const { errn, errp, success } = confidence(j, result, "src.amplitude");
    expect(success).toBe(true);
    expect(errn / 1e-11).toBeCloseTo(right.below, 6);
    expect(errp / 1e-11).toBeCloseTo(right.above, 6);
    expect(toyFitter(j, j.start, true)().errors[0]! / 1e-11).toBeCloseTo((right.below + right.above) / 2, 6);
  });

  it("leaves the others their MINOS errors", () => {
    const both: Models = {
      components: [
        skyModel({
          name: "src",
          spectral: createSubmodel("pl", {
            amplitude: { value: 1e-11, prior: laplace(1.01e-11, 1e-13) },
            index: 2,
            reference: 1,
          }),
        }),
      ],
    };
    const j = compileJoint([dataset], both);
    const result = fitJoint(j);
    expect(result.success).toBe(true);
    for (const { id, errn, errp, message } of confidenceAll(j, result)) {
      expect(message).toBe("");
      if (id === "src.amplitude") continue;
      const error = result.free.errors[result.free.ids.indexOf(id)]!;
      // points at ten energies: nearly a parabola
      expect(errn / error).toBeCloseTo(1, 1);
      expect(errp / error).toBeCloseTo(1, 1);
    }
  });

  it("is none where the data pull harder than the prior", () => {
    // the slope of the data at the kink, 2 a 0.01, is more than that of the prior, 2 / s, for s = 0.05 sqrt(2)
    const result = fit([dataset], models(laplace(1.01e-11, 5e-13)));
    expect(result.success).toBe(true);
    expect(result.message).toBe("Optimization terminated successfully.");
    expect(result.free.values[0]! / 1e-11).toBeCloseTo(1 + 1 / (a * 0.05 * Math.SQRT2), 7);
  });
});

describe("sources of the same shape", () => {
  it.each([2, 30])("%i of them have no minimum of their own, and are named", (n) => {
    const r = fit([fluxPointsDataset("points", (e) => 1e-11 * e ** -2)], {
      components: Array.from({ length: n }, (_, k) =>
        skyModel({
          name: `s${k}`,
          spectral: createSubmodel("pl", { amplitude: { value: 2e-11 / n }, index: 2.3, reference: 1 }),
        }),
      ),
    });
    expect(r.success).toBe(false);
    for (const k of [0, n - 1]) expect(r.message).toContain(`s${k}.amplitude`);
    // the curvature is zero but for rounding, of either sign
    expect(r.message).toMatch(/flat|negative curvature/);
  });
});
