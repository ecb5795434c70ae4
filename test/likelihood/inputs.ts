import { randomStream } from "../../src/math/random.js";

/** Random inputs of kernels. */
export interface Inputs {
  /** A whole number in [0, max]. */
  size(max: number): number;
  /** Numbers of either sign and of sizes from 1e-3 to 1e3, some of them 0. */
  numbers(n: number): Float64Array;
  /** Of bins: mostly one or two, also many, and the fractions of Asimov data. */
  counts(n: number): Float64Array;
  /** Predicted counts: of usual size, or so small or large that their product leaves the range of float64; some at or below the truncation of cash, or NaN. */
  predictions(n: number): Float64Array;
  /** A table of parabolas in pieces, but for a `cubic` part. */
  parabolas(n: number, cubic: number): Float64Array;
}

export function inputs(seed: number): Inputs {
  const random = randomStream(seed, 1);
  const size = (max: number) => Math.floor(random.uniform() * (max + 1));
  const fill = (n: number, entry: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => entry(i));
  const one = () => (size(7) === 0 ? 0 : random.normal() * 10 ** (6 * random.uniform() - 3));
  return {
    size,
    numbers: (n) => fill(n, one),
    counts: (n) => fill(n, () => [1, 1, 1, 2, 2, 3, 17, 1e5, 0.25][size(8)]!),
    predictions(n) {
      const decade = [0, 0, -20, 20, -24][size(4)]!;
      const special = size(3) === 0 ? [0, 1e-25, 1e-26, 1e-40] : [];
      const hasNaN = size(20) === 0;
      return fill(n, (i) => {
        if (hasNaN && i === 2) return Number.NaN;
        if (special.length > 0 && size(5) === 0) return special[size(3)]!;
        return 10 ** (decade + 2 * random.uniform() - 1);
      });
    },
    parabolas(n, cubic) {
      const out = new Float64Array(n);
      for (let from = 0; from < n; ) {
        const length = 1 + size(150);
        const [a, b, c] = [4 * random.normal(), 0.5 * random.normal(), 1e-3 * random.normal()];
        for (let k = 0; k < length && from < n; k++) out[from++] = a + b * k + c * k * k + cubic * k ** 3;
      }
      return out;
    },
  };
}
