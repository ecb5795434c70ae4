import { describe, expect, it } from "vitest";
import type { Objective } from "../../src/minimize/types.js";
import {
  type Chains,
  ensemble,
  type Guess,
  nuts,
  type ParameterSummary,
  run,
  runAsync,
  type Summary,
  summarize,
  type Target,
} from "../../src/sampling/index.js";
import { badCovariance, banana, diagonal, funnel, gaussian, unitGuess } from "./targets.js";

/** Seeds are fixed; a z-score above 4 happens by chance once in 16 000. */
const Z = 4;

function expectMean(p: ParameterSummary, mean: number): void {
  expect(Math.abs(p.mean - mean) / p.meanError).toBeLessThan(Z);
}

/** The error of a standard deviation is std / sqrt(2 N) for a normal distribution; N of the squares is near the tail's effective size. */
function expectWidth(p: ParameterSummary, std: number): void {
  expect(Math.abs(p.std / std - 1)).toBeLessThan(Z / Math.sqrt(2 * Math.min(p.essTail, p.essBulk)));
}

/** Moments of functions of the draws, as if they were parameters. */
function functionsOf(chains: Chains, ...functions: ((x: Float64Array) => number)[]): Summary {
  const n = functions.length;
  const rows = chains.chains * chains.samples;
  const chain = new Float64Array(rows * n);
  for (let r = 0; r < rows; r++) {
    const x = chains.chain.subarray(r * chains.n, (r + 1) * chains.n);
    for (let i = 0; i < n; i++) chain[r * n + i] = functions[i]!(x);
  }
  return summarize({ ...chains, n, chain });
}

const samplers = {
  nuts: (target: Target, guess: Guess, seed: number) => run(nuts(target, guess, { seed, samples: 1500 })),
  ensemble: (target: Target, guess: Guess, seed: number) =>
    run(ensemble(target, guess, { seed, samples: 400, thin: 10 })),
};

