import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  contourOf,
  covarianceAt,
  createLevels,
  findLevel,
  hessianAt,
  lineAlong,
  minosOf,
  newton,
  type Objective,
  profile,
  surface,
} from "../../src/minimize/index.js";
import { banana, correlated, countsModel, POWER_LAW, quadratic, squares, vec } from "./problems.js";

interface Oracle {
  x: number[];
  value: number;
  errors: number[];
  refined: { x: number[]; covariance: number[][] };
  minos: [number, number][];
  contour: [number, number][];
}
const oracle: Record<string, Oracle> = JSON.parse(
  readFileSync(new URL("../oracle/minimize.json", import.meta.url), "utf8"),
);

const cases: [string, Objective, Float64Array][] = [
  ["power law", countsModel(2), vec(1e-12, 2)],
  ["log parabola", countsModel(3), vec(1e-12, 2, 0.1)],
  ["banana", banana, vec(-1.2, 1)],
  ["correlated", correlated, vec(0, 0, 0, 0)],
];

describe.each(cases)("%s, against iminuit", (name, f, x0) => {
  const o = oracle[name]!;

  it("minimum", () => {
    const fit = newton.minimize(f, x0);
    expect([fit.stop, fit.limits]).toEqual([{ reason: "converged" }, []]);
    // iminuit stops at an EDM of 2e-7 (tol 1e-4, strategy 2): 6e-4 of an error
    for (let i = 0; i < f.n; i++) expect(Math.abs(fit.x[i]! - o.x[i]!)).toBeLessThan(1e-3 * o.errors[i]!);
    for (let i = 0; i < f.n; i++) expect(Math.abs(fit.x[i]! - o.refined.x[i]!)).toBeLessThan(1e-5 * o.errors[i]!);
    expect(fit.value).toBeLessThan(o.value + 1e-12);
    expect(o.value - fit.value).toBeLessThan(1e-6);
  });

  it("covariance", () => {
    const fit = newton.minimize(f, x0);
    const c = covarianceAt(f, fit.x);
    expect(c.success).toBe(true);
    for (let i = 0; i < f.n; i++) {
      // HESSE of iminuit takes second differences: off by 0.12 % for the log parabola
      expect(Math.abs(c.errors[i]! / o.errors[i]! - 1)).toBeLessThan(1.5e-3);
      expect(c.reasons[i]).toBe("ok");
      for (let j = 0; j < f.n; j++) {
        const scale = o.errors[i]! * o.errors[j]!;
        // scipy's differences: its own matrix is asymmetric by 2e-5
        expect(Math.abs(c.matrix[i * f.n + j]! - o.refined.covariance[i]![j]!)).toBeLessThan(5e-5 * scale);
      }
    }
  });

  it("MINOS errors to 0.1 %, each on its level", () => {
    const fit = newton.minimize(f, x0);
    const levels = createLevels(f, fit.x);
    for (let i = 0; i < f.n; i++) {
      const m = minosOf(levels, i);
      expect([m.success, m.lower.end, m.upper.end]).toEqual([true, { status: "ok" }, { status: "ok" }]);
      // iminuit measures them from its own minimum: compare the crossings
      expect(Math.abs(fit.x[i]! - m.errn - (o.x[i]! + o.minos[i]![0]))).toBeLessThan(1e-3 * m.errn);
      expect(Math.abs(fit.x[i]! + m.errp - (o.x[i]! + o.minos[i]![1]))).toBeLessThan(1e-3 * m.errp);
      for (const side of [m.lower, m.upper]) expect(Math.abs(side.delta - 1)).toBeLessThan(1e-6);
    }
  });

  it("contour: the points of iminuit lie on ours", () => {
    const fit = newton.minimize(f, x0);
    const { points, lowerMinimum } = contourOf(createLevels(f, fit.x), 0, 1, { points: 400 });
    expect([points.length, lowerMinimum]).toEqual([400, undefined]);
    for (const p of points) {
      expect(p.end.status).toBe("ok");
      expect(Math.abs(p.delta - 1)).toBeLessThan(1e-6);
    }
    for (const [u, v] of o.contour) {
      let nearest = Number.POSITIVE_INFINITY;
      points.forEach(({ x }, k) => {
        const { x: y } = points[(k + 1) % points.length]!;
        nearest = Math.min(nearest, distance([u, v], [x[0]!, x[1]!], [y[0]!, y[1]!], o.errors as [number, number]));
      });
      // chord of 400 points: 1e-4; iminuit's own root search: 1e-3
      expect(nearest).toBeLessThan(2e-3);
    }
  });
});

