import { describe, expect, it } from "vitest";
import { cashProblem } from "../../scripts/coverage-problems.js";
import { calibratedInterval } from "../../src/api/estimators.js";
import { feldmanCousins } from "../../src/estimators/feldman-cousins.js";
import oracle from "../oracle/estimators.json" with { type: "json" };
import belts from "../oracle/feldman_cousins.json" with { type: "json" };
import { measured } from "./measured.js";

describe("Feldman-Cousins intervals of counts", () => {
  it.each(belts.cases)("at level $level over a background of $background are those of the belt", (row) => {
    const { level, background, intervals } = row;
    intervals.forEach(([lower, upper], n) => {
      const found = feldmanCousins(n, background, level);
      // the belt was built on a grid of signals
      expect(Math.abs(found.lower - lower!), `n = ${n}`).toBeLessThan(1.1 * belts.step);
      expect(Math.abs(found.upper - upper!), `n = ${n}`).toBeLessThan(1.1 * belts.step);
    });
  });

  it("refuse what is no count, background or level", () => {
    expect(() => feldmanCousins(1.5, 0)).toThrow(/whole number/);
    expect(() => feldmanCousins(1, -1)).toThrow(/background/);
    expect(() => feldmanCousins(1, 0, 90)).toThrow(/between 0 and 1/);
  });
});

describe("calibrated intervals", () => {
  const step = 0.1;
  const grid = (from: number, to: number) =>
    Float64Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => (from + step * i) * 1e-12);
  const cases = oracle.gaussian.filter(({ x }) => x === -1 || x === 1 || x === 3);

  it.each(cases)("of a Gaussian near a limit: x = $x at $level", async ({ x, level, interval }) => {
    const { datasets, models } = measured(x);
    const [lower, upper] = interval as [number, number];
    const found = await calibratedInterval(datasets, models, "source.amplitude", {
      n: 1000,
      seed: 11,
      level,
      grid: grid(Math.max(0, Math.floor((lower - 0.4) / step) * step), upper + 0.4),
    });
    // 1000 toys give the root of the critical rise to 0.05
    expect(Math.abs(found.lower / 1e-12 - lower)).toBeLessThan(0.12);
    expect(Math.abs(found.upper / 1e-12 - upper)).toBeLessThan(0.12);
    expect(found.lowerOpen).toBe(lower === 0);
    expect(found.upperOpen).toBe(false);
    expect(found.points.failed.every((f) => f === 0)).toBe(true);
  });

  it("end where the other parameters lose their meaning", async () => {
    const { datasets, models } = cashProblem(3, 5, true);
    const grid = Float64Array.of(0, 2e-13, 1e-12, 4e-12, 1e-11);
    const found = await calibratedInterval(datasets, models, "source.amplitude", { n: 40, seed: 1, level: 0.9, grid });
    // without a source there is no index
    expect([found.points.failed[0], found.points.ts[0]]).toEqual([40, Number.NaN]);
    expect([found.lower, found.lowerOpen]).toEqual([2e-13, true]);
    // with a steep index any flux at 1 TeV, the edge of the data, is as good
    expect([found.upper, found.upperOpen]).toEqual([1e-11, true]);
  });

  it("choose their own grid, report progress and stop", async () => {
    const { datasets, models } = measured(3);
    const seen: number[] = [];
    const found = await calibratedInterval(datasets, models, "source.amplitude", {
      n: 100,
      seed: 1,
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(found.points.values).toHaveLength(21);
    expect(found.value).toBeCloseTo(3e-12, 18);
    expect(found.lower).toBeLessThan(found.value);
    expect(found.upper).toBeGreaterThan(found.value);
    expect(seen.at(-1)).toBe(1);
    const signal = AbortSignal.abort();
    await expect(calibratedInterval(datasets, models, "source.amplitude", { n: 100, seed: 1, signal })).rejects.toThrow(
      /abort/i,
    );
    await expect(calibratedInterval(datasets, models, "source.index", { n: 10, seed: 1 })).rejects.toThrow(/not free/);
  });
});