describe.each(Object.entries(samplers))("%s", (name, sampler) => {
  it("samples a normal distribution of condition 1e6 over 10 decades, told its shape", () => {
    const covariance = badCovariance(5, 1e6, 10);
    const mean = [1, -2, 3, 0, 5];
    const chains = sampler(
      { objective: gaussian(mean, covariance) },
      { start: Float64Array.from(mean), covariance },
      1,
    );
    const { parameters, correlation } = summarize(chains);
    parameters.forEach((p, i) => {
      expectMean(p, mean[i]!);
      expectWidth(p, Math.sqrt(covariance[i * 6]!));
      expect(p.rHat).toBeLessThan(name === "nuts" ? 1.01 : 1.05);
    });
    const rho = covariance[1]! / Math.sqrt(covariance[0]! * covariance[6]!);
    // error of a correlation: (1 - rho^2) / sqrt(N)
    expect(Math.abs(correlation[1]! - rho)).toBeLessThan((Z * (1 - rho * rho)) / Math.sqrt(parameters[0]!.essBulk));
    expect(chains.value.every((v) => v >= 0)).toBe(true);
    expect(chains.divergences).toBe(0);
  });

  it("learns a shape that it was not told", () => {
    const covariance = badCovariance(4, 1e6, 0);
    const guess = { start: new Float64Array(4), covariance: diagonal(1, 1, 1, 1) };
    const warmup = name === "nuts" ? 1000 : 3000;
    const target = { objective: gaussian([10, 0, 0, -10], covariance) };
    const chains =
      name === "nuts"
        ? run(nuts(target, guess, { seed: 2, samples: 1000, warmup }))
        : run(ensemble(target, guess, { seed: 2, samples: 300, warmup, thin: 10 }));
    for (const [i, p] of summarize(chains).parameters.entries()) {
      expectMean(p, [10, 0, 0, -10][i]!);
      expectWidth(p, Math.sqrt(covariance[i * 5]!));
    }
  });

  it("follows a funnel", () => {
    const chains = sampler({ objective: funnel }, unitGuess(4), 3);
    const [v, x, variance] = functionsOf(
      chains,
      (x) => x[0]!,
      (x) => x[1]!,
      (x) => Math.min(x[2]! ** 2 * Math.exp(-x[0]!), 100),
    ).parameters;
    expectMean(v!, 0);
    expectMean(x!, 0);
    expectMean(variance!, 1);
    expectWidth(v!, 1);
  });

  it("samples between limits, where the density is highest at one", () => {
    // exponential above 1; flat in [2, 5]; normal below its mean 0; normal
    const objective: Objective = {
      n: 4,
      value: (x) => 2 * (x[0]! - 1) + x[2]! ** 2 + x[3]! ** 2,
      gradient(x, g) {
        g.set([2, 0, 2 * x[2]!, 2 * x[3]!]);
        return 2 * (x[0]! - 1) + x[2]! ** 2 + x[3]! ** 2;
      },
    };
    const [inf, none] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const target = { objective, lower: Float64Array.of(1, 2, none, none), upper: Float64Array.of(inf, 5, 0, inf) };
    const guess = { start: Float64Array.of(1, 3, 0, 0), covariance: diagonal(1, 1, 1, 1) };
    const chains = sampler(target, guess, 4);
    const { parameters } = functionsOf(
      chains,
      (x) => x[0]!,
      (x) => (x[0]! - 1) ** 2,
      (x) => x[1]!,
      (x) => x[1]! ** 2,
      (x) => x[2]!,
      (x) => x[3]! ** 2,
    );
    [2, 2, 3.5, 13, -Math.sqrt(2 / Math.PI), 1].forEach((mean, i) => {
      expectMean(parameters[i]!, mean);
    });
    for (let r = 0; r < chains.chain.length; r += 4) {
      const [a, b, c] = chains.chain.subarray(r, r + 3);
      expect(a! >= 1 && b! >= 2 && b! <= 5 && c! <= 0).toBe(true);
    }
  });

  it("samples a narrow piece of a strongly correlated distribution", () => {
    const rho = 0.99;
    const objective = gaussian([0, 0], Float64Array.of(1, rho, rho, 1));
    const inf = Number.POSITIVE_INFINITY;
    const target = { objective, lower: Float64Array.of(0, -inf), upper: Float64Array.of(0.5, inf) };
    const guess = { start: new Float64Array(2), covariance: Float64Array.of(1, rho, rho, 1) };
    const chains = sampler(target, guess, 8);
    const { parameters } = functionsOf(
      chains,
      (x) => x[0]!,
      (x) => x[0]! ** 2,
      (x) => x[1]!,
      (x) => (x[1]! - rho * x[0]!) ** 2,
    );
    // scipy.stats.truncnorm(0, 0.5).moment(1), moment(2)
    const [mean, square] = [0.2448362635955299, 0.08058915460081165];
    [mean, square, rho * mean, 1 - rho * rho].forEach((value, i) => {
      expectMean(parameters[i]!, value);
    });
  });

  it("takes non-finite values for probability zero", () => {
    const half = gaussian([0, 0], diagonal(1, 1));
    const objective: Objective = {
      ...half,
      value: (x) => (x[0]! > 0 ? half.value(x) : Number.NaN),
      gradient: (x, g) => {
        const f = half.gradient(x, g);
        if (x[0]! > 0) return f;
        g.fill(Number.NaN);
        return Number.POSITIVE_INFINITY;
      },
    };
    const chains = sampler({ objective }, { start: Float64Array.of(1, 0), covariance: diagonal(1, 1) }, 5);
    expect(chains.chain.every(Number.isFinite) && chains.value.every(Number.isFinite)).toBe(true);
    const [x, y] = summarize(chains).parameters;
    expectMean(x!, Math.sqrt(2 / Math.PI));
    expectMean(y!, 0);
    if (name === "nuts") expect(chains.divergences).toBeGreaterThan(0);
  });

  it("repeats bit for bit, synchronously or not, and changes with the seed", async () => {
    const target = { objective: funnel };
    const short = (seed: number) =>
      name === "nuts"
        ? nuts(target, unitGuess(4), { seed, samples: 50, warmup: 100, chains: 2 })
        : ensemble(target, unitGuess(4), { seed, samples: 50, warmup: 100 });
    const one = run(short(7));
    expect(run(short(7))).toEqual(one);
    expect(await runAsync(short(7))).toEqual(one);
    expect(run(short(8)).chain).not.toEqual(one.chain);
  });

  it("tells its progress, and stops when told", () => {
    const controller = new AbortController();
    const stages: string[] = [];
    const sampling = () =>
      name === "nuts"
        ? nuts({ objective: funnel }, unitGuess(4), { seed: 1, samples: 20, warmup: 30, chains: 2 })
        : ensemble({ objective: funnel }, unitGuess(4), { seed: 1, samples: 20, warmup: 30 });
    let last = 0;
    run(sampling(), {
      onProgress: ({ done, total, stage }) => {
        expect(done).toBe(last + 1);
        expect(total).toBe(name === "nuts" ? 100 : 50);
        stages.push(stage);
        last = done;
      },
    });
    expect(stages[0]).toBe("warmup");
    expect(stages.at(-1)).toBe("sampling");
    const onProgress = ({ done }: { done: number }) => done === 5 && controller.abort(new Error("enough"));
    expect(() => run(sampling(), { signal: controller.signal, onProgress })).toThrow("enough");
  });

  it("says what is wrong with its input", () => {
    const objective = gaussian([0, 0], diagonal(1, 1));
    const bad = { start: new Float64Array(2), covariance: Float64Array.of(1, 2, 2, 1) };
    expect(() => sampler({ objective }, bad, 1)).toThrow(/not positive definite/);
    expect(() => sampler({ objective }, unitGuess(3), 1)).toThrow(/start has 3 .* expected 2 and 4/);
    const nowhere = { ...objective, value: () => Number.NaN };
    expect(() => sampler({ objective: nowhere }, unitGuess(2), 1)).toThrow(/no starting point/);
  });
});

