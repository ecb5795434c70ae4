import { describe, expect, it } from "vitest";
import { calibratedInterval, expectedLimit } from "../../src/api/estimators.js";
import { createSubmodel } from "../../src/api/models.js";
import type { OnOffDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { axisFromEdges } from "../../src/sky/index.js";
import oracle from "../oracle/estimators.json" with { type: "json" };
import onOff from "../oracle/expected_limit.json" with { type: "json" };
import { measured } from "./measured.js";

const id = "source.amplitude";

/** The counts of test/oracle/expected_limit.py, which are those without a source. */
function withoutSource(): OnOffDataset {
  const axis = (name: string) => axisFromEdges(onOff.edges, { name, unit: "TeV", interp: "log" });
  const [geom, geomTrue] = [axis("energy"), axis("energy_true")].map((energy) => ({
    ...{ kind: "region" as const, regions: [], wcs: null },
    axes: [energy],
  }));
  const map = (values: readonly number[], unit = "", of = geom!) => ({
    geom: of,
    unit,
    data: Float64Array.from(values),
  });
  const three = (x: number) => [x, x, x];
  return {
    type: "SpectrumDatasetOnOff",
    name: "on-off",
    counts: map(onOff.on),
    countsOff: map(onOff.off),
    acceptance: map(three(onOff.alpha)),
    acceptanceOff: map(three(1)),
    exposure: map(three(onOff.exposure), "cm2 s", geomTrue!),
  };
}

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

  it.each(onOff.cases)(
    "of ON/OFF counts without a source at $cl, index fitted: $profile",
    async ({ cl, profile, limit }) => {
      const models: Models = {
        components: [
          skyModel({
            name: "source",
            spectral: createSubmodel("pl", {
              amplitude: 0,
              index: { value: 2.5, frozen: !profile, min: 1.2, max: 4 },
              reference: 1,
            }),
          }),
        ],
      };
      const found = await expectedLimit([withoutSource()], models, id, { value: 0, cl, n: 60, seed: 3 });
      // the search for a level ends within 1e-6 of it
      expect(found.asimov / limit).toBeCloseTo(1, 5);
      // of toys some have no ON event more than OFF ones tell: their minimum is at the same corner
      expect(found.nFailed).toBeLessThan(10);
      if (profile) return;
      // 4 standard deviations of a median of 60 limits that scatter by a third
      expect(found.quantiles[2]! / limit).toBeGreaterThan(0.8);
      expect(found.quantiles[2]! / limit).toBeLessThan(1.25);
    },
  );

  it("refuse a value outside of the limits, a frozen parameter and a level that is none", async () => {
    const { datasets, models } = measured(1);
    const limit = (value: number, parameter = id, cl = 0.95) =>
      expectedLimit(datasets, models, parameter, { value, cl });
    await expect(limit(-1)).rejects.toThrow(/true value of source\.amplitude is -1, expected from 0 to Infinity/);
    await expect(limit(1, "source.index")).rejects.toThrow(/"source\.index" is frozen/);
    await expect(limit(1, id, 95)).rejects.toThrow(/cl is 95, expected a probability/);
  });
});
