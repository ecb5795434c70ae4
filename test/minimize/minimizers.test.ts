import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createNewton,
  type MinimizeOptions,
  type MinimizeResult,
  type Minimizer,
  minimizeNewton,
  minimizers,
  newton,
  type Objective,
} from "../../src/minimize/index.js";
import { hasNoInfluence } from "../../src/minimize/no-influence.js";
import { countsModel, POWER_LAW, problems, quadratic, squares, vec } from "./problems.js";

const kinds: Record<string, (f: Objective) => Objective> = {
  "all derivatives": (f) => f,
  gradient: ({ n, value, gradient }) => ({ n, value, gradient }),
  "values only": ({ n, value }) => ({ n, value }),
};

/** simplex never looks at derivatives, so it runs once. */
const runs: [string, Minimizer, (f: Objective) => Objective][] = minimizers.flatMap((m) =>
  Object.entries(kinds)
    .filter(([kind]) => m.name !== "simplex" || kind === "values only")
    .map(([kind, take]): [string, Minimizer, (f: Objective) => Objective] => [`${m.name}, ${kind}`, m, take]),
);

/** The direction along which the function is flat. */
function directionOf({ success, stop }: MinimizeResult) {
  if (stop.reason !== "flat direction") throw new Error(`found ${stop.reason}, expected a flat direction`);
  expect(success).toBe(false);
  return stop.direction;
}

