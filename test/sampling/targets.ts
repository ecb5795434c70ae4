import { cholesky, choleskySolve } from "../../src/math/linalg.js";
import { randomStream } from "../../src/math/random.js";
import type { Objective } from "../../src/minimize/types.js";
import type { Guess } from "../../src/sampling/types.js";

type Smooth = Required<Pick<Objective, "n" | "value" | "gradient">>;

/** f = (x - mean)^T C^-1 (x - mean), with the covariance it is made from. */
export function gaussian(mean: readonly number[], covariance: Float64Array): Smooth {
  const n = mean.length;
  const l = new Float64Array(n * n);
  if (!cholesky(covariance, n, l)) throw new Error("not positive definite");
  const d = new Float64Array(n);
  const s = new Float64Array(n);
  const value = (x: Float64Array) => {
    for (let i = 0; i < n; i++) d[i] = x[i]! - mean[i]!;
    choleskySolve(l, n, d, s);
    return d.reduce((sum, v, i) => sum + v * s[i]!, 0);
  };
  return {
    n,
    value,
    gradient(x, g) {
      const f = value(x);
      for (let i = 0; i < n; i++) g[i] = 2 * s[i]!;
      return f;
    },
  };
}

/** Eigenvalues spread evenly in ln between 1 and `condition`, in directions drawn at random; then parameters scaled by powers of 10. */
export function badCovariance(n: number, condition: number, decades: number): Float64Array {
  const stream = randomStream(99);
  const vectors: number[][] = [];
  while (vectors.length < n) {
    const v = Array.from({ length: n }, () => stream.normal());
    for (const w of vectors) {
      const dot = w.reduce((sum, x, i) => sum + x * v[i]!, 0);
      for (let i = 0; i < n; i++) v[i]! -= dot * w[i]!;
    }
    const norm = Math.hypot(...v);
    vectors.push(v.map((x) => x / norm));
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += condition ** (k / (n - 1)) * vectors[k]![i]! * vectors[k]![j]!;
      out[i * n + j] = sum * 10 ** ((-decades * (i + j)) / n);
    }
  }
  return out;
}

/** x0 ~ N(0, 1), x1 | x0 ~ N(x0^2, 0.3): E x1 = 1, Var x1 = 2 + 0.09. */
export const banana: Smooth = {
  n: 2,
  value: (x) => x[0]! ** 2 + ((x[1]! - x[0]! ** 2) / 0.3) ** 2,
  gradient(x, g) {
    const r = (x[1]! - x[0]! ** 2) / 0.09;
    g[0] = 2 * x[0]! - 4 * r * x[0]!;
    g[1] = 2 * r;
    return x[0]! ** 2 + 0.09 * r * r;
  },
};

/** v ~ N(0, 1), x_i | v ~ N(0, e^v): E x_i^2 = e^(1/2) (Neal's funnel with a narrower neck). */
export const funnel: Smooth = {
  n: 4,
  value: (x) => x[0]! ** 2 + 3 * x[0]! + (x[1]! ** 2 + x[2]! ** 2 + x[3]! ** 2) * Math.exp(-x[0]!),
  gradient(x, g) {
    const s = (x[1]! ** 2 + x[2]! ** 2 + x[3]! ** 2) * Math.exp(-x[0]!);
    g[0] = 2 * x[0]! + 3 - s;
    for (let i = 1; i < 4; i++) g[i] = 2 * x[i]! * Math.exp(-x[0]!);
    return x[0]! ** 2 + 3 * x[0]! + s;
  },
};

export function diagonal(...variances: number[]): Float64Array {
  const n = variances.length;
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? variances[k % n]! : 0));
}

export function unitGuess(n: number): Guess {
  return { start: new Float64Array(n), covariance: diagonal(...new Array<number>(n).fill(1)) };
}
