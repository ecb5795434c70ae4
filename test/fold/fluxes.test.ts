/** Fluxes in three wide bins: held against the rule written out, an integral by other nodes, and differences. */
import { describe, expect, it } from "vitest";
import { createSubmodel } from "../../src/api/models.js";
import { calibratedVector, shiftedFunction } from "../../src/fold/flux/calibrated.js";
import { differencesVector } from "../../src/fold/flux/differences.js";
import { logLinearIntegrals, logLinearPoints } from "../../src/fold/flux/log-linear.js";
import { logLinearSegments } from "../../src/fold/flux/log-segments.js";
import { productVector } from "../../src/fold/flux/product.js";
import { refinable } from "../../src/fold/flux/refinable.js";
import {
  integralsAt,
  integralVector,
  shiftedIntegralVector,
  shiftedValueVector,
  valueVector,
} from "../../src/fold/flux/spectrum.js";
import { type NodeFunction, trapezoidIntegrals } from "../../src/fold/flux/trapezoid.js";
import { constantVector, type FluxVector, packedIndex, scaledVector } from "../../src/fold/flux/types.js";
import type { LogBasis, SpectralFunction } from "../../src/models/declaration.js";
import { declarationOf } from "../../src/models/lookup.js";
import { parameterVector } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import { checkVector, valuesAt } from "./vectors.js";

const edges = Float64Array.of(0.5, 1.7, 6, 9);

/** By the definition: sums over segments of power laws through both ends, on as many nodes in each bin as the widest has hundredths of a decade. */
function byRule(f: (e: number) => number, at = edges): Float64Array {
  const bins = at.length - 1;
  const ratio = (t: number) => at[t + 1]! / at[t]!;
  const nodes = Math.max(2, ...Array.from({ length: bins }, (_, t) => Math.floor(100 * Math.log10(ratio(t)) + 1e-9)));
  return Float64Array.from({ length: bins }, (_, t) => {
    let sum = 0;
    for (let k = 0; k + 1 < nodes; k++) {
      const [a, b] = [k, k + 1].map((i) => at[t]! * ratio(t) ** (i / (nodes - 1))) as [number, number];
      const slope = Math.log(f(b) / f(a)) / Math.log(b / a);
      const x = (slope + 1) * Math.log(b / a);
      sum += f(a) * a * Math.log(b / a) * (Math.abs(x) < 1e-9 ? 1 + x / 2 : Math.expm1(x) / x);
    }
    return sum;
  });
}

/** The integral itself: Simpson's rule in ln E on 2000 parts. */
function byIntegral(f: (e: number) => number, at = edges): Float64Array {
  return Float64Array.from({ length: at.length - 1 }, (_, t) => {
    const h = Math.log(at[t + 1]! / at[t]!) / 2000;
    let sum = 0;
    for (let k = 0; k <= 2000; k++) {
      const e = at[t]! * Math.exp(k * h);
      sum += (k === 0 || k === 2000 ? 1 : k % 2 === 1 ? 4 : 2) * f(e) * e;
    }
    return (sum * h) / 3;
  });
}

function expectNear(found: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((x, t) => {
    expect(Math.abs(found[t]! / x - 1), `entry ${t}: ${found[t]}, expected ${x}`).toBeLessThan(tolerance);
  });
}

const free = (p: Float64Array, indices: readonly number[]) => Float64Array.from(indices, (i) => p[i]!);

