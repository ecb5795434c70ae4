import fc from "fast-check";
import { expect, it } from "vitest";
import { solve } from "../../src/math/linalg.js";
import { AT_LOWER, AT_UPPER, createBoxStep, FIXED, FREE, solveBox } from "../../src/minimize/box-step.js";

/** Positive definite, as A A^T + 1 of any A [n, n]. */
function positive(a: readonly number[], n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += a[i * n + k]! * a[j * n + k]!;
    return sum;
  });
}

const problem = fc.integer({ min: 1, max: 5 }).chain((n) => {
  const numbers = (length: number, min = -3, max = 3) =>
    fc.array(fc.double({ min, max, noNaN: true }), { minLength: length, maxLength: length });
  // limits may be at the start, infinite, or leave no room
  const room = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, Number.POSITIVE_INFINITY));
  const limits = fc.array(room, { minLength: n, maxLength: n });
  return fc.record({
    n: fc.constant(n),
    a: numbers(n * n),
    g: numbers(n),
    below: limits,
    above: limits,
    lambda: fc.constantFrom(0, 0.5, 20),
  });
});

it("ends where the conditions of Karush, Kuhn and Tucker hold, which a convex problem has at its minimum alone", () => {
  fc.assert(
    fc.property(problem, ({ n, a, g, below, above, lambda }) => {
      const b = positive(a, n);
      const [gradient, lo, hi] = [
        Float64Array.from(g),
        Float64Array.from(below, (x) => 0 - x),
        Float64Array.from(above),
      ];
      const w = createBoxStep(n);
      expect(solveBox(w, b, gradient, lambda, lo, hi)).toBe(true);
      let change = 0;
      for (let i = 0; i < n; i++) {
        const p = w.p[i]!;
        expect(p).toBeGreaterThanOrEqual(lo[i]!);
        expect(p).toBeLessThanOrEqual(hi[i]!);
        let product = 0;
        for (let j = 0; j < n; j++) product += b[i * n + j]! * w.p[j]!;
        change += p * (g[i]! + 0.5 * product);
        const slope = g[i]! + product + lambda * p;
        const slack = 1e-9 * (1 + Math.abs(g[i]!) + Math.abs(product) + lambda);
        if (lo[i] === hi[i]) {
          expect([p, w.state[i]]).toEqual([lo[i], FIXED]);
          continue;
        }
        if (p > lo[i]!) expect(slope).toBeLessThanOrEqual(slack);
        if (p < hi[i]!) expect(slope).toBeGreaterThanOrEqual(-slack);
        if (w.state[i] === AT_LOWER) expect(p).toBe(lo[i]);
        else if (w.state[i] === AT_UPPER) expect(p).toBe(hi[i]);
        else expect(w.state[i]).toBe(FREE);
      }
      expect(w.change).toBeCloseTo(change, 9);
      // p (B + lambda)^-1 p of the free ones, by elimination
      const free = Array.from({ length: n }, (_, i) => i).filter((i) => w.state[i] === FREE);
      const matrix = Float64Array.from(free.flatMap((i) => free.map((j) => b[i * n + j]! + (i === j ? lambda : 0))));
      const [p, x] = [Float64Array.from(free, (i) => w.p[i]!), new Float64Array(free.length)];
      if (free.length > 0) solve(matrix, free.length, p, x);
      const curvature = p.reduce((sum, v, i) => sum + v * x[i]!, 0);
      expect(w.curvature).toBeCloseTo(curvature, 8);
    }),
    { numRuns: 500, seed: 11 },
  );
});

it("refuses what has no minimum", () => {
  const [wide, far] = [Float64Array.of(-1, -1), Float64Array.of(1, 1)];
  const w = createBoxStep(2);
  // eigenvalues 3 and -1; then 1 and 0, but for rounding
  expect(solveBox(w, Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 0), 0, wide, far)).toBe(false);
  expect(solveBox(w, Float64Array.of(1, 1, 1, 1 + 1e-14), Float64Array.of(1, 0), 0, wide, far)).toBe(false);
  // with 2 more on the diagonal both have one: (3, 2; 2, 3) p = (-1, 0)
  expect(solveBox(w, Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 0), 2, wide, far)).toBe(true);
  expect([...w.p]).toEqual([expect.closeTo(-0.6, 14), expect.closeTo(0.4, 14)]);
});