describe("nuts", () => {
  it("follows a banana with small steps", () => {
    const chains = run(nuts({ objective: banana }, unitGuess(2), { seed: 6, samples: 2000, targetAcceptance: 0.95 }));
    const [x0, x1, square] = functionsOf(
      chains,
      (x) => x[0]!,
      (x) => x[1]!,
      (x) => (x[1]! - x[0]! ** 2) ** 2,
    ).parameters;
    expectMean(x0!, 0);
    expectMean(x1!, 1);
    expectMean(square!, 0.09);
    expect(Math.max(x0!.rHat, x1!.rHat)).toBeLessThan(1.05);
  });

  it("has about one effective draw for each draw of a normal distribution", () => {
    const covariance = badCovariance(4, 1e4, 6);
    const guess = { start: new Float64Array(4), covariance };
    const chains = run(nuts({ objective: gaussian([0, 0, 0, 0], covariance) }, guess, { seed: 7, samples: 1000 }));
    for (const p of summarize(chains).parameters) expect(p.essBulk).toBeGreaterThan(3000);
    // tree depths of 2 and 3: 3 or 7 leaps
    expect(chains.calls / (4 * 1500)).toBeLessThan(8);
  });

  it("chain k does not depend on the number of chains", () => {
    const sampling = (chains: number) =>
      run(nuts({ objective: funnel }, unitGuess(4), { seed: 3, samples: 20, warmup: 60, chains }));
    expect(sampling(3).chain.slice(0, 20 * 4 * 2)).toEqual(sampling(2).chain);
  });

  it("shows by R-hat that chains are stuck in two far modes", () => {
    const two: Objective = {
      n: 1,
      value: (x) => (Math.abs(x[0]!) - 20) ** 2,
      gradient: (x, g) => {
        g[0] = 2 * (Math.abs(x[0]!) - 20) * Math.sign(x[0]!);
        return (Math.abs(x[0]!) - 20) ** 2;
      },
    };
    const guess = { start: new Float64Array(1), covariance: diagonal(100) };
    const chains = run(nuts({ objective: two }, guess, { seed: 1, samples: 300, chains: 6 }));
    expect(summarize(chains).parameters[0]!.rHat).toBeGreaterThan(1.5);
  });

  it("samples the logarithm of a positive parameter, and the density of the parameter", () => {
    // gamma distributions x^(k - 1) e^-x, k = 4 and 1; the second between 0.1 and 2
    const objective: Objective = {
      n: 2,
      value: (x) => 2 * (x[0]! + x[1]! - 3 * Math.log(x[0]!)),
      gradient(x, g) {
        g[0] = 2 * (1 - 3 / x[0]!);
        g[1] = 2;
        return 2 * (x[0]! + x[1]! - 3 * Math.log(x[0]!));
      },
    };
    const inf = Number.POSITIVE_INFINITY;
    const target = {
      objective,
      lower: Float64Array.of(-1, 0.1),
      upper: Float64Array.of(inf, 2),
      log: Uint8Array.of(1, 1),
    };
    const guess = { start: Float64Array.of(3, 1), covariance: diagonal(4, 0.3) };
    const chains = run(nuts(target, guess, { seed: 1, samples: 2000 }));
    const [x, y] = summarize(chains).parameters;
    expectMean(x!, 4);
    // a standard deviation of its own scatter: the kurtosis of this gamma is 4.5, of normal 3
    expect(Math.abs(x!.std / 2 - 1)).toBeLessThan(Z * Math.sqrt(3.5 / 4 / x!.essTail));
    const [a, b] = [Math.exp(-0.1), Math.exp(-2)];
    expectMean(y!, (1.1 * a - 3 * b) / (a - b));
    // the values are those of the function given, without the Jacobian
    expect(chains.value[5]).toBeCloseTo(objective.value(chains.chain.slice(10, 12)), 10);
    const zero = { start: Float64Array.of(0, 1), covariance: diagonal(4, 0.3) };
    expect(() => run(nuts(target, zero, { seed: 1, samples: 1 }))).toThrow(/no logarithm/);
  });

  it("needs a gradient and limits in order", () => {
    const { n, value } = funnel;
    expect(() => run(nuts({ objective: { n, value } }, unitGuess(4), { seed: 1, samples: 1 }))).toThrow(/ensemble/);
    const limits = { lower: new Float64Array(4), upper: new Float64Array(4) };
    expect(() => run(nuts({ objective: funnel, ...limits }, unitGuess(4), { seed: 1, samples: 1 }))).toThrow(
      /lower has to be below/,
    );
  });
});

describe("ensemble", () => {
  it("follows a banana, slowly", () => {
    const chains = run(ensemble({ objective: banana }, unitGuess(2), { seed: 6, samples: 500, thin: 20 }));
    const [x0, x1] = summarize(chains).parameters;
    expectMean(x0!, 0);
    expectMean(x1!, 1);
  });

  it("accepts a normal distribution as often as emcee does", () => {
    // emcee 3.1.6, 32 walkers, 5 normal parameters: 0.552 +- 0.004
    const covariance = badCovariance(5, 100, 3);
    const guess = { start: new Float64Array(5), covariance };
    const chains = run(
      ensemble({ objective: gaussian([0, 0, 0, 0, 0], covariance) }, guess, { seed: 1, samples: 2000 }),
    );
    expect(chains.acceptance).toBeGreaterThan(0.54);
    expect(chains.acceptance).toBeLessThan(0.565);
  });

  it("wants enough walkers", () => {
    const few = (walkers: number) => () =>
      run(ensemble({ objective: funnel }, unitGuess(4), { seed: 1, samples: 1, walkers }));
    expect(few(6)).toThrow(/even number of at least 8/);
    expect(few(9)).toThrow(/even number/);
  });
});
