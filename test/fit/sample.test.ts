import { beforeAll, describe, expect, it } from "vitest";
import { compileJoint } from "../../src/api/fit.js";
import { fitJoint } from "../../src/fit/fit.js";
import type { Joint } from "../../src/fit/joint.js";
import type { Posterior } from "../../src/fit/posterior.js";
import type { FitResult } from "../../src/fit/result.js";
import { sample } from "../../src/fit/sample.js";
import type { Models } from "../../src/models/types.js";
import { readCrab } from "./crab.js";

const data = process.env.GAMMAPY_DATA;

/** Errors of the profile likelihood (MINOS, iminuit on the same function): amplitude, alpha, beta, norm. */
const MINOS = [
  [5.831e-4, 6.781e-4],
  [0.036964, 0.036671],
  [0.0020206, 0.00204],
  [0.075074, 0.077764],
] as const;

describe.runIf(data)("posterior of the joint Crab", () => {
  let joint: Joint;
  let fit: FitResult;
  let models: Models;
  let nuts: Posterior;

  beforeAll(async () => {
    const crab = await readCrab(data!);
    models = crab.models;
    joint = compileJoint(crab.datasets, crab.models);
    fit = fitJoint(joint);
    nuts = await sample(joint, fit);
  });

  it("NUTS gives about 10 000 effective samples, without a complaint", () => {
    expect(nuts.warnings).toEqual([]);
    expect(nuts.chains * nuts.samples).toBe(10_000);
    for (const p of nuts.parameters) {
      // of 10 000 draws some carry a little less than one independent draw each
      expect(p.essBulk).toBeGreaterThan(8000);
      expect(p.rHat).toBeLessThan(1.005);
    }
    // a gradient takes about 10 us: below a second
    expect(nuts.calls).toBeLessThan(90_000);
    expect(nuts.parameters.map((p) => [p.id, p.unit, p.prior.limits])).toEqual([
      ["Crab Nebula.amplitude", "cm-2 s-1 TeV-1", "positive"],
      ["Crab Nebula.alpha", "", "none"],
      ["Crab Nebula.beta", "", "none"],
      ["Fermi-LAT-bkg.norm", "", "parameter"],
    ]);
  });

  it("agrees with the profile likelihood", () => {
    nuts.parameters.forEach((p, i) => {
      const [below, above] = MINOS[i]!;
      const error = (below + above) / 2;
      const [, low, median, high] = p.quantiles as [number, number, number, number, number];
      // a flat prior in the amplitude moves mean and median by cov(., ln amplitude), up to 0.16 errors, against the maximum
      expect(Math.abs(median - fit.free.values[i]!)).toBeLessThan(0.16 * error);
      expect(Math.abs(p.mean - fit.free.values[i]!)).toBeLessThan(0.25 * error);
      // third derivatives change widths by their square, 0.03 for the amplitude; and 4 errors of 0.01, of quantiles of 10 000 draws
      expect(Math.abs((high - low) / (below + above) - 1)).toBeLessThan(0.07);
      // 0.05 for the amplitude, whose tail is long; and 4 errors of 0.01
      expect(Math.abs(p.std / error - 1)).toBeLessThan(0.09);
    });
    // amplitude and alpha go together, as in the fit
    expect(Math.abs(nuts.correlation[1]! - fit.free.correlation[1]!)).toBeLessThan(0.02);
    const best = nuts.value.reduce((a, b) => Math.min(a, b));
    expect(best).toBeGreaterThan(fit.totalStat);
    expect(best).toBeLessThan(fit.totalStat + 0.3);
  });

  it("ensemble and nested sampling find the same posterior", async () => {
    const others = [
      await sample(joint, fit, { sampler: "ensemble", samples: 6400 }),
      await sample(joint, fit, { sampler: "nested", live: 100, samples: 2000 }),
    ];
    for (const other of others) {
      other.parameters.forEach((p, i) => {
        const q = nuts.parameters[i]!;
        // two independent samplers; 4 errors of the difference, of mean and of width
        expect(Math.abs(p.mean - q.mean)).toBeLessThan(4 * Math.hypot(p.meanError, q.meanError));
        expect(Math.abs(p.std / q.std - 1)).toBeLessThan(4 * Math.sqrt(0.5 / p.essTail + 0.5 / q.essTail));
      });
    }
    const { evidence, parameters } = others[1]!;
    expect(parameters[0]!.prior.limits).toBe("fit error");
    // Laplace: ln L + ln sqrt(det 2 pi C) - ln volume of the prior, good to the skewness
    const n = 4;
    const volume = parameters.reduce((sum, { prior }) => sum + Math.log(prior.upper - prior.lower), 0);
    const laplace =
      -0.5 * fit.totalStat + 0.5 * (n * Math.log(2 * Math.PI) + lnDeterminant(fit.free.covariance, n)) - volume;
    expect(Math.abs(evidence!.logZ - laplace)).toBeLessThan(4 * evidence!.logZError + 0.1);
  });

  it("repeats bit for bit, and takes ranges", async () => {
    const ranges = { "Crab Nebula.alpha": [1.2, 1.25] } as const;
    const short = { samples: 80, warmup: 60, seed: 3, ranges };
    const one = await sample(joint, fit, short);
    expect(await sample(joint, fit, short)).toEqual(one);
    for (let r = 1; r < one.chain.length; r += 4) expect(one.chain[r]! >= 1.2 && one.chain[r]! <= 1.25).toBe(true);
    expect(one.parameters[1]!.prior).toEqual({ kind: "flat", lower: 1.2, upper: 1.25, limits: "given" });
  });

  it("counts the models' own priors once, in all samplers", async () => {
    const prior = {
      type: "GaussianPrior",
      weight: 1,
      parameters: [
        { name: "mu", value: 1, unit: "" },
        { name: "sigma", value: 0.02, unit: "" },
      ],
    };
    const components = models.components.map((c) =>
      c.type === "FoVBackgroundModel"
        ? {
            ...c,
            spectral: {
              ...c.spectral,
              parameters: c.spectral.parameters.map((p) => (p.name === "norm" ? { ...p, prior } : p)),
            },
          }
        : c,
    );
    // the background alone: the posterior is nearly the product of two normal distributions
    const withPrior = compileJoint(joint.datasets, { components });
    const found = fitJoint(withPrior);
    const posteriors = [
      await sample(withPrior, found, { samples: 2000 }),
      await sample(withPrior, found, { sampler: "nested", live: 60, samples: 1000 }),
    ];
    for (const { parameters } of posteriors) {
      const norm = parameters[3]!;
      expect(norm.prior.kind).toBe("model");
      expect(Math.abs(norm.mean - found.free.values[3]!)).toBeLessThan(
        4 * norm.meanError + 0.1 * found.free.errors[3]!,
      );
      expect(Math.abs(norm.std / found.free.errors[3]! - 1)).toBeLessThan(0.15);
    }
    // the range is 8 errors of the product, 0.02 as the prior: only the likelihood's own volume counts for the norm
    const { evidence, parameters } = posteriors[1]!;
    const flat = parameters.filter((p) => p.prior.kind === "flat");
    const volume = flat.reduce((sum, { prior: p }) => sum + Math.log(p.upper - p.lower), 0);
    const laplace =
      -0.5 * found.totalStat + 0.5 * (4 * Math.log(2 * Math.PI) + lnDeterminant(found.free.covariance, 4)) - volume;
    expect(Math.abs(evidence!.logZ - laplace)).toBeLessThan(4 * evidence!.logZError + 0.1);
  });

  it("says what is wrong with its options", async () => {
    const wrong = (options: Parameters<typeof sample>[2]) => expect(sample(joint, fit, options)).rejects;
    await wrong({ ranges: { "Crab Nebula.alpa": [0, 1] } }).toThrow(/did you mean "Crab Nebula.alpha"/);
    await wrong({ ranges: { "Crab Nebula.alpha": [1, 1] } }).toThrow(/below the second/);
    await wrong({ ranges: { "Fermi-LAT-bkg.norm": [-2, -1] } }).toThrow(/no overlap/);
    await wrong({ samples: 0 }).toThrow(/whole number/);
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    await wrong({ signal: controller.signal, onProgress }).toThrow("enough");
  });
});

/** By elimination, of a positive definite matrix scaled to unit diagonal. */
function lnDeterminant(matrix: Float64Array, n: number): number {
  const a = matrix.map((v, k) => v / Math.sqrt(matrix[Math.floor(k / n) * (n + 1)]! * matrix[(k % n) * (n + 1)]!));
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += Math.log(a[k * n + k]!) + Math.log(matrix[k * (n + 1)]!);
    for (let i = k + 1; i < n; i++) {
      const f = a[i * n + k]! / a[k * n + k]!;
      for (let j = k; j < n; j++) a[i * n + j]! -= f * a[k * n + j]!;
    }
  }
  return sum;
}
