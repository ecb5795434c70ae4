import { describe, expect, it } from "vitest";
import { asimov, npred } from "../../src/api/datasets.js";
import { estimateFluxPoints } from "../../src/api/estimators.js";
import { compileJoint, fit, pulls } from "../../src/api/fit.js";
import { readModels, writeModels } from "../../src/api/io.js";
import { createSubmodel, dnde, flux, fovBackground } from "../../src/api/models.js";
import { fitJoint } from "../../src/fit/fit.js";
import { impacts } from "../../src/fit/systematics.js";
import { readCovariance, writeCovariance } from "../../src/io/yaml/covariance.js";
import { calibration } from "../../src/models/calibration.js";
import { type ParameterInput, skyModel } from "../../src/models/create.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { checkDerivatives } from "./derivatives.js";
import { fluxPointsDataset, gaussian, onOffDataset, spectrumDataset } from "./synthetic.js";

const shapes: Record<string, Record<string, ParameterInput>> = {
  pl: { index: 2.3, amplitude: 3e-11 },
  lp: { amplitude: 3e-11, reference: 1, alpha: 2.2, beta: 0.1 },
  ecpl: { amplitude: 3e-11, index: 1.9, lambda_: 0.1 },
  sbpl: { amplitude: 3e-11, index1: 1.8, index2: 2.8, ebreak: 5, beta: 0.5 },
};
const source = (type = "lp") => skyModel({ name: "crab", spectral: createSubmodel(type, shapes[type]) });
const a = spectrumDataset("a");
const b = spectrumDataset("b", { exposure: 5e13, background: 10 });
const c = onOffDataset("c");
const points = fluxPointsDataset("points", (e) => 3e-11 * e ** (-2.2 - 0.1 * Math.log(e)));

describe("what a calibrated dataset predicts", () => {
  const z = 0.08;
  const models: Models = {
    components: [source()],
    calibration: [
      calibration(["a", "points"], { area_norm: 1.1, energy_scale: z }),
      calibration(["b"], { background_norm: 1.3 }),
    ],
  };

  it("is the flux at E / (1 + z), times area_norm / (1 + z)", () => {
    const counts = npred(a, models, { model: "crab" });
    // by hand: fluxes between the shifted edges, times exposure, times the response
    const edges = a.exposure!.geom.axes[0]!.nodes;
    const lo = edges.slice(0, -1).map((e) => e / (1 + z));
    const hi = edges.slice(1).map((e) => e / (1 + z));
    const fluxes = flux(source().spectral, lo, hi).map((f, t) => 1.1 * f * a.exposure!.data[t]!);
    const nReco = counts.data.length;
    const kernel = a.edisp!.map.data;
    counts.data.forEach((value, r) => {
      const expected = fluxes.reduce((sum, f, t) => sum + f * kernel[t * nReco + r]!, 0);
      // the quick sum stands for the trapezoid to 1e-8
      expect(Math.abs(value / expected - 1)).toBeLessThan(1e-8);
    });
  });

  it("holds for flux points", () => {
    const values = npred(points, models).data;
    const e = points.points.energy.nodes;
    const centers = Float64Array.from({ length: e.length - 1 }, (_, i) => Math.sqrt(e[i]! * e[i + 1]!) / (1 + z));
    dnde(source().spectral, centers).forEach((value, i) => {
      expect(values[i]! / ((1.1 * value) / (1 + z))).toBeCloseTo(1, 12);
    });
  });

  it("scales the background", () => {
    const plain = npred(b, { components: [source()] }).data;
    const scaled = npred(b, models).data;
    scaled.forEach((value, i) => {
      expect(value - plain[i]!).toBeCloseTo(0.3 * b.background!.data[i]!, 9);
    });
  });
});

describe("derivatives by nuisance parameters", () => {
  it.each(Object.keys(shapes))("%s", (type) => {
    const truth: Models = { components: [source(type)] };
    const data = [asimov(a, truth), asimov(b, truth), asimov(c, truth), points];
    const models: Models = {
      components: [source(type), fovBackground("b")],
      calibration: [
        calibration(["a"], {
          area_norm: { value: 1.05, frozen: false },
          energy_scale: { value: 0.03, frozen: false },
          background_norm: { value: 0.9, frozen: false },
        }),
        calibration(["b"], { background_norm: { value: 1.1, frozen: false } }, "B"),
        calibration(["c", "points"], {
          area_norm: { value: 0.95, frozen: false },
          energy_scale: { value: -0.05, frozen: false },
        }),
      ],
    };
    const joint = compileJoint(data, models);
    const steps = joint.start.map((v, i) => (joint.parameters[i]!.id.endsWith("amplitude") ? 1e-3 * v : 1e-3));
    // the statistic by energy scales rests on differences in ln E, good to 1e-9; the reference's steps of 1e-3 are too
    checkDerivatives(joint, joint.start, steps, 1e-6);
  });
});

