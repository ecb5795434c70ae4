/** Flux points beside a source of free place and width, against a profile by values alone. */
import { expect, it } from "vitest";
import { contextOf } from "../../src/api/context.js";
import { simulate } from "../../src/api/datasets.js";
import { fovBackground } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { preparePoints } from "../../src/estimators/points.js";
import { simplex } from "../../src/minimize/simplex.js";
import { at, frozen, models, source } from "../datasets/check-derivatives.js";
import { storedDataset } from "../datasets/stored.js";

it("have the limits and the scan that a slow profile has", () => {
  const cube = storedDataset<MapDataset>("cube");
  const point = source("src", ["pl", { index: 2.1, amplitude: 2e-11 }], ["point", at(-0.1, 0.1)]);
  const gaussian = { sigma: 0.2, ...at(0.5, -0.4) };
  const beside = source("beside", ["pl", { index: 2.3, amplitude: 4e-10 }], ["gauss", gaussian]);
  const all = frozen(models(point, beside, fovBackground("cube")), "beside.index");
  // without a psf, which differs from place to place: the slow profile has thousands of evaluations
  const { psf: _, ...sharp } = cube;
  const data = simulate(sharp, all, 3);
  const energyEdges = data.counts!.geom.axes[0]!.nodes.slice(1, 3);
  const options = { source: "src", energyEdges, reoptimize: true, normScan: [0.5, 2.5] };
  const points = preparePoints([data], contextOf(all, {}), options).of([data]);
  const row = points.measure(0);
  const { objective, start, lower, upper } = points.slice(0)!;
  expect(objective.n).toBe(6);
  expect(row.success).toBe(true);
  const { value } = objective;
  const steps = Float64Array.of(1, 4e-11, 0.05, 0.05, 0.05, 0.1);
  const profile = (norm: number) => {
    const held = (limits: Float64Array) => Float64Array.of(norm, ...limits.subarray(1));
    const limits = { lower: held(lower), upper: held(upper), steps, edmGoal: 1e-7 };
    const once = simplex.minimize({ n: 6, value }, held(start), limits);
    // again from where it ended, with a simplex of full size
    return simplex.minimize({ n: 6, value }, once.x, limits).value - row.stat;
  };
  // a simplex ends some 1e-5 above the minimum
  const expected: [number, number][] = [
    [row.norm - row.normErrn, 1],
    [row.norm + row.normErrp, 1],
    [row.normUl, 4],
    [0, row.ts],
    [0.5, row.statScan[0]! - row.stat],
    [2.5, row.statScan[1]! - row.stat],
  ];
  for (const [norm, rise] of expected) expect(Math.abs(profile(norm) - rise)).toBeLessThan(1e-4);
});