describe.each(runs)("%s", (_, minimizer, take) => {
  for (const p of problems) {
    it(`finds the minimum of ${p.name}`, () => {
      const r = minimizer.minimize(take(p.f), p.x0, p.options);
      expect([r.stop, r.success]).toEqual([{ reason: "converged" }, true]);
      // the EDM goals of minuit and simplex are 2e-4 and 1e-4
      // (a quartic minimum lies 1.5 EDM deeper)
      const goal = minimizer.name === "newton" ? 5e-9 : 4e-4;
      expect(r.value - p.value).toBeLessThan(goal);
      expect(r.value - p.value).toBeGreaterThan(-1e-9);
      expect(r.value).toBe(take(p.f).value(r.x));
      expect(r.nfev).toBeGreaterThanOrEqual(r.ngrad);
      expect(r.ngrad).toBeGreaterThanOrEqual(r.nhess);
      if (p.flat || minimizer.name !== "newton") return;
      // sigma 1e4 along the narrow valley, else about 1: an EDM of 1e-9 is 3e-5 sigma
      const slack = p.name.startsWith("narrow valley") ? 0.3 : 1e-4;
      for (let i = 0; i < p.f.n; i++) {
        expect(Math.abs(r.x[i]! / p.x[i]! - 1)).toBeLessThan(slack);
        expect(r.limits.some((l) => l.parameter === i)).toBe(p.name.endsWith("on a limit") && i === 0);
      }
    });
  }

  it("says which limit the minimum lies on", () => {
    const p = problems.find((q) => q.name === "power law on a limit")!;
    const r = minimizer.minimize(take(p.f), p.x0, p.options);
    expect(r.limits).toEqual([{ parameter: 0, side: "lower", value: 1.5e-12 }]);
  });

  it("names the combination of parameters along which the function is flat", () => {
    const flat = squares(3, [
      (x, j) => {
        j.set([1, 2, 0]);
        return x[0]! + 2 * x[1]! - 3;
      },
      (x, j) => {
        j.set([0, 0, 1]);
        return x[2]! - 1;
      },
    ]);
    const r = minimizer.minimize(take(flat), vec(10, 30, 2));
    expect(r.success).toBe(false);
    // one of the two is 1, whichever has more standard deviations, and x0 + 2 x1 stays
    const [a, b, ...others] = directionOf(r);
    expect([a!.parameter, b!.parameter, others]).toEqual([0, 1, []]);
    expect(a!.by / b!.by).toBeCloseTo(-2, 3);
    expect([a!.by, b!.by]).toContain(1);
  });

  it("names a parameter without influence", () => {
    const f = squares(2, [
      (x, j) => {
        j[0] = 1;
        return x[0]! - 3;
      },
    ]);
    const r = minimizer.minimize(take(f), vec(1, 5));
    expect(directionOf(r)).toEqual([{ parameter: 1, by: 1 }]);
  });

  it("stops at the call limit and says so", () => {
    const r = minimizer.minimize(take(problems[2]!.f), problems[2]!.x0, { maxCalls: 10 });
    expect(r.success).toBe(false);
    expect(r.stop).toEqual({ reason: "call limit", maxCalls: 10 });
  });

  it("stops when it is told to", () => {
    const r = minimizer.minimize(take(problems[2]!.f), problems[2]!.x0, { signal: AbortSignal.abort() });
    expect(r.stop.reason).toBe("aborted");
    expect(r.success).toBe(false);
  });

  it("refuses a start outside the domain", () => {
    const r = minimizer.minimize(take(countsModel(2)), vec(-1e-10, 2));
    expect(r.stop.reason).toBe("non-finite");
    expect(r.success).toBe(false);
  });

  it("steps back from regions where the function is not finite", () => {
    const f: Objective = {
      n: 1,
      value: (x) => x[0]! - Math.log(x[0]!), // NaN below 0
      gradient: (x, g) => {
        g[0] = 1 - 1 / x[0]!;
        return x[0]! - Math.log(x[0]!);
      },
      hessian: (x, g, h) => {
        g[0] = 1 - 1 / x[0]!;
        h[0] = 1 / x[0]! ** 2;
        return x[0]! - Math.log(x[0]!);
      },
    };
    const r = minimizer.minimize(take(f), vec(30));
    expect(r.success).toBe(true);
    expect(Math.abs(r.x[0]! - 1)).toBeLessThan(0.03); // EDM 2e-4 is 0.02
  });

  it("leaves a saddle point", () => {
    const f: Objective = {
      n: 2,
      value: (x) => x[0]! ** 2 - x[1]! ** 2 + x[1]! ** 4,
      gradient: (x, g) => {
        g.set([2 * x[0]!, -2 * x[1]! + 4 * x[1]! ** 3]);
        return f.value(x);
      },
      hessian: (x, g, h) => {
        h.set([2, 0, 0, -2 + 12 * x[1]! ** 2]);
        return f.gradient!(x, g);
      },
    };
    const r = minimizer.minimize(take(f), vec(1, 0));
    expect(r.success).toBe(true);
    expect(r.value).toBeCloseTo(-0.25, 3);
  });

  it("never calls a wrong point converged, from anywhere", () => {
    const f = countsModel(2);
    const start = fc.tuple(
      fc.double({ min: 1e-14, max: 1e-11, noNaN: true }),
      fc.double({ min: -3, max: 9, noNaN: true }),
    );
    fc.assert(
      fc.property(start, ([a, index]) => {
        const r = minimizer.minimize(take(f), vec(a, index));
        // local minimum at infinite index, where only the bin at 1 TeV is left: flat, not converged
        return r.success ? Math.abs(r.value - POWER_LAW.value) < 1e-3 : r.stop.reason !== "converged";
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

it("are known by these names and methods, which results have", () => {
  const names = minimizers.map(({ name, method }) => [name, method]);
  expect(names).toEqual([
    ["newton", "trust region"],
    ["minuit", "variable metric"],
    ["simplex", "Nelder-Mead"],
  ]);
});

it("a parameter has influence where the function rises by errorDef at its standard deviation, however far that is", () => {
  // sigma = 1e10, at 0: on the side with more room, and the function has no other one
  const rises = (side: number): Objective => ({
    n: 1,
    value: (x) => (x[0]! * side < 0 ? Number.POSITIVE_INFINITY : 1e-20 * x[0]! ** 2),
  });
  const check = (f: Objective, h: number, options: MinimizeOptions) => hasNoInfluence(f, vec(0), 0, 0, h, 1, options);
  expect(check(rises(1), 2e-20, { lower: vec(0) })).toBe(false);
  expect(check(rises(-1), 2e-20, { upper: vec(0) })).toBe(false);
  expect(check(rises(1), 2e-20, { upper: vec(0) })).toBe(true);
  expect(check({ n: 1, value: () => 0 }, 2e-20, {})).toBe(true);
  expect(check({ n: 1, value: () => 0 }, 0, {})).toBe(true);
  // half way there it has risen by a quarter: a parabola, scaled to the standard deviation
  expect(check(rises(1), 2e-20, { lower: vec(-1), upper: vec(5e9) })).toBe(false);
  // with errorDef 100 the standard deviation is 1e11, and the rise there 100
  expect(check(rises(1), 2e-20, { lower: vec(0), errorDef: 100 })).toBe(false);
  // a curvature within reason is not questioned
  expect(check({ n: 1, value: () => 0 }, 1e-10, {})).toBe(false);
});

describe("newton", () => {
  it("finds the minimum from 1000 starts within 20 standard deviations, inside limits", () => {
    const workspace = createNewton(2);
    const f = countsModel(2);
    const options = { lower: vec(0, -10), upper: vec(1e-9, 20) };
    const part = fc.integer({ min: -1000, max: 1000 }).map((k) => k / 1000);
    const unit = fc.sample(fc.tuple(part, part), {
      numRuns: 1000,
      seed: 7,
    });
    let found = 0;
    for (const [s, t] of unit) {
      const x0 = vec(Math.max(1e-15, POWER_LAW.x[0]! + 20 * 1.32e-13 * s), POWER_LAW.x[1]! + 20 * 0.127 * t);
      const r = minimizeNewton(workspace, f, x0, options);
      if (r.success && r.value - POWER_LAW.value < 1e-9) found++;
    }
    expect(found).toBe(1000);
  });

  it("gives up where step after step gains next to nothing", () => {
    // x^-0.1: the predicted descent stays as large as the function for all of 10^80
    const slow: Objective = {
      n: 1,
      value: (x) => x[0]! ** -0.1,
      gradient(x, g) {
        g[0] = -0.1 * x[0]! ** -1.1;
        return x[0]! ** -0.1;
      },
      hessian(x, g, h) {
        g[0] = -0.1 * x[0]! ** -1.1;
        h[0] = 0.11 * x[0]! ** -2.1;
        return x[0]! ** -0.1;
      },
    };
    const r = newton.minimize(slow, vec(1), { lower: vec(1e-3) });
    expect([r.success, r.stop.reason]).toEqual([false, "no progress"]);
    expect(r.edm).toBeGreaterThan(1e-5);
    expect(r.nfev).toBeLessThan(150);
  });

  it("names the direction in which second derivatives deny a minimum", () => {
    // x0^2 + x1^2 with a Hessian of x0^2 - x1^2: no way down is found where it says there is one
    const f: Objective = {
      n: 2,
      value: (x) => x[0]! ** 2 + x[1]! ** 2,
      gradient: (x, g) => {
        g.set([2 * x[0]!, 2 * x[1]!]);
        return f.value(x);
      },
      hessian: (x, g, h) => {
        h.set([2, 0, 0, -2]);
        return f.gradient!(x, g);
      },
    };
    const r = newton.minimize(f, vec(1, 0));
    expect(r.success).toBe(false);
    expect(r.stop).toEqual({ reason: "non-positive curvature", direction: [{ parameter: 1, by: 1 }] });
  });

  it("leaves the Hessian at the minimum where it is wanted, for one evaluation", () => {
    const f = countsModel(3);
    const workspace = createNewton(3);
    const lean = minimizeNewton(workspace, f, vec(1e-12, 2, 0.1));
    const r = minimizeNewton(workspace, f, vec(1e-12, 2, 0.1), { wantsHessian: true });
    expect(r.x).toEqual(lean.x);
    expect(r.nhess).toBe(lean.nhess + 1);
    expect(r.nfev).toBe(lean.nfev);
    expect(workspace.hessianIsAtEnd).toBe(true);
    const g = new Float64Array(3);
    const h = new Float64Array(9);
    expect(f.hessian!(r.x, g, h)).toBe(r.value);
    expect(workspace.at.hessian).toEqual(h);
    expect(workspace.at.gradient).toEqual(g);
  });

  it("solves convex quadratics with random limits exactly", () => {
    const size = fc.integer({ min: 1, max: 5 });
    const real = fc.integer({ min: -3000, max: 3000 }).map((k) => k / 1000);
    const problem = size.chain((n) =>
      fc.record({
        n: fc.constant(n),
        m: fc.array(real, { minLength: n * n, maxLength: n * n }),
        c: fc.array(real, { minLength: n, maxLength: n }),
        lower: fc.array(fc.oneof(real, fc.constant(Number.NEGATIVE_INFINITY)), { minLength: n, maxLength: n }),
        width: fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(Number.POSITIVE_INFINITY)), {
          minLength: n,
          maxLength: n,
        }),
        x0: fc.array(real, { minLength: n, maxLength: n }),
      }),
    );
    fc.assert(
      fc.property(problem, ({ n, m, c, lower, width, x0 }) => {
        // M MT + 0.1: positive definite
        const a = new Float64Array(n * n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            for (let k = 0; k < n; k++) a[i * n + j]! += m[i * n + k]! * m[j * n + k]!;
            if (i === j) a[i * n + j]! += 0.1;
          }
        }
        const lo = Float64Array.from(lower);
        const up = Float64Array.from(lower, (l, i) => (Number.isFinite(l) ? l : -3) + width[i]!);
        const f = quadratic(a, Float64Array.from(c));
        const r = newton.minimize(f, Float64Array.from(x0), { lower: lo, upper: up });
        expect(r.success).toBe(true);
        const best = bruteForce(a, Float64Array.from(c), lo, up);
        expect(Math.abs(r.value - f.value(best))).toBeLessThan(1e-10 * (1 + f.value(best)));
        for (let i = 0; i < n; i++) {
          // value 1e-10 and smallest eigenvalue 0.1: 1e-5 in x at worst
          expect(Math.abs(r.x[i]! - best[i]!)).toBeLessThan(1e-5);
          expect(r.x[i]!).toBeGreaterThanOrEqual(lo[i]!);
          expect(r.x[i]!).toBeLessThanOrEqual(up[i]!);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it("gives the same path in other units", () => {
    const f = countsModel(2);
    const unit = 1e-12;
    const scaled: Objective = {
      n: 2,
      value: (x) => f.value(vec(x[0]! * unit, x[1]!)),
      gradient: (x, g) => {
        const v = f.gradient!(vec(x[0]! * unit, x[1]!), g);
        g[0]! *= unit;
        return v;
      },
      hessian: (x, g, h, fisher) => {
        const v = f.hessian!(vec(x[0]! * unit, x[1]!), g, h, fisher);
        g[0]! *= unit;
        for (const k of fisher ? [h, fisher] : [h]) {
          k[0]! *= unit * unit;
          k[1]! *= unit;
          k[2]! *= unit;
        }
        return v;
      },
    };
    const a = newton.minimize(f, vec(4e-12, 3.5));
    const b = newton.minimize(scaled, vec(4, 3.5));
    expect(b.nfev).toBe(a.nfev);
    expect((b.x[0]! * unit) / a.x[0]!).toBeCloseTo(1, 9);
  });
});

/** Smallest f over all choices of each parameter free, at its lower or at its upper limit, whose free part is inside. */
function bruteForce(a: Float64Array, c: Float64Array, lo: Float64Array, up: Float64Array): Float64Array {
  const n = c.length;
  const f = quadratic(a, c);
  let best = new Float64Array(n);
  let value = Number.POSITIVE_INFINITY;
  for (let code = 0; code < 3 ** n; code++) {
    const x = new Float64Array(n);
    const free: number[] = [];
    let rest = code;
    for (let i = 0; i < n; i++) {
      const s = rest % 3;
      rest = Math.floor(rest / 3);
      if (s === 0) free.push(i);
      else x[i] = s === 1 ? lo[i]! : up[i]!;
    }
    if (!x.every(Number.isFinite)) continue;
    // Gauss on the free rows: A_FF y = -A_FA (x_A - c_A)
    const k = free.length;
    const m = free.map((i) => [
      ...free.map((j) => a[i * n + j]!),
      Array.from(x.keys()).reduce((s, j) => (free.includes(j) ? s : s - a[i * n + j]! * (x[j]! - c[j]!)), 0),
    ]);
    for (let p = 0; p < k; p++) {
      for (let r = 0; r < k; r++) {
        if (r === p) continue;
        const t = m[r]![p]! / m[p]![p]!;
        for (let q = p; q <= k; q++) m[r]![q]! -= t * m[p]![q]!;
      }
    }
    free.forEach((i, p) => {
      x[i] = c[i]! + m[p]![k]! / m[p]![p]!;
    });
    if (free.some((i) => x[i]! < lo[i]! - 1e-9 || x[i]! > up[i]! + 1e-9)) continue;
    const v = f.value(x);
    if (v < value) {
      value = v;
      best = x;
    }
  }
  return best;
}
