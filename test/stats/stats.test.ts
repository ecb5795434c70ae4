import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SpecError } from "../../src/errors.js";
import { differentiate } from "../../src/math/differences.js";
import { evaluateSpline } from "../../src/math/spline.js";
import * as stats from "../../src/stats/index.js";

type Row = (number | null)[];
const oracle = JSON.parse(readFileSync(new URL("../oracle/stats.json", import.meta.url), "utf8")) as Record<
  "cash" | "wstat" | "wstatNegative" | "cashCounts" | "wstatCounts" | "upperLimit" | "upperLimitFar",
  Row[]
>;

function near(found: number, expected: number | null | undefined, tolerance: number, what: unknown): void {
  if (expected === null || expected === undefined) expect(found, JSON.stringify(what)).toBeNaN();
  else
    expect(Math.abs(found - expected), `${JSON.stringify(what)}: ${found} ${expected}`).toBeLessThanOrEqual(tolerance);
}

describe("cash and cstat", () => {
  test("are Gammapy's", () => {
    for (const row of oracle.cash) {
      const [n, mu, c, s] = row as [number, number, number, number];
      near(stats.cash(n, mu), c, 1e-14 * Math.abs(c), row);
      // Gammapy takes the difference of logarithms of numbers up to 1e4: their rounding times n.
      near(stats.cstat(n, mu), s, 1e-14 * (Math.abs(s) + n * 20 + Math.abs(mu)), row);
    }
  });

  test("derivatives are those of the value", () => {
    const out = new Float64Array(3);
    for (const derivatives of [stats.cashDerivatives, stats.cstatDerivatives]) {
      const f = derivatives === stats.cashDerivatives ? stats.cash : stats.cstat;
      fc.assert(
        fc.property(fc.nat(300), fc.double({ min: 1e-6, max: 1e4, noNaN: true }), (n, mu) => {
          derivatives(n, mu, out);
          expect(out[0]).toBe(f(n, mu));
          const d1 = differentiate((m) => f(n, m), mu, mu * 0.3);
          near(out[1]!, d1.value, 1e-7 * (Math.abs(out[1]!) + n / mu) + 10 * d1.error + 1e-9, [n, mu]);
          const d2 = differentiate((m) => f(n, m), mu, mu * 0.3, 2);
          near(out[2]!, d2.value, 1e-5 * out[2]! + 10 * d2.error + 1e-9, [n, mu]);
        }),
      );
    }
    stats.cashDerivatives(0, 0, out);
    expect([...out]).toEqual([2e-25, 2, 0]);
    stats.cashDerivatives(3, -1, out);
    expect([...out].slice(1)).toEqual([0, 0]);
  });

  test("slopes at and below the truncation are 0, but of growing mu at none predicted and none counted", () => {
    const out = new Float64Array(3);
    for (const derivatives of [stats.cashDerivatives, stats.cstatDerivatives]) {
      for (const [n, mu, slope] of [
        [3, 0, 0],
        [3, 1e-25, 0],
        [0, -1, 0],
        [0, 0, 2],
      ] as const) {
        derivatives(n, mu, out);
        expect([...out].slice(1), `${n} ${mu}`).toEqual([slope, 0]);
      }
    }
  });

  test("clipped, a negative prediction counts as none, with slopes of 0", () => {
    const out = new Float64Array(3);
    const gammapy = (n: number, mu: number) => oracle.cash.find((row) => row[0] === n && row[1] === mu)![2]!;
    for (const n of [0, 1, 7]) {
      stats.clippedCashDerivatives(n, -3, out);
      expect(out[0]).toBeCloseTo(gammapy(n, -3), 12);
      expect([...out].slice(1)).toEqual([0, 0]);
    }
    stats.clippedCashDerivatives(0, 0, out);
    expect([...out]).toEqual([2e-25, 2, 0]);
    // 2 (1 - 2/50) and 2 * 2/50^2
    stats.clippedCashDerivatives(2, 50, out);
    near(out[0]!, gammapy(2, 50), 1e-13, out);
    near(out[1]!, 1.92, 1e-15, out);
    near(out[2]!, 0.0016, 1e-18, out);
  });

  test("sums follow mask and weights", () => {
    const n = Float64Array.of(0, 2, 5);
    const mu = Float64Array.of(0.5, 1, 6);
    expect(stats.cashSum(n, mu, Uint8Array.of(1, 0, 1))).toBe(stats.cash(0, 0.5) + stats.cash(5, 6));
    expect(stats.cashWeightedSum(n, mu, Float64Array.of(0, 0.5, 2))).toBe(
      0.5 * stats.cash(2, 1) + 2 * stats.cash(5, 6),
    );
    expect(stats.cashSum(n, mu)).toBe(stats.cash(0, 0.5) + stats.cash(2, 1) + stats.cash(5, 6));
    expect(stats.cstatSum(n, mu)).toBe(stats.cstat(0, 0.5) + stats.cstat(2, 1) + stats.cstat(5, 6));
    expect(stats.cstatSum(n, mu, Uint8Array.of(1, 0, 1))).toBe(stats.cstat(0, 0.5) + stats.cstat(5, 6));
    // what has no weight is not computed
    const outside = Float64Array.of(Number.NaN, 1, 6);
    expect(stats.cashWeightedSum(n, outside, Float64Array.of(0, 1, 0))).toBe(stats.cash(2, 1));
  });
});

