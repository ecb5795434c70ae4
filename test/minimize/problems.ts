import type { MinimizeOptions, Objective } from "../../src/minimize/index.js";

export interface Problem {
  readonly name: string;
  readonly f: Objective;
  readonly x0: Float64Array;
  readonly x: Float64Array;
  readonly value: number;
  readonly options?: MinimizeOptions;
  /** The Hessian is singular at the minimum: the place is less well known than the value. */
  readonly flat?: boolean;
}

export const vec = (...v: number[]) => Float64Array.from(v);

/** f with exact derivatives from a sum of squares r_k(x)^2 given with Jacobian and second derivatives. */
type Residual = (x: Float64Array, jac: Float64Array, hess: Float64Array) => number;
export function squares(n: number, residuals: Residual[]): Objective {
  const jac = new Float64Array(n);
  const hess = new Float64Array(n * n);
  function all(x: Float64Array, g?: Float64Array, h?: Float64Array, fisher?: Float64Array) {
    let s = 0;
    g?.fill(0);
    h?.fill(0);
    fisher?.fill(0);
    for (const residual of residuals) {
      jac.fill(0);
      hess.fill(0);
      const r = residual(x, jac, hess);
      s += r * r;
      if (!g) continue;
      for (let i = 0; i < n; i++) {
        g[i]! += 2 * r * jac[i]!;
        if (!h) continue;
        for (let j = 0; j < n; j++) {
          h[i * n + j]! += 2 * jac[i]! * jac[j]! + 2 * r * hess[i * n + j]!;
          if (fisher) fisher[i * n + j]! += 2 * jac[i]! * jac[j]!;
        }
      }
    }
    return s;
  }
  return { n, value: (x) => all(x), gradient: (x, g) => all(x, g), hessian: (x, g, h, fisher) => all(x, g, h, fisher) };
}

const rosenbrock = squares(2, [
  (x, j, h) => {
    j[0] = -20 * x[0]!;
    j[1] = 10;
    h[0] = -20;
    return 10 * (x[1]! - x[0]! ** 2);
  },
  (x, j) => {
    j[0] = -1;
    return 1 - x[0]!;
  },
]);

const powell = squares(4, [
  (x, j) => {
    j.set([1, 10, 0, 0]);
    return x[0]! + 10 * x[1]!;
  },
  (x, j) => {
    j.set([0, 0, Math.sqrt(5), -Math.sqrt(5)]);
    return Math.sqrt(5) * (x[2]! - x[3]!);
  },
  (x, j, h) => {
    const t = x[1]! - 2 * x[2]!;
    j.set([0, 2 * t, -4 * t, 0]);
    h[5] = 2;
    h[6] = h[9] = -4;
    h[10] = 8;
    return t * t;
  },
  (x, j, h) => {
    const s = Math.sqrt(10);
    const t = x[0]! - x[3]!;
    j.set([2 * s * t, 0, 0, -2 * s * t]);
    h[0] = h[15] = 2 * s;
    h[3] = h[12] = -2 * s;
    return s * t * t;
  },
]);

const wood = squares(4, [
  (x, j, h) => {
    j.set([-20 * x[0]!, 10, 0, 0]);
    h[0] = -20;
    return 10 * (x[1]! - x[0]! ** 2);
  },
  (x, j) => {
    j[0] = -1;
    return 1 - x[0]!;
  },
  (x, j, h) => {
    const s = Math.sqrt(90);
    j.set([0, 0, -2 * s * x[2]!, s]);
    h[10] = -2 * s;
    return s * (x[3]! - x[2]! ** 2);
  },
  (x, j) => {
    j[2] = -1;
    return 1 - x[2]!;
  },
  (x, j) => {
    const s = Math.sqrt(10);
    j[1] = j[3] = s;
    return s * (x[1]! + x[3]! - 2);
  },
  (x, j) => {
    const s = 1 / Math.sqrt(10);
    j[1] = s;
    j[3] = -s;
    return s * (x[1]! - x[3]!);
  },
]);

const beale = squares(
  2,
  [1.5, 2.25, 2.625].map((c, k): Residual => {
    const p = k + 1;
    return (x, j, h) => {
      const y = x[1]!;
      j[0] = y ** p - 1;
      j[1] = x[0]! * p * y ** (p - 1);
      h[1] = h[2] = p * y ** (p - 1);
      h[3] = p > 1 ? x[0]! * p * (p - 1) * y ** (p - 2) : 0;
      return c - x[0]! + x[0]! * y ** p;
    };
  }),
);

/** Quadratic 1/2 (x - c)T A (x - c) with A = 1 + strong correlation: condition number 1e8. */
export function quadratic(a: Float64Array, c: Float64Array): Objective {
  const n = c.length;
  function all(x: Float64Array, g?: Float64Array, h?: Float64Array, fisher?: Float64Array) {
    let s = 0;
    for (let i = 0; i < n; i++) {
      let t = 0;
      for (let j = 0; j < n; j++) t += a[i * n + j]! * (x[j]! - c[j]!);
      if (g) g[i] = t;
      s += 0.5 * t * (x[i]! - c[i]!);
    }
    h?.set(a);
    fisher?.set(a);
    return s;
  }
  return { n, value: (x) => all(x), gradient: (x, g) => all(x, g), hessian: (x, g, h, fisher) => all(x, g, h, fisher) };
}

/**
 * -2 ln L (Cash) of counts from amplitude * E^-(alpha + beta ln E) plus a background of 0.5, parameters amplitude, alpha and, if n = 3,
 * beta; Infinity where npred <= 0.
 */
