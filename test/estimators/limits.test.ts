import { describe, expect, it } from "vitest";
import { calibratedInterval, expectedLimit } from "../../src/api/estimators.js";
import oracle from "../oracle/estimators.json" with { type: "json" };
import { measured } from "./measured.js";

const id = "source.amplitude";

describe("calibrated limits", () => {
  it.each(oracle.limits)("of a Gaussian near a limit: x = $x at $cl", async ({ x, cl, limit }) => {
    const { datasets, models } = measured(x);
    const grid = Float64Array.from({ length: 9 }, (_, i) => 1e-12 * (Math.max(0, limit - 0.4) + 0.1 * i));
    const found = await calibratedInterval(datasets, models, id, { n: 1000, seed: 7, level: cl, side: "upper", grid });
    // 4 errors of the limit itself, which are those of a quantile of 1000 normal numbers: 0.054 at 90 %, 0.067 at 95 %
    expect(found.upperError / 1e-12).toBeGreaterThan(0.02);
    expect(found.upperError / 1e-12).toBeLessThan(0.15);
    expect(Math.abs(found.upper / 1e-12 - limit)).toBeLessThan(0.25);
    expect([found.lower, found.lowerOpen, found.upperOpen]).toEqual([0, true, false]);
  });

  it("from below mirror those from above", async () => {
    const { datasets, models } = measured(5);
    const found = await calibratedInterval(datasets, models, id, { n: 500, seed: 3, level: 0.95, side: "lower" });
    const [, , above] = oracle.limits.filter(({ cl }) => cl === 0.95);
    expect(Math.abs(5 - found.lower / 1e-12 - (above!.limit - above!.x))).toBeLessThan(0.35);
    expect([found.upper, found.upperOpen]).toEqual([Number.POSITIVE_INFINITY, true]);
    expect(found.points.values.at(-1)).toBeCloseTo(5e-12, 20);
  });
});

describe("expected limits", () => {
  it.each(oracle.expected)("of a Gaussian at $cl, from Asimov data and from toys", async ({ cl, quantiles }) => {
    const { datasets, models } = measured(7);
    const found = await expectedLimit(datasets, models, id, { value: 2e-12, cl, n: 2000, seed: 4 });
    expect(found.asimov / 1e-12).toBeCloseTo(quantiles[2]!, 6);
    expect(found.nFailed).toBe(0);
    // 4 standard deviations of quantiles of 2000 normal numbers, 0.028 in the middle, 0.062 at 2 sigma; estimates below 0 stay at 0
    [...found.quantiles].slice(1).forEach((q, k) => {
      expect(Math.abs(q / 1e-12 - quantiles[k + 1]!)).toBeLessThan(k === 3 ? 0.25 : 0.16);
    });
    const lower = await expectedLimit(datasets, models, id, { value: 2e-12, cl, side: "lower" });
    expect(lower.asimov / 1e-12).toBeCloseTo(4 - quantiles[2]!, 6);
    expect(lower.toys).toHaveLength(0);
  });

  it("refuse a value outside of the limits, a frozen parameter and a level that is none", async () => {
    const { datasets, models } = measured(1);
    const limit = (value: number, parameter = id, cl = 0.95) =>
      expectedLimit(datasets, models, parameter, { value, cl });
    await expect(limit(-1)).rejects.toThrow(/true value of source\.amplitude is -1, expected from 0 to Infinity/);
    await expect(limit(1, "source.index")).rejects.toThrow(/"source\.index" is frozen/);
    await expect(limit(1, id, 95)).rejects.toThrow(/cl is 95, expected a probability/);
  });
});