describe("wstat", () => {
  test("is Gammapy's, with its background", () => {
    expect(oracle.wstat.length).toBe(875);
    for (const row of oracle.wstat) {
      const [n, m, alpha, mu, w, b] = row as number[] as [number, number, number, number, number, number];
      // Gammapy sums terms as large as n ln n, m ln b and b/alpha, and its b cancels where C < 0: rounding of those, 1e-16 each.
      const size = 1 + n * 8 + m * 10 + mu / alpha;
      near(stats.wstat(n, m, alpha, mu), w, 1e-14 * size, row);
      near(stats.wstatBackground(n, m, alpha, mu), b, 2e-15 * (m + n / alpha + mu / alpha / alpha + 1), row);
    }
  });

  test("as a plain sum is Gammapy's, and the value of its derivatives", () => {
    const out = new Float64Array(6);
    const derivatives = new Float64Array(3);
    for (const row of oracle.wstat) {
      const [n, m, alpha, mu, w] = row as number[] as [number, number, number, number, number];
      const logTerms = stats.wstatLogTerms(n, m);
      const value = stats.wstatValue(n, m, alpha, mu, logTerms);
      // rounding of terms as large as n ln n, m ln m and mu / alpha
      near(value, w, 1e-14 * (1 + n * 8 + m * 10 + mu / alpha), row);
      stats.wstatDerivatives(n, m, alpha, mu, derivatives, logTerms);
      stats.wstatAlphaDerivatives(n, m, alpha, mu, out, logTerms);
      expect([derivatives[0], out[0]], JSON.stringify(row)).toEqual([value, value]);
    }
    // n ln n - n + m ln m - m
    expect([stats.wstatLogTerms(0, 0), stats.wstatLogTerms(1, 0), stats.wstatLogTerms(0, 1)]).toEqual([0, -1, -1]);
    expect(stats.wstatLogTerms(2, 3)).toBeCloseTo(2 * Math.LN2 + 3 * 1.0986122886681098 - 5, 14);
  });

  test("of negative signals is the least over the background, with its slope", () => {
    const out = new Float64Array(3);
    for (const row of oracle.wstatNegative) {
      const [n, m, alpha, mu, w, slope] = row as number[] as [number, number, number, number, number, number];
      near(stats.wstat(n, m, alpha, mu), w, 1e-13 * (1 + w), row);
      stats.wstatDerivatives(n, m, alpha, mu, out);
      near(out[0]!, w, 1e-13 * (1 + w), row);
      // a difference over 1e-7 of values to 40 digits: its next term is 1e-14 times the third derivative
      near(out[1]!, slope, 1e-9 * (1 + Math.abs(slope)), row);
    }
    // no ON counts and s = 0: b = -mu / alpha = 20 for 3 OFF counts, the curvature 2 * 3 / 20^2 / alpha^2
    stats.wstatDerivatives(0, 3, 0.5, -10, out);
    near(out[2]!, 0.06, 1e-16, out);
  });

  test("values of the specification", () => {
    near(stats.wstat(2, 0, 0.1, 1), 0.772589, 5e-7, 1);
    near(stats.wstat(0, 3, 0.1, 1), 2.571861, 5e-7, 2);
    near(stats.wstat(2, 0, 0.1, 50), 83.124497, 5e-7, 3);
  });

  test("background and signal solve the likelihood equation, without cancellation", () => {
    const count = fc.nat(1000).map((v) => v + 1);
    fc.assert(
      fc.property(
        count,
        count,
        fc.double({ min: 1e-4, max: 5, noNaN: true }),
        fc.double({ min: -50, max: 1e6, noNaN: true }),
        (n, m, alpha, mu) => {
          const b = stats.wstatBackground(n, m, alpha, mu);
          const s = stats.wstatOn(n, m, alpha, mu);
          expect(b).toBeGreaterThan(0);
          expect(s).toBeGreaterThan(0);
          // 1 + alpha = alpha n / s + m / b
          expect(Math.abs((alpha * n) / s + m / b - (1 + alpha))).toBeLessThan(1e-12 * (1 + alpha + (alpha * n) / s));
        },
      ),
    );
  });

  test("derivatives by alpha are those of the value, in all special cases", () => {
    const out = new Float64Array(6);
    const n = fc.oneof(fc.constant(0), fc.nat(50));
    const alpha = fc.double({ min: 0.05, max: 3, noNaN: true });
    const mu = fc.oneof(
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: -20, max: -0.01, noNaN: true }),
    );
    fc.assert(
      fc.property(n, n, alpha, mu, (nOn, nOff, a, x) => {
        // away from the edges where b or s becomes zero, on which derivatives jump
        const kinks = [stats.wstatBackground(nOn, nOff, a, x), stats.wstatOn(nOn, nOff, a, x)];
        const near0 = kinks.some((v) => v !== 0 && Math.abs(v) < 0.05 * (Math.abs(x) + 1));
        const edge = nOn === 0 && Math.abs(x + (a * nOff) / (1 + a)) < 0.1 * (Math.abs(x) + 1);
        const flat = nOff === 0 && Math.abs(x - (a * nOn) / (1 + a)) < 0.1 * (Math.abs(x) + 1);
        fc.pre(!near0 && !edge && !flat && (nOn > 0 || x > 0 || nOff > 0));
        stats.wstatAlphaDerivatives(nOn, nOff, a, x, out);
        const w = (b: number) => stats.wstat(nOn, nOff, b, x);
        const first = differentiate(w, a, 0.05 * a);
        const size = 1 + nOn + nOff + Math.abs(x) / a;
        near(out[3]!, first.value, 1e-6 * size + 10 * first.error, ["alpha", nOn, nOff, a, x]);
        const slope = new Float64Array(6);
        const byAlpha = (b: number) => {
          stats.wstatAlphaDerivatives(nOn, nOff, b, x, slope);
          return slope[3]!;
        };
        const second = differentiate(byAlpha, a, 0.05 * a);
        near(out[4]!, second.value, (1e-6 * size) / a + 10 * second.error, ["alpha twice", nOn, nOff, a, x]);
        const byMu = differentiate(
          (m) => {
            stats.wstatAlphaDerivatives(nOn, nOff, a, m, slope);
            return slope[3]!;
          },
          x,
          0.05 * Math.abs(x),
        );
        near(out[5]!, byMu.value, (1e-6 * size) / a + 10 * byMu.error, ["mixed", nOn, nOff, a, x]);
        stats.wstatDerivatives(nOn, nOff, a, x, slope);
        expect(out.slice(0, 3)).toEqual(slope.slice(0, 3));
      }),
      { numRuns: 1000 },
    );
  });

  test("derivatives are those of the value, in all special cases", () => {
    const out = new Float64Array(3);
    const n = fc.oneof(fc.constant(0), fc.nat(50));
    const alpha = fc.constantFrom(0, 0.01, 0.2, 1, 2.5);
    const mu = fc.oneof(
      fc.double({ min: 0.01, max: 300, noNaN: true }),
      fc.double({ min: -20, max: -0.01, noNaN: true }),
    );
    fc.assert(
      fc.property(n, n, alpha, mu, (nOn, nOff, a, x) => {
        fc.pre(a > 0 || x > 0);
        // Where b or s reaches 0 the curvature jumps (no OFF or no ON counts): stay on one side.
        const kinks = [
          nOff === 0 ? (a * nOn) / (1 + a) : Number.NaN,
          nOn === 0 ? (-a * nOff) / (1 + a) : Number.NaN,
          0,
        ];
        let step = 0.3 * Math.abs(x);
        for (const kink of kinks) if (!Number.isNaN(kink)) step = Math.min(step, 0.7 * Math.abs(x - kink));
        // The scale on which the background gives way.
        step = Math.min(step, 0.3 * (Math.abs(x) + a * Math.sqrt((nOn + 1) * (nOff + 1))));
        fc.pre(step > 1e-6);
        const f = (m: number) => stats.wstat(nOn, nOff, a, m);
        stats.wstatDerivatives(nOn, nOff, a, x, out);
        expect(out[0]).toBe(f(x));
        const d1 = differentiate(f, x, step);
        near(out[1]!, d1.value, 1e-7 * (Math.abs(out[1]!) + 1) + 10 * d1.error, [nOn, nOff, a, x]);
        const d2 = differentiate(f, x, step, 2);
        near(out[2]!, d2.value, 1e-5 * (out[2]! + 1) + 10 * d2.error, [nOn, nOff, a, x]);
      }),
      { numRuns: 2000 },
    );
  });

  test("alpha = 0 is the limit in which OFF says nothing", () => {
    for (const [n, m, mu] of [
      [3, 5, 2],
      [0, 5, 2],
      [7, 0, 0.3],
    ] as const) {
      expect(stats.wstat(n, m, 0, mu)).toBe(stats.cstat(n, mu));
      near(stats.wstat(n, m, 1e-9, mu), stats.cstat(n, mu), 1e-6, [n, m, mu]);
    }
    expect(stats.wstat(1, 1, 0, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(stats.wstat(0, 1, 0, 0)).toBe(0);
    expect(stats.wstat(1, 1, Number.NaN, 1)).toBeNaN();
    // below 0 predicted counts are as impossible as at 0, and OFF measures its own background
    expect([stats.wstat(2, 5, 0, -1), stats.wstat(0, 5, 0, -1)]).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect([stats.wstatBackground(2, 5, 0, -1), stats.wstatOn(2, 5, 0, -1)]).toEqual([5, -1]);
    const out = new Float64Array(6);
    for (const [n, mu, value, slope] of [
      [3, 0, Number.POSITIVE_INFINITY, 0],
      [3, -1, Number.POSITIVE_INFINITY, 0],
      // cstat without counts is 2 mu
      [0, 0, 0, 2],
      [0, -1, 0, 0],
    ] as const) {
      stats.wstatAlphaDerivatives(n, 5, 0, mu, out);
      expect([...out], `${n} ${mu}`).toEqual([value, slope, 0, 0, 0, 0]);
    }
  });

  test("bins without a usable alpha are refused by name", () => {
    const alpha = [0.1, 0, Number.POSITIVE_INFINITY];
    expect(() => stats.requireAlpha(alpha, [1, 0, 0], "run 23523")).not.toThrow();
    expect(() => stats.requireAlpha(alpha, [1, 1, 0], "run 23523")).toThrow(/^run 23523: bin 1 has alpha .* = 0/);
    expect(() => stats.requireAlpha(alpha, undefined, "run 23523")).toThrow(SpecError);
    expect(() => stats.requireAlpha(alpha, [1, 0, 1], "run 23523")).toThrow(
      /^run 23523: bin 2 has alpha .* = Infinity/,
    );
    expect(() => stats.requireAlpha([0.1, 2], undefined, "run 23523")).not.toThrow();
  });

  test("sums follow the mask", () => {
    const [n, m, a, mu] = [
      [1, 2],
      [3, 4],
      [0.1, 0.2],
      [1, 1],
    ].map((v) => Float64Array.from(v)) as [Float64Array, Float64Array, Float64Array, Float64Array];
    expect(stats.wstatSum(n, m, a, mu, Uint8Array.of(0, 1))).toBe(stats.wstat(2, 4, 0.2, 1));
    expect(stats.wstatSum(n, m, a, mu)).toBe(stats.wstat(1, 3, 0.1, 1) + stats.wstat(2, 4, 0.2, 1));
  });
});