describe("the background norm of ON/OFF data", () => {
  const nu = 1.3;
  const scaledModels = (fields: object = {}): Models => ({
    components: [source()],
    calibration: [calibration(["c"], { background_norm: { value: nu, ...fields } })],
  });
  const seen = asimov(c, scaledModels());
  /** The same data, as if the norm had been known when the acceptance was made. */
  const corrected = { ...seen, acceptance: { ...seen.acceptance, data: seen.acceptance.data.map((x) => nu * x) } };
  const plain: Models = { components: [source()] };

  it("is a factor on alpha: statistic, predicted counts, flux points and simulations", () => {
    const [x, y] = [compileJoint([seen], scaledModels()), compileJoint([corrected], plain)];
    expect(x.objective.value(x.start)).toBe(y.objective.value(y.start));
    expect(npred(seen, scaledModels()).data).toEqual(npred(corrected, plain).data);
    const options = { source: "crab", energyEdges: [0.5, 2, 10, 50] };
    const points = estimateFluxPoints([seen], scaledModels(), options);
    expect(points.norm).toEqual(estimateFluxPoints([corrected], plain, options).norm);
    // and the truth is found again: the data are what is expected
    for (const norm of points.norm) expect(norm).toBeCloseTo(1, 6);
    const again = asimov(seen, scaledModels());
    again.countsOff!.data.forEach((m, i) => {
      expect(m).toBeCloseTo(seen.countsOff!.data[i]!, 8);
    });
  });

  it("has the derivatives of its statistic, beside others", () => {
    const free = { frozen: false };
    const models: Models = {
      components: [source()],
      calibration: [
        calibration(["c", "a"], { background_norm: { value: 1.1, ...free }, area_norm: { value: 0.9, ...free } }),
      ],
    };
    const joint = compileJoint([asimov(a, plain), seen], models);
    const steps = joint.start.map((v, i) => (joint.parameters[i]!.id.endsWith("amplitude") ? 1e-3 * v : 1e-3));
    checkDerivatives(joint, joint.start, steps, 1e-6);
  });

  it("is found where it is known from elsewhere, and widens the errors of the source", () => {
    const models = scaledModels({ value: 1.25, frozen: false, prior: gaussian(nu, 0.1) });
    const result = fit([seen], models);
    expect(result.success).toBe(true);
    const at = (id: string, r = result) => r.parameters.find((p) => p.id === id)!;
    expect(at("calibration c.background_norm").value).toBeCloseTo(nu, 5);
    expect(at("crab.amplitude").value / 3e-11).toBeCloseTo(1, 5);
    const known = fit([corrected], plain);
    expect(at("crab.amplitude").error).toBeGreaterThan(at("crab.amplitude", known).error);
    expect(pulls(result).map((p) => p.id)).toEqual(["calibration c.background_norm"]);
  });

  it("cannot fall below zero", () => {
    const joint = compileJoint([seen], scaledModels({ frozen: false }));
    const x = joint.start.slice();
    x[x.length - 1] = -0.1;
    expect(joint.objective.value(x)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("recovery", () => {
  const shift = { area_norm: { value: 1.1, frozen: false }, energy_scale: { value: 0.08, frozen: false } };
  const truth: Models = { components: [source()], calibration: [calibration(["b"], shift, "calibration B")] };
  const data = [asimov(a, truth), asimov(b, truth)];
  const start = updateParameters(truth, {
    "calibration B.area_norm": 1,
    "calibration B.energy_scale": 0,
    "crab.alpha": 2.4,
    "crab.amplitude": 2e-11,
  });
  const result = fit(data, start);
  const of = (id: string) => result.parameters.find((p) => p.id === id)!;

  it("finds an energy scale of +8 % and an area norm of 1.1 in one of two datasets", () => {
    expect(result.success).toBe(true);
    // Asimov data: the truth, to the EDM of the minimiser (1e-5 of an error)
    for (const entry of allParameters(truth)) {
      if (entry.parameter.frozen) continue;
      const { value, error, errorStatus } = of(entry.id);
      expect(Math.abs(value - entry.parameter.value), entry.id).toBeLessThan(1e-3 * error);
      expect(errorStatus).toBe("ok");
    }
    expect(of("calibration B.energy_scale").error).toBeGreaterThan(0);
    expect(of("calibration B.background_norm").errorStatus).toBe("frozen");
  });

  it("is biased without them", () => {
    const biased = fit(data, { components: start.components });
    expect(biased.totalStat - result.totalStat).toBeGreaterThan(10);
  });

  it("writes them into models and covariance", () => {
    expect(result.models.calibration![0]!.parameters[0]).toMatchObject({ error: of("calibration B.area_norm").error });
    const { names, matrix } = result.covariance;
    const i = names.indexOf("calibration B.area_norm");
    const j = names.indexOf("crab.alpha");
    expect(matrix[i * names.length + j]).toBe(matrix[j * names.length + i]);
    expect(matrix[i * names.length + j]).not.toBe(0);
  });

  it("survives YAML, and the covariance its file", () => {
    const text = writeModels(result.models, { covarianceFile: "c.dat" });
    const { models } = readModels(text);
    const { covariance, ...rest } = result.models;
    expect(models).toEqual(rest);
    expect(readCovariance(writeCovariance(models, covariance!), models)).toEqual(covariance);
    const edited = writeModels(updateParameters(models, { "calibration B.area_norm": 1.2 }), { original: text });
    const fresh = edited.split("\n").filter((line) => !text.split("\n").includes(line));
    expect(fresh).toEqual(["        value: 1.2", expect.stringMatching(/^checksum: /)]);
    expect(readModels(edited).models.calibration![0]!.parameters[0]!.value).toBe(1.2);
  });
});

describe("pulls and impacts", () => {
  const nuisances = {
    area_norm: { value: 1, frozen: false, prior: gaussian(1, 0.1) },
    energy_scale: { value: 0, frozen: false, prior: gaussian(0, 0.1) },
  };
  const truth: Models = { components: [source()], calibration: [calibration(["a"], { area_norm: 1.05 }, "A")] };
  const models: Models = { components: [source()], calibration: [calibration(["a"], nuisances, "A")] };
  const joint = compileJoint([asimov(a, truth)], models);
  const result = fitJoint(joint);

  it("a norm that is the source's own is decided by its prior", () => {
    // area_norm and amplitude are one for a single dataset, and so are a power law's energy scale and amplitude: the
    // priors' values and widths come back
    const [area, scale] = pulls(result);
    expect(area!.id).toBe("A.area_norm");
    expect(area!.value).toBeCloseTo(0, 3);
    expect(area!.error).toBeCloseTo(1, 6);
    expect(scale!.error).toBeCloseTo(1, 6);
  });

  it("impact of a norm on the amplitude: in proportion", () => {
    const all = impacts(joint, result);
    expect(all.map((i) => i.message).join("")).toBe("");
    const amplitude = result.parameters.find((p) => p.id === "crab.amplitude")!;
    const found = all.find((i) => i.nuisance === "A.area_norm" && i.parameter === "crab.amplitude")!;
    const area = result.parameters.find((p) => p.id === "A.area_norm")!;
    // amplitude * area_norm is what is measured; the prior ties nothing else to it
    expect(found.up / amplitude.value).toBeCloseTo(area.value / (area.value + area.error) - 1, 4);
    expect(found.down / amplitude.value).toBeCloseTo(area.value / (area.value - area.error) - 1, 4);
    expect(found.linear / amplitude.value).toBeCloseTo(-area.error / area.value, 6);
    // the slope does not depend on the norm: no shift, and not one of rounding
    const slope = all.find(
      (i) => i.nuisance === "A.area_norm" && i.parameter !== "crab.amplitude" && !i.parameter.startsWith("A."),
    )!;
    expect([slope.down, slope.up, slope.linear]).toEqual([0, 0, 0]);
  });

  it("names what is not free", () => {
    expect(() => impacts(joint, result, { nuisances: ["A.background_norm"] })).toThrow(
      /"A\.background_norm" is not free in this fit; free are crab\.amplitude/,
    );
  });
});

describe("bad calibrations", () => {
  const run = (...list: ReturnType<typeof calibration>[]) =>
    fit([asimov(a, { components: [source()] }), asimov(c, { components: [source()] })], {
      components: [source()],
      calibration: list,
    });
  it.each<[ReturnType<typeof calibration>[], RegExp]>([
    [
      [calibration(["a"], {}, "x"), calibration(["a"], {}, "y")],
      /calibration\[1\]\.datasets_names: the dataset "a" is in "x" as well/,
    ],
    [[calibration(["a"], {}, "crab")], /the name "crab" is taken/],
    [[calibration(["aa"])], /and there is no such dataset/],
    [[calibration(["a"], { energy_scale: -1 })], /the value of "energy_scale" is -1; it must be above -1/],
    [[calibration(["a"], { area_norm: 0 })], /must be above 0/],
  ])("case %#", (list, message) => {
    expect(() => run(...list)).toThrow(message);
  });

  it("unknown nuisances have a nearest name", () => {
    expect(() => calibration(["a"], { area_nrm: 1 })).toThrow(
      /there is no parameter "area_nrm"; did you mean "area_norm"\?/,
    );
  });

  it("reading says line and key", () => {
    const yaml = `components: []
calibration:
- datasets_names: [HESS]
  parameters:
  - {name: area_norm, value: -1.0}
  - {name: energy_shift, value: 0.0}
penalties:
- parameters: [a.b]
  mean: [1.0]
`;
    expect(() => readModels(yaml)).toThrow(
      /models\.yaml:6 .*a calibration has no parameter "energy_shift"; did you mean "energy_scale"/,
    );
    expect(() => readModels(yaml)).toThrow(/models\.yaml:5 calibration\[0\]\.area_norm\.value: .*must be above 0/);
    expect(() => readModels(yaml)).toThrow(/models\.yaml:8 penalties\[0\]: the key covariance is missing/);
  });
});
