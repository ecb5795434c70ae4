import { describe, expect, it } from "vitest";
import { createSubmodel, fovBackground, validateModels } from "../../src/api/models.js";
import { SpecError } from "../../src/errors.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { covarianceOf, withCovariance } from "../../src/models/covariance.js";
import { skyModel } from "../../src/models/create.js";
import { declarationOf } from "../../src/models/lookup.js";
import {
  allParameters,
  findParameter,
  parameterVector,
  unitFactors,
  updateParameters,
} from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import type { Model, Models } from "../../src/models/types.js";

const crab = skyModel({
  name: "Crab Nebula",
  spectral: createSubmodel("lp", {
    amplitude: "3.8e-14 cm-2 s-1 GeV-1",
    reference: "50 GeV",
    beta: { value: 0.1, error: 0.02 },
  }),
  spatial: createSubmodel("GaussianSpatialModel", {
    lon_0: 83.63,
    lat_0: { value: 22.01, frozen: true },
    sigma: "3 arcmin",
  }),
});
const models: Models = { components: [crab, fovBackground("Fermi-LAT")] };

describe("createSubmodel", () => {
  it("takes numbers, texts with units and fields, and keeps the user's unit", () => {
    const [amplitude, reference, alpha, beta] = crab.spectral.parameters;
    expect(amplitude).toMatchObject({ value: 3.8e-14, unit: "cm-2 s-1 GeV-1", frozen: false });
    expect(reference).toMatchObject({ value: 50, unit: "GeV", frozen: true });
    expect(alpha).toMatchObject({ value: 2, error: 0 });
    expect(beta).toMatchObject({ value: 0.1, error: 0.02 });
    expect(crab.spatial!.frame).toBe("icrs");
  });

  it("gives the vector in internal units", () => {
    const p = parameterVector(crab.spectral, declarationOf(crab.spectral, "spectral", standardModels));
    expect(p[0]).toBeCloseTo(3.8e-11, 24);
    expect(p[1]).toBeCloseTo(0.05, 15);
    const gaussian = declarationOf(crab.spatial!, "spatial", standardModels);
    expect(unitFactors(crab.spatial!, gaussian)[2]).toBeCloseTo(1 / 60, 15);
    expect(parameterVector(crab.spatial!, gaussian)[2]).toBeCloseTo(0.05, 15);
  });

  it("keeps limits in the parameter's unit, and converts the declared ones", () => {
    const disk = createSubmodel("disk", { r_0: { value: "30 arcmin", max: "1 deg" }, lat_0: "0.1 rad" });
    expect(disk.parameters[2]).toMatchObject({ value: 30, unit: "arcmin", min: 0, max: 60 });
    expect(disk.parameters[1]!.max).toBeCloseTo(Math.PI / 2, 12);
    expect(createSubmodel("lp", { alpha: { min: 1, max: 3 } }).parameters[2]).toMatchObject({
      value: 2,
      min: 1,
      max: 3,
    });
  });

  it("refuses unknown names, wrong units and ambiguous tags", () => {
    expect(() => createSubmodel("PowerLaw")).toThrow('did you mean "PowerLawSpectralModel"');
    expect(() => createSubmodel("pl", { indx: 2 })).toThrow('there is no parameter "indx"; did you mean "index"?');
    expect(() => createSubmodel("pl", { reference: "1 deg" })).toThrow("TeV");
    expect(() => createSubmodel("gauss")).toThrow("spectral or a spatial or a temporal");
    expect(createSubmodel("gauss", {}, { kind: "spatial" }).type).toBe("GaussianSpatialModel");
    expect(() => skyModel({ name: "", spectral: crab.spectral })).toThrow(SpecError);
  });
});

describe("declarationOf", () => {
  it("finds by type and tag, and says what is near", () => {
    expect(declarationOf("ecpl", "spectral", standardModels).type).toBe("ExpCutoffPowerLawSpectralModel");
    expect(declarationOf(crab.spectral, "spectral", standardModels).tag).toBe("lp");
    expect(() => declarationOf("PowerLaw", "spectral", standardModels)).toThrow(
      'unknown type "PowerLaw"; did you mean "PowerLawSpectralModel"?',
    );
    expect(() => declarationOf("PointSpatialModel", "spectral", standardModels)).toThrow("it is a spatial model");
  });

  it("takes declarations of one's own", () => {
    const mine = { ...standardModels.spectral[0]!, type: "MySpectralModel", tag: "my" };
    const registry = extendRegistry(standardRegistry, { spectral: [mine] });
    expect(createSubmodel("my", { index: 3 }, { registry }).type).toBe("MySpectralModel");
  });
});

