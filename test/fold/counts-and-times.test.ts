/** Models of counts, and sources that change with time, against sums by hand. */
import { describe, expect, it } from "vitest";
import { compileDataset, npred, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { gaussianTemporal } from "../../src/models/temporal/gaussian.js";
import type { Model } from "../../src/models/types.js";
import { axisCenters } from "../../src/sky/axis.js";
import { check } from "../datasets/check-derivatives.js";
import { AMPLITUDE, byHand, expectNear, held, INDEX, of, point, source } from "./made-sources.js";
import { energy, image, tiny } from "./tiny.js";

describe("models of counts", () => {
  const dataset = tiny();
  const counts = (unit: string, length = 60): Model => ({
    type: "TemplateNPredModel",
    name: "map",
    spectral: createSubmodel("pl-norm", { norm: 3, tilt: 0.5 }, { kind: "spectral" }),
    resources: {
      map: { geom: image(energy), unit, data: Float64Array.from({ length }, (_, k) => 1 + (k % 7)) },
    },
  });

  it("are a map times a factor at the centre of each energy", () => {
    const centers = axisCenters(energy);
    const expected = Array.from({ length: 60 }, (_, k) => 3 * (1 + (k % 7)) * centers[Math.floor(k / 30)]! ** -0.5);
    expectNear(npredSignal(dataset, of(counts(""))).data, expected, 1e-14);
    check(dataset, of(counts("")));
  });

  it("are refused where they do not fit", () => {
    expect(() => npred(dataset, of(counts("", 30)))).toThrow(
      'model "map": its map holds 30 bins, dataset "tiny" has 60; give the map on the dataset\'s geometry',
    );
    expect(() => npred(dataset, of(counts("cm2")))).toThrow(/model "map", map of counts/);
    const background = fovBackground("tiny");
    expect(() => npred(dataset, of(background, background))).toThrow(
      'dataset "tiny": two background models, "tiny-bkg" and another; leave one',
    );
    const { background: _, ...bare } = dataset;
    expect(() => npred(bare, of(background))).toThrow(
      'dataset "tiny": model "tiny-bkg" scales its background, but the dataset has none; add a background map or remove the model',
    );
    const { exposure: __, ...blind } = dataset;
    expect(() => npred(blind, of(source()))).toThrow(
      'dataset "tiny": no exposure, so model "src" cannot be folded; add an exposure map to the dataset',
    );
    expect(() => npred(dataset, of(source({ applyIrf: { exposure: false, psf: true, edisp: true } })))).toThrow(
      'model "src": found apply_irf with exposure: false, expected true: fluxes (cm-2 s-1 TeV-1) without an exposure are no counts',
    );
    const { spatial: ___, ...nowhere } = source();
    expect(() => npred(dataset, of(nowhere))).toThrow(
      'model "src" on dataset "tiny": found no spatial model, expected one, as the dataset has 6 x 5 pixels',
    );
  });

  it("are folded without parts of the instrument on request", () => {
    const full = tiny({ psf: [2, 2], edisp: [2, 2] });
    for (const [psf, edisp] of [
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const { psf: p, edisp: e, ...bare } = full;
      const less = { ...bare, ...(psf && { psf: p! }), ...(edisp && { edisp: e! }) };
      for (const free of [[], ["lon_0", "lat_0"]]) {
        const model = source({ spatial: held(point(), ...free), applyIrf: { exposure: true, psf, edisp } });
        expectNear(npredSignal(full, of(model)).data, byHand(less), 1e-12);
      }
    }
  });
});

describe("a source that changes with time", () => {
  // 0 to 0.5 days, nothing, 1 to 2.5 days after MJD 55000: 2 days, whose mean is (0.5 0.25 + 1.5 1.75) / 2 = 1.375
  const gti = {
    start: Float64Array.of(0, 43200, 86400),
    stop: Float64Array.of(43200, 43200, 2.5 * 86400),
    reference: 55000,
    timeScale: "tt",
  };
  const dataset = { ...tiny(), gti };
  const linear = (scale: string, ...free: string[]) => ({
    ...held(createSubmodel("linear", { alpha: 40, beta: 3, t_ref: 54999 }, { kind: "temporal" }), ...free),
    ...(scale !== "" && { extra: { scale } }),
  });

  it.each([
    ["tt", 0],
    ["tai", -32.184],
    // 24 leap seconds since 1972 and 10 before
    ["utc", -32.184 - 34],
    ["", -32.184 - 34],
  ])("has the mean over the good times, of a model in %s", (scale, seconds) => {
    // days since MJD 0 have eleven digits behind the point
    const expected = 40 + 3 * (1 + 1.375 + seconds / 86400);
    const frozen = npredSignal(dataset, of(source({ temporal: linear(scale) }))).data;
    expectNear(
      frozen,
      byHand(dataset, () => expected),
      1e-11,
    );
    const free = npredSignal(dataset, of(source({ temporal: linear(scale, "alpha", "beta") }))).data;
    expectNear(
      free,
      byHand(dataset, () => expected),
      1e-11,
    );
  });

  it("has exact derivatives, and those by differences of a model that has none", () => {
    const all = [["alpha"], ["beta", "t_ref"], ["alpha", "beta", "t_ref"]];
    for (const free of all) {
      const n = free.length + 2;
      expect(check(dataset, of(source({ temporal: linear("tt", ...free) }))).term.n).toBe(n);
    }
    const { derivatives: _, ...bare } = gaussianTemporal;
    const registry = extendRegistry(likelihoodRegistry, { temporal: [{ ...bare, type: "Pulse", tag: "pulse" }] });
    const pulse = (tag: string) =>
      held(
        createSubmodel(tag, { t_ref: 55001, sigma: { value: 2, unit: "d" } }, { kind: "temporal", registry }),
        "t_ref",
        "sigma",
      );
    const [known, found] = ["gauss", "pulse"].map((tag) => {
      const { term } = compileDataset(dataset, of(source({ temporal: pulse(tag) })), { registry });
      const [g, h] = [new Float64Array(4), new Float64Array(16)];
      const x = Float64Array.of(INDEX, AMPLITUDE, 55001, 2);
      return [term.hessian(x, g, h), ...g, ...h];
    });
    known!.forEach((x, i) => {
      // extrapolated differences are good to 1e-7
      expect(Math.abs(found![i]! - x)).toBeLessThanOrEqual(1e-6 * Math.abs(x) + 1e-6);
    });
  });

  it("is one without its times, and refused where there are none", () => {
    const { gti: _, ...timeless } = dataset;
    for (const one of [timeless, { ...dataset, gti: { ...gti, start: gti.start.slice(3), stop: gti.stop.slice(3) } }]) {
      expect(() => npredSignal(one, of(source({ temporal: linear("tt") })))).toThrow(
        'dataset "tiny" and model "src": the source changes with time (LinearTemporalModel), but the dataset has no good time intervals (GTI); give it some, or take the temporal model away',
      );
      const constant = createSubmodel("const", {}, { kind: "temporal" });
      expectNear(npredSignal(one, of(source({ temporal: constant }))).data, byHand(dataset), 1e-12);
    }
  });
});
