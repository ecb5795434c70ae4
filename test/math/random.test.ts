import { describe, expect, test } from "vitest";
import { chi2Sf, poissonDensity } from "../../src/math/gamma.js";
import { multivariateNormal, randomStream } from "../../src/math/random.js";
import { normalCdf } from "../../src/math/special.js";

/** p-value of Pearson's chi2 for observed and expected counts; bins expecting less than 10 are joined to the one before. */
function pearson(observed: number[], expected: number[]): number {
  let chi2 = 0;
  let dof = -1;
  let o = 0;
  let e = 0;
  for (let i = 0; i < observed.length; i++) {
    o += observed[i]!;
    e += expected[i]!;
    if (e < 10 && i < observed.length - 1) continue;
    chi2 += (o - e) ** 2 / Math.max(e, 1);
    dof++;
    o = e = 0;
  }
  return chi2Sf(chi2, dof);
}

// Fixed seeds, so the outcome is fixed too; a right generator fails a p-value of 1e-4 once in 10000 seeds.
describe("random numbers", () => {
  test("depend on seed and index alone", () => {
    const first = (seed: number, index: number) => Array.from({ length: 3 }, randomStream(seed, index).uniform);
    expect(first(1, 2)).toEqual(first(1, 2));
    const all = [first(1, 0), first(1, 1), first(2, 0), first(0, 0), first(0, 1), first(2 ** 40, 0), first(0, 2 ** 40)];
    expect(new Set(all.map((v) => v[0])).size).toBe(all.length);
    const jumped = randomStream(1, 2);
    jumped.jump();
    expect(jumped.uniform()).not.toBe(first(1, 2)[0]);
  });

  test("streams of neighbouring seeds and indices are independent", () => {
    const n = 20000;
    for (const [make, name] of [
      [(i: number) => randomStream(42, i).uniform(), "index"],
      [(i: number) => randomStream(i).uniform(), "seed"],
    ] as const) {
      const u = Array.from({ length: n }, (_, i) => make(i));
      const histogram = new Array<number>(100).fill(0);
      for (const v of u) histogram[Math.floor(v * 100)]!++;
      expect(
        pearson(
          histogram,
          histogram.map(() => n / 100),
        ),
        name,
      ).toBeGreaterThan(1e-4);
      let correlation = 0;
      for (let i = 1; i < n; i++) correlation += 12 * (u[i]! - 0.5) * (u[i - 1]! - 0.5);
      expect(Math.abs(correlation / Math.sqrt(n)), name).toBeLessThan(4);
    }
  });

  test("normal", () => {
    const stream = randomStream(7);
    const n = 100000;
    const edges = Array.from({ length: 41 }, (_, i) => (i - 20) / 5);
    const observed = new Array<number>(42).fill(0);
    for (let i = 0; i < n; i++) {
      const x = stream.normal();
      observed[edges.filter((e) => e <= x).length]!++;
    }
    const cdf = [0, ...edges.map(normalCdf), 1];
    expect(
      pearson(
        observed,
        observed.map((_, i) => n * (cdf[i + 1]! - cdf[i]!)),
      ),
    ).toBeGreaterThan(1e-4);
  });

  test.each([0.01, 0.7, 5, 9.99, 10, 11.3, 60, 1000])("Poisson of mean %s", (mean) => {
    const stream = randomStream(11, Math.round(mean * 100));
    const n = 100000;
    const top = Math.ceil(mean + 8 * Math.sqrt(mean) + 10);
    const observed = new Array<number>(top).fill(0);
    for (let i = 0; i < n; i++) observed[Math.min(top - 1, stream.poisson(mean))]!++;
    expect(
      pearson(
        observed,
        observed.map((_, k) => n * poissonDensity(k, mean)),
      ),
    ).toBeGreaterThan(1e-4);
  });

  test("Poisson at the ends", () => {
    const stream = randomStream(3);
    expect(stream.poisson(0)).toBe(0);
    expect(stream.poisson(-1)).toBeNaN();
    expect(stream.poisson(Number.NaN)).toBeNaN();
    const z = Array.from({ length: 2000 }, () => (stream.poisson(1e12) - 1e12) / 1e6);
    expect(Math.abs(z.reduce((s, v) => s + v, 0) / Math.sqrt(2000))).toBeLessThan(4);
    expect(Math.abs(z.reduce((s, v) => s + v * v - 1, 0) / Math.sqrt(4000))).toBeLessThan(4);
  });

  test("multivariate normal, with a frozen parameter", () => {
    const covariance = Float64Array.of(4, 0, 1.2e-12, 0, 0, 0, 1.2e-12, 0, 1e-24);
    const sample = multivariateNormal(Float64Array.of(1, 5, 3e-12), covariance)!;
    const stream = randomStream(5);
    const out = new Float64Array(3);
    const n = 50000;
    const sums = { a: 0, aa: 0, ac: 0, cc: 0 };
    for (let i = 0; i < n; i++) {
      sample(stream, out);
      expect(out[1]).toBe(5);
      const a = (out[0]! - 1) / 2;
      const c = (out[2]! - 3e-12) / 1e-12;
      sums.a += a;
      sums.aa += a * a;
      sums.ac += a * c;
      sums.cc += c * c;
    }
    // Four standard errors: 4 / sqrt(n), 4 sqrt(2 / n).
    expect(Math.abs(sums.a / n)).toBeLessThan(0.018);
    expect(Math.abs(sums.aa / n - 1)).toBeLessThan(0.026);
    expect(Math.abs(sums.cc / n - 1)).toBeLessThan(0.026);
    expect(Math.abs(sums.ac / n - 0.6)).toBeLessThan(0.022);
    expect(multivariateNormal(Float64Array.of(0, 0), Float64Array.of(1, 2, 2, 1))).toBeUndefined();
  });
});
