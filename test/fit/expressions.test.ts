import { describe, expect, it } from "vitest";
import { asimov, simulate } from "../../src/api/datasets.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { Dataset } from "../../src/datasets/types.js";
import { type ParameterInput, skyModel } from "../../src/models/create.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { checkDerivatives } from "./derivatives.js";
import { onOffDataset, spectrumDataset } from "./synthetic.js";

const pl = (name: string, datasets: string[], values: Record<string, ParameterInput>) =>
  skyModel({ name, datasetsNames: datasets, spectral: createSubmodel("pl", { amplitude: 3e-11, ...values }) });

const a = spectrumDataset("a");
const b = onOffDataset("b");
const valuesOf = (models: Models) =>
  Object.fromEntries(allParameters(models).map((e) => [e.id, e.parameter.value] as const));

function drawn(models: Models): Dataset[] {
  return simulate([a, b], models, 7);
}

describe("linked parameters", () => {
  // The flux at 1 TeV in two units: one free parameter.
  const models: Models = {
    components: [
      pl("m", ["a"], { index: { value: 2.2, link: "slope" }, amplitude: { value: 3e-11, link: "flux" } }),
      pl("n", ["b"], {
        index: { value: 2.2, link: "slope" },
        amplitude: { value: 3e-14, unit: "cm-2 s-1 GeV-1", link: "flux" },
      }),
    ],
  };
  const datasets = drawn(models);
  const linked = fit(datasets, models);

  it("are one free parameter, whatever their units", () => {
    expect(linked.free.ids).toEqual(["m.index", "m.amplitude"]);
    expect(linked.success).toBe(true);
    const fitted = valuesOf(linked.models);
    expect(fitted["n.index"]).toBe(fitted["m.index"]);
    expect(fitted["n.amplitude"]! / fitted["m.amplitude"]!).toBeCloseTo(1e-3, 15);
  });

  it("give what one model for both datasets gives", () => {
    const one: Models = { components: [pl("m", ["a", "b"], { index: 2.2 })] };
    const single = fit(datasets, one);
    // the minimisers stop at an EDM of 1e-10 or better, which is 1e-5 of an error
    for (let i = 0; i < 2; i++) {
      const error = single.free.errors[i]!;
      expect(Math.abs(linked.free.values[i]! - single.free.values[i]!)).toBeLessThan(1e-4 * error);
      expect(linked.free.errors[i]! / error).toBeCloseTo(1, 6);
    }
    expect(linked.totalStat).toBeCloseTo(single.totalStat, 7);
  });

  it("stand in the covariance once for each, in their own units", () => {
    const { names, matrix } = linked.covariance;
    const at = (x: string, y: string) => matrix[names.indexOf(x) * names.length + names.indexOf(y)]!;
    expect(at("n.index", "n.index")).toBe(at("m.index", "m.index"));
    expect(at("m.index", "n.index")).toBe(at("m.index", "m.index"));
    expect(at("n.amplitude", "m.amplitude") / at("m.amplitude", "m.amplitude")).toBeCloseTo(1e-3, 14);
    expect(at("n.amplitude", "n.amplitude") / at("m.amplitude", "m.amplitude")).toBeCloseTo(1e-6, 17);
    const entry = linked.parameters.find((p) => p.id === "n.amplitude")!;
    expect(entry.errorStatus).toBe("ok");
    expect(entry.error ** 2).toBeCloseTo(at("n.amplitude", "n.amplitude"), 35);
  });

  it("are refused if they contradict each other", () => {
    const wrong = updateParameters(models, {});
    const second = wrong.components[1]!;
    const spectral = {
      ...second.spectral,
      parameters: second.spectral.parameters.map((p) => (p.name === "amplitude" ? { ...p, value: 4e-14 } : p)),
    };
    const broken = { components: [wrong.components[0]!, { ...second, spectral }] } as Models;
    expect(() => fit(datasets, broken)).toThrow(
      /are one parameter by the link "flux", but their value or frozen differ/,
    );
  });
});

