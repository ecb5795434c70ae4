/** Shapes that differ with energy, and sources of free place and size. */
import { describe, expect, it } from "vitest";
import { compileDataset, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import type { SpatialDeclaration } from "../../src/models/declaration.js";
import { gaussianSpatial } from "../../src/models/spatial/gaussian.js";
import { axisCenters } from "../../src/sky/axis.js";
import { check } from "../datasets/check-derivatives.js";
import { AMPLITUDE, expectNear, held, INDEX, of, source } from "./made-sources.js";
import { energyTrue, placeOf, tiny } from "./tiny.js";

/** A Gaussian whose width is sigma E^-slope. */
function shrinking(slope: number): SpatialDeclaration {
  const scaled = (p: Float64Array, e: number) => p.map((x, i) => (i === 2 ? x * e ** -slope : x));
  return {
    ...gaussianSpatial,
    type: "Shrinking",
    tag: "shrinking",
    energyDependent: true,
    evaluate: (lon, lat, p, e) => gaussianSpatial.evaluate(lon, lat, scaled(p, e!)),
    derivatives(lon, lat, p, g, h, e) {
      const value = gaussianSpatial.derivatives!(lon, lat, scaled(p, e!), g, h);
      const factor = e! ** -slope;
      g[2]! *= factor;
      for (let i = 0; i < 5; i++) {
        h[10 + i]! *= factor;
        h[5 * i + 2]! *= factor;
      }
      return value;
    },
  };
}

describe("a shape that differs with energy", () => {
  const registry = extendRegistry(likelihoodRegistry, { spatial: [shrinking(0.2)] });
  const { lon, lat } = placeOf(2.3, 1.6);
  const shape = (tag: string, sigma: number, ...free: string[]) =>
    held(createSubmodel(tag, { lon_0: lon, lat_0: lat, sigma }, { kind: "spatial", registry }), ...free);
  const FREE = ["lon_0", "lat_0", "sigma"];

  it.each([
    ["without psf and energy dispersion", {}],
    ["with ones that differ from place to place", { psf: [2, 2], edisp: [2, 2] }],
    ["with a psf that does", { psf: [2, 1] }],
    ["with an energy dispersion that does", { edisp: [1, 2] }],
  ] as const)("is that of each true energy, frozen and free, with derivatives: %s", (_, options) => {
    const dataset = tiny(options);
    const expected = new Float64Array(60);
    axisCenters(energyTrue).forEach((e, t) => {
      const data = dataset.exposure!.data.map((x, k) => (Math.floor(k / 30) === t ? x : 0));
      const one = { ...dataset, exposure: { ...dataset.exposure!, data } };
      const model = source({ spatial: shape("gauss", 0.6 * e ** -0.2) });
      npredSignal(one, of(model)).data.forEach((x, k) => {
        expected[k]! += x;
      });
    });
    for (const free of [[], FREE, ["lat_0"]]) {
      const found = npredSignal(dataset, of(source({ spatial: shape("shrinking", 0.6, ...free) })), { registry }).data;
      // so wide that pixels have one sample each; each cut at 5 of its own sigma: 4e-6 beyond
      expectNear(found, expected, 1e-5);
      if (free.length > 0) {
        const all = of(source({ spatial: shape("shrinking", 0.31, ...free) }));
        expect(check(dataset, all, { registry }).term.n).toBe(2 + free.length);
      }
    }
    const beside = held(
      createSubmodel("shrinking", { lon_0: lon, lat_0: lat + 9, sigma: 0.1 }, { kind: "spatial", registry }),
      ...FREE,
    );
    expect(npredSignal(dataset, of(source({ spatial: beside })), { registry }).data.every((x) => x === 0)).toBe(true);
  });

  it("without derivatives of its own has them by differences", () => {
    const { derivatives: _, ...bare } = gaussianSpatial;
    const own = extendRegistry(likelihoodRegistry, { spatial: [{ ...bare, type: "Bare", tag: "bare" }] });
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    const x = Float64Array.of(INDEX, AMPLITUDE, lon, lat, 0.31);
    const [known, found] = ["gauss", "bare"].map((tag) => {
      const spatial = held(
        createSubmodel(tag, { lon_0: lon, lat_0: lat, sigma: 0.3 }, { kind: "spatial", registry: own }),
        ...FREE,
      );
      const { term } = compileDataset(dataset, of(source({ spatial })), { registry: own });
      const [g, h] = [new Float64Array(5), new Float64Array(25)];
      return { value: term.hessian(x, g, h), g, h };
    });
    expect(found!.value / known!.value).toBeCloseTo(1, 12);
    // differences of fourth order leave 1e-9 of a first derivative, and 1e-6 of a second one
    const size = (i: number) => Math.sqrt(Math.abs(known!.h[6 * i]!));
    for (let i = 0; i < 5; i++) {
      expect(Math.abs(found!.g[i]! - known!.g[i]!)).toBeLessThan(1e-6 * size(i));
      for (let j = 0; j < 5; j++) {
        expect(Math.abs(found!.h[5 * i + j]! - known!.h[5 * i + j]!)).toBeLessThan(1e-4 * size(i) * size(j));
      }
    }
  });
});

describe("a source of free place and size", () => {
  it("has exact derivatives by all that a disk with a soft edge has", () => {
    const { lon, lat } = placeOf(2.3, 1.6);
    const spatial = createSubmodel(
      "disk",
      { lon_0: lon, lat_0: lat, r_0: 0.17, e: 0.4, phi: 30, edge_width: 0.3 },
      { kind: "spatial" },
    );
    const all = held(spatial, "lon_0", "lat_0", "r_0", "e", "phi", "edge_width");
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    expect(check(dataset, of(source({ spatial: all }))).term.n).toBe(8);
  });

  it.each([0.02, 0.037])("has exact derivatives, a Gaussian of %s deg, narrower than a pixel", (sigma) => {
    const { lon, lat } = placeOf(2.3, 1.6);
    const spatial = held(
      createSubmodel("gauss", { lon_0: lon, lat_0: lat, sigma }, { kind: "spatial" }),
      "lon_0",
      "lat_0",
      "sigma",
    );
    // its size enters by differences whose rounding, 1e-13 of a slope, is divided by the step of 1e-5
    const precision = { tolerance: 2e-5, positionStep: 2e-4 };
    check(tiny({ psf: [2, 2] }), of(source({ spatial })), { precision });
  });
});
