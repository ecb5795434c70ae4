/** Of a quadratic function everything is known: 2 (H^-1) is the covariance, profiles are parabolas, and Newton's method is there in one step. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { solve } from "../../src/math/linalg.js";
import {
  contourOf,
  covarianceAt,
  createLevels,
  findLevel,
  lineAlong,
  minosOf,
  newton,
  profile,
} from "../../src/minimize/index.js";
import { findByBracket } from "../../src/minimize/level/bracket.js";
import { stepToLevel } from "../../src/minimize/level/model.js";
import { minimizeOthers } from "../../src/minimize/level.js";
import { countsModel, quadratic, vec } from "./problems.js";

/** A positive definite Hessian [n, n], its covariance 2 H^-1 by elimination, and a minimum [n]. */
const problem = fc.integer({ min: 2, max: 4 }).chain((n) => {
  const part = fc.integer({ min: -1000, max: 1000 }).map((k) => k / 500);
  const numbers = (length: number) => fc.array(part, { minLength: length, maxLength: length });
  return fc.tuple(numbers(n * n), numbers(n)).map(([m, c]) => {
    const h = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) h[i * n + j]! += m[i * n + k]! * m[j * n + k]!;
        if (i === j) h[i * n + j]! += 0.5;
      }
    }
    const covariance = Array.from({ length: n }, (_, i) => {
      const unit = new Float64Array(n);
      unit[i] = 2;
      solve(h, n, unit, unit);
      return unit;
    });
    return { n, h, covariance, centre: Float64Array.from(c) };
  });
});
const runs = { numRuns: 200, seed: 5 };

it("MINOS errors are the parabolic ones, the others follow their correlation, in two evaluations a side", () => {
  fc.assert(
    fc.property(problem, ({ n, h, covariance, centre }) => {
      const levels = createLevels(quadratic(h, centre), centre);
      for (let i = 0; i < n; i++) {
        const sigma = Math.sqrt(covariance[i]![i]!);
        const m = minosOf(levels, i, { sigma: 2 });
        expect([m.success, m.delta]).toEqual([true, 4]);
        for (const found of [m.errn, m.errp]) expect(Math.abs(found / (2 * sigma) - 1)).toBeLessThan(1e-7);
        expect(m.nfev).toBeLessThanOrEqual(4);
        for (let o = 0; o < n; o++) {
          const follows = (2 * covariance[i]![o]!) / sigma;
          // the level is kept to 1e-7 of the rise: 3e-4 of an error along the others
          const near = 1e-3 * Math.sqrt(covariance[o]![o]!);
          expect(Math.abs(m.upper.x[o]! - centre[o]! - follows)).toBeLessThan(near);
          expect(Math.abs(m.lower.x[o]! - centre[o]! + follows)).toBeLessThan(near);
        }
      }
    }),
    runs,
  );
});

it("the search by bracket ends there too", () => {
  fc.assert(
    fc.property(problem, fc.boolean(), ({ n, h, covariance, centre }, isDiagonal) => {
      const levels = createLevels(quadratic(h, centre), centre);
      const two = { i: 0, vi: 0.6, j: 1, vj: -0.8 };
      const line = isDiagonal ? two : lineAlong(n - 1, -1);
      const before = levels.f.calls.nfev;
      const found = findByBracket(levels, 1, line, undefined);
      expect(found.end).toEqual({ status: "ok" });
      expect(found.delta).toBeCloseTo(1, 6);
      expect(levels.f.calls.nfev - before).toBeLessThan(60);
      const [c0, c1, c01] = [covariance[0]![0]!, covariance[1]![1]!, covariance[0]![1]!];
      // t^2 vT C^-1 v = 1 for the covariance C of the parameters of the line
      const rise = isDiagonal
        ? (c1 * 0.36 + c0 * 0.64 + 2 * c01 * 0.48) / (c0 * c1 - c01 * c01)
        : 1 / covariance[n - 1]![n - 1]!;
      expect(found.t * Math.sqrt(rise)).toBeCloseTo(1, 6);
      // a first step that was given is taken
      expect(findByBracket(levels, 1, line, 0.9 * found.t).t / found.t).toBeCloseTo(1, 6);
    }),
    runs,
  );
});

it("contours are ellipses, in two evaluations a point", () => {
  fc.assert(
    fc.property(problem, ({ h, covariance, centre }) => {
      const { points, nfev } = contourOf(createLevels(quadratic(h, centre), centre), 0, 1, { points: 12 });
      const [a, b, c] = [covariance[0]![0]!, covariance[1]![1]!, covariance[0]![1]!];
      for (const { x, end } of points) {
        expect(end.status).toBe("ok");
        const [u, v] = [x[0]! - centre[0]!, x[1]! - centre[1]!];
        expect((b * u * u + a * v * v - 2 * c * u * v) / (a * b - c * c)).toBeCloseTo(1, 6);
      }
      expect(nfev).toBeLessThanOrEqual(2 * 12);
    }),
    runs,
  );
});