/** Distance of p from the segment a-b in units of the errors s. */
function distance(p: [number, number], a: [number, number], b: [number, number], s: [number, number]): number {
  const ax = (a[0] - p[0]) / s[0];
  const ay = (a[1] - p[1]) / s[1];
  const bx = (b[0] - a[0]) / s[0];
  const by = (b[1] - a[1]) / s[1];
  const t = Math.min(1, Math.max(0, -(ax * bx + ay * by) / (bx * bx + by * by || 1)));
  return Math.hypot(ax + t * bx, ay + t * by);
}

const powerLaw = countsModel(2);
const xMin = POWER_LAW.x;

describe("Hessian by differences", () => {
  it("agrees with the exact one", () => {
    const exact = hessianAt(powerLaw, xMin).hessian;
    const { n, value, gradient } = powerLaw;
    // five-point formulas with steps of 0.05 sigma: 0.05^4 / 30 times the higher derivatives; second differences of values lose more
    for (const [f, tolerance] of [
      [{ n, value, gradient }, 1e-6],
      [{ n, value }, 1e-5],
    ] as const) {
      const h = hessianAt(f, xMin);
      expect(h.exact).toBe(false);
      for (let k = 0; k < 4; k++) expect(Math.abs(h.hessian[k]! / exact[k]! - 1)).toBeLessThan(tolerance);
    }
  });

  it("works on a limit, from one side", () => {
    const x = vec(1.5e-12, 2.3116383020528963);
    const exact = hessianAt(powerLaw, x).hessian;
    const { n, value, gradient } = powerLaw;
    for (const f of [
      { n, value, gradient },
      { n, value },
    ]) {
      const h = hessianAt(f, x, { lower: x });
      // one-sided: third order
      for (let k = 0; k < 4; k++) {
        const scale = Math.sqrt(exact[k === 0 || k === 1 ? 0 : 3]! * exact[k === 0 || k === 2 ? 0 : 3]!);
        expect(Math.abs(h.hessian[k]! - exact[k]!)).toBeLessThan(1e-3 * scale);
      }
    }
  });
});