describe("expressions", () => {
  const truth: Models = {
    components: [
      pl("m", ["a"], { index: 2.2 }),
      pl("n", ["b"], {
        index: { frozen: true, expression: "m.index + 0.3" },
        amplitude: { value: 1, frozen: true, unit: "1e-11 cm-2 s-1 TeV-1", expression: "m.amplitude * 1e11 / 2" },
      }),
    ],
  };
  const resolved = updateParameters(truth, {});
  const datasets = drawn(resolved);
  const result = fit(datasets, truth);
  const of = (id: string) => result.parameters.find((p) => p.id === id)!;

  it("follow through the fit, with errors by propagation", () => {
    expect(result.success).toBe(true);
    expect(result.free.ids).toEqual(["m.index", "m.amplitude"]);
    expect(of("n.index").value).toBeCloseTo(of("m.index").value + 0.3, 14);
    expect(of("n.index").error).toBeCloseTo(of("m.index").error, 14);
    expect(of("n.index")).toMatchObject({ errorStatus: "expression", expression: "m.index + 0.3", frozen: true });
    expect(of("n.amplitude").value / of("m.amplitude").value).toBeCloseTo(5e10, -1);
    expect(of("n.amplitude").error / of("m.amplitude").error).toBeCloseTo(5e10, -1);
    expect(valuesOf(result.models)["n.index"]).toBe(of("n.index").value);
  });

  it("fill their rows of the covariance", () => {
    const { names, matrix } = result.covariance;
    const at = (x: string, y: string) => matrix[names.indexOf(x) * names.length + names.indexOf(y)]!;
    expect(at("n.index", "m.index")).toBeCloseTo(at("m.index", "m.index"), 12);
    expect(at("n.amplitude", "n.index") / at("m.amplitude", "m.index")).toBeCloseTo(5e10, -1);
    expect(at("n.index", "n.reference")).toBe(0);
  });

  it("agree with the same formula by a link where that says it as well", () => {
    const linked: Models = {
      components: [
        pl("m", ["a"], { index: { value: 2.2, link: "s" } }),
        pl("n", ["b"], { index: { value: 2.2, link: "s" } }),
      ],
    };
    const byFormula: Models = {
      components: [pl("m", ["a"], { index: 2.2 }), pl("n", ["b"], { index: { frozen: true, expression: "m.index" } })],
    };
    const [one, two] = [fit(datasets, linked), fit(datasets, byFormula)];
    expect(two.totalStat).toBeCloseTo(one.totalStat, 8);
    one.free.errors.forEach((error, i) => {
      expect(two.free.errors[i]! / error).toBeCloseTo(1, 6);
    });
  });

  it("have exact derivatives, in chains and with curvature", () => {
    const models: Models = {
      components: [
        pl("m", ["a"], { index: 2.2 }),
        skyModel({
          name: "n",
          spectral: createSubmodel("ecpl", {
            amplitude: { value: 1, frozen: true, expression: "k.amplitude * m.index ^ 2 / 5" },
            index: { frozen: true, expression: "sqrt(m.index) * exp(0.1 * n.lambda_)" },
            lambda_: 0.2,
          }),
        }),
        pl("k", ["b"], {
          amplitude: { value: 1, frozen: true, expression: "m.amplitude * n.lambda_ / (1 + n.lambda_)" },
          index: { value: 2.3, prior: gaussian(2, 0.1) },
        }),
      ],
    };
    const data = [asimov(a, resolved), asimov(b, resolved)];
    const joint = compileJoint(data, models);
    expect(joint.parameters.map((p) => p.id)).toEqual(["m.index", "m.amplitude", "n.lambda_", "k.index"]);
    // steps of 1e-3 leave 1e-9 of truncation; what remains is rounding of statistics of some thousand
    checkDerivatives(joint, joint.start, Float64Array.of(2e-3, 3e-14, 2e-3, 2e-3), 1e-6);
  });

  it("carry priors", () => {
    // a prior on 2 index: nothing else knows of it, so the fit of Asimov data to the truth moves by it alone
    const models: Models = {
      components: [
        pl("m", ["a"], { index: 2.2 }),
        pl("n", ["b"], { index: { frozen: true, expression: "2 * m.index", prior: gaussian(4.5, 1e-4) } }),
      ],
    };
    const fitted = fit(datasets, models);
    expect(fitted.free.values[0]).toBeCloseTo(2.25, 4);
    expect(fitted.free.errors[0]).toBeCloseTo(0.5e-4, 6);
  });

  it("of frozen parameters are constants, computed anew", () => {
    const models: Models = {
      components: [
        pl("m", ["a"], { index: { value: 2.4, frozen: true } }),
        pl("n", ["b"], { index: { value: 9, frozen: true, expression: "m.index" } }),
      ],
    };
    const fitted = fit(datasets, models);
    expect(fitted.parameters.find((p) => p.id === "n.index")).toMatchObject({ value: 2.4, errorStatus: "frozen" });
  });
});

function gaussian(mu: number, sigma: number) {
  return {
    type: "GaussianPrior",
    weight: 1,
    parameters: [
      { name: "mu", value: mu, unit: "" },
      { name: "sigma", value: sigma, unit: "" },
    ],
  };
}