describe("parameters by name", () => {
  it("lists all in model order", () => {
    const ids = allParameters(models).map((entry) => entry.id);
    expect(ids.slice(0, 6)).toEqual([
      "Crab Nebula.amplitude",
      "Crab Nebula.reference",
      "Crab Nebula.alpha",
      "Crab Nebula.beta",
      "Crab Nebula.lon_0",
      "Crab Nebula.lat_0",
    ]);
    expect(ids.at(-2)).toBe("Fermi-LAT-bkg.norm");
  });

  it("tells apart two of one name in a model", () => {
    const line = skyModel({
      name: "line",
      spectral: createSubmodel("GaussianSpectralModel"),
      spatial: createSubmodel("GaussianSpatialModel"),
    });
    const entries = allParameters([line]);
    expect(entries.map((entry) => entry.id)).toContain("line.spectral.sigma");
    expect(findParameter(entries, "line.spatial.lon_0").id).toBe("line.lon_0");
    expect(() => findParameter(entries, "line.sigma")).toThrow('write "line.spectral.sigma" or "line.spatial.sigma"');
    expect(() => findParameter(entries, "line.lonn_0")).toThrow('did you mean "line.lon_0"');
  });

  it("changes without touching the original, linked ones together", () => {
    const link = (model: Model) => ({
      ...model,
      spectral: {
        ...model.spectral,
        parameters: model.spectral.parameters.map((p) => (p.name === "reference" ? { ...p, link: "ref" } : p)),
      },
    });
    const linked: Models = { components: [link(crab), link(skyModel({ name: "b", spectral: createSubmodel("pl") }))] };
    const next = updateParameters(linked, {
      "Crab Nebula.reference": 200,
      "b.index": { value: 3, frozen: true, error: 0.1 },
    });
    expect(next.components[1]!.spectral.parameters[2]).toMatchObject({ value: 0.2, unit: "TeV" });
    expect(next.components[1]!.spectral.parameters[0]).toMatchObject({ value: 3, frozen: true, error: 0.1 });
    expect(linked.components[1]!.spectral.parameters[0]!.value).toBe(2);
    expect(() => updateParameters(models, { "Crab Nebula.alhpa": 1 })).toThrow('did you mean "Crab Nebula.alpha"');
  });
});

describe("covariance", () => {
  it("gives errors, and comes from errors where there is none", () => {
    const diagonal = covarianceOf(models);
    const n = diagonal.names.length;
    expect(diagonal.matrix[3 * n + 3]).toBe(0.02 ** 2);
    const matrix = diagonal.matrix.slice();
    matrix[2 * n + 2] = 0.09;
    const fitted = withCovariance(models, { names: diagonal.names, matrix });
    expect(fitted.components[0]!.spectral.parameters.map((p) => p.error)).toEqual([0, 0, 0.3, 0.02]);
    expect(covarianceOf(fitted).matrix).toBe(matrix);
    const pl = createSubmodel("pl", { index: { link: "G" } });
    const twins = { components: [skyModel({ name: "a", spectral: pl }), skyModel({ name: "b", spectral: pl })] };
    const zero = covarianceOf(twins);
    zero.matrix[0] = 0.04;
    const linked = withCovariance(twins, zero);
    expect(linked.components.map((m) => m.spectral.parameters[0]!.error)).toEqual([0.2, 0.2]);
    expect(() => withCovariance({ components: [crab] }, diagonal)).toThrow("take the covariance of these models");
  });
});

describe("validateModels", () => {
  const change = (model: Model, name: string, fields: object): Model => ({
    ...model,
    spectral: {
      ...model.spectral,
      parameters: model.spectral.parameters.map((p) => (p.name === name ? { ...p, ...fields } : p)),
    },
  });
  const messages = (...components: Model[]) =>
    validateModels(components).map((p) => `${p.path.join(".")}: ${p.message}`);

  it("finds nothing in good models", () => {
    expect(validateModels(models, { datasets: ["Fermi-LAT"] })).toEqual([]);
  });

  it("names every problem", () => {
    const found = messages(
      change(crab, "alpha", { value: Number.NaN }),
      change(crab, "beta", { value: 5, max: 1 }),
      change({ ...crab, name: "c" }, "reference", { unit: "deg" }),
      change({ ...crab, name: "d" }, "alpha", { name: "alhpa" }),
      change({ ...crab, name: "e" }, "alpha", { link: "nowhere" }),
      change({ ...crab, name: "f" }, "alpha", { expression: "2 * d.beta" }),
      change({ ...crab, name: "g" }, "alpha", { min: 3, max: 1 }),
      change({ ...crab, name: "h" }, "alpha", { prior: { type: "GaussPrior", weight: 1, parameters: [] } }),
      { ...crab, name: "i", spectral: { ...crab.spectral, type: "LogParabola" } },
      fovBackground("x"),
      fovBackground("x"),
      fovBackground("y", createSubmodel("pl")),
      skyModel({ name: "j", spectral: createSubmodel("pl-norm") }),
    ).join("\n");
    expect(found).toContain('0.spectral.alpha.value: the value of "alpha" is NaN');
    expect(found).toContain('1.name: the name "Crab Nebula" is taken by components[0]');
    expect(found).toContain('1.spectral.beta.value: the value 5 of "beta" is outside its limits [none, 1]');
    expect(found).toContain('2.spectral.reference.unit: found the unit "deg"');
    expect(found).toContain('has no parameter "alhpa"; did you mean "alpha"?');
    expect(found).toContain('"e.alpha" is linked by "nowhere", and nothing else bears that label');
    expect(found).toContain('follows the expression "2 * d.beta" and is free');
    expect(found).toContain('the limits of "alpha" are crossed');
    expect(found).toContain('unknown type "GaussPrior"; did you mean "GaussianPrior"?');
    expect(found).toContain('unknown type "LogParabola"; did you mean "LogParabolaSpectralModel"?');
    expect(found).toContain("PowerLawNormSpectralModel is a factor, a SkyModel needs a flux");
    expect(found).toContain("PowerLawSpectralModel is a flux, a FoVBackgroundModel needs a factor");
    expect(found).toContain('the dataset "x" already has a background model');
  });

  it("names a unit that cannot be read, of linked parameters too", () => {
    const bad = change(crab, "reference", { link: "e0", unit: "qux q" });
    const found = messages(bad, change({ ...crab, name: "b" }, "reference", { link: "e0" }));
    expect(found.join("\n")).toContain('0.spectral.reference.unit: unit: cannot read the unit "qux q"');
  });

  it("knows which datasets there are", () => {
    const found = validateModels(models, { datasets: ["FermiLAT"] });
    expect(found.map((p) => p.message).join()).toContain('did you mean "FermiLAT"?');
  });
});
