/** Statistics of counts with a background that is subtracted, known, or of normal errors. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chi2DataVariance,
  chi2Gehrels,
  chi2ModelVariance,
  cstatOnOff,
  pgstat,
} from "../../src/likelihood/statistics/on-off.js";
import type { OnOffErrors, OnOffStatistic } from "../../src/likelihood/statistics/types.js";
import { differentiate } from "../../src/math/differences.js";
import oracle from "../oracle/counts_statistics.json" with { type: "json" };

const POISSON: OnOffErrors = { on: Number.NaN, off: Number.NaN, onSystematic: 0, offSystematic: 0 };

type Bin = readonly [n: number, m: number, alpha: number, mu: number, constant: number];

function bin(statistic: OnOffStatistic, [n, m, alpha, error, mu]: readonly number[], isGiven: boolean): Bin {
  const errors = isGiven ? { ...POISSON, off: error! } : POISSON;
  return [n!, m!, alpha!, mu!, statistic.constant?.(n!, m!, alpha!, errors) ?? 0];
}

describe("statistics with a background that is not fitted", () => {
  it("have the values of arithmetic of 40 digits", () => {
    for (const { bin: row, ...values } of oracle.bins) {
      for (const [statistic, value, isGiven] of [
        [pgstat, values.pgstat, true],
        [cstatOnOff, values.cstat, false],
        [chi2DataVariance, values.chi2datavar, false],
        [chi2Gehrels, values.chi2gehrels, false],
        [chi2ModelVariance, values.chi2modvar, true],
      ] as const) {
        if (value === null) continue;
        const found = statistic.value(...bin(statistic, row, isGiven));
        // differences of numbers of a few hundred, and of squares of their distance over an error of 0.0002
        expect(Math.abs(found - value), `${statistic.name} ${row}`).toBeLessThan(1e-10 * (1 + Math.abs(value)));
      }
    }
  });

  it("have the derivatives of their values", () => {
    const out = new Float64Array(6);
    for (const statistic of [pgstat, cstatOnOff, chi2DataVariance, chi2Gehrels, chi2ModelVariance]) {
      fc.assert(
        fc.property(
          fc.nat(200),
          fc.nat(400),
          fc.double({ min: 0.05, max: 2, noNaN: true }),
          fc.double({ min: 0.1, max: 30, noNaN: true }),
          fc.double({ min: 0.5, max: 300, noNaN: true }),
          (n, m, alpha, error, mu) => {
            const [, , , , kept] = bin(statistic, [n, m, alpha, error, mu], true);
            const value = (x: number, a = alpha) => statistic.value(n, m, a, x, kept);
            const slope = (x: number) => {
              statistic.derivatives(n, m, alpha, x, out, kept);
              return out[1]!;
            };
            // kinks: pgstat without counts where none are expected any more, the least variance of chi2modvar
            const step = 0.05 * mu;
            const kink = n === 0 ? (alpha * error) ** 2 - alpha * m : Number.NaN;
            if (Math.abs(mu - kink) < 2 * step || Math.abs(mu - 1) < 2 * step) return;
            statistic.derivatives(n, m, alpha, mu, out, kept);
            expect(out[0]).toBe(value(mu));
            const [d1, d2] = [differentiate(value, mu, step), differentiate(slope, mu, step)];
            statistic.derivatives(n, m, alpha, mu, out, kept);
            const size = Math.abs(out[0]!) / mu;
            expect(Math.abs(out[1]! - d1.value)).toBeLessThan(1e-7 * (Math.abs(out[1]!) + size) + 10 * d1.error + 1e-8);
            expect(Math.abs(out[2]! - d2.value)).toBeLessThan(
              1e-7 * (Math.abs(out[2]!) + size / mu) + 10 * d2.error + 1e-8,
            );
            if (statistic.alphaDerivatives === undefined) return;
            statistic.alphaDerivatives(n, m, alpha, mu, out, kept);
            const byAlpha = differentiate((a) => value(mu, a), alpha, 0.05 * alpha);
            expect(Math.abs(out[3]! - byAlpha.value)).toBeLessThan(1e-6 * (Math.abs(out[3]!) + 1) + 10 * byAlpha.error);
          },
        ),
        { numRuns: 200, seed: 7 },
      );
    }
  });

  it("use errors that are given, and systematic ones of both", () => {
    const errors = { on: 3, off: 8, onSystematic: 2, offSystematic: 6 };
    const chi2 = chi2DataVariance.constant!(12, 40, 0.5, errors);
    expect(chi2).toBe(9 + 4 + 0.25 * (64 + 36));
    expect(pgstat.constant!(12, 40, 0.5, errors)).toBe(10);
  });
});
