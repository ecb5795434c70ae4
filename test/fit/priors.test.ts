import { describe, expect, it } from "vitest";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { skyModel } from "../../src/models/create.js";
import type { Models, Parameter, Penalty, PriorSpec } from "../../src/models/types.js";
import { checkDerivatives } from "./derivatives.js";
import { fluxPointsDataset } from "./synthetic.js";

/*
 * Flux points with errors in proportion make chi2 quadratic in the amplitude a: ten points of 5 % give (a / a0 - 1)^2 / s^2 with s = 0.05 / sqrt(10),
 * so every mode below is a formula.
 */
const A0 = 2e-11;
const S = 0.05 / Math.sqrt(10);
const points = fluxPointsDataset("points", (e) => A0 * e ** -2.3);

const prior = (type: string, parameters: Record<string, number>, unit = "", weight = 1): PriorSpec => ({
  type,
  weight,
  parameters: Object.entries(parameters).map(([name, value]) => ({ name, value, unit })),
});
const modelsWith = (fields: Partial<Parameter>, index: Partial<Parameter> = { frozen: true }): Models => ({
  components: [
    skyModel({
      name: "m",
      spectral: createSubmodel("pl", { index: { value: 2.3, ...index }, amplitude: { value: 1.9e-11, ...fields } }),
    }),
  ],
});
const mode = (spec: PriorSpec, fields: Partial<Parameter> = {}) =>
  fit([points], modelsWith({ prior: spec, ...fields }));

describe("the mode with a prior", () => {
  it("Gaussian: the weighted mean, with the error of both", () => {
    const sigma = 0.02 * A0;
    const { free, success } = mode(prior("GaussianPrior", { mu: 1.1 * A0, sigma }));
    const w = 1 / S ** 2 + (A0 / sigma) ** 2;
    expect(success).toBe(true);
    expect(free.values[0]! / A0).toBeCloseTo((1 / S ** 2 + 1.1 * (A0 / sigma) ** 2) / w, 7);
    expect(free.errors[0]! / A0).toBeCloseTo(1 / Math.sqrt(w), 9);
  });

  it("Gaussian in another unit, weighted", () => {
    const { free } = mode(prior("GaussianPrior", { mu: 1.1e-3 * A0, sigma: 2e-5 * A0 }, "cm-2 s-1 GeV-1", 4));
    const w = 1 / S ** 2 + 4 / 0.02 ** 2;
    expect(free.values[0]! / A0).toBeCloseTo((1 / S ** 2 + (1.1 * 4) / 0.02 ** 2) / w, 7);
  });

  it("log-normal: where the derivatives cancel", () => {
    const [mu, sigma] = [1.1 * A0, 0.02];
    const { free } = mode(prior("LogNormalPrior", { mu, sigma }));
    const a = free.values[0]! / A0;
    // d/da of (a - 1)^2 / s^2 + (ln a - ln 1.1)^2 / sigma^2 + 2 ln a
    expect((a - 1) / S ** 2 + Math.log(a / 1.1) / (a * sigma ** 2) + 1 / a).toBeCloseTo(0, 3);
  });

  it("generalised Gaussian with eta 1/4: a fourth power", () => {
    const sigma = 0.02 * A0;
    const { free } = mode(prior("GeneralizedGaussianPrior", { mu: 1.1 * A0, sigma, eta: 0.25 }));
    const a = free.values[0]! / A0;
    // d/da of (a - 1)^2 / s^2 + 2 ((a - 1.1) / (sqrt(2) 0.02))^4
    expect((2 * (a - 1)) / S ** 2 + (8 * (a - 1.1) ** 3) / (4 * 0.02 ** 4)).toBeCloseTo(0, 2);
  });

  it("log-uniform: pulled down by 1 / a", () => {
    const { free } = mode(prior("LogUniformPrior", { min: 1e-13, max: 1e-9 }));
    // (a - 1) / s^2 + 1 / a = 0
    expect(free.values[0]! / A0).toBeCloseTo((1 + Math.sqrt(1 - 4 * S ** 2)) / 2, 8);
  });

  it("uniform: nothing inside, a limit outside", () => {
    const wide = mode(prior("UniformPrior", { min: 0, max: 1e-10 }));
    expect(wide.free.values[0]! / A0).toBeCloseTo(1, 8);
    const tight = mode(prior("UniformPrior", { min: 0, max: 0.99 * A0 }));
    expect(tight.free.values[0]).toBe(0.99 * A0);
    expect(tight.success).toBe(true);
    expect(tight.parameters[1]!.errorStatus).toBe("at upper limit");
    // 2 ln of the width is part of the statistic
    expect(tight.totalStat - tight.datasets[0]!.stat).toBeCloseTo(2 * Math.log(0.99 * A0), 8);
  });

  it("limits of a prior and of the parameter hold together", () => {
    const joint = compileJoint(
      [points],
      modelsWith({ prior: prior("UniformPrior", { min: 1e-11, max: 3e-11 }), min: 1.5e-11, max: 4e-11 }),
    );
    expect([joint.lower[0], joint.upper[0]]).toEqual([1.5e-11, 3e-11]);
  });

  it("of a frozen parameter is a constant", () => {
    const free = fit([points], modelsWith({}));
    const held = fit(
      [points],
      modelsWith({}, { frozen: true, prior: prior("GaussianPrior", { mu: 2.2, sigma: 0.1 }) }),
    );
    expect(held.totalStat - free.totalStat).toBeCloseTo(1 + Math.log(2 * Math.PI * 0.01), 9);
  });
});