const cases: Record<string, [tag: string, values: Record<string, number>, free: string[]]> = {
  "power law": ["pl", { index: 2.3, amplitude: 3e-12, reference: 2 }, ["index", "amplitude"]],
  "power law, its norm frozen": ["pl", { index: 2.3, amplitude: 3e-12, reference: 2 }, ["index"]],
  "power law, its norm free": ["pl", { index: 2.3, amplitude: 3e-12, reference: 2 }, ["amplitude"]],
  "power law of index 1": ["pl", { index: 1, amplitude: 3e-12 }, ["index", "amplitude"]],
  "power law with a free reference": ["pl", { index: 2.3, amplitude: 3e-12, reference: 2 }, ["reference", "index"]],
  "power law by its integral": ["pl-2", { index: 2.3, amplitude: 3e-12, emin: 0.2, emax: 30 }, ["index", "amplitude"]],
  "log parabola": ["lp", { amplitude: 3e-12, alpha: 2.2, beta: 0.2, reference: 1.5 }, ["amplitude", "alpha", "beta"]],
  "log parabola, two free": ["lp", { amplitude: 3e-12, alpha: 2.2, beta: 0.2, reference: 1.5 }, ["beta", "alpha"]],
  cutoff: ["ecpl", { amplitude: 3e-12, index: 1.6, lambda_: 0.15 }, ["index", "amplitude", "lambda_"]],
  "cutoff of free sharpness": [
    "ecpl",
    { amplitude: 3e-12, index: 1.6, lambda_: 0.15, alpha: 0.8 },
    ["alpha", "index", "amplitude", "lambda_"],
  ],
  "broken power law": ["bpl", { index1: 1.5, index2: 2.8, amplitude: 3e-12, ebreak: 3.1 }, ["index1", "index2"]],
  "smooth break": ["sbpl", { index1: 1.5, index2: 2.8, ebreak: 3, amplitude: 2e-12 }, ["index2", "amplitude"]],
  line: ["gauss", { mean: 3, sigma: 1.8, amplitude: 2e-12 }, ["mean", "sigma", "amplitude"]],
};

function given(name: string): { f: SpectralFunction; p: Float64Array; indices: number[] } {
  const [tag, values, names] = cases[name]!;
  const submodel = createSubmodel(tag, values, { kind: "spectral" });
  const f = declarationOf(submodel, "spectral", standardModels);
  const all = Object.keys(f.parameters);
  return { f, p: parameterVector(submodel, f), indices: names.map((x) => all.indexOf(x)).sort((a, b) => a - b) };
}

/** Of models without derivatives of their own, which are taken by differences: good to 1e-6. */
const tolerances = ({ derivatives, logBasis }: SpectralFunction) =>
  derivatives === undefined && logBasis === undefined ? { first: 1e-6, second: 1e-5 } : { first: 1e-9, second: 1e-8 };

describe.each(Object.keys(cases))("%s", (name) => {
  const isKinked = name === "broken power law";

  it("has the fluxes of the rule, near those of the integral, with derivatives", () => {
    const { f, p, indices } = given(name);
    const vector = integralVector(f, p, indices, edges);
    const dnde = (e: number) => f.evaluate(e, p);
    const isClosed = f.integral !== undefined && f.powerLawSegments !== true;
    // quick sums may stand for those of the rule within 1e-8
    if (!isClosed) expectNear(valuesAt(vector, free(p, indices)), byRule(dnde), 1.2e-8);
    // a power law through nodes 0.02 of a decade apart
    if (!isKinked) expectNear(valuesAt(vector, free(p, indices)), byIntegral(dnde), isClosed ? 1e-9 : 3e-5);
    expectNear(integralsAt(f, p, edges), valuesAt(vector, free(p, indices)), 1.2e-8);
    if (!isKinked) checkVector(vector, free(p, indices), isClosed ? { first: 1e-6, second: 1e-5 } : tolerances(f));
  });

  it("has its values at energies, with derivatives", () => {
    const { f, p, indices } = given(name);
    const vector = valueVector(f, p, indices, edges);
    expectNear(
      valuesAt(vector, free(p, indices)),
      edges.map((e) => f.evaluate(e, p)),
      1e-13,
    );
    if (!isKinked) checkVector(vector, free(p, indices), tolerances(f));
  });

  it("is that of energies that are measured too high", () => {
    const { f, p, indices } = given(name);
    const [start, z] = [1.05, 1.1];
    const moved = (e: number) => f.evaluate(e / z, p) / z;
    const x = Float64Array.of(...free(p, indices), z);
    const isClosed = f.integral !== undefined && f.powerLawSegments !== true;
    const sums = shiftedIntegralVector(f, p, indices, edges, start);
    if (!isClosed) expectNear(valuesAt(sums, x), byRule(moved), 1.2e-8);
    if (!isKinked) expectNear(valuesAt(sums, x), byIntegral(moved), isClosed ? 1e-9 : 3e-5);
    const values = shiftedValueVector(f, p, indices, edges, start);
    expectNear(valuesAt(values, x), edges.map(moved), 1e-13);
    if (isKinked) return;
    // by the scale from differences in ln E
    for (const vector of [sums, values]) checkVector(vector, x, { first: 1e-6, second: 1e-5 });
  });

  it("is zero or as it was in bins that are not needed, and right in the others", () => {
    const { f, p, indices } = given(name);
    const x = free(p, indices);
    const all = integralVector(f, p, indices, edges);
    const some = integralVector(f, p, indices, edges);
    if (some.limit === undefined) return;
    some.limit(1, 2);
    for (const vector of [all, some]) vector.update(x, 0, 2);
    const n = indices.length;
    const nn = (n * (n + 1)) / 2;
    expect(some.s[1]).toBeCloseTo(all.s[1]!, 25);
    for (const [found, expected, width] of [
      [some.s, all.s, 1],
      [some.ds, all.ds, n],
      [some.d2s, all.d2s, nn],
    ] as const) {
      const scale = Math.max(...expected.map(Math.abs), 1e-300);
      for (let i = 0; i < width; i++) {
        expect(Math.abs(found[width + i]! - expected[width + i]!)).toBeLessThan(1e-12 * scale);
        expect([found[i], found[2 * width + i]]).toEqual([0, 0]);
      }
    }
  });
});