export function countsModel(n: 2 | 3): Objective {
  const log = new Float64Array(n);
  function all(x: Float64Array, g?: Float64Array, h?: Float64Array, fisher?: Float64Array) {
    let s = 0;
    g?.fill(0);
    h?.fill(0);
    fisher?.fill(0);
    for (let k = 0; k < COUNTS.length; k++) {
      const e = ENERGIES[k]!;
      const l = Math.log(e);
      const c = COUNTS[k]!;
      const u = EXPOSURE * e * Math.exp(-l * (x[1]! + (n === 3 ? x[2]! * l : 0)));
      const mu = x[0]! * u + 0.5;
      if (!(mu > 0)) return Number.POSITIVE_INFINITY;
      s += 2 * (mu - c * Math.log(mu));
      if (!g) continue;
      // d mu = u d amplitude + amplitude u (-l d alpha - l^2 d beta)
      log[1] = -l;
      if (n === 3) log[2] = -l * l;
      const d = (i: number) => (i === 0 ? u : x[0]! * u * log[i]!);
      const first = 2 * (1 - c / mu);
      for (let i = 0; i < n; i++) {
        g[i]! += first * d(i);
        if (!h) continue;
        for (let j = 0; j < n; j++) {
          const dd = i === 0 ? (j === 0 ? 0 : u * log[j]!) : d(j) * log[i]!;
          h[i * n + j]! += ((2 * c) / (mu * mu)) * d(i) * d(j) + first * dd;
          if (fisher) fisher[i * n + j]! += (2 / mu) * d(i) * d(j);
        }
      }
    }
    return s;
  }
  return { n, value: (x) => all(x), gradient: (x, g) => all(x, g), hessian: (x, g, h, fisher) => all(x, g, h, fisher) };
}

/** Bins of test/oracle/minimize.py: TeV, counts, and cm2 s TeV such that an amplitude of 1e-12 gives tens of counts. */
export const ENERGIES = [1, 1.5, 2.2, 3.3, 5, 7.5, 11];
export const COUNTS = [60, 38, 30, 16, 12, 5, 3];
export const EXPOSURE = 5e13;

export const banana = squares(2, [
  (x, j) => {
    j[0] = -1;
    return 1 - x[0]!;
  },
  (x, j, h) => {
    const r = Math.sqrt(5);
    j[0] = -2 * r * x[0]!;
    j[1] = r;
    h[0] = -2 * r;
    return r * (x[1]! - x[0]! ** 2);
  },
]);

/** Values only; see test/oracle/minimize.py. */
export const correlated: Objective = {
  n: 4,
  value: (x) => {
    const [a, b, c, d] = x as unknown as [number, number, number, number];
    const q = (a - b) ** 2 * 1e4 + (a + b - 3) ** 2 + (c - 0.5 * a) ** 2 + (d - c * b) ** 2;
    return q + 0.05 * (a - 1) ** 4 + 0.1 * (c - 0.2) ** 3 * Math.exp(-c * c);
  },
};

/** 1/2 xT A x with correlation 1 - 2e-8: condition number 1e8. */
export const narrow = quadratic(vec(1, 1 - 2e-8, 1 - 2e-8, 1), vec(3, -2));

const powerLaw = countsModel(2);
/** Minimum of the power law, from `newton` on 1e-30 EDM and iminuit (test/oracle/minimize.json) to its EDM. */
export const POWER_LAW = { x: vec(1.2370315285173958e-12, 2.1544650361378057), value: -812.7709971061543 };
const inf = Number.POSITIVE_INFINITY;

export const problems: Problem[] = [
  { name: "Rosenbrock", f: rosenbrock, x0: vec(-1.2, 1), x: vec(1, 1), value: 0 },
  { name: "Powell singular", f: powell, x0: vec(3, -1, 0, 1), x: vec(0, 0, 0, 0), value: 0, flat: true },
  { name: "Wood", f: wood, x0: vec(-3, -1, -3, -1), x: vec(1, 1, 1, 1), value: 0 },
  { name: "Beale", f: beale, x0: vec(1, 1), x: vec(3, 0.5), value: 0 },
  { name: "power law", f: powerLaw, x0: vec(1e-12, 2), ...POWER_LAW },
  { name: "power law with steps", f: powerLaw, x0: vec(1e-12, 2), ...POWER_LAW, options: { steps: vec(1e-13, 0.1) } },
  { name: "power law from amplitude 1e-14", f: powerLaw, x0: vec(1e-14, 0), ...POWER_LAW },
  { name: "power law from amplitude 1e-11, index 4", f: powerLaw, x0: vec(1e-11, 4), ...POWER_LAW },
  { name: "power law from amplitude 0", f: powerLaw, x0: vec(0, 2), ...POWER_LAW },
  {
    name: "power law inside its limits",
    f: powerLaw,
    x0: vec(2e-12, 2),
    ...POWER_LAW,
    options: { lower: vec(0, 0), upper: vec(1e-10, 5) },
  },
  {
    // the index at amplitude 1.5e-12: root of the derivative, by scipy.optimize.brentq
    name: "power law on a limit",
    f: powerLaw,
    x0: vec(2e-12, 2),
    x: vec(1.5e-12, 2.3116383020528963),
    value: -809.3217274034823,
    options: { lower: vec(1.5e-12, 0), upper: vec(inf, 5) },
  },
  { name: "narrow valley", f: narrow, x0: vec(100, 300), x: vec(3, -2), value: 0 },
  {
    // on x0 = 5 the other follows: x1 = -2 - (1 - 2e-8) 2
    name: "narrow valley on a limit",
    f: narrow,
    x0: vec(100, 300),
    x: vec(5, -3.99999996),
    value: 0.5 * 4 * (1 - (1 - 2e-8) ** 2),
    options: { lower: vec(5, -inf) },
  },
];
