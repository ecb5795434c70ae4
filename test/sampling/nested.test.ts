import { describe, expect, it } from "vitest";
import {
  equalWeights,
  gaussianTransform,
  independentPriors,
  logUniformTransform,
  type NestedOptions,
  type NestedResult,
  type NestedTarget,
  nested,
  type PriorTransform,
  run,
  runAsync,
  uniformTransform,
} from "../../src/sampling/index.js";
import { banana } from "./targets.js";

/** Seeds are fixed; the errors of nested sampling are those of its own estimate, a little too small for few live points. */
const Z = 4;
const LN_2PI = Math.log(2 * Math.PI);

function sampled(
  priors: readonly PriorTransform[],
  logLikelihood: (x: Float64Array) => number,
  options: NestedOptions,
): NestedResult {
  const target: NestedTarget = { n: priors.length, logLikelihood, transform: independentPriors(priors) };
  return run(nested(target, options));
}

function expectEvidence({ logZ, logZError }: NestedResult, truth: number): void {
  expect(Math.abs(logZ - truth)).toBeLessThan(Z * logZError);
  expect(logZError).toBeLessThan(0.3);
}

/** Weighted mean of a function of the points. */
function meanOf({ n, points, weights }: NestedResult, f: (x: Float64Array) => number): number {
  return weights.reduce((sum, w, k) => sum + w * f(points.subarray(k * n, (k + 1) * n)), 0);
}

const square = (x: Float64Array) => x.reduce((sum, v) => sum + v * v, 0);

