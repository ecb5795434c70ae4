import { describe, expect, it } from "vitest";
import { createSubmodel } from "../../src/api/models.js";
import { shiftedFunction } from "../../src/fold/flux/calibrated.js";
import { logLinearSegments } from "../../src/fold/flux/log-segments.js";
import { shareVector } from "../../src/fold/flux/shared.js";
import { trapezoidIntegrals } from "../../src/fold/flux/trapezoid.js";
import type { FluxVector } from "../../src/fold/flux/types.js";
import { integratePowerLaw, nodeCount } from "../../src/math/quadrature.js";
import type { SpectralFunction } from "../../src/models/declaration.js";
import { declarationOf } from "../../src/models/lookup.js";
import { standardModels } from "../../src/models/registry.js";

const edges = Float64Array.from({ length: 31 }, (_, i) => 0.1 * 10 ** (i / 10));
const models: Record<string, { type: string; p: number[]; free: number[] }> = {
  "power law": { type: "PowerLawSpectralModel", p: [2.4, 3e-11, 1], free: [0, 1] },
  "log parabola": { type: "LogParabolaSpectralModel", p: [3e-11, 1, 2.2, 0.15], free: [0, 2, 3] },
  "cutoff, its norm frozen": { type: "ExpCutoffPowerLawSpectralModel", p: [1.9, 3e-11, 1, 0.4, 1], free: [0, 3] },
  "sub-exponential cutoff": { type: "ExpCutoffPowerLawSpectralModel", p: [1.9, 3e-11, 1, 0.4, 0.7], free: [1] },
  "cutoff by its inverse": { type: "ExpCutoffPowerLaw3FGLSpectralModel", p: [1.9, 3e-11, 1, 6], free: [0, 1] },
};

function given(name: string) {
  const { type, p, free } = models[name]!;
  const f = declarationOf(createSubmodel(type, {}), "spectral", standardModels);
  const values = Float64Array.from(p);
  const flags = p.map((_, i) => free.includes(i));
  return { f, p: values, free, basis: f.logBasis!(values, flags)!, nodes: nodeCount(edges) };
}

/** The trapezoid with the derivatives of the model itself at every node. */
function slow(f: SpectralFunction, p: Float64Array, free: readonly number[], nodes: number): FluxVector {
  const g = new Float64Array(p.length);
  const h = new Float64Array(p.length ** 2);
  return trapezoidIntegrals(
    (e, q, gOut, hOut) => {
      const value = f.derivatives!(e, q, g, h);
      free.forEach((i, a) => {
        gOut[a] = g[i]!;
        free.forEach((j, b) => {
          hOut[a * free.length + b] = h[i * p.length + j]!;
        });
      });
      return value;
    },
    p,
    free,
    edges,
    nodes,
  );
}

/** Largest differences of fluxes, first and second derivatives, as shares of a flux when every parameter x moves by x. */
function differences(a: FluxVector, b: FluxVector, x: Float64Array): [number, number, number] {
  const worst: [number, number, number] = [0, 0, 0];
  const { n } = a;
  const note = (k: 0 | 1 | 2, t: number, difference: number) => {
    worst[k] = Math.max(worst[k], Math.abs(difference) / b.s[t]!);
  };
  for (let t = 0; t < a.size; t++) {
    note(0, t, a.s[t]! - b.s[t]!);
    for (let i = 0; i < n; i++) {
      note(1, t, (a.ds[t * n + i]! - b.ds[t * n + i]!) * x[i]!);
      for (let j = 0; j <= i; j++) {
        const at = (t * n * (n + 1)) / 2 + (i * (i + 1)) / 2 + j;
        note(2, t, (a.d2s[at]! - b.d2s[at]!) * x[i]! * x[j]!);
      }
    }
  }
  return worst;
}

describe.each(Object.keys(models))("fluxes from tables: %s", (name) => {
  it("are those of the trapezoid, with its derivatives", () => {
    const { f, p, free, basis, nodes } = given(name);
    const quick = logLinearSegments(basis, p, free, edges, nodes);
    const check = slow(f, p, free, nodes);
    const start = Float64Array.from(free, (i) => p[i]!);
    quick.update(start, 0, 2);
    check.update(start, 0, 2);
    const [value, first, second] = differences(quick, check, start);
    // one exponential against a power and an exponential: a few roundings of exponents up to 40
    expect(value).toBeLessThan(1e-12);
    expect(first).toBeLessThan(1e-11);
    expect(second).toBeLessThan(1e-10);
    for (let t = 0; t < quick.size; t++) {
      const exact = integratePowerLaw((e) => f.evaluate(e, p), edges[t]!, edges[t + 1]!, nodes);
      expect(Math.abs(quick.s[t]! / exact - 1)).toBeLessThan(1e-12);
    }
  });

  it("are those of the shifted spectrum, where the energy scale is free", () => {
    const { f, p, free, basis, nodes } = given(name);
    const shift = 1.08;
    const quick = logLinearSegments(basis, p, free, edges, nodes, 1);
    const all = Float64Array.of(...p, shift);
    const check = slow(shiftedFunction(f, p.length), all, [...free, p.length], nodes);
    const start = Float64Array.from([...free.map((i) => p[i]!), shift]);
    quick.update(start, 0, 2);
    check.update(start, 0, 2);
    const [value, first, second] = differences(quick, check, start);
    expect(value).toBeLessThan(1e-12);
    // the slow path takes derivatives by ln E from differences, good to 1e-9 of what bends most: a cutoff 40 e-foldings down
    expect(first).toBeLessThan(1e-6);
    expect(second).toBeLessThan(1e-5);
  });
});

describe("a vector that several datasets share", () => {
  const make = () => {
    const { p, free, basis, nodes } = given("log parabola");
    return logLinearSegments(basis, p, free, edges, nodes);
  };
  const at = (alpha: number) => Float64Array.of(3e-11, alpha, 0.15);

  it("holds what each of them needs, whoever asks first", () => {
    const shared = new Map();
    let made = 0;
    const use = () =>
      shareVector(
        shared,
        () => "bins",
        () => {
          made++;
          return make();
        },
      );
    const alone = make();
    const [a, b] = [use(), use()];
    expect(made).toBe(1);
    a.limit!(3, 10);
    a.update(at(2.2), 0, 0);
    b.limit!(8, 25);
    for (const [alpha, order] of [
      [2.2, 0],
      [2.2, 2],
      [2.3, 1],
      [2.3, 2],
      [2.2, 2],
    ] as const) {
      a.update(at(alpha), 0, order);
      b.update(at(alpha), 0, 0);
      alone.update(at(alpha), 0, 2);
      expect(a.s.slice(3, 25)).toEqual(alone.s.slice(3, 25));
      if (order > 0) expect(a.ds.slice(3 * 3, 25 * 3)).toEqual(alone.ds.slice(3 * 3, 25 * 3));
      if (order > 1) expect(b.d2s.slice(3 * 6, 25 * 6)).toEqual(alone.d2s.slice(3 * 6, 25 * 6));
    }
    // one more, which needs all bins
    const c = use();
    c.update(at(2.2), 0, 1);
    alone.update(at(2.2), 0, 1);
    expect(c.s).toEqual(alone.s);
  });
});
