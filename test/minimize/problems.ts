import type { MinimizeOptions, Objective } from "../../src/minimize/index.js";

export interface Problem {
  readonly name: string;
  readonly f: Objective;
  readonly x0: Float64Array;
  readonly x: Float64Array;
  readonly value: number;
  readonly options?: MinimizeOptions;
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

/** Counts of a power law amplitude * E^-index in bins, plus background: -2 ln L by Cash; Infinity where npred <= 0. */
export function powerLawCounts(
  counts: readonly number[],
  energies: readonly number[],
  exposure: number,
  b = 0.5,
): Objective {
  function all(x: Float64Array, g?: Float64Array, h?: Float64Array, fisher?: Float64Array) {
    const [a, index] = x as unknown as [number, number];
    let s = 0;
    g?.fill(0);
    h?.fill(0);
    fisher?.fill(0);
    for (let k = 0; k < counts.length; k++) {
      const e = energies[k]!;
      const n = counts[k]!;
      const u = exposure * e * e ** -index;
      const mu = a * u + b;
      if (!(mu > 0)) return Number.POSITIVE_INFINITY;
      s += 2 * (mu - n * Math.log(mu));
      if (!g) continue;
      const l = -Math.log(e);
      const d0 = u;
      const d1 = a * u * l;
      const first = 2 * (1 - n / mu);
      const second = (2 * n) / (mu * mu);
      g[0]! += first * d0;
      g[1]! += first * d1;
      if (!h) continue;
      h[0]! += second * d0 * d0;
      h[1]! += second * d0 * d1 + first * u * l;
      h[3]! += second * d1 * d1 + first * a * u * l * l;
      if (!fisher) continue;
      fisher[0]! += (2 / mu) * d0 * d0;
      fisher[1]! += (2 / mu) * d0 * d1;
      fisher[3]! += (2 / mu) * d1 * d1;
    }
    if (h) h[2] = h[1]!;
    if (fisher) fisher[2] = fisher[1]!;
    return s;
  }
  return {
    n: 2,
    value: (x) => all(x),
    gradient: (x, g) => all(x, g),
    hessian: (x, g, h, fisher) => all(x, g, h, fisher),
  };
}

export const ENERGIES = [1, 1.5, 2.2, 3.3, 5, 7.5, 11];
export const COUNTS = [60, 38, 30, 16, 12, 5, 3];
/** 1e12 cm2 s TeV, so that an amplitude of about 1e-12 gives tens of counts. */
export const EXPOSURE = 5e13;

export const problems: Problem[] = [
  { name: "Rosenbrock", f: rosenbrock, x0: vec(-1.2, 1), x: vec(1, 1), value: 0 },
  { name: "Powell singular", f: powell, x0: vec(3, -1, 0, 1), x: vec(0, 0, 0, 0), value: 0 },
  { name: "Wood", f: wood, x0: vec(-3, -1, -3, -1), x: vec(1, 1, 1, 1), value: 0 },
  { name: "Beale", f: beale, x0: vec(1, 1), x: vec(3, 0.5), value: 0 },
];