it("profiles are parabolas, in two evaluations a point", () => {
  fc.assert(
    fc.property(problem, ({ h, covariance, centre }) => {
      const variance = covariance[0]![0]!;
      const steps = [-3, -1, 0.5, 1, 2.5];
      const values = Float64Array.from(steps, (s) => centre[0]! + s * Math.sqrt(variance));
      const p = profile(quadratic(h, centre), centre, 0, values);
      steps.forEach((s, k) => {
        expect(p.problems[k]).toBeUndefined();
        expect(p.stat[k]!).toBeCloseTo(s * s, 8);
      });
      expect(p.nfev).toBeLessThanOrEqual(2 * steps.length + 1);
    }),
    runs,
  );
});

it("limits of the other parameters stop them, and the profile is that of those that can move", () => {
  // x0^2 + x1^2 with correlation 0.8: free, sigma of x0 is 1 / 0.6; x1 held at 0 it is 1
  const f = quadratic(vec(2, 1.6, 1.6, 2), vec(0, 0));
  const inf = Number.POSITIVE_INFINITY;
  const held = minosOf(createLevels(f, vec(0, 0), { lower: vec(-inf, 0), upper: vec(inf, 0) }), 0);
  expect([held.errn, held.errp]).toEqual([expect.closeTo(1, 7), expect.closeTo(1, 7)]);
  const oneSided = minosOf(createLevels(f, vec(0, 0), { lower: vec(-inf, 0), upper: vec(inf, inf) }), 0);
  expect([oneSided.errn, oneSided.errp]).toEqual([expect.closeTo(1 / 0.6, 7), expect.closeTo(1, 7)]);
  expect(oneSided.upper.x[1]).toBe(0);
});

it("the step to a level is the outer root of the parabola", () => {
  const size = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  const signed = fc.tuple(size, fc.constantFrom(-1, 0, 1)).map(([x, sign]) => x * sign);
  fc.assert(
    fc.property(signed, signed, signed, (slope, halfCurvature, excess) => {
      const model = { ...createLevels(quadratic(vec(1), vec(0)), vec(0)).model, slope, halfCurvature };
      const t = stepToLevel(model, excess);
      const hasRoot = halfCurvature > 0 ? slope * slope >= 4 * halfCurvature * excess : slope > 0;
      expect(Number.isNaN(t)).toBe(!hasRoot);
      if (!hasRoot) return;
      // along a line where the curvature is of no use
      const bend = Math.max(0, halfCurvature);
      const terms = [excess, slope * t, bend * t * t];
      const largest = Math.max(...terms.map(Math.abs));
      expect(Math.abs(terms[0]! + terms[1]! + terms[2]!)).toBeLessThanOrEqual(1e-12 * largest);
      expect(slope + 2 * bend * t).toBeGreaterThanOrEqual(-1e-6 * (Math.abs(slope) + Math.abs(bend * t)));
    }),
    { numRuns: 500, seed: 11 },
  );
});

it("the others are at their minimum from far away as from near", () => {
  const f = countsModel(3);
  const fit = newton.minimize(f, vec(1e-12, 2, 0.1), { edmGoal: 1e-14 });
  const { errors } = covarianceAt(f, fit.x);
  const levels = createLevels(f, fit.x);
  const held = fit.x[1]! + errors[1]!;
  const exact = newton.minimize(f, fit.x, {
    lower: vec(0, held, -9),
    upper: vec(1, held, 9),
    edmGoal: 1e-14,
  });
  for (const far of [0, 0.1, 0.3, 1, 3, 6]) {
    const start = vec(fit.x[0]! + far * errors[0]!, held, fit.x[2]! - far * errors[2]!);
    const found = minimizeOthers(levels, start, 1, -1);
    expect(found.failure).toBeUndefined();
    expect(found.x[1]).toBe(held);
    // an EDM of 1e-9
    expect(found.value - exact.value).toBeLessThan(2e-9);
  }
});

it("levels are found from a start nearby in fewer steps, and from a wrong one as well", () => {
  const f = countsModel(3);
  const fit = newton.minimize(f, vec(1e-12, 2, 0.1));
  const levels = createLevels(f, fit.x);
  const line = lineAlong(0, 1);
  const calls = () => levels.f.calls.nfev;
  let before = calls();
  const first = findLevel(levels, 1, line);
  const fromMinimum = calls() - before;
  before = calls();
  const again = findLevel(levels, 1, line, { t: first.t, x: first.x });
  expect(calls() - before).toBe(1);
  expect(fromMinimum).toBeGreaterThan(1);
  expect(fromMinimum).toBeLessThan(8);
  expect(again.t / first.t).toBeCloseTo(1, 6);
  for (const t of [1e-6 * first.t, 40 * first.t]) {
    const found = findLevel(levels, 1, line, { t, x: vec(fit.x[0]! + t, -3, 2) });
    expect(found.end.status).toBe("ok");
    expect(found.t / first.t).toBeCloseTo(1, 5);
  }
});
