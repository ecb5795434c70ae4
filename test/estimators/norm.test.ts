import { expect, it } from "vitest";
import { measureNorm } from "../../src/estimators/norm.js";
import type { Objective } from "../../src/minimize/types.js";

/** (norm - 1)^2 and, of a second parameter, y^power. */
function objective(power: number): Required<Objective> {
  const value = (x: Float64Array) => (x[0]! - 1) ** 2 + x[1]! ** power;
  const gradient = (x: Float64Array, g: Float64Array) => {
    g[0] = 2 * (x[0]! - 1);
    g[1] = power * x[1]! ** (power - 1);
    return value(x);
  };
  return {
    n: 2,
    value,
    gradient,
    hessian(x, g, h) {
      h.set([2, 0, 0, power * (power - 1) * x[1]! ** (power - 2)]);
      return gradient(x, g);
    },
  };
}

const settings = { nSigma: 1, nSigmaUl: 2, normScan: Float64Array.of(0.5, 2) };
const predicted = () => ({ counts: 3, npred: 3, excess: 1 });
const row = (power: number) => {
  const slice = { objective: objective(power), start: Float64Array.of(2, 1), lower: Float64Array.of(-9, 1e-3) };
  return measureNorm({ ...slice, upper: Float64Array.of(9, 1e300) }, predicted, [1, 2], settings);
};

it("a norm fitted with another parameter has errors, a limit and a profile", () => {
  const found = row(2);
  expect(found.success).toBe(true);
  expect(found.norm).toBeCloseTo(1, 6);
  expect([found.normErr, found.normErrn, found.normErrp].map((e) => e.toFixed(5))).toEqual(Array(3).fill("1.00000"));
  expect(found.normUl).toBeCloseTo(3, 5);
  expect(found.ts).toBeCloseTo(1, 6);
  expect([...found.statScan].map((s) => (s - found.stat).toFixed(5))).toEqual(["0.25000", "1.00000"]);
});

it("one of a fit that leads nowhere has none of them, and says that it failed", () => {
  const lost = row(-0.1);
  expect(lost.success).toBe(false);
  expect(lost.norm).toBeCloseTo(1, 6);
  expect(lost.counts).toBe(3);
  expect([lost.normErrn, lost.normErrp, lost.normUl, ...lost.statScan].every(Number.isNaN)).toBe(true);
});
