/** Predicted counts of shapes without derivatives of their own, and of templates whose place is free. */
import { describe, expect, it } from "vitest";
import { compileDataset, simulate } from "../../src/api/datasets.js";
import { fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { BinnedDataset } from "../../src/datasets/types.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { skyModel } from "../../src/models/create.js";
import type { SpatialDeclaration, SpatialEvaluate } from "../../src/models/declaration.js";
import { updateParameters } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import type { Models, Submodel } from "../../src/models/types.js";
import { axisFromNodes } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { nPix } from "../../src/sky/pixels.js";
import type { MapAxis } from "../../src/sky/types.js";
import { at, check, type Values } from "./check-derivatives.js";
import { storedDataset } from "./stored.js";

/** Psf of the first pixel everywhere, as its change with the place is no part of the derivatives. */
function onePsf(dataset: BinnedDataset): BinnedDataset {
  const { map } = dataset.psf!;
  const n = nPix(map.geom);
  const data = map.data.map((_, k) => map.data[Math.floor(k / n) * n]!);
  return { ...dataset, psf: { ...dataset.psf, map: { ...map, data } } };
}
const cube = onePsf(storedDataset("cube"));
const spectral = createSubmodel("pl", { index: 2.1, amplitude: 3e-12 });
const models = (spatial: Submodel): Models => ({ components: [skyModel({ name: "src", spectral, spatial })] });
const free = (all: Models, ...names: string[]) =>
  updateParameters(all, Object.fromEntries(names.map((name) => [`src.${name}`, { frozen: false }])));

/** A registry whose spatial models are sampled, with derivatives of their brightness. */
function onSamples(...more: SpatialDeclaration[]) {
  const spatial = [...standardModels.spatial, ...more].map((declaration) => ({
    ...declaration,
    evaluate: sampled(declaration.evaluate),
  }));
  return { registry: extendRegistry(standardRegistry, { spatial }) };
}

/** The same without derivatives. */
function without(...more: SpatialDeclaration[]) {
  const { registry } = onSamples(...more);
  const spatial = registry.spatial.map(({ derivatives: _, ...declaration }): SpatialDeclaration => declaration);
  return { registry: extendRegistry(registry, { spatial }) };
}

/** A brightness that knows no profiles. */
const sampled = (evaluate: SpatialEvaluate): SpatialEvaluate =>
  Object.assign((...at: Parameters<SpatialEvaluate>) => evaluate(...at), { at: evaluate.at });

const SHAPES: readonly (readonly [string, string, Values, readonly string[]])[] = [
  ["a round Gaussian", "gauss", { sigma: 0.172 }, []],
  ["an elliptical Gaussian, all free", "gauss", { sigma: 0.172, e: 0.6, phi: 40 }, ["e", "phi"]],
  ["a disk with a soft edge", "disk", { r_0: 0.31, edge_width: 0.4 }, ["edge_width"]],
  ["a generalized Gaussian", "gauss-general", { r_0: 0.2, eta: 0.4 }, []],
];

describe("differences in place of derivatives", () => {
  it.each(SHAPES)("of %s", (_, tag, values, more) => {
    const spatial = createSubmodel(tag, { ...at(0.12, -0.07), ...values }, { kind: "spatial" });
    const all = free(models(spatial), ...more);
    const [plain, exact] = [without(), onSamples()].map((options) => compileDataset(cube, all, options).term);
    const { n } = exact!;
    const p = Float64Array.from(compileDataset(cube, all).parameters, (q) => {
      const parameters = [...spectral.parameters, ...(all.components[0] as { spatial: Submodel }).spatial.parameters];
      return parameters[q.entry]!.value * q.factor;
    });
    const [g, h, g0, h0] = [n, n * n, n, n * n].map((m) => new Float64Array(m)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    // one function gives the value alone, the other beside the derivatives: rounding
    expect(Math.abs(plain!.hessian(p, g, h) / exact!.hessian(p, g0, h0) - 1)).toBeLessThan(1e-14);
    const size = (i: number) => Math.sqrt(Math.abs(h0[i * (n + 1)]!));
    for (let i = 0; i < n; i++) {
      // fourth order with steps that move 0.5 % of the brightness; a gradient of `size` is one standard deviation off
      expect(Math.abs(g[i]! - g0[i]!)).toBeLessThan(1e-6 * (size(i) + Math.abs(g0[i]!)));
      for (let j = 0; j < n; j++) {
        expect(Math.abs(h[i * n + j]! - h0[i * n + j]!)).toBeLessThan(1e-5 * size(i) * size(j));
      }
    }
  });

  it("of a shape without a place", () => {
    const slope: SpatialDeclaration = {
      type: "SlopeSpatialModel",
      tag: "slope",
      about: "Brightness that grows with the latitude",
      latex: "1 + a b",
      parameters: { a: { unit: "", value: 0.1, about: "growth for a degree from latitude 22" } },
      global: true,
      evaluate: (_, lat, p) => 100 * Math.exp(p[0]! * (lat - 22)),
      evaluationRadius: () => Number.POSITIVE_INFINITY,
      binSizeMin: () => undefined,
    };
    const options = without(slope);
    check(cube, models(createSubmodel("slope", { a: 0.3 }, options)), options);
  });

  it("fit the same as exact derivatives do", () => {
    const spatial = createSubmodel("GaussianSpatialModel", { ...at(0.1, 0), sigma: 0.2 });
    const bright = { ...cube, exposure: { ...cube.exposure!, data: cube.exposure!.data.map((x) => 20 * x) } };
    const data = simulate(bright as BinnedDataset, models(spatial), 1);
    const [plain, exact] = [without(), {}].map((options) => fit([data], models(spatial), options));
    expect(exact!.success && plain!.success).toBe(true);
    exact!.free.values.forEach((value, i) => {
      const error = exact!.free.errors[i]!;
      expect(Math.abs(plain!.free.values[i]! - value)).toBeLessThan(1e-5 * error);
      expect(plain!.free.errors[i]! / error).toBeCloseTo(1, 5);
    });
  });

  it.each([
    ["ShellSpatialModel", { radius: 0.2, width: 0.1 }],
    ["Shell2SpatialModel", { r_0: 0.3, eta: 0.3 }],
    ["DiskSpatialModel", { r_0: 0.3 }],
  ] as const)("are refused where there is no slope: %s", (type, values) => {
    const all = models(createSubmodel(type, { ...at(0.1, 0), ...values }));
    expect(() => compileDataset(cube, all, without())).toThrow(
      new RegExp(
        `model "src": ${type} has no derivatives.*"lon_0" its brightness changes too abruptly.*; freeze lon_0`,
      ),
    );
  });
});

describe("a template whose place is free", () => {
  const template = (axes: readonly MapAxis[]) => {
    const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
    const geom = wcsGeom({ center, binsz: 0.21, npix: [12, 10], proj: "TAN", axes });
    const n = 120 * axes.reduce((k, axis) => k * axis.nodes.length, 1);
    const data = Float64Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(i) + 0.2 * Math.cos(i / 12));
    const values = { lon_0: { value: 83.66, frozen: false }, lat_0: { value: 22.02, frozen: false } };
    return createSubmodel("TemplateSpatialModel", values, { resources: { map: { geom, unit: "", data } } });
  };
  const energies = axisFromNodes([0.5, 3, 20], { name: "energy_true", unit: "TeV", interp: "log" });
  it.each([
    ["an image", []],
    ["a cube", [energies]],
  ] as const)("%s", (_, axes) => {
    expect(check(cube, models(template(axes))).term.n).toBe(4);
  });
});
