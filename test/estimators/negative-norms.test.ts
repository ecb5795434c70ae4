import { expect, it } from "vitest";
import { estimateFluxPoints } from "../../src/api/estimators.js";
import { bisect, dataset, models, options, stat } from "./deficit.js";

it("a flux point below zero lies at the minimum of the plain likelihood", () => {
  const { norm, normErrp, success, stat: found } = estimateFluxPoints([dataset], models, options);
  const slope = (x: number) => stat(x + 1e-5) - stat(x - 1e-5);
  const best = bisect(slope, -0.6, 1);
  expect(success![0]).toBe(1);
  expect(norm[0]!).toBeLessThan(-0.1);
  // differences of 1e-5, with 1e-14 of 150 as rounding, and a curvature of 100
  expect(Math.abs(norm[0]! - best)).toBeLessThan(1e-6);
  expect(found![0]).toBeCloseTo(stat(best), 9);
  expect(normErrp![0]! / (bisect((x) => stat(x) - stat(best) - 1, best, 10) - best)).toBeCloseTo(1, 4);
});
