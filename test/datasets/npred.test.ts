import { describe, expect, it } from "vitest";
import { npred, npredBackground, npredSignal } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import { fitMask } from "../../src/datasets/facets.js";
import type { MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import { updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { byGammapysRule } from "./gammapys-rule.js";
import { asGammapy } from "./oracle.js";
import { slowNpred } from "./slow-npred.js";
import { storedDataset } from "./stored.js";

const cube = storedDataset<MapDataset>("cube");
const lp = createSubmodel("lp", { amplitude: 4e-12, alpha: 2, beta: 0.2, reference: 1 });
const at = { lon_0: 83.77, lat_0: 21.93 };
const point: Models = {
  components: [skyModel({ name: "src", spectral: lp, spatial: createSubmodel("point", at, { kind: "spatial" }) })],
};
const gaussian: Models = {
  components: [
    skyModel({
      name: "src",
      spectral: lp,
      spatial: createSubmodel("gauss", { sigma: 0.08, ...at }, { kind: "spatial" }),
    }),
  ],
};

describe("npred", () => {
  it.each([
    // fluxes of log-linear spectra come from a quadrature that is held to 1e-8 of the trapezoid
    ["point", point, 1e-8],
    // Gammapy's cutout loses what lies beyond 5 sigma: exp(-12.5)
    ["gaussian", gaussian, 1e-5],
  ] as const)("of a %s source is the sum written from the formulas", (_, models, tolerance) => {
    const fast = npredSignal(cube, models, { ...asGammapy, ...byGammapysRule() }).data;
    const slow = slowNpred(cube, models);
    const peak = Math.max(...slow);
    const worst = fast.reduce((max, x, i) => Math.max(max, Math.abs(x - slow[i]!)), 0);
    expect(worst / peak).toBeLessThan(tolerance);
    expect(peak).toBeGreaterThan(1);
  });

  it("is the sum of its parts where nothing is clipped", () => {
    const models: Models = { components: [...point.components, fovBackground("cube")] };
    const total = npred(cube, models).data;
    const signal = npred(cube, models, { model: "src" }).data;
    const background = npred(cube, models, { model: "cube-bkg" }).data;
    total.forEach((x, i) => {
      expect(x).toBeCloseTo(signal[i]! + background[i]!, 12);
    });
    expect(background).toEqual(npredBackground(cube, models).data);
  });

  it("clips negative totals only", () => {
    const negative = updateParameters(point, { "src.amplitude": -4e-11 });
    expect(Math.min(...npredSignal(cube, negative).data)).toBeLessThan(0);
    expect(Math.min(...npred(cube, negative).data)).toBe(0);
  });

  it.each([
    [cube, 4e-12],
    [cube, -4e-11],
    [storedDataset<OnOffDataset>("onoff"), 4e-12],
  ] as const)("has the total of a compiled term as its sum over the bins in the fit", (dataset, amplitude) => {
    const models = updateParameters(point, { "src.amplitude": amplitude });
    const joint = compileJoint([dataset], models);
    const { data: predicted } = npred(dataset, models);
    const expected = fitMask(dataset).reduce((sum, used, i) => sum + used * predicted[i]!, 0);
    expect(expected).toBeGreaterThan(10);
    // the same sums in another order
    expect(Math.abs(joint.predict(joint.start)[0]!.total / expected - 1)).toBeLessThan(1e-12);
  });

  it("leaves out models of other datasets and names unknown ones", () => {
    const other: Models = { components: [{ ...point.components[0]!, datasetsNames: ["other"] } as never] };
    expect(npred(cube, other, { model: "src" }).data.every((x) => x === 0)).toBe(true);
    expect(() => npred(cube, point, { model: "scr" })).toThrow(/no model "scr".*src/);
  });

  it("needs an exposure for sources only", () => {
    const { exposure: _, ...blind } = cube;
    expect(npred(blind, { components: [] }).data).toEqual(cube.background!.data);
    expect(() => npred(blind, point)).toThrow(/no exposure.*"src"/);
  });

  it("adds the profiled background to ON/OFF data", () => {
    const onoff = storedDataset<OnOffDataset>("onoff");
    const models: Models = { components: [skyModel({ name: "src", spectral: lp })] };
    const total = npred(onoff, models).data;
    const signal = npredSignal(onoff, models).data;
    const background = npredBackground(onoff, models).data;
    total.forEach((x, i) => {
      expect(x).toBeCloseTo(signal[i]! + background[i]!, 12);
    });
  });
});