describe("covariance", () => {
  it("marks parameters on a limit, fixed, flat and combined ones, and gives the rest", () => {
    // x0 pressed on its limit, x1 fixed, x2 without influence, x3 and x4 only as a sum, x5 plain with sigma 2
    const f = squares(6, [
      (x, j) => {
        j[0] = 1;
        return x[0]! + 3;
      },
      (x, j) => {
        j[1] = 1;
        return x[1]! - 2;
      },
      (x, j) => {
        j[3] = j[4] = 1;
        return x[3]! + x[4]!;
      },
      (x, j) => {
        j[5] = 0.5;
        return 0.5 * x[5]!;
      },
    ]);
    const inf = Number.POSITIVE_INFINITY;
    const c = covarianceAt(f, vec(0, 1, 4, 1, -1, 0), {
      lower: vec(0, 1, -inf, -inf, -inf, -inf),
      upper: vec(inf, 1, inf, inf, inf, inf),
    });
    expect(c.reasons).toEqual(["at lower limit", "fixed", "flat", "flat", "flat", "ok"]);
    expect(c.errors[0]).toBeCloseTo(Math.sqrt(10) - 3, 12); // (s + 3)^2 - 9 = 1
    expect(Array.from(c.errors.slice(1))).toEqual([0, inf, inf, inf, 2]);
    expect(c.success).toBe(false);
  });

  it("says where the curvature is negative", () => {
    const c = covarianceAt(quadratic(vec(1, 2, 2, 1), vec(0, 0)), vec(0, 0));
    expect(c.reasons).toEqual(["negative curvature", "negative curvature"]);
    expect(c.condition).toBe(Number.POSITIVE_INFINITY);
  });

  it("gives global correlations and the condition number", () => {
    const r = 0.8;
    const c = covarianceAt(quadratic(vec(2, 2e12 * r, 2e12 * r, 2e24), vec(0, 0)), vec(0, 0));
    expect(c.globalCorrelation[0]).toBeCloseTo(r, 12);
    expect(c.correlation[1]).toBeCloseTo(-r, 12);
    expect(c.condition).toBeCloseTo((1 + r) / (1 - r), 10);
    expect(c.errors[1]! * 1e12).toBeCloseTo(1 / Math.sqrt(1 - r * r), 12);
  });

  it("scales with errorDef", () => {
    const c = covarianceAt(quadratic(vec(1), vec(0)), vec(0), { errorDef: 0.5 });
    expect(c.errors[0]).toBe(1); // 1/2 x^2 = 1/2
  });
});

