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
const predicted = () => ({ counts: 3, npred: 3, excess: 1, negative: 0 });
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

/** 40 (y - sin norm/3)^2 + 30 (z - norm y)^2 + (norm - 1)^2 (1 + norm / 20): the minimum over y and z is the last term. `count`: Hessians. */
function curved(count: { hessians: number }): Required<Objective> {
  const gradient = ([a, y, z]: Float64Array, g: Float64Array) => {
    const [p, q, r] = [y! - Math.sin(a! / 3), z! - a! * y!, a! - 1];
    g.set([
      (-80 / 3) * p * Math.cos(a! / 3) - 60 * q * y! + 2 * r * (1 + a! / 20) + (r * r) / 20,
      80 * p - 60 * q * a!,
      60 * q,
    ]);
    return 40 * p * p + 30 * q * q + r * r * (1 + a! / 20);
  };
  return {
    n: 3,
    value: (x) => gradient(x, new Float64Array(3)),
    gradient,
    hessian(x, g, h) {
      count.hessians++;
      const [a, y, z] = [x[0]!, x[1]!, x[2]!];
      const [p, q] = [y - Math.sin(a / 3), z - a * y];
      const aa = (80 / 9) * (Math.cos(a / 3) ** 2 + p * Math.sin(a / 3)) + 60 * y * y + 2 * (1 + a / 20) + (a - 1) / 5;
      const ay = (-80 / 3) * Math.cos(a / 3) + 60 * a * y - 60 * q;
      h.set([aa, ay, -60 * y, ay, 80 + 60 * a * a, -60 * a, -60 * y, -60 * a, 60]);
      return gradient(x, g);
    },
  };
}

it("others that follow the norm along a curve are where their minimum is, for few Hessians", () => {
  const count = { hessians: 0 };
  const [low, high] = [-1e3, 1e3].map((limit) => Float64Array.of(limit, limit, limit)) as [Float64Array, Float64Array];
  const slice = { objective: curved(count), start: Float64Array.of(1.5, 0.5, 0.5), lower: low, upper: high };
  const normScan = Float64Array.from({ length: 11 }, (_, i) => 0.2 * 25 ** (i / 10));
  const found = measureNorm(slice, predicted, [1, 2], { ...settings, normScan });
  const profile = (norm: number) => (norm - 1) ** 2 * (1 + norm / 20);
  // of a minimum the value is that of 1e-7 before it, of which a tenth is not known; of a level 1e-7 of its height
  normScan.forEach((norm, i) => {
    expect(Math.abs(found.statScan[i]! - profile(norm))).toBeLessThan(1e-7);
  });
  expect(Math.abs(found.statNull - profile(0))).toBeLessThan(1e-7);
  for (const [norm, rise] of [
    [found.norm - found.normErrn, 1],
    [found.norm + found.normErrp, 1],
    [found.normUl, 4],
  ] as const) {
    expect(Math.abs(profile(norm) - rise)).toBeLessThan(1e-6 * rise);
  }
  // a search of its own for each of 15 norms takes 60 and more
  expect(count.hessians).toBeLessThan(45);
});