describe("sums that are quick", () => {
  const [p, indices] = [Float64Array.of(3e-12, 1.5, 2.2, 0.2), [0, 2, 3]];
  const { f } = given("log parabola");
  const basis = () => f.logBasis!(p, [true, false, true, true])!;
  const nodes = 54;

  it("are those of the rule, and the segments to rounding", () => {
    const expected = byRule((e) => f.evaluate(e, p));
    expectNear(valuesAt(logLinearSegments(basis(), p, indices, edges, nodes), free(p, indices)), expected, 1e-12);
    expectNear(valuesAt(logLinearIntegrals(basis(), p, indices, edges, nodes), free(p, indices)), expected, 1e-8);
  });

  it("give way to exact ones where they are found to be off, and not before", () => {
    const vector = integralVector(f, p, indices, edges);
    const start = free(p, indices);
    const steep = Float64Array.of(3e-12, 2, 9);
    const rule = (x: Float64Array) => byRule((e) => f.evaluate(e, Float64Array.of(x[0]!, 1.5, x[1]!, x[2]!)));
    expect(vector.refine!(start, 0)).toBe(false);
    // a parabola that bends by 40 in a bin is none that few nodes can follow
    vector.update(steep, 0, 0);
    const off = Math.max(...rule(steep).map((x, t) => Math.abs(vector.s[t]! / x - 1)));
    expect(off).toBeGreaterThan(1e-8);
    expect(vector.refine!(Float64Array.of(0, ...steep), 1)).toBe(true);
    expectNear(valuesAt(vector, steep), rule(steep), 1e-12);
    expectNear(valuesAt(vector, start), rule(start), 1e-12);
    checkVector(vector, start, { first: 1e-9, second: 1e-8 });
    // they stay exact
    expect(vector.refine!(steep, 0)).toBe(false);
  });

  it("are asked only where they have not been asked, in the entries that are needed", () => {
    const asked: [number[], number, number][] = [];
    const made = (value: number): FluxVector & { limits: number[][] } => {
      const inner = scaledVector(Float64Array.of(value, 2 * value));
      const limits: number[][] = [];
      return { ...inner, limits, limit: (first, last) => limits.push([first, last]) };
    };
    const [quick, exact] = [made(1), made(10)];
    let isOff = false;
    const vector = refinable({
      quick,
      exact: () => exact,
      isOff: (x, first, last) => {
        asked.push([[...x], first, last]);
        return isOff;
      },
    });
    const at = (x: number) => vector.refine!(Float64Array.of(0, x), 1);
    expect([at(3), at(3), at(4)]).toEqual([false, false, false]);
    vector.limit!(1, 2);
    expect([at(4), at(5)]).toEqual([false, false]);
    expect(asked).toEqual([
      [[3], 0, 2],
      [[4], 0, 2],
      [[5], 1, 2],
    ]);
    isOff = true;
    expect([at(5), at(6), at(7)]).toEqual([false, true, false]);
    expect(exact.limits).toEqual([[1, 2]]);
    vector.update(Float64Array.of(3), 0, 2);
    expect([...vector.s, ...vector.ds]).toEqual([30, 60, 10, 20]);
    vector.limit!(0, 1);
    expect([quick.limits, exact.limits]).toEqual([
      [
        [1, 2],
        [0, 1],
      ],
      [
        [1, 2],
        [0, 1],
      ],
    ]);
  });
});

