import { describe, expect, it } from "vitest";
import { estimateFluxPoints, estimateLightCurve, testConstancy } from "../../src/api/estimators.js";
import { bisect, dataset, gti, models, options, stat } from "./deficit.js";

describe("limits of norms", () => {
  it("hold the norm where the data ask for less, and the limit is that above it", () => {
    const free = estimateFluxPoints([dataset], models, options);
    expect(free.norm[0]!).toBeLessThan(0);
    const held = estimateFluxPoints([dataset], models, { ...options, normMin: 0 });
    expect(held.norm[0]).toBe(0);
    expect(held.ts![0]).toBe(0);
    expect(held.normErrn![0]).toBe(0);
    expect(held.success![0]).toBe(1);
    const limit = bisect((x) => stat(x) - stat(0) - 4, 0, 100);
    // levels are found to 1e-7 of -2 ln L
    expect(held.normUl![0]! / limit).toBeCloseTo(1, 6);
    expect(held.normErrp![0]! / bisect((x) => stat(x) - stat(0) - 1, 0, 100)).toBeCloseTo(1, 6);
  });

  it("change nothing where the norm is inside", () => {
    const free = estimateFluxPoints([dataset], models, options);
    const wide = estimateFluxPoints([dataset], models, { ...options, normMin: -1e3, normMax: 1e3 });
    for (const key of ["norm", "normErr", "normErrn", "normErrp", "normUl", "ts"] as const) {
      expect(wide[key]).toEqual(free[key]);
    }
    const low = estimateFluxPoints([dataset], models, { ...options, normMax: 2 * free.norm[0]! });
    expect(low.norm[0]).toBe(2 * free.norm[0]!);
  });

  it("are those of light curves too, and not of their test of constancy", () => {
    const other = {
      ...dataset,
      name: "later",
      gti: { ...gti, start: gti.start.map((t) => t + 2000), stop: gti.stop.map((t) => t + 2000) },
    };
    const { points } = estimateLightCurve([dataset, other], models, { ...options, normMin: 0 });
    expect(points.map(({ norm }) => norm[0])).toEqual([0, 0]);
    const tests = [{}, { normMin: 0 }].map(
      (limits) => testConstancy([dataset, other], models, { ...options, ...limits })[0]!,
    );
    expect(tests[1]!.norm).toBe(tests[0]!.norm);
    expect(tests[0]!.norm).toBeLessThan(0);
  });

  it("have to increase", () => {
    expect(() => estimateFluxPoints([dataset], models, { ...options, normMin: 2, normMax: 1 })).toThrow(
      "flux points: the norms have the limits 2 and 1, expected two numbers that increase",
    );
  });
});
