import { describe, expect, it } from "vitest";
import { type CompiledTerm, compileDataset, type FluxPointsDataset } from "../../src/datasets/index.js";
import type { BinnedDataset } from "../../src/datasets/masks.js";
import type { Dataset } from "../../src/datasets/types.js";
import {
  allParameters,
  createSubmodel,
  fovBackground,
  type Model,
  type Models,
  type ParameterInput,
  skyModel,
  standardModels,
  updateParameters,
} from "../../src/models/index.js";
import { slowStat } from "./slow-stat.js";
import { storedDataset } from "./stored.js";

type Values = Readonly<Record<string, ParameterInput>>;

/** All parameters free but those that their declaration or `frozen` freezes. */
function models(...components: Model[]): Models {
  return { components };
}

function free(all: Models, ...ids: string[]): Models {
  return updateParameters(all, Object.fromEntries(ids.map((id) => [id, { frozen: false }])));
}

function frozen(all: Models, ...ids: string[]): Models {
  return updateParameters(all, Object.fromEntries(ids.map((id) => [id, { frozen: true }])));
}

const source = (name: string, spectral: [string, Values], spatial?: [string, Values]): Model =>
  skyModel({
    name,
    spectral: createSubmodel(spectral[0], spectral[1], { kind: "spectral" }),
    ...(spatial && { spatial: createSubmodel(spatial[0], spatial[1], { kind: "spatial" }) }),
  });

/** Psf of the first spatial pixel everywhere: how the psf changes with the place is not part of the derivatives. */
function onePsf(dataset: BinnedDataset): BinnedDataset {
  const { map } = dataset.psf!;
  const n = map.geom.npix[0] * map.geom.npix[1];
  const data = map.data.map((_, k) => map.data[Math.floor(k / n) * n]!);
  return { ...dataset, psf: { ...dataset.psf, map: { ...map, data } } };
}

/** Step of the differences: small against the scales of the models, and against what lies between kinks (clipping, spline knots, energy nodes). */
function step(id: string, value: number): number {
  const name = id.split(".").at(-1)!;
  if (name === "lon_0" || name === "lat_0") return 4e-5;
  return name === "phi" ? 1e-2 : 1e-5 * (Math.abs(value) || 1);
}

/** Value and gradient of a term, differentiated along parameter a: 6th order central differences [1 + n]. */
function differences(term: CompiledTerm["term"], p0: Float64Array, a: number, h: number): Float64Array {
  const out = new Float64Array(1 + term.n);
  const g = new Float64Array(term.n);
  [1, -1, 2, -2, 3, -3].forEach((k) => {
    const p = p0.slice();
    p[a]! += k * h;
    const weight = (Math.sign(k) * [45, -9, 1][Math.abs(k) - 1]!) / (60 * h);
    out[0]! += weight * term.gradient(p, g);
    for (let b = 0; b < term.n; b++) out[1 + b]! += weight * g[b]!;
  });
  return out;
}

function check(dataset: Dataset, all: Models): CompiledTerm {
  const compiled = compileDataset(dataset, all);
  const { term, parameters } = compiled;
  const entries = allParameters(all);
  const n = term.n;
  const ids = parameters.map((p) => entries[p.entry]!.id);
  const p0 = Float64Array.from(parameters, (p) => entries[p.entry]!.parameter.value * p.factor);
  expect(n).toBe(parameters.length);
  const value = term.value(p0);
  const g = new Float64Array(n);
  const g2 = new Float64Array(n);
  const h = new Float64Array(n * n);
  expect(term.gradient(p0, g) / value).toBeCloseTo(1, 12);
  expect(term.hessian(p0, g2, h) / value).toBeCloseTo(1, 12);
  // a gradient of this size changes the statistic by about one within one standard deviation
  const size = Float64Array.from({ length: n }, (_, a) => Math.sqrt(Math.abs(h[a * n + a]!)));
  for (let a = 0; a < n; a++) {
    const width = step(ids[a]!, p0[a]!);
    const d = differences(term, p0, a, width);
    // rounding of a statistic of this size, divided by the step
    const noise = (1e-14 * Math.abs(value)) / width;
    const first = `d/d ${ids[a]}: ${g[a]}, differences ${d[0]}`;
    expect(Math.abs(g[a]! - d[0]!), first).toBeLessThan(1e-6 * (Math.abs(g[a]!) + size[a]!) + 10 * noise);
    expect(Math.abs(g2[a]! - g[a]!)).toBeLessThan(1e-10 * (Math.abs(g[a]!) + size[a]!));
    for (let b = 0; b < n; b++) {
      const second = `d2/d ${ids[a]} d ${ids[b]}: ${h[a * n + b]}, differences ${d[1 + b]}`;
      expect(Math.abs(h[a * n + b]! - d[1 + b]!), second).toBeLessThan(1e-6 * size[a]! * size[b]!);
      expect(h[a * n + b]).toBe(h[b * n + a]);
    }
  }
  return compiled;
}

