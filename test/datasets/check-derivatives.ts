import { expect } from "vitest";
import type { ContextOptions } from "../../src/api/context.js";
import { compileDataset } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { BinnedDataset, Dataset } from "../../src/datasets/types.js";
import type { CompiledTerm } from "../../src/likelihood/types.js";
import { type ParameterInput, skyModel } from "../../src/models/create.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Model, Models } from "../../src/models/types.js";
import { slowStat } from "./slow-stat.js";

export type Values = Readonly<Record<string, ParameterInput>>;

/** All parameters free but those that their declaration or `frozen` freezes. */
export function models(...components: Model[]): Models {
  return { components };
}

export function free(all: Models, ...ids: string[]): Models {
  return updateParameters(all, Object.fromEntries(ids.map((id) => [id, { frozen: false }])));
}

export function frozen(all: Models, ...ids: string[]): Models {
  return updateParameters(all, Object.fromEntries(ids.map((id) => [id, { frozen: true }])));
}

export const source = (name: string, spectral: [string, Values], spatial?: [string, Values]): Model =>
  skyModel({
    name,
    spectral: createSubmodel(spectral[0], spectral[1], { kind: "spectral" }),
    ...(spatial && { spatial: createSubmodel(spatial[0], spatial[1], { kind: "spatial" }) }),
  });

/** Step of the differences: small against the scales of the models, and against what lies between kinks (clipping, spline knots, energy nodes). */
function step(id: string, value: number, ofPosition: number): number {
  const name = id.split(".").at(-1)!;
  if (name === "lon_0" || name === "lat_0") return ofPosition;
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

interface Precision {
  /** Largest deviation, relative to the size of a derivative. */
  readonly tolerance: number;
  /** Step of the differences by longitude and latitude, deg. */
  readonly positionStep: number;
}

export interface CheckOptions extends ContextOptions {
  readonly precision?: Precision;
}

/** Of images that are sampled on pixels: the differences see the samples move. */
const OF_IMAGES: Precision = { tolerance: 1e-6, positionStep: 4e-5 };
/** Of a point, between the centres of pixels: sixth order differences of this step leave 1e-11 of a derivative, rounding of sums of hundreds of columns 2e-9. */
export const OF_POINTS = { precision: { tolerance: 3e-9, positionStep: 5e-4 } } as const satisfies CheckOptions;

export function check(
  dataset: Dataset,
  all: Models,
  { precision: { tolerance, positionStep } = OF_IMAGES, ...options }: CheckOptions = {},
): CompiledTerm {
  const compiled = compileDataset(dataset, all, options);
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
    const width = step(ids[a]!, p0[a]!, positionStep);
    const d = differences(term, p0, a, width);
    // rounding of a statistic of this size, divided by the step
    const noise = (1e-14 * Math.abs(value)) / width;
    const first = `d/d ${ids[a]}: ${g[a]}, differences ${d[0]}`;
    expect(Math.abs(g[a]! - d[0]!), first).toBeLessThan(tolerance * (Math.abs(g[a]!) + size[a]!) + 10 * noise);
    expect(Math.abs(g2[a]! - g[a]!)).toBeLessThan(1e-10 * (Math.abs(g[a]!) + size[a]!));
    for (let b = 0; b < n; b++) {
      const second = `d2/d ${ids[a]} d ${ids[b]}: ${h[a * n + b]}, differences ${d[1 + b]}`;
      expect(Math.abs(h[a * n + b]! - d[1 + b]!), second).toBeLessThan(tolerance * size[a]! * size[b]!);
      expect(h[a * n + b]).toBe(h[b * n + a]);
    }
  }
  return compiled;
}

export const at = (dlon: number, dlat: number): Values => ({
  lon_0: 83.63 + dlon / Math.cos((22.01 * Math.PI) / 180),
  lat_0: 22.01 + dlat,
});
export const atSlow = (dataset: BinnedDataset, all: Models) => {
  const { term, parameters } = compileDataset(dataset, all);
  const entries = allParameters(all);
  const p = Float64Array.from(parameters, (q) => entries[q.entry]!.parameter.value * q.factor);
  // rounding of sums over a thousand bins
  expect(term.value(p) / slowStat(dataset, all)).toBeCloseTo(1, 11);
};
