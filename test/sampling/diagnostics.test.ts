import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/math/random.js";
import { autocorrelationTime, essBulk, essMean, essTail, rHat, summarize } from "../../src/sampling/index.js";

interface Case {
  readonly seed: number;
  readonly chains: number;
  readonly draws: number;
  readonly rho: number;
  readonly shift?: number;
  readonly drift?: number;
  readonly power?: number;
  readonly first: readonly number[];
  readonly last: number;
  readonly rHat: number | null;
  readonly essBulk: number;
  readonly essTail: number;
  readonly essMean: number;
  readonly tau: number;
}

const oracle = JSON.parse(readFileSync(new URL("../oracle/sampling.json", import.meta.url), "utf8")) as {
  readonly cases: Readonly<Record<string, Case>>;
};

/** The draws of test/oracle/sampling.py. */
function ar1({ seed, chains, draws, rho, shift = 0, drift = 0, power = 1 }: Case): Float64Array[] {
  return Array.from({ length: chains }, (_, k) => {
    let state = seed + 1000 * k;
    const bell = () => {
      let total = 0;
      for (let i = 0; i < 12; i++) {
        state = (1664525 * state + 1013904223) % 4294967296;
        total += state / 4294967296;
      }
      return total - 6;
    };
    let x = 0;
    return Float64Array.from({ length: draws }, (_, t) => {
      x = rho * x + bell();
      const y = x + shift * k + (drift * t) / draws;
      return Math.sign(y) * Math.abs(y) ** power;
    });
  });
}

/** Both follow the same definitions: only rounding differs (FFT against direct sums, another inverse of the normal distribution). */
const SAME = 1e-9;

describe("convergence diagnostics", () => {
  describe.each(Object.entries(oracle.cases))("of %s chains", (_, c) => {
    const draws = ar1(c);
    const near = (found: number, expected: number) => expect(Math.abs(found / expected - 1)).toBeLessThan(SAME);

    it("are taken from the draws that ArviZ and emcee had", () => {
      expect(Array.from(draws[0]!.slice(0, 3))).toEqual(c.first);
      expect(draws.at(-1)!.at(-1)).toBeCloseTo(c.last, 13);
    });
    // ArviZ gives none for a single chain
    it("R-hat is that of ArviZ", () => {
      if (c.rHat === null) expect(draws).toHaveLength(1);
      else near(rHat(draws), c.rHat);
    });
    it("effective sizes are those of ArviZ", () => {
      near(essBulk(draws), c.essBulk);
      near(essTail(draws), c.essTail);
      near(essMean(draws), c.essMean);
    });
    it("the autocorrelation time is that of emcee", () => near(autocorrelationTime(draws), c.tau));
  });

  it("flag chains that stay apart, drift, or do not move", () => {
    expect(rHat(ar1(oracle.cases.independent!))).toBeLessThan(1.01);
    expect(rHat(ar1(oracle.cases.apart!))).toBeGreaterThan(1.1);
    expect(rHat(ar1(oracle.cases.drifting!))).toBeGreaterThan(1.1);
    const stream = randomStream(1);
    const moving = Array.from({ length: 3 }, () => Float64Array.from({ length: 500 }, () => stream.normal()));
    expect(rHat([...moving, new Float64Array(500).fill(2)])).toBeGreaterThan(1.1);
    expect(rHat([0, 1].map((v) => new Float64Array(500).fill(v)))).toBeGreaterThan(1e6);
    // same mean, other width: only the folded ranks see it
    const wide = moving[0]!.map((x) => 4 * x);
    expect(rHat([...moving.slice(1), wide])).toBeGreaterThan(1.05);
  });
});

describe("summary", () => {
  it("gives moments, quantiles and correlations of all chains together", () => {
    // x = 0 ... 9 in two chains, y = 3 - 2 x
    const chain = Float64Array.from({ length: 20 }, (_, k) => (k % 2 === 0 ? k / 2 : 3 - (k - 1)));
    const { parameters, covariance, correlation } = summarize({ n: 2, chains: 2, samples: 5, chain });
    expect(parameters[0]!.mean).toBe(4.5);
    // numpy.std(ddof=1), numpy.quantile of 0 ... 9
    expect(parameters[0]!.std).toBeCloseTo(3.0276503540974917, 14);
    expect(parameters[0]!.quantiles[2]).toBe(4.5);
    expect(parameters[0]!.quantiles[1]).toBeCloseTo(9 * 0.15865525393145707, 14);
    expect(parameters[1]!.mean).toBe(-6);
    expect(covariance[1]).toBeCloseTo(-2 * 3.0276503540974917 ** 2, 13);
    expect(correlation[0]).toBe(1);
    expect(correlation[1]).toBeCloseTo(-1, 14);
  });
});