describe("penalties", () => {
  const penalty: Penalty = {
    parameters: ["m.index", "m.amplitude"],
    mean: [2.4, 1.05 * A0],
    covariance: [
      [1e-4, 0.8e-2 * 0.01 * A0],
      [0.8e-2 * 0.01 * A0, (0.01 * A0) ** 2],
    ],
    weight: 1.5,
  };
  const models: Models = { ...modelsWith({}, {}), penalties: [penalty] };

  it("add weight (x - mean)^T C^-1 (x - mean) with exact derivatives", () => {
    const joint = compileJoint([points], models);
    const plain = compileJoint([points], modelsWith({}, {}));
    const x = Float64Array.of(2.31, 1.97e-11);
    // the quadratic form by hand: correlation 0.8, pulls u and v
    const [u, v] = [(2.31 - 2.4) / 0.01, (1.97e-11 - 1.05 * A0) / (0.01 * A0)];
    const expected = (1.5 * (u * u - 1.6 * u * v + v * v)) / (1 - 0.64);
    expect(joint.objective.value(x) - plain.objective.value(x)).toBeCloseTo(expected, 7);
    checkDerivatives(joint, x, Float64Array.of(1e-3, 1e-14), 1e-7);
  });

  it("alone decide where the data say nothing", () => {
    const weak = fluxPointsDataset("weak", (e) => A0 * e ** -2.3);
    const dataset = { ...weak, points: { ...weak.points, normErr: weak.points.norm.map(() => 1e4) } };
    const { free } = fit([dataset], models);
    expect(free.values[0]).toBeCloseTo(2.4, 6);
    expect(free.errors[0]).toBeCloseTo(0.01 / Math.sqrt(1.5), 6);
    expect(free.correlation[1]).toBeCloseTo(0.8, 5);
  });
});

