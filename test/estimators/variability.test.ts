import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { FluxPoints, LightCurve } from "../../src/datasets/types.js";
import { variability } from "../../src/estimators/variability.js";
import { randomStream } from "../../src/math/random.js";
import { mjdIntervals } from "../../src/time/intervals.js";

const oracle = JSON.parse(await readFile(new URL("../oracle/light_curve.json", import.meta.url), "utf8"));

/** [time, energy] */
function curveOf(mjd: readonly (readonly [number, number])[], norm: number[][], err: number[][]): LightCurve {
  const points = norm.map((row, t) => {
    const only = { norm: Float64Array.from(row), normErr: Float64Array.from(err[t]!) };
    return only as unknown as FluxPoints;
  });
  return { time: mjdIntervals(mjd, "tt"), points };
}

const constant = (n: number, err: number) => Array.from({ length: n }, () => [err]);
const days = (n: number) => Array.from({ length: n }, (_, i) => [53000 + i, 53000.5 + i] as const);

describe("variability", () => {
  it.each(["hess", "flare"])("of %s is Gammapy's and scipy's", (name) => {
    const { gti, variability: expected } = oracle[name];
    const { norm, norm_err } = expected;
    const found = variability(curveOf(gti.mjd_tt, norm, norm_err));
    for (const [k, v] of found.entries()) {
      const x = norm.map((row: number[]) => row[k]!);
      const noise = norm_err.reduce((sum: number, row: number[]) => sum + row[k]! ** 2, 0) / x.length;
      const mean = x.reduce((a: number, b: number) => a + b, 0) / x.length;
      // Gammapy takes the root of what is below 0 as if it were above
      expect(Math.sqrt(Math.abs(v.fvar.excess)) / expected.fvar[0][k]).toBeCloseTo(1, 10);
      if (v.fvar.excess > 0) expect(v.fvar.err / expected.fvar[1][k]).toBeCloseTo(1, 10);
      else expect(v.fvar.value).toBeNaN();
      // and leaves out the half of the squares of differences (docs/differences.md)
      const twice = 2 * (v.fpp.excess + noise / mean ** 2) - noise / mean ** 2;
      expect(Math.sqrt(Math.abs(twice)) / expected.fpp[0][k]).toBeCloseTo(1, 10);
      expect(v.chi2 / expected.chi2[0][k]).toBeCloseTo(1, 10);
      expect(v.pValue / expected.chi2[1][k]).toBeCloseTo(1, 9);
      expect([v.intervals, v.dof]).toEqual([x.length, x.length - 1]);
      for (const [i, [key, theirs]] of [
        ["doubling", "doublingtime"] as const,
        ["halving", "halvingtime"] as const,
      ].entries()) {
        expect(v[key].time / expected[theirs][0][k]).toBeCloseTo(1, 8);
        expect(v[key].err / expected[theirs][1][k]).toBeCloseTo(1, 8);
        // MJD of float64: 1 us
        expect(v[key].mjd).toBeCloseTo(expected.mjd[i][k], 9);
      }
    }
  });

  it("is the same point to point as in all for white noise", () => {
    const random = randomStream(3);
    const gauss = () => random.normal();
    const n = 20000;
    // a scatter of 0.3 beyond errors of 0.2
    const norm = Array.from({ length: n }, () => [1 + 0.3 * gauss() + 0.2 * gauss()]);
    const [{ fvar, fpp }] = variability(curveOf(days(n), norm, constant(n, 0.2))) as [
      ReturnType<typeof variability>[0],
    ];
    // the variance of 0.13 is known to 0.13 sqrt(3 / n), 0.3 therefore to 0.0027; without the half F_pp would be 0.47
    expect(Math.abs(fvar.value - 0.3)).toBeLessThan(0.01);
    expect(Math.abs(fpp.value - 0.3)).toBeLessThan(0.01);
  });

  it("says nothing where nothing is beyond the errors, or nothing rises", () => {
    const [v] = variability(curveOf(days(3), [[3], [2], [1]], constant(3, 2))) as [ReturnType<typeof variability>[0]];
    expect(v.fvar.excess).toBeCloseTo((1 - 4) / 4, 12);
    expect([v.fvar.value, v.fvar.err, v.doubling.time]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(v.halving.time).toBeCloseTo(1, 12);
    const [one] = variability(curveOf(days(1), [[3]], [[1]])) as [ReturnType<typeof variability>[0]];
    expect([one.dof, one.pValue]).toEqual([0, Number.NaN]);
  });

  it("passes over intervals without a value, and takes no neighbours across them", () => {
    const nan = Number.NaN;
    const [v] = variability(curveOf(days(4), [[1], [2], [nan], [9]], [[0.1], [0.1], [nan], [0.1]])) as [
      ReturnType<typeof variability>[0],
    ];
    expect([v.intervals, v.dof]).toEqual([3, 2]);
    expect(v.fpp.excess).toBeCloseTo((1 / 2 - 0.01) / 16, 12);
    expect(v.doubling).toMatchObject({ time: 1, mjd: 53000.25 });
  });
});