const at = (dlon: number, dlat: number): Values => ({
  lon_0: 83.63 + dlon / Math.cos((22.01 * Math.PI) / 180),
  lat_0: 22.01 + dlat,
});
const spectrum: [string, Values] = ["pl", { index: 2.1, amplitude: 3e-12 }];
const atSlow = (dataset: BinnedDataset, all: Models) => {
  const { term, parameters } = compileDataset(dataset, all);
  const entries = allParameters(all);
  const p = Float64Array.from(parameters, (q) => entries[q.entry]!.parameter.value * q.factor);
  // rounding of sums over a thousand bins
  expect(term.value(p) / slowStat(dataset, all)).toBeCloseTo(1, 11);
};

describe("derivatives of maps", () => {
  const cube = storedDataset("cube");
  const smooth = onePsf(cube);
  const tilted = free(
    models(fovBackground("cube", createSubmodel("pl-norm", { norm: 1.2, tilt: 0.1 }))),
    "cube-bkg.tilt",
  ).components[0]!;
  const point = source("src", spectrum, ["point", at(0.13, -0.08)]);
  const fixed = frozen(models(point, tilted), "src.lon_0", "src.lat_0");

  it("fixed point and tilted background", () => {
    expect(check(cube, fixed).term.n).toBe(4);
    atSlow(cube, fixed);
  });
  it("moving point", () => {
    expect(check(cube, models(point, tilted)).term.n).toBe(6);
    atSlow(cube, models(point, tilted));
  });
  it("point with one free coordinate", () => {
    check(cube, frozen(models(point), "src.lon_0"));
    check(cube, frozen(models(point), "src.lat_0"));
  });
  it("gaussian", () => {
    const all = models(source("src", spectrum, ["gauss", { sigma: 0.172, ...at(0.12, -0.07) }]), tilted);
    check(smooth, all);
    atSlow(smooth, all);
  });
  it("gaussian with a psf that differs from place to place", () => {
    check(cube, models(source("src", spectrum, ["gauss", { sigma: 0.172, ...at(0.12, -0.07) }]), tilted));
  });
  it("elliptical gaussian with all parameters free", () => {
    const all = models(source("src", spectrum, ["gauss", { sigma: 0.172, e: 0.6, phi: 40, ...at(0.12, -0.07) }]));
    expect(check(smooth, free(all, "src.e", "src.phi")).term.n).toBe(7);
  });
  it("disk", () => {
    const all = models(source("src", spectrum, ["disk", { r_0: 0.31, edge_width: 0.3, ...at(0.12, -0.07) }]));
    check(smooth, free(all, "src.edge_width"));
    atSlow(smooth, all);
  });
  it("two overlapping sources", () => {
    const other = source(
      "other",
      ["lp", { amplitude: 4e-12, alpha: 2, beta: 0.2, reference: 1 }],
      ["gauss", { sigma: 0.14, ...at(0.03, 0.12) }],
    );
    const all = models(point, other, tilted);
    check(smooth, all);
    atSlow(smooth, all);
  });
  it("icrs source on a galactic map with a migration map", () => {
    const all = models(source("src", spectrum, ["point", { lon_0: 83.7, lat_0: 22.11 }]));
    check(storedDataset("galactic"), all);
  });
  it("negative sources, whose counts are clipped", () => {
    for (const amplitude of [-2e-13, -3e-12]) {
      const all = updateParameters(fixed, { "src.amplitude": amplitude });
      check(cube, all);
      atSlow(cube, all);
    }
  });
  it("a negative and a positive source", () => {
    const all = frozen(
      models(
        point,
        source("minus", ["pl", { index: 2.1, amplitude: -1e-12 }], ["gauss", { sigma: 0.2, ...at(0.1, 0) }]),
        tilted,
      ),
      ...["src", "minus"].flatMap((name) => [`${name}.lon_0`, `${name}.lat_0`]),
    );
    check(cube, frozen(all, "minus.sigma"));
    atSlow(cube, all);
  });
});

