import { expect, it } from "vitest";
import { compileDataset } from "../../src/api/datasets.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import { columnTotals } from "../../src/fold/component.js";
import type { Models } from "../../src/models/types.js";
import { at, frozen, models, source, type Values } from "../datasets/check-derivatives.js";
import { storedDataset } from "../datasets/stored.js";

const spectrum: [string, Values] = ["pl", { index: 2.1, amplitude: 3e-12 }];
const point = models(source("src", spectrum, ["point", at(0.13, -0.08)]));
const gauss = models(source("src", spectrum, ["gauss", { sigma: 0.17, ...at(0.12, -0.07) }]));

const CASES: Readonly<Record<string, Models>> = {
  "a background": models(fovBackground("cube", createSubmodel("pl-norm"))),
  "a fixed point": frozen(point, "src.lon_0", "src.lat_0"),
  "a moving point": point,
  "a fixed shape": frozen(gauss, "src.lon_0", "src.lat_0", "src.sigma"),
  "a shape whose place and extent are free": gauss,
};

it.each(Object.entries(CASES))("sums the rows of %s over the mask by its own shorter way", (_, all) => {
  const { components, mask } = compileDataset(storedDataset("cube"), all);
  for (const component of components!) {
    expect(component.totals).toBeDefined();
    const { size } = component.vector;
    const [totals, sums] = [new Float64Array(size), new Float64Array(size)];
    columnTotals(component, mask!, totals);
    columnTotals({ ...component, totals: undefined }, mask!, sums);
    const most = sums.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(most).toBeGreaterThan(0);
    // sums of some thousand bins, of images that were blurred by transforms; columns that no energy bin reads have no rows to add up
    const read = new Set(mask!.flatMap((_, r) => [...component.columns(r)]));
    for (const k of read) expect(Math.abs(totals[k]! - sums[k]!)).toBeLessThan(1e-12 * most);
  }
});