describe("bad priors and penalties", () => {
  const withPenalty = (fields: Partial<Penalty>): Models => ({
    ...modelsWith({}, {}),
    penalties: [{ parameters: ["m.index"], mean: [2], covariance: [[1]], weight: 1, ...fields }],
  });
  it.each<[Models, RegExp]>([
    [
      modelsWith({ prior: prior("GaussianPrior", { mu: 1, sigma: 0 }) }),
      /sigma of GaussianPrior is 0; it must be above 0/,
    ],
    [modelsWith({ prior: prior("GaussianPrior", { mu: 1, sigma: -1 }) }), /amplitude.*sigma of GaussianPrior is -1/],
    [modelsWith({ prior: prior("GaussianPrior", { mean: 1 }) }), /GaussianPrior has no parameter "mean"/],
    [modelsWith({ prior: prior("GausianPrior", {}) }), /unknown type "GausianPrior"; did you mean "GaussianPrior"\?/],
    [
      modelsWith({ prior: prior("UniformPrior", { min: 2, max: 1 }) }),
      /UniformPrior is empty: min 2 is not below max 1/,
    ],
    [modelsWith({ prior: prior("LogUniformPrior", { min: 0 }) }), /min of LogUniformPrior is 0; it must be above 0/],
    [modelsWith({ prior: prior("GaussianPrior", { mu: Number.NaN }) }), /mu of GaussianPrior is NaN/],
    [modelsWith({ prior: prior("GaussianPrior", {}, "", 0) }), /weight of GaussianPrior is 0/],
    [
      modelsWith({ prior: prior("UniformPrior", { min: 3e-11, max: 4e-11 }) }),
      /value 1\.9e-11 is outside its UniformPrior/,
    ],
    [
      withPenalty({ parameters: ["m.indx"] }),
      /penalties\[0\]\.parameters: .*no parameter "m\.indx"; did you mean "m\.index"\?/,
    ],
    [withPenalty({ mean: [1, 2] }), /found 2 numbers for 1 parameters/],
    [withPenalty({ covariance: [[1, 0]] }), /found a row of 2 numbers, expected 1 rows of 1 numbers/],
    [withPenalty({ covariance: [[0]] }), /variance in row 0 is 0; it must be above 0/],
    [withPenalty({ weight: -1 }), /found -1, expected a number above 0/],
    [
      withPenalty({
        parameters: ["m.index", "m.amplitude"],
        mean: [2, 1],
        covariance: [
          [1, 2],
          [2, 1],
        ],
      }),
      /not positive definite/,
    ],
    [
      withPenalty({
        parameters: ["m.index", "m.amplitude"],
        mean: [2, 1],
        covariance: [
          [1, 0.1],
          [0.2, 1],
        ],
      }),
      /not symmetric: row 0, column 1 is 0\.1/,
    ],
  ])("case %#: says what is wrong", (models, message) => {
    expect(() => fit([points], models)).toThrow(message);
  });
});

describe("a prior of linked parameters", () => {
  const linked = (first: PriorSpec | undefined, second: PriorSpec | undefined): Models => {
    const source = (name: string, spec: PriorSpec | undefined) =>
      skyModel({
        name,
        datasetsNames: [name],
        spectral: createSubmodel("pl", {
          index: { value: 2.2, link: "idx", ...(spec && { prior: spec }) },
          amplitude: { value: 1.9e-11 },
        }),
      });
    return { components: [source("a", first), source("b", second)] };
  };
  const datasets = ["a", "b"].map((name) => ({ ...points, name }));
  const spec = prior("GaussianPrior", { mu: 2, sigma: 0.02 });

  it("counts once, at however many of them it is written", () => {
    const [one, both, other] = [linked(spec, undefined), linked(spec, spec), linked(undefined, spec)].map((m) =>
      fit(datasets, m),
    );
    expect(both!.totalStat).toBe(one!.totalStat);
    expect(Array.from(both!.free.errors)).toEqual(Array.from(one!.free.errors));
    expect(other!.totalStat).toBeCloseTo(one!.totalStat, 9);
  });

  it("is refused where two of them differ", () => {
    expect(() => compileJoint(datasets, linked(spec, prior("GaussianPrior", { mu: 2, sigma: 0.03 })))).toThrow(
      /"a.index" and "b.index" are linked, so they are one parameter, but have two priors that differ/,
    );
  });
});
