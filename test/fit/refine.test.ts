/** The total of a fit is that of the parameters where it ends, wherever it started. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/datasets.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { refineSums } from "../../src/fit/refine.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { axisCenters, axisFromEnergyBounds } from "../../src/sky/axis.js";
import { slowStat } from "../datasets/slow-stat.js";
import { spectrumDataset } from "./synthetic.js";

const source = (type: string, values: Readonly<Record<string, number>>): Models => ({
  components: [skyModel({ name: "src", spectral: createSubmodel(type, values) })],
});
const parabola = (alpha: number, beta: number) => source("lp", { amplitude: 1e-7, alpha, beta, reference: 0.1 });
const cutoff = (index: number, lambda_: number) => source("ecpl", { index, lambda_, amplitude: 1e-8, reference: 0.1 });

/** Bins of a quarter of a decade. */
function wide(truth: Models, seed: number): MapDataset {
  const bins = 12;
  const energy = axisFromEnergyBounds(0.1, 100, bins);
  const region = { kind: "region" as const, regions: [], wcs: null };
  const { edisp: _, ...rest } = spectrumDataset("wide");
  const centers = axisCenters(energy);
  const empty: MapDataset = {
    ...rest,
    counts: { geom: { ...region, axes: [energy] }, unit: "", data: new Float64Array(bins) },
    background: { geom: { ...region, axes: [energy] }, unit: "", data: centers.map((e) => 20 * e ** -1.7) },
    exposure: {
      geom: { ...region, axes: [axisFromEnergyBounds(0.1, 100, bins, { name: "energy_true" })] },
      unit: "cm2 s",
      data: centers.map(() => 1e13),
    },
  };
  return simulate(empty, truth, seed) as MapDataset;
}

describe("a fit that ends far from its start", () => {
  it.each([
    ["a log-parabola that becomes curved", parabola(2, 1.5), parabola(2.5, 0)],
    ["a log-parabola that becomes steep", parabola(4, 0.3), parabola(1, 0)],
    ["a log-parabola that becomes straight", parabola(2.2, 0), parabola(2, 1.2)],
    ["a cutoff that moves in", cutoff(1.8, 3), cutoff(2.2, 0.001)],
    ["a cutoff in data of another shape", parabola(2, 1.5), cutoff(0, 0.001)],
    ["a log-parabola in data of another shape", cutoff(-3, 3), parabola(2, 0)],
  ] as const)("has the total of its parameters: %s", (_, truth, start) => {
    const dataset = wide(truth, 5);
    const result = fit([dataset], start);
    expect(result.reason).not.toBe("no progress");
    // rounding of sums over bins
    expect(Math.abs(result.totalStat / slowStat(dataset, result.models) - 1)).toBeLessThan(1e-11);
    // and ends where one that starts there does
    const again = fit([dataset], result.models);
    expect(Math.abs(again.totalStat / result.totalStat - 1)).toBeLessThan(1e-11);
    result.free.values.forEach((x, i) => {
      expect(Math.abs(x - again.free.values[i]!)).toBeLessThan(1e-3 * result.free.errors[i]!);
    });
  });

  it("is one whose quick sums are off, until they are refined", () => {
    const dataset = wide(parabola(2, 0), 5);
    const joint = compileJoint([dataset], parabola(2, 0));
    const there = Float64Array.of(1e-7, 8, 1);
    const expected = slowStat(dataset, parabola(8, 1));
    expect(refineSums(joint, joint.start)).toBe(false);
    expect(Math.abs(joint.objective.value(there) - expected)).toBeGreaterThan(0.01);
    expect(refineSums(joint, there)).toBe(true);
    expect(joint.objective.value(there) / expected).toBeCloseTo(1, 11);
    expect(refineSums(joint, there)).toBe(false);
  });
});

describe("a fit of a parameter that ends at 0", () => {
  it("has the total of its parameters", () => {
    // how far the statistic changes with such a parameter is looked at after the derivatives
    const dataset = wide(parabola(2.2, 0), 1);
    const [exact] = compileJoint([dataset], parabola(2.2, 0)).predict(Float64Array.of(1e-7, 2.2, 0));
    const counts = { ...dataset.counts!, data: exact!.expected };
    const asimov: MapDataset = { ...dataset, counts };
    const found = fit([asimov], parabola(2.2, 1e-16));
    expect(found.totalStat / slowStat(asimov, parabola(2.2, 0))).toBeCloseTo(1, 11);
  });
});