describe("flux points", () => {
  test("upper limits are Gammapy's formula, with its derivatives", () => {
    const out = new Float64Array(3);
    for (const [ul, model, expected] of oracle.upperLimit as [number, number, number][]) {
      near(stats.upperLimitStat(ul, model), expected, 1e-13 * (1 + Math.abs(expected)), [ul, model]);
      stats.upperLimitDerivatives(ul, model, out);
      near(out[0]!, expected, 1e-13 * (1 + Math.abs(expected)), [ul, model]);
      const f = (m: number) => stats.upperLimitStat(ul, m);
      const d1 = differentiate(f, model, 0.3 * ul);
      const d2 = differentiate(f, model, 0.3 * ul, 2);
      near(out[1]! * ul, d1.value * ul, 1e-7 * (1 + Math.abs(out[1]! * ul)), [ul, model]);
      near(out[2]! * ul * ul, d2.value * ul * ul, 1e-5, [ul, model]);
    }
    // far below the limit erfc itself underflows, far above it erfcx overflows
    for (const [ul, model, expected] of oracle.upperLimitFar as [number, number, number][]) {
      near(stats.upperLimitStat(ul, model), expected, 1e-14 * (1 + Math.abs(expected)), [ul, model]);
    }
    stats.upperLimitDerivatives(1, Number.POSITIVE_INFINITY, out);
    // 2 ln(2 / erfc(1)), as for a model of 30
    near(out[0]!, oracle.upperLimitFar.at(-1)![2], 1e-14, out);
    expect([...out].slice(1)).toEqual([0, 0]);
  });

  test("chi2 and its asymmetric error", () => {
    const out = new Float64Array(3);
    stats.chi2Derivatives(3, 4, 0.5, out);
    expect([...out]).toEqual([4, 8, 8]);
    expect(stats.chi2(3, 4, 0.5)).toBe(4);
    expect(stats.asymmetricError(1, 1, 2, 3, 4)).toBe(3);
    expect(stats.asymmetricError(1, 0.9, 2, 3, 4)).toBe(2);
    expect(stats.asymmetricError(1, 0.9, Number.NaN, 3, 4)).toBe(4);
  });

  test("profiles go through the scan", () => {
    const norm = Float64Array.of(0.2, 0.5, 1, 1.5, 3);
    const scan = norm.map((v) => 7 + 5 * (v - 1) ** 2);
    const spline = stats.profileSpline(norm, scan, 7)!;
    const out = new Float64Array(3);
    evaluateSpline(spline, 4, out);
    near(out[0]!, 45, 1e-10, out);
    near(out[1]!, 30, 1e-10, out);
    near(out[2]!, 10, 1e-10, out);
    scan[2] = Number.NaN;
    expect(stats.profileSpline(norm, scan, 7)).toBeUndefined();
  });
});

