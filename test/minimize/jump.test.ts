import { describe, expect, it } from "vitest";
import { minimumAtJump } from "../../src/minimize/jump.js";
import type { Objective } from "../../src/minimize/types.js";

/** A parabola with the Hessian 2 [[2, 1], [1, 3]] and the minimum m, and beside it sum_k c_k |n_k x - d_k|. */
function kinked(m: readonly number[], kinks: readonly (readonly [c: number, nx: number, ny: number, d: number])[]) {
  const evaluate = (x: Float64Array, g: Float64Array) => {
    const [a, b] = [x[0]! - m[0]!, x[1]! - m[1]!];
    g[0] = 4 * a + 2 * b;
    g[1] = 2 * a + 6 * b;
    let value = 2 * a * a + 2 * a * b + 3 * b * b;
    for (const [c, nx, ny, d] of kinks) {
      const t = nx * x[0]! + ny * x[1]! - d;
      value += c * Math.abs(t);
      g[0]! += c * Math.sign(t) * nx;
      g[1]! += c * Math.sign(t) * ny;
    }
    return value;
  };
  return {
    n: 2,
    value: (x) => evaluate(x, new Float64Array(2)),
    gradient: evaluate,
    hessian(x, g, h) {
      h.set([4, 2, 2, 6]);
      return evaluate(x, g);
    },
  } satisfies Objective as Required<Objective>;
}

describe("a minimum where the slope jumps", () => {
  it.each<[string, Float64Array]>([
    ["beside it", Float64Array.of(0.01, 0.3)],
    ["on it", Float64Array.of(0, 0)],
    ["on its other side", Float64Array.of(-0.2, -0.1)],
  ])("is found from %s, on a slanted line", (_, start) => {
    // on x + 2 y = 0, x = -2 y: the parabola has 7 y^2 + 4.9 y and a constant along it, the multiplier is less than c
    const f = kinked([0.5, 0.3], [[4, 1, 2, 0]]);
    const found = minimumAtJump(f, start, {})!;
    // to the distance that stays: 1e-7 of the function. 2 (-2 y - .5)^2 + 2 (-2 y - .5)(y - .3) + 3 (y - .3)^2 has the slope 14 y + 2.4
    const y = -(4 - 1 + 1.2 - 1.8) / 14;
    expect(found.x[1]).toBeCloseTo(y, 4);
    expect(found.x[0]).toBeCloseTo(-2 * y, 4);
    expect(found.edm).toBeLessThan(1e-5);
  });

  it("is found in a corner of two lines", () => {
    const found = minimumAtJump(
      kinked(
        [0.3, -0.2],
        [
          [3, 1, 0, 0],
          [3, 0, 1, 0],
        ],
      ),
      Float64Array.of(0.05, -0.08),
      {},
    )!;
    expect(Math.abs(found.x[0]!)).toBeLessThan(1e-5);
    expect(Math.abs(found.x[1]!)).toBeLessThan(1e-5);
  });

  it("is none where the function is smooth, or falls across the line", () => {
    expect(minimumAtJump(kinked([0.5, 0.3], []), Float64Array.of(0, 0), {})).toBeUndefined();
    // the slope jumps down: no minimum lies there
    expect(minimumAtJump(kinked([0.5, 0.3], [[-1, 1, 0, 0]]), Float64Array.of(0, 0), {})).toBeUndefined();
  });
});
