import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { lnPoisson } from "./gamma.js";
import { cholesky } from "./linalg.js";

/** A stream of random numbers. */
export interface RandomStream {
  /** Uniform in (0, 1): multiples of 2^-53, never 0. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Poisson counts, exact for every mean >= 0; NaN for a negative or non-finite mean. */
  poisson(mean: number): number;
  /** Moves 2^64 numbers ahead, to a part of the sequence that this stream will not reach. */
  jump(): void;
}

/**
 * A stream that depends on (seed, index) alone, so toy `index` is the same in whatever order or worker it is drawn. Both are integers
 * up to 2^53. Generator: xoroshiro128+ (Blackman & Vigna), its state mixed from all bits of both.
 */
export function randomStream(seed: number, index = 0): RandomStream {
  const words = [seed % 4294967296, Math.floor(seed / 4294967296), index % 4294967296, Math.floor(index / 4294967296)];
  const state = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667].map((start, lane) => {
    let h = start | 0;
    for (const word of words) h = mix(Math.imul(h ^ word, 0x9e3779b1) + lane);
    return h;
  });
  if (!state.some((word) => word !== 0)) state[0] = 1;
  const generator = xoroshiro128plusFromState(state);
  let spare = 0;
  let hasSpare = false;

  const uniform = (): number => {
    for (;;) {
      // The upper bits of each word; the lowest ones of this generator are the weakest.
      const value = (generator.next() >>> 5) * 67108864 + (generator.next() >>> 6);
      if (value > 0) return value * 2 ** -53;
    }
  };
  /** Polar method of Marsaglia. */
  const normal = (): number => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const f = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * f;
      hasSpare = true;
      return u * f;
    }
  };
  const poisson = (mean: number): number => {
    if (!(mean >= 0) || mean === Number.POSITIVE_INFINITY) return Number.NaN;
    return mean < 10 ? poissonByInversion(mean, uniform) : poissonByRejection(mean, uniform);
  };
  return {
    uniform,
    normal,
    poisson,
    jump() {
      hasSpare = false;
      generator.jump();
    },
  };
}

function poissonByInversion(mean: number, uniform: () => number): number {
  if (mean === 0) return 0;
  let u = uniform();
  let p = Math.exp(-mean);
  let n = 0;
  while (u > p) {
    u -= p;
    n++;
    p *= mean / n;
    // Rounding can leave a remainder that no term covers.
    if (p === 0) return n;
  }
  return n;
}

/** Transformed rejection with squeeze, algorithm PTRS of Hoermann (1993), Insurance: Math. and Economics 12, 39; mean >= 10. */
function poissonByRejection(mean: number, uniform: () => number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= lnPoisson(k, mean)) return k;
  }
}

/**
 * A sampler of N(mean, covariance) [n], [n, n]: each call fills `out` [n]. Parameters with zero variance (frozen) stay at their mean.
 * Returns undefined if the rest of the covariance is not positive definite.
 */
export function multivariateNormal(
  mean: Float64Array,
  covariance: Float64Array,
): ((stream: RandomStream, out: Float64Array) => void) | undefined {
  const n = mean.length;
  const sigma = Float64Array.from(mean, (_, i) => Math.sqrt(covariance[i * n + i]!));
  const free = Array.from(sigma.keys()).filter((i) => sigma[i] !== 0);
  const m = free.length;
  const l = new Float64Array(m * m);
  free.forEach((fi, i) => {
    free.forEach((fj, j) => {
      l[i * m + j] = covariance[fi * n + fj]! / (sigma[fi]! * sigma[fj]!);
    });
  });
  if (!cholesky(l, m, l)) return undefined;
  const centre = mean.slice();
  const z = new Float64Array(m);
  return (stream, out) => {
    out.set(centre);
    for (let i = 0; i < m; i++) z[i] = stream.normal();
    for (let i = 0; i < m; i++) {
      let s = 0;
      for (let j = 0; j <= i; j++) s += l[i * m + j]! * z[j]!;
      out[free[i]!]! += sigma[free[i]!]! * s;
    }
  };
}

/** Finaliser of MurmurHash3: a bijection of 32-bit words in which every input bit moves every output bit. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
