import { SpecError } from "../errors.js";
import { randomStream } from "../math/random.js";
import { isInside, shapeOf, startingPoint } from "./guess.js";
import type { Chains, Guess, Sampling, Target } from "./types.js";

export interface EnsembleOptions {
  readonly seed: number;
  /** Kept steps of each walker. */
  readonly samples: number;
  /** Even, at least 2 n; default the larger of 32 and 4 n. */
  readonly walkers?: number;
  /** Steps of each walker before the kept ones; default 1000. */
  readonly warmup?: number;
  /** Keep every thin-th step; default 1. */
  readonly thin?: number;
}

/** Scale a of the stretch, as in both papers. */
const STRETCH = 2;

/**
 * Affine-invariant ensemble: Goodman & Weare (2010), Comm. App. Math. Comp. Sci. 5, 65; the two halves move in turn as in
 * Foreman-Mackey et al. (2013), PASP 125, 306. Each walker is a chain of the result. Needs no gradient.
 */
export function* ensemble(target: Target, guess: Guess, options: EnsembleOptions): Sampling<Chains> {
  const { objective, lower, upper } = target;
  const { n } = objective;
  const walkers = options.walkers ?? Math.max(32, 4 * n);
  if (walkers % 2 !== 0 || walkers < 2 * n || walkers < 4) {
    throw new SpecError(
      `ensemble: ${walkers} walkers for ${n} parameters; an even number of at least ${Math.max(4, 2 * n)} is needed`,
    );
  }
  const { samples, warmup = 1000, thin = 1 } = options;
  const stream = randomStream(options.seed);
  const l = shapeOf(guess, n, "ensemble");
  const half = walkers / 2;
  const x = Array.from({ length: walkers }, () => new Float64Array(n));
  const f = new Float64Array(walkers);
  for (let k = 0; k < walkers; k++) f[k] = startingPoint(target, guess, l, stream, x[k]!, "ensemble");

  const chain = new Float64Array(walkers * samples * n);
  const value = new Float64Array(walkers * samples);
  const y = new Float64Array(n);
  const total = warmup + samples * thin;
  const root = Math.sqrt(STRETCH);
  let calls = walkers;
  let accepted = 0;
  for (let step = 0; step < total; step++) {
    for (let k = 0; k < walkers; k++) {
      const other = x[(k < half ? half : 0) + Math.floor(stream.uniform() * half)]!;
      // density proportional to z^(-1/2) between 1/a and a
      const z = (1 / root + (root - 1 / root) * stream.uniform()) ** 2;
      const own = x[k]!;
      for (let i = 0; i < n; i++) y[i] = other[i]! + z * (own[i]! - other[i]!);
      const threshold = Math.log(stream.uniform());
      if (!isInside(y, lower, upper)) continue;
      const fy = objective.value(y);
      calls++;
      if (!(Number.isFinite(fy) && threshold < (n - 1) * Math.log(z) - 0.5 * (fy - f[k]!))) continue;
      own.set(y);
      f[k] = fy;
      if (step >= warmup) accepted++;
    }
    const kept = step - warmup + 1;
    if (kept > 0 && kept % thin === 0) {
      const s = kept / thin - 1;
      for (let k = 0; k < walkers; k++) {
        chain.set(x[k]!, (k * samples + s) * n);
        value[k * samples + s] = f[k]!;
      }
    }
    yield { done: step + 1, total, stage: step < warmup ? "warmup" : "sampling" };
  }
  const acceptance = accepted / (walkers * samples * thin);
  return { n, chains: walkers, samples, chain, value, acceptance, divergences: 0, calls };
}