describe("a logarithm that is a polynomial of third order in ln E", () => {
  /** ln dnde = ln p0 + p1 u + p2 u^2 + p3 u^3 + 0.1 with u = ln E. */
  const basis: LogBasis = {
    norm: 0,
    parameters: [1, 2, 3],
    offset: () => 0.1,
    basis: (e, j) => Math.log(e) ** (j + 1),
    along(e, j, out) {
      const [u, n] = [Math.log(e), j + 1];
      out.set(j < 0 ? [0.1, 0, 0] : [u ** n, n * u ** (n - 1), n * (n - 1) * u ** Math.max(n - 2, 0)]);
    },
  };
  const p = Float64Array.of(2, -1.8, -0.15, 0.03);
  const dnde = (e: number) =>
    p[0]! * Math.exp(p[1]! * Math.log(e) + p[2]! * Math.log(e) ** 2 + p[3]! * Math.log(e) ** 3 + 0.1);

  it.each([[[0, 1, 2, 3]], [[3, 1, 2]], [[2, 0]], [[1]], [[0]]])("free: %o", (indices) => {
    const x = free(p, indices);
    const points = logLinearPoints(basis, p, indices, edges);
    expectNear(valuesAt(points, x), edges.map(dnde), 1e-13);
    const sums = logLinearIntegrals(basis, p, indices, edges, 54);
    expectNear(valuesAt(sums, x), byRule(dnde), 1e-8);
    const segments = logLinearSegments(basis, p, indices, edges, 54);
    expectNear(valuesAt(segments, x), byRule(dnde), 1e-12);
    for (const vector of [points, sums, segments]) checkVector(vector, x);
    const moved = logLinearSegments(basis, p, indices, edges, 54, 1.02);
    const y = Float64Array.of(...x, 1.1);
    expectNear(
      valuesAt(moved, y),
      byRule((e) => dnde(e / 1.1) / 1.1),
      1e-12,
    );
    checkVector(moved, y);
  });
});

describe("a spectrum that is not positive everywhere", () => {
  /** p0 (E - p1), by p0 and p1. */
  const line = {
    evaluate: (e: number, p: Float64Array) => p[0]! * (e - p[1]!),
    derivatives(e: number, p: Float64Array, g: Float64Array, h: Float64Array) {
      g.set([e - p[1]!, -p[0]!]);
      h.set([0, -1, -1, 0]);
      return p[0]! * (e - p[1]!);
    },
  };
  const p = Float64Array.of(2, 3);

  it("has the slopes of a norm of 0, as those beside it are", () => {
    // dnde = norm E^-index: its integral is proportional to the norm
    const power: NodeFunction = (e, [norm = 0, index = 0], g, h) => {
      const [y, l] = [e ** -index, Math.log(e)];
      g.set([y, -norm * l * y]);
      h.set([0, -l * y, -l * y, norm * l * l * y]);
      return norm * y;
    };
    const integral = (norm: number, index: number) => {
      const vector = trapezoidIntegrals(power, Float64Array.of(norm, index), [0, 1], Float64Array.of(1, 4, 9), 3);
      vector.update(Float64Array.of(norm, index), 0, 2);
      return vector;
    };
    const [none, some] = [integral(0, 2.3), integral(2, 2.3)];
    for (let t = 0; t < 2; t++) {
      expect(none.s[t]).toBe(0);
      expect(none.ds[2 * t]! / some.ds[2 * t]!).toBeCloseTo(1, 12);
      expect(none.ds[2 * t + 1]).toBe(0);
      // by the norm twice, by norm and index, by the index twice
      expect(none.d2s[3 * t]).toBe(0);
      expect(none.d2s[3 * t + 1]! / some.d2s[3 * t + 1]!).toBeCloseTo(1, 12);
      expect(none.d2s[3 * t + 2]).toBe(0);
    }
  });

  it("is a line through two nodes where its sign changes, with derivatives", () => {
    // -6, -2 and 10 at 1, 3 and 9: -6 / E through the first two, and a line through the others
    const vector = trapezoidIntegrals(line.derivatives, Float64Array.of(9, 9), [0, 1], Float64Array.of(1, 9), 3);
    const x = Float64Array.of(2, 4);
    expectNear(valuesAt(vector, x), Float64Array.of(-6 * Math.log(3) + 24), 1e-13);
    checkVector(vector, x);
  });

  it("is negative where it is, and nothing where it is zero at a node", () => {
    const all = (f: SpectralFunction["evaluate"]) => integralsAt({ evaluate: f }, p, Float64Array.of(1, 1.01, 1.02));
    expect(all((e) => -e)[0]! / -(1.01 ** 2 - 1) / 0.5).toBeCloseTo(1, 6);
    expect([...all(() => 0)]).toEqual([0, 0]);
    expect([...all((e) => (e > 1.015 ? 1 : 0))]).toEqual([0, 0]);
    expect([...all((e) => (e > 1.015 ? Number.NaN : 1))][1]).toBeNaN();
    expect(all((e) => (e > 1.015 ? Number.NaN : 1))[0]! / 0.01).toBeCloseTo(1, 12);
  });

  it("takes derivatives of a model that has none by differences", () => {
    const { evaluate } = line;
    const given = integralVector({ evaluate }, Float64Array.of(2, 0.3), [1, 0], edges);
    const known = integralVector(line, Float64Array.of(2, 0.3), [1, 0], edges);
    for (const vector of [given, known]) vector.update(Float64Array.of(0.3, 2), 0, 2);
    for (const what of ["s", "ds", "d2s"] as const) {
      known[what].forEach((x, i) => {
        expect(Math.abs(given[what][i]! - x)).toBeLessThan(1e-7 * Math.max(1, Math.abs(x)));
      });
    }
  });

  it("counts segments by nodes of equal ratio", () => {
    // a spectrum that is 1 / E: the same in every segment
    const vector = trapezoidIntegrals((e) => 1 / e, Float64Array.of(), [], Float64Array.of(1, 4, 32), 3);
    vector.update(Float64Array.of(), 0, 0);
    expectNear(vector.s, Float64Array.of(Math.log(4), Math.log(8)), 1e-14);
  });
});