describe("counts statistics are Gammapy's", () => {
  test("known background", () => {
    for (const row of oracle.cashCounts) {
      const [n, mu, ...expected] = row as [number, number, ...number[]];
      const s = stats.cashCountsStatistics(n, mu);
      const found = [
        s.excess,
        s.error,
        s.ts,
        s.sqrtTs,
        s.pValue,
        s.errn(),
        s.errp(),
        s.errn(2),
        s.upperLimit(),
        s.upperLimit(2),
      ];
      // Gammapy's TS is a difference of two numbers as large as n ln n; its root doubles the digits lost near 0.
      const tolerance = 1e-13 * (n * 14 + 1);
      found.forEach((value, i) => {
        if (i === 3) near(value ** 2, expected[i]! ** 2, tolerance, row);
        else
          near(value, expected[i], i === 2 ? tolerance : i === 4 ? 1e-5 * expected[i]! + 1e-8 : 1e-11 * (1 + n), [
            i,
            row,
          ]);
      });
    }
  });

  test("measured background", () => {
    for (const row of oracle.wstatCounts) {
      const [n, m, alpha, mu, ...expected] = row as [number, number, number, number, ...(number | null)[]];
      const s = stats.wstatCountsStatistics(n, m, alpha, mu);
      const found = [s.excess, s.error, s.ts, s.sqrtTs, s.pValue, s.errn(), s.errp(), s.upperLimit(2)];
      found.forEach((value, i) => {
        const e = expected[i];
        // A bracket of fixed width makes Gammapy give up where ours is widened.
        if (e === null) expect(value).toBeGreaterThan(0);
        else if (i === 3) near(value ** 2, e! ** 2, 1e-11 * (n + m + 1), row);
        // Roots: the rounding of the statistic (1e-13 n) over its slope.
        else near(value, e, i === 2 ? 1e-11 * (n + m + 1) : i === 4 ? 1e-4 * e! + 1e-5 : 1e-9 * (1 + n + m), [i, row]);
      });
    }
  });
});