describe("nested sampling", () => {
  it.each([1, 3, 6])("finds evidence and information of a normal distribution in %i dimensions", (n) => {
    const priors = Array.from({ length: n }, () => uniformTransform(-8, 8));
    const result = sampled(priors, (x) => -0.5 * (square(x) + n * LN_2PI), { seed: 1, live: 300 });
    expectEvidence(result, -n * Math.log(16));
    // <ln(p / prior)>
    const information = n * (Math.log(16) - 0.5 * (LN_2PI + 1));
    expect(Math.abs(result.information - information)).toBeLessThan(Z * result.logZError);
    // of a mean of squares: sqrt(2 / N)
    const variance = meanOf(result, (x) => x[0]! ** 2);
    expect(Math.abs(variance - 1)).toBeLessThan(Z * Math.sqrt(2 / result.effectiveSize));
  });

  it("has evidences whose scatter is the stated error, without bias", () => {
    const priors = [uniformTransform(-8, 8), uniformTransform(-8, 8), uniformTransform(-8, 8)];
    const z = Array.from({ length: 60 }, (_, seed) => {
      const { logZ, logZError } = sampled(priors, (x) => -0.5 * (square(x) + 3 * LN_2PI), { seed, live: 100 });
      return (logZ + 3 * Math.log(16)) / logZError;
    });
    const mean = z.reduce((a, b) => a + b) / z.length;
    const rms = Math.sqrt(z.reduce((a, b) => a + b * b, 0) / z.length);
    // 60 standard normal numbers: mean 0 +- 0.13, root mean square 1 +- 0.09; three of that
    expect(Math.abs(mean)).toBeLessThan(0.39);
    expect(rms).toBeGreaterThan(0.73);
    expect(rms).toBeLessThan(1.27);
  });

  it("keeps two far modes in their proportion", () => {
    // 3/4 of the probability in a mode of width 0.1 at (-3, -3), 1/4 in one of width 0.3 at (3, 3)
    const mode = (x: Float64Array, at: number, s: number) =>
      Math.exp((-0.5 * ((x[0]! - at) ** 2 + (x[1]! - at) ** 2)) / (s * s)) / (2 * Math.PI * s * s);
    const priors = [uniformTransform(-10, 10), uniformTransform(-10, 10)];
    const logLikelihood = (x: Float64Array) => Math.log(0.75 * mode(x, -3, 0.1) + 0.25 * mode(x, 3, 0.3));
    const result = sampled(priors, logLikelihood, { seed: 2, live: 500 });
    expectEvidence(result, -2 * Math.log(20));
    const share = meanOf(result, (x) => (x[0]! < 0 ? 1 : 0));
    // each mode has its own evidence, with an error like that of the whole
    expect(Math.abs(share - 0.75)).toBeLessThan(Z * 0.75 * 0.25 * Math.SQRT2 * result.logZError);
  });

  it("follows a banana", () => {
    const result = sampled(
      [uniformTransform(-6, 6), uniformTransform(-5, 36)],
      (x) => -0.5 * banana.value(x) - LN_2PI - Math.log(0.3),
      { seed: 3 },
    );
    expectEvidence(result, -Math.log(12 * 41));
    expect(Math.abs(meanOf(result, (x) => x[1]!) - 1)).toBeLessThan(Z * Math.sqrt(2.09 / result.effectiveSize));
  });

  it("takes normal and log-uniform priors", () => {
    // one datum 1.5 +- 0.5 of x ~ N(0, 2): Z = N(1.5; 0, 4.25); a flux that the data do not touch
    const result = sampled(
      [gaussianTransform(0, 2), logUniformTransform(1e-14, 1e-10)],
      (x) => -0.5 * (((x[0]! - 1.5) / 0.5) ** 2 + LN_2PI + Math.log(0.25)),
      { seed: 4 },
    );
    expectEvidence(result, -0.5 * (1.5 ** 2 / 4.25 + LN_2PI + Math.log(4.25)));
    const [n, width] = [result.effectiveSize, Math.log(1e4)];
    expect(Math.abs(meanOf(result, (x) => x[0]!) - (1.5 * 4) / 4.25)).toBeLessThan(Z * Math.sqrt(1 / 4.25 / n));
    expect(Math.abs(meanOf(result, (x) => Math.log10(x[1]!)) + 12)).toBeLessThan(
      (Z * width) / Math.LN10 / Math.sqrt(12 * n),
    );
  });

  it("counts the part of the prior where the likelihood is zero or not a number", () => {
    const priors = [uniformTransform(0, 10), uniformTransform(0, 1)];
    const result = sampled(priors, (x) => (x[1]! > 0.2 ? Number.NaN : -x[0]!), { seed: 5 });
    expectEvidence(result, Math.log(0.2 * 0.1 * (1 - Math.exp(-10))));
    expect(result.points.every((v, k) => k % 2 === 0 || v <= 0.2)).toBe(true);
  });

  it("needs no steps where the likelihood is flat", () => {
    const result = sampled([uniformTransform(0, 1)], () => -3, { seed: 6 });
    expect(result.logZ).toBeCloseTo(-3, 12);
    expect(result.logZError).toBe(0);
    expect(result.information).toBeCloseTo(0, 12);
    expect(result.calls).toBe(500);
  });

  it("repeats bit for bit, changes with the seed, tells progress", async () => {
    const priors = [uniformTransform(-5, 5), uniformTransform(-5, 5)];
    const target = { n: 2, logLikelihood: (x: Float64Array) => -square(x), transform: independentPriors(priors) };
    const one = run(nested(target, { seed: 1, live: 50 }));
    expect(await runAsync(nested(target, { seed: 1, live: 50 }))).toEqual(one);
    expect(run(nested(target, { seed: 2, live: 50 })).logZ).not.toBe(one.logZ);
    let last = 0;
    run(nested(target, { seed: 1, live: 50 }), {
      onProgress: ({ done, total }) => {
        expect(done).toBeGreaterThan(last);
        expect(total).toBeGreaterThanOrEqual(done);
        last = done;
      },
    });
    expect(last).toBe(one.weights.length - 50);
  });

  it("turns weighted points into points of equal weight", () => {
    const result = {
      n: 1,
      points: Float64Array.of(0, 1, 2, 3),
      weights: Float64Array.of(0.1, 0, 0.5, 0.4),
    };
    const { points, index } = equalWeights(result, 1000, 1);
    const count = (v: number) => points.filter((x) => x === v).length;
    // systematic: within one of the expectation
    expect([0, 1, 2, 3].map(count).map((c, v) => Math.abs(c - 1000 * result.weights[v]!) <= 1)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(Array.from(points)).toEqual(Array.from(index));
    // in random order: about half of 1000 in the first half of the array
    expect(points.slice(0, 500).filter((x) => x === 2).length).toBeGreaterThan(200);
  });

  it("says what is wrong with its input", () => {
    expect(() => sampled([uniformTransform(0, 1)], () => Number.NaN, { seed: 1, live: 10 })).toThrow(
      /narrow the ranges/,
    );
    expect(() => sampled([uniformTransform(0, 1)], () => 0, { seed: 1, live: 3 })).toThrow(/3 live points/);
  });
});