describe("vectors made of others", () => {
  /** (x y, x^2 y + y^3) by x and y, whose derivatives are plain. */
  const plain = (): FluxVector => {
    const [s, ds, d2s] = [new Float64Array(2), new Float64Array(4), new Float64Array(6)];
    return {
      ...{ size: 2, n: 2, s, ds, d2s },
      update(p, at, order) {
        const [x, y] = [p[at]!, p[at + 1]!];
        s.set([x * y, x * x * y + y ** 3]);
        if (order > 0) ds.set([y, x, 2 * x * y, x * x + 3 * y * y]);
        if (order > 1) d2s.set([0, 1, 0, 2 * y, 2 * x, 6 * y]);
      },
    };
  };
  const at = Float64Array.of(1.3, 0.7);

  it("the vector of this test is right", () => checkVector(plain(), at));

  it.each([
    ["a factor", 3, false, false],
    ["a factor and a norm", 3, true, false],
    ["a norm and a scale", 2, true, true],
    ["a scale", 2, false, true],
  ] as const)("%s", (_, factor, norm, shift) => {
    const vector = calibratedVector(plain(), factor, norm, shift);
    // the last parameter of the inner one is 1 + z, which comes after the norm
    const x = Float64Array.of(1.3, ...(shift ? [] : [0.7]), ...(norm ? [1.2] : []), ...(shift ? [-0.3] : []));
    const scale = factor * (norm ? 1.2 : 1);
    expectNear(
      valuesAt(vector, x),
      Float64Array.of(1.3 * 0.7, 1.3 ** 2 * 0.7 + 0.7 ** 3).map((v) => scale * v),
      1e-14,
    );
    checkVector(vector, x);
  });

  it("hand on what is needed and what is found off, at the parameters of the inner one", () => {
    const calls: unknown[] = [];
    const inner: FluxVector = {
      ...plain(),
      limit: (...range) => calls.push(range),
      refine: (p, offset) => {
        calls.push([...p.subarray(offset, offset + 2)]);
        return true;
      },
    };
    const calibrated = calibratedVector(inner, 2, true, true);
    calibrated.limit!(0, 1);
    expect(calibrated.refine!(Float64Array.of(9, 1.5, 1.2, 0.25), 1)).toBe(true);
    const product = productVector(inner, constantVector(Float64Array.of(2)));
    product.limit!(1, 2);
    expect(product.refine!(Float64Array.of(9, 1.5, 2.5), 1)).toBe(true);
    expect(calls).toEqual([
      [0, 1],
      [1.5, 1.25],
      [1, 2],
      [1.5, 2.5],
    ]);
    for (const other of [calibratedVector(plain(), 2, true, false), productVector(plain(), plain())]) {
      expect([other.limit, other.refine]).toEqual([undefined, undefined]);
    }
  });

  it("products with a number and bin by bin", () => {
    const number = scaledVector(Float64Array.of(4));
    const x = Float64Array.of(...at, 1.1);
    const times = productVector(plain(), number);
    const values = valuesAt(plain(), at);
    expectNear(
      valuesAt(times, x),
      values.map((v) => 4.4 * v),
      1e-14,
    );
    checkVector(times, x);
    const both = productVector(plain(), plain());
    const y = Float64Array.of(...at, 0.4, 1.7);
    const others = valuesAt(plain(), y.slice(2));
    expectNear(
      valuesAt(both, y),
      values.map((v, t) => v * others[t]!),
      1e-14,
    );
    checkVector(both, y);
    checkVector(productVector(plain(), constantVector(Float64Array.of(2))), at);
  });

  it("a function known by its values, with central differences", () => {
    const f = (p: Float64Array) => Float64Array.of(p[0]! * p[2]!, p[0]! ** 2 + 3 * p[2]! + p[1]!);
    const vector = differencesVector(f, Float64Array.of(2, 5, 3), [2, 0], Float64Array.of(0.5, Number.NaN, 0.25));
    expect([...vector.s]).toEqual([6, 18]);
    vector.update(Float64Array.of(9, 4, 7), 1, 2);
    // exact for polynomials of second order, by p2 and p0
    expect([...vector.s]).toEqual([28, 49 + 12 + 5]);
    expect([...vector.ds]).toEqual([7, 4, 3, 14]);
    expect([...vector.d2s]).toEqual([0, 1, 0, 0, 0, 2]);
    vector.update(Float64Array.of(4, 8), 0, 0);
    expect([...vector.s]).toEqual([32, 64 + 12 + 5]);
    expect([...vector.ds]).toEqual([7, 4, 3, 14]);
    vector.update(Float64Array.of(4, 8), 0, 1);
    expect([...vector.ds]).toEqual([8, 4, 3, 16]);
  });

  it("a shifted function whose values are negative", () => {
    // -E^-2 p0, at E / s: -p0 s / E^2 after the division by s
    const f: SpectralFunction = {
      evaluate: (e, p) => -p[0]! / e ** 2,
      derivatives(e, p, g, h) {
        g[0] = -1 / e ** 2;
        h[0] = 0;
        return -p[0]! / e ** 2;
      },
    };
    const [g, h] = [new Float64Array(2), new Float64Array(4)];
    const value = shiftedFunction(f, 1).derivatives!(2, Float64Array.of(3, 1.2), g, h);
    expect(value).toBeCloseTo(-0.9, 14);
    const expected = [-0.3, -0.75, 0, -0.25, -0.25, 0];
    [...g, ...h].forEach((x, i) => {
      expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-7);
    });
  });

  it("a shifted function that is steep, whose logarithm is a line", () => {
    // p0 E^-9, at E / s over s: p0 s^8 E^-9
    const f: SpectralFunction = {
      evaluate: (e, p) => p[0]! * e ** -9,
      derivatives(e, p, g, h) {
        g[0] = e ** -9;
        h[0] = 0;
        return p[0]! * e ** -9;
      },
    };
    const [g, h] = [new Float64Array(2), new Float64Array(4)];
    const [e, s] = [2, 1.2];
    expect(shiftedFunction(f, 1).derivatives!(e, Float64Array.of(3, s), g, h) / (3 * s ** 8 * e ** -9)).toBeCloseTo(
      1,
      13,
    );
    // rounding of logarithms over the step of differences: without them the powers of this step leave more
    expect(Math.abs(g[1]! / (24 * s ** 7 * e ** -9) - 1)).toBeLessThan(1e-9);
    expect(Math.abs(h[3]! / (168 * s ** 6 * e ** -9) - 1)).toBeLessThan(1e-9);
  });

  it("places in a packed matrix", () => {
    expect([packedIndex(0, 0), packedIndex(2, 1), packedIndex(1, 2), packedIndex(3, 3)]).toEqual([0, 4, 4, 9]);
  });
});
