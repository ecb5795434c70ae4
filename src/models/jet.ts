/**
 * Second-order forward differentiation: a number with its exact gradient and Hessian by n parameters. For shapes whose
 * derivatives by hand would be pages long; the common shapes carry theirs in closed form.
 */
export interface Jet {
  readonly v: number;
  /** [n] */
  readonly g: Float64Array;
  /** [n, n], symmetric */
  readonly h: Float64Array;
}

/** Parameter i of n, times a unit factor. */
export function variable(n: number, i: number, value: number, factor = 1): Jet {
  const g = new Float64Array(n);
  g[i] = factor;
  return { v: value * factor, g, h: new Float64Array(n * n) };
}

/** a x + b y + c */
export function combine(a: number, x: Jet, b: number, y: Jet, c = 0): Jet {
  return {
    v: a * x.v + b * y.v + c,
    g: x.g.map((xi, i) => a * xi + b * y.g[i]!),
    h: x.h.map((xi, i) => a * xi + b * y.h[i]!),
  };
}

/** a x + c */
export function affine(a: number, x: Jet, c = 0): Jet {
  return { v: a * x.v + c, g: x.g.map((xi) => a * xi), h: x.h.map((xi) => a * xi) };
}

export function multiply(x: Jet, y: Jet): Jet {
  const n = x.g.length;
  return {
    v: x.v * y.v,
    g: x.g.map((xi, i) => xi * y.v + x.v * y.g[i]!),
    h: x.h.map((xij, ij) => {
      const i = Math.floor(ij / n);
      const j = ij % n;
      return xij * y.v + x.v * y.h[ij]! + x.g[i]! * y.g[j]! + x.g[j]! * y.g[i]!;
    }),
  };
}

/** f(x) from f, f' and f'' at x. */
export function chain(x: Jet, f: number, first: number, second: number): Jet {
  const n = x.g.length;
  return {
    v: f,
    g: x.g.map((xi) => first * xi),
    h: x.h.map((xij, ij) => first * xij + second * x.g[Math.floor(ij / n)]! * x.g[ij % n]!),
  };
}

/** f(x, y) from its value and partial derivatives. */
export function chain2(x: Jet, y: Jet, f: number, fx: number, fy: number, fxx: number, fxy: number, fyy: number): Jet {
  const n = x.g.length;
  return {
    v: f,
    g: x.g.map((xi, i) => fx * xi + fy * y.g[i]!),
    h: x.h.map((xij, ij) => {
      const i = Math.floor(ij / n);
      const j = ij % n;
      const [xi, xj, yi, yj] = [x.g[i]!, x.g[j]!, y.g[i]!, y.g[j]!];
      return fx * xij + fy * y.h[ij]! + fxx * xi * xj + fxy * (xi * yj + xj * yi) + fyy * yi * yj;
    }),
  };
}

export const sin = (x: Jet): Jet => chain(x, Math.sin(x.v), Math.cos(x.v), -Math.sin(x.v));
export const exp = (x: Jet): Jet => chain(x, Math.exp(x.v), Math.exp(x.v), Math.exp(x.v));
export const inverse = (x: Jet): Jet => chain(x, 1 / x.v, -1 / x.v ** 2, 2 / x.v ** 3);
export const sqrt = (x: Jet): Jet => chain(x, Math.sqrt(x.v), 0.5 / Math.sqrt(x.v), -0.25 / x.v ** 1.5);
