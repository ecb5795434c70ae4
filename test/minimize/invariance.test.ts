import { describe, expect, it } from "vitest";
import {
  contourOf,
  covarianceAt,
  createLevels,
  type MinimizeResult,
  minimizers,
  minosOf,
  newton,
  type Objective,
} from "../../src/minimize/index.js";
import { runNelderMead } from "../../src/minimize/simplex/nelder-mead.js";
import { createSearch } from "../../src/minimize/simplex/state.js";
import { banana, countsModel, problems, vec } from "./problems.js";

/** Four times f: products with a power of 2 are exact. */
function fourTimes({ n, value, gradient, hessian }: Objective): Objective {
  const all = (...arrays: (Float64Array | undefined)[]) => {
    for (const a of arrays) for (let k = 0; k < (a?.length ?? 0); k++) a![k]! *= 4;
  };
  return {
    n,
    value: (x) => 4 * value(x),
    gradient: gradient && ((x, g) => scaled(gradient(x, g), () => all(g))),
    hessian: hessian && ((x, g, h, fisher) => scaled(hessian(x, g, h, fisher), () => all(g, h, fisher))),
  };
}

function scaled(value: number, multiply: () => void): number {
  multiply();
  return 4 * value;
}

const pathOf = ({ x, nfev, ngrad, nhess, iterations, stop }: MinimizeResult) => ({
  x,
  nfev,
  ngrad,
  nhess,
  iterations,
  stop,
});

describe.each(minimizers)("$name", (minimizer) => {
  it("takes the same path where function and errorDef are four times as large", () => {
    for (const { f, x0, options, name } of problems) {
      for (const offered of [f, { n: f.n, value: f.value }]) {
        const one = minimizer.minimize(offered, x0, options);
        const four = minimizer.minimize(fourTimes(offered), x0, { ...options, errorDef: 4 });
        expect(pathOf(four), name).toEqual(pathOf(one));
        expect([four.value, four.edm]).toEqual([4 * one.value, 4 * one.edm]);
      }
    }
  });

  it("stops soon after it is told to", () => {
    const wood = problems.find(({ name }) => name === "Wood")!;
    const run = (last: number) => {
      const controller = new AbortController();
      let calls = 0;
      const value = (x: Float64Array) => {
        if (++calls === last) controller.abort();
        return wood.f.value(x);
      };
      const r = minimizer.minimize({ n: 4, value }, wood.x0, { signal: controller.signal });
      return { r, calls };
    };
    expect(run(Number.POSITIVE_INFINITY).calls).toBeGreaterThan(300);
    for (const last of [1, 20, 77, 150]) {
      const { r, calls } = run(last);
      expect([r.success, r.stop]).toEqual([false, { reason: "aborted" }]);
      // a Hessian of four parameters by differences, and its steps, are not interrupted
      expect(calls - last).toBeLessThan(120);
    }
  });
});

it("errors are the same where function and errorDef are four times as large", () => {
  for (const [f, x0] of [
    [countsModel(3), vec(1e-12, 2, 0.1)],
    [{ n: 2, value: banana.value }, vec(-1.2, 1)],
  ] as const) {
    const { x } = newton.minimize(f, x0);
    const g = fourTimes(f);
    const [one, four] = [covarianceAt(f, x), covarianceAt(g, x, { errorDef: 4 })];
    expect([four.matrix, four.errors, four.reasons, four.condition]).toEqual([
      one.matrix,
      one.errors,
      one.reasons,
      one.condition,
    ]);
    const [levels, higher] = [createLevels(f, x), createLevels(g, x, { errorDef: 4 })];
    for (let i = 0; i < f.n; i++) {
      const [a, b] = [minosOf(levels, i), minosOf(higher, i)];
      expect([b.errn, b.errp, b.nfev, b.delta]).toEqual([a.errn, a.errp, a.nfev, 4 * a.delta]);
    }
    const [a, b] = [contourOf(levels, 0, 1), contourOf(higher, 0, 1)];
    expect(b.points.map(({ x }) => x)).toEqual(a.points.map(({ x }) => x));
  }
});

it("a simplex whose best point lies in a cusp shrinks onto it", () => {
  // neither the reflected nor the contracted point is below the worst
  const f: Objective = { n: 2, value: (x) => Math.sqrt(Math.abs(x[0]!)) + Math.sqrt(Math.abs(x[1]!)) };
  const s = createSearch(f, vec(0, 0), {}, 1e-2);
  const spread = runNelderMead(s, vec(1, 1), 1);
  expect(spread).toBeLessThanOrEqual(1e-4);
  expect([...s.best, s.bestValue]).toEqual([0, 0, 0]);
});