describe("limits, profiles and failures", () => {
  it("ends at a limit and says so", () => {
    const m = minosOf(createLevels(powerLaw, xMin, { lower: vec(1.2e-12, 0), upper: vec(1, 9) }), 0);
    expect(m.lower.end).toEqual({ status: "at limit", parameter: 0 });
    expect(m.errn).toBeCloseTo(xMin[0]! - 1.2e-12, 20);
    expect(m.lower.delta).toBeLessThan(m.lower.wanted);
    expect(m.upper.end.status).toBe("ok");
    expect(m.success).toBe(true);
  });

  it("finds an upper limit from a minimum on its lower limit", () => {
    const lower = vec(1.5e-12, 0);
    const fit = newton.minimize(powerLaw, vec(2e-12, 2), { lower });
    const ul = findLevel(createLevels(powerLaw, fit.x, { lower }), 4, lineAlong(0, 1));
    expect(ul.end.status).toBe("ok");
    expect(Math.abs(ul.delta / 4 - 1)).toBeLessThan(1e-6);
    const again = profile(powerLaw, fit.x, 0, vec(ul.x[0]!), { lower });
    expect(again.stat[0]! - fit.value).toBeCloseTo(4, 5);
  });

  it("goes nowhere from a minimum on a limit, without an evaluation", () => {
    const lower = vec(1.5e-12, 0);
    const fit = newton.minimize(powerLaw, vec(2e-12, 2), { lower });
    const levels = createLevels(powerLaw, fit.x, { lower });
    const before = levels.f.calls.nfev;
    const down = findLevel(levels, 1, lineAlong(0, -1));
    expect([down.end, down.t, down.delta]).toEqual([{ status: "at limit", parameter: 0 }, 0, 0]);
    expect(down.x).toEqual(fit.x);
    expect(levels.f.calls.nfev).toBe(before);
  });

  it("follows the profile to 1000 sigma", () => {
    const ul = findLevel(createLevels(powerLaw, xMin), 1e6, lineAlong(0, 1));
    expect(ul.end.status).toBe("ok");
    expect(Math.abs(ul.delta / 1e6 - 1)).toBeLessThan(1e-6);
  });

  it("does not find what does not exist, and says how far it looked", () => {
    // rises to 1 at infinity only
    const f: Objective = { n: 1, value: (x) => x[0]! ** 2 / (1 + x[0]! ** 2) };
    const ul = findLevel(createLevels(f, vec(0)), 2, lineAlong(0, 1));
    expect(ul.end).toEqual({ status: "not found", reason: "no rise", parameter: 0 });
    expect(ul.delta).toBeCloseTo(1, 6);
    expect(ul.x[0]!).toBeGreaterThan(1e6);
  });

  it("says where the domain ends", () => {
    const f: Objective = { n: 1, value: (x) => (x[0]! > 0.5 ? Number.POSITIVE_INFINITY : x[0]! ** 2) };
    const m = minosOf(createLevels(f, vec(0)), 0);
    expect(m.errn).toBeCloseTo(1, 6);
    expect(m.upper.end).toEqual({ status: "not found", reason: "jump", parameter: 0 });
    expect(m.upper.x[0]).toBeCloseTo(0.5, 12);
    expect([m.errp, m.success]).toEqual([Number.NaN, false]);
  });

  it("follows a norm down to 0, where an index without bounds keeps the level away, and says that it jumps there", () => {
    // counts of three energies behind a background and a power law a e^-k
    const [energies, seen, background] = [
      [0.1, 1, 10],
      [30, 12, 10],
      [20, 10, 10],
    ];
    const hessian = (x: Float64Array, g: Float64Array, h: Float64Array) => {
      const [k, a] = [x[0]!, x[1]!];
      let sum = 0;
      g.fill(0);
      h.fill(0);
      energies.forEach((e, i) => {
        const [n, l] = [seen[i]!, -Math.log(e)];
        const shape = Math.exp(l * k);
        const mu = background[i]! + a * shape;
        sum += mu > 0 ? 2 * (mu - n + n * Math.log(n / mu)) : Number.POSITIVE_INFINITY;
        const [d, d2] = [2 * (1 - n / mu), (2 * n) / mu ** 2];
        const [mk, ma] = [a * l * shape, shape];
        g[0]! += d * mk;
        g[1]! += d * ma;
        h[0]! += d2 * mk * mk + d * a * l * l * shape;
        h[1]! += d2 * mk * ma + d * l * shape;
        h[3]! += d2 * ma * ma;
      });
      h[2] = h[1]!;
      return sum;
    };
    const f: Objective = {
      n: 2,
      value: (x) => hessian(x, vec(2), vec(4)),
      gradient: (x, g) => hessian(x, g, vec(4)),
      hessian,
    };
    const { x } = newton.minimize(f, vec(0.7, 1));
    const levels = createLevels(f, x);
    // at the lowest energy all that was seen there, at the others the background: what is left as the index grows and the norm goes to 0
    const poisson = (n: number, mu: number) => 2 * (mu - n + n * Math.log(n / mu));
    const towards0 = poisson(12, 10) + poisson(10, 10) - levels.fMin;
    for (const wanted of [1, 4]) {
      expect(towards0).toBeLessThan(wanted);
      const { end, delta, x: at } = findLevel(levels, wanted, lineAlong(1, -1));
      expect(end).toEqual({ status: "not found", reason: "jump", parameter: 1 });
      expect(delta).toBeCloseTo(towards0, 4);
      expect(at[1]!).toBeGreaterThan(0);
      expect(at[1]!).toBeLessThan(1e-9);
    }
  });

  it("reports a lower minimum met on the way", () => {
    // minima near -1 (higher) and +1 (lower)
    const f: Objective = { n: 1, value: (x) => 4 * (x[0]! ** 2 - 1) ** 2 - 0.5 * x[0]! };
    const fit = newton.minimize(f, vec(-1.2));
    expect(fit.x[0]!).toBeLessThan(0);
    const p = profile(f, fit.x, 0, vec(-1, 0, 1));
    expect(p.lowerMinimum!.value).toBeCloseTo(-0.5, 6);
  });

  it("takes the robust search where Newton cannot go, still on the level", () => {
    // a plateau beside the minimum: the profile is concave
    const f: Objective = { n: 2, value: (x) => 6 * (1 - Math.exp(-(x[0]! ** 2))) + (x[1]! - Math.sin(3 * x[0]!)) ** 2 };
    const fit = newton.minimize(f, vec(0.3, 0.1));
    const m = minosOf(createLevels(f, fit.x), 0, { delta: 5 });
    expect([m.success, m.lower.end.status, m.upper.end.status]).toEqual([true, "ok", "ok"]);
    expect(m.errp).toBeCloseTo(Math.sqrt(Math.log(6)), 5);
    expect(m.errn).toBeCloseTo(Math.sqrt(Math.log(6)), 5);
  });

  it("scans a profile with the others re-optimised or held", () => {
    const values = vec(2.5, 1.9, 2.1544650361378057);
    const p = profile(powerLaw, xMin, 1, values);
    const q = profile(powerLaw, xMin, 1, values, { reoptimize: false });
    for (let k = 0; k < 3; k++) {
      expect(p.problems[k]).toBeUndefined();
      expect(p.xs[2 * k + 1]).toBe(values[k]);
      expect(q.xs[2 * k]).toBe(xMin[0]);
      expect(p.stat[k]!).toBeLessThanOrEqual(q.stat[k]!);
      expect(p.stat[k]!).toBe(powerLaw.value(p.xs.subarray(2 * k, 2 * k + 2)));
    }
    expect(p.stat[2]! - POWER_LAW.value).toBeCloseTo(0, 10);
  });

  it("starts each point of a contour where the last one and the ellipse lead", () => {
    const f = countsModel(3);
    const fit = newton.minimize(f, vec(1e-12, 2, 0.1));
    // from so near Newton's method needs one step, and an evaluation to confirm it; from the minimum it needs three of them
    expect(contourOf(createLevels(f, fit.x), 0, 1, { points: 100 }).nfev).toBeLessThan(2.2 * 100);
  });

  it("starts each point of a profile where the curve through the last two leads", () => {
    const f = countsModel(3);
    const fit = newton.minimize(f, vec(1e-12, 2, 0.1));
    const { errors } = covarianceAt(f, fit.x);
    const values = Float64Array.from({ length: 21 }, (_, k) => fit.x[1]! + ((k - 10) / 5) * errors[1]!);
    const p = profile(f, fit.x, 1, values);
    // one Hessian and one gradient a point, or a second Hessian, and the one at the minimum
    expect(p.nfev).toBeLessThanOrEqual(2.5 * 21);
    values.forEach((v, k) => {
      // from far away, to the same place: both to an EDM of 1e-9, so 1e-4 of an error
      const held = { lower: vec(-1, v, -9), upper: vec(1, v, 9) };
      const slow = newton.minimize(f, vec(1e-12, v, 0.1), held);
      expect(Math.abs(p.stat[k]! - slow.value)).toBeLessThan(1e-9);
      for (const o of [0, 2]) expect(Math.abs(p.xs[3 * k + o]! - slow.x[o]!)).toBeLessThan(1e-4 * errors[o]!);
      // the slope along the others vanishes
      for (const o of [0, 2]) expect(Math.abs(p.gradients[3 * k + o]! * errors[o]!)).toBeLessThan(1e-3);
    });
    // as far outside the grid is no worse, nor are values out of order, twice, or all on one side
    const odd = profile(f, fit.x, 1, vec(values[20]!, values[3]!, values[3]!, values[2]!, values[20]!));
    expect(odd.problems).toEqual([undefined, undefined, undefined, undefined, undefined]);
    [20, 3, 3, 2, 20].forEach((k, i) => {
      expect(Math.abs(odd.stat[i]! - p.stat[k]!)).toBeLessThan(1e-9);
    });
  });

  it("starts from the last point where the curve leads out of the domain", () => {
    // x1 = exp(x0) at the minimum: the tangent at 0 is negative from -1 on, where the logarithm is NaN
    const f: Objective = { n: 2, value: (x) => x[0]! ** 2 + (Math.log(x[1]!) - x[0]!) ** 2 };
    const values = vec(-4, -3, -2, 0, 1, 3);
    const p = profile(f, vec(0, 1), 0, values);
    values.forEach((v, k) => {
      expect(p.problems[k]).toBeUndefined();
      expect(p.stat[k]!).toBeCloseTo(v * v, 8);
      expect(p.xs[2 * k + 1]! / Math.exp(v)).toBeCloseTo(1, 3);
    });
  });

  it("holds a surface against profiles, on all sides of the minimum", () => {
    const f = countsModel(3);
    const fit = newton.minimize(f, vec(1e-12, 2, 0.1));
    const grid = (i: number, steps: readonly number[]) => {
      const { errors } = covarianceAt(f, fit.x);
      return Float64Array.from(steps, (s) => fit.x[i]! + s * errors[i]!);
    };
    for (const steps of [
      [-2, -1, 0.5, 1.5],
      [1, 2],
      [-2, -1],
    ]) {
      const [a, b] = [grid(0, [-1.5, -0.5, 1]), grid(2, steps)];
      const s = surface(f, fit.x, 0, 2, a, b);
      const turned = surface(f, fit.x, 2, 0, b, a);
      a.forEach((x, k) => {
        b.forEach((z, l) => {
          const at = k * b.length + l;
          const held = { lower: vec(x, -9, z), upper: vec(x, 9, z) };
          expect(s.problems[at]).toBeUndefined();
          expect(Math.abs(turned.stat[l * a.length + k]! - s.stat[at]!)).toBeLessThan(1e-9);
          expect([turned.xs[3 * (l * a.length + k)], turned.xs[3 * (l * a.length + k) + 2]]).toEqual([x, z]);
          expect(Math.abs(s.stat[at]! - newton.minimize(f, vec(x, 2, z), held).value)).toBeLessThan(1e-9);
        });
      });
    }
  });

  it("scans a surface", () => {
    const f = countsModel(3);
    const fit = newton.minimize(f, vec(1e-12, 2, 0.1));
    const s = surface(f, fit.x, 0, 1, vec(1e-12, 1.2e-12, 1.4e-12), vec(1.5, 2.1));
    expect(s.stat.length).toBe(6);
    for (let k = 0; k < 6; k++) {
      expect(s.problems[k]).toBeUndefined();
      expect(s.stat[k]!).toBeGreaterThan(fit.value);
    }
    const one = profile(f, fit.x, 0, vec(1.4e-12));
    expect(s.stat[5]!).toBeGreaterThan(one.stat[0]!);
  });

  it("says which points lie outside the domain or the limits", () => {
    const p = profile(powerLaw, xMin, 0, vec(-1e-10, 1.2e-12));
    expect(p.stat[0]).toBeNaN();
    expect(p.problems[0]).toMatchObject({ isOutside: false, value: Number.POSITIVE_INFINITY });
    expect(p.problems[1]).toBeUndefined();
    const q = profile(powerLaw, xMin, 0, vec(1e-12, 1.2e-12), { lower: vec(1.1e-12, 0) });
    expect(q.problems).toEqual([{ isOutside: true, failure: undefined, value: undefined }, undefined]);
  });

  it("cuts a contour at a limit and says so", () => {
    const levels = createLevels(powerLaw, xMin, { lower: vec(1e-12, 0) });
    const { points } = contourOf(levels, 0, 1, { points: 16, sigma: 3 });
    expect(points.map((p) => p.end)).toContainEqual({ status: "at limit", parameter: 0 });
    for (const { x, delta, end } of points) {
      expect(x[0]!).toBeGreaterThanOrEqual(1e-12);
      if (end.status === "ok") expect(Math.abs(delta / 9 - 1)).toBeLessThan(1e-6);
      else expect(delta).toBeLessThan(9);
    }
  });
});