describe("derivatives of every spectral model", () => {
  const bare = storedDataset("bare");
  const values: Record<string, Values> = {
    "pl-2": { amplitude: 4e-12, index: 2.4 },
    bpl: { index1: 1.5, index2: 2.8, ebreak: 3.1 },
    "secpl-4fgl": { expfactor: 2e-4, index_1: 1.8, index_2: 0.6 },
    "secpl-4fgl-dr3": { expfactor: 0.4, index_1: 1.8, index_2: 0.4 },
    "secpl-3fgl": { ecut: 4, index_1: 1.8, index_2: 0.7 },
    const: { const: 3e-13 },
    gauss: { mean: 3, sigma: 0.8 },
    sbpl: { index1: 1.5, index2: 2.8, ebreak: 3 },
  };
  const shapes = standardModels.spectral.filter((d) => d.isNorm !== true);
  it.each(shapes.map((d) => [d.tag]))("%s", (tag) => {
    const one = source("src", [tag, values[tag] ?? {}], ["point", at(0.04, 0.03)]);
    check(bare, frozen(models(one), "src.lon_0", "src.lat_0"));
  });
  const norms = standardModels.spectral.filter((d) => d.isNorm === true);
  it.each(norms.map((d) => [d.tag]))("background %s", (tag) => {
    check(bare, models(fovBackground("bare", createSubmodel(tag, {}, { kind: "spectral" }))));
  });
});

describe("derivatives of spectra", () => {
  it("wstat with bins without OFF counts", () => {
    const all = models(source("src", ["lp", { amplitude: 2e-12, alpha: 2, beta: 0.1, reference: 1 }]));
    const onoff = storedDataset("onoff");
    check(onoff, all);
    atSlow(onoff, all);
  });
  it("a circle with psf containment", () => {
    const all = models(source("src", spectrum, ["point", at(0, 0)]));
    check(storedDataset("spectrum"), frozen(all, "src.lon_0", "src.lat_0"));
  });
});

describe("derivatives of flux points", () => {
  const ones = Float64Array.of(1, 1, 1, 1);
  const dnde = Float64Array.of(9e-12, 2e-12, 4e-13, 1e-13);
  const dataset = (statistic: FluxPointsDataset["statistic"]): FluxPointsDataset => ({
    type: "FluxPointsDataset",
    name: "points",
    statistic,
    points: {
      energy: { name: "energy", unit: "TeV", interp: "log", nodeType: "center", nodes: Float64Array.of(0.5, 1, 2, 4) },
      sedType: "dnde",
      reference: { dnde, flux: ones, eflux: ones, e2dnde: ones },
      norm: Float64Array.of(1, 1.1, 0.9, 0.4),
      normErr: Float64Array.of(0.1, 0.1, 0.2, 0.4),
      normErrn: Float64Array.of(0.09, 0.1, 0.18, Number.NaN),
      normErrp: Float64Array.of(0.12, 0.13, 0.25, Number.NaN),
      normUl: Float64Array.of(1.3, 1.4, 1.5, 1.2),
      isUlStored: Uint8Array.of(0, 0, 0, 1),
      stat: Float64Array.of(1, 2, 3, 4),
      normScan: Float64Array.from([0.5, 1, 1.5, 2, 3, 0.4, 1, 1.6, 2, 3, 0.4, 0.9, 1.5, 2, 3, 0.1, 0.4, 1.5, 2, 3]),
      statScan: Float64Array.from([26, 1, 24, 80, 300, 40, 2.5, 20, 60, 250, 9, 3, 11, 30, 90, 4.5, 4, 10, 18, 40]),
    },
  });
  it.each(["chi2", "distrib", "profile"] as const)("%s", (statistic) => {
    const all = models(source("src", ["lp", { amplitude: 2.3e-12, alpha: 2.2, beta: 0.1, reference: 1 }]));
    check(dataset(statistic), all);
  });
});
