import { SpecError } from "../errors.js";
import { randomStream } from "../math/random.js";
import { runningCovariance } from "./adaptation.js";
import { factorOf } from "./guess.js";
import { logSum } from "./log-sum.js";
import { constrainedSlices } from "./slice.js";
import type { Sampling } from "./types.js";

/** What nested sampling needs: ln L, and the prior as a map of the unit cube. */
export interface NestedTarget {
  readonly n: number;
  /** ln of the likelihood (not of the posterior) at x [n]; non-finite: zero. */
  logLikelihood(x: Float64Array): number;
  /** Fills x with the parameters at u, uniform in (0, 1)^n. */
  transform(u: Float64Array, x: Float64Array): void;
}

export interface NestedOptions {
  readonly seed: number;
  /** Live points; default 500. The error of ln Z falls with their root. */
  readonly live?: number;
  /** Slices between a live point and its copy; default 5 n. */
  readonly repeats?: number;
  /** Stop when the live points can add no more than this to ln Z; default 0.001. */
  readonly precision?: number;
}

export interface NestedResult {
  readonly n: number;
  /** ln of the evidence, the mean of L over the prior, and its standard error. */
  readonly logZ: number;
  readonly logZError: number;
  /** Kullback-Leibler divergence of the posterior from the prior, nats. */
  readonly information: number;
  /** Points in the order of their likelihood [points, n], ln L and posterior weights [points], of sum 1. */
  readonly points: Float64Array;
  readonly logLikelihood: Float64Array;
  readonly weights: Float64Array;
  /** Kish's effective number of points, 1 / sum w^2. */
  readonly effectiveSize: number;
  readonly calls: number;
}

/** Prior draws that may be lost on places of zero likelihood. */
const MAX_DRAWS = 1_000_000;

/**
 * Nested sampling: Skilling (2004), AIP Conf. Proc. 735, 395. Each worst live point gives way to the end of a random walk by slices that starts at another
 * one; while much of the prior is still allowed, to a plain draw from the prior.
 */
export function* nested(target: NestedTarget, options: NestedOptions): Sampling<NestedResult> {
  const { n } = target;
  const { live = 500, repeats = 5 * n, precision = 1e-3 } = options;
  if (!(live >= 2 * n && live >= 10)) {
    throw new SpecError(`nested: ${live} live points for ${n} parameters; at least ${Math.max(2 * n, 10)} are needed`);
  }
  const stream = randomStream(options.seed);
  const x = new Float64Array(n);
  let calls = 0;
  const logLikelihood = (u: Float64Array) => {
    target.transform(u, x);
    calls++;
    const value = target.logLikelihood(x);
    return Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY;
  };
  const draw = (u: Float64Array) => {
    for (let i = 0; i < n; i++) u[i] = stream.uniform();
    return logLikelihood(u);
  };

  const u = Array.from({ length: live }, () => new Float64Array(n));
  const logL = new Float64Array(live);
  // places of zero likelihood are counted, not kept: no order among equals is needed
  let draws = 0;
  for (let k = 0; k < live; k++) {
    do {
      if (++draws > MAX_DRAWS) {
        throw new SpecError(
          `nested: the likelihood is finite at ${k} of ${MAX_DRAWS} points of the prior; narrow the ranges of the parameters`,
        );
      }
      logL[k] = draw(u[k]!);
    } while (logL[k] === Number.NEGATIVE_INFINITY);
    if (draws % 100 === 0) yield { done: k, total: 10 * live, stage: "warmup" };
  }
  const logStart = Math.log(live / draws);

  const slices = constrainedSlices(n, logLikelihood);
  const seen = runningCovariance(n);
  const shape = new Float64Array(n * n);
  const matrix = new Float64Array(n * n);
  const prior = Float64Array.from(matrix, (_, k) => (k % (n + 1) === 0 ? 1 / 12 : 0));
  const dead = recorder(n);
  const candidate = new Float64Array(n);
  const logShell = Math.log(-Math.expm1(-1 / live));
  let logX = logStart;
  let logZ = Number.NEGATIVE_INFINITY;
  let byPrior = true;
  let [tried, taken] = [0, 0];
  for (let step = 0; ; step++) {
    let worst = 0;
    let best = 0;
    for (let k = 1; k < live; k++) {
      if (logL[k]! < logL[worst]!) worst = k;
      if (logL[k]! > logL[best]!) best = k;
    }
    const threshold = logL[worst]!;
    const left = logL[best]! + logX - logZ;
    // equal likelihoods: no volume above to walk in
    if (Math.log1p(Math.exp(Math.min(left, 700))) < precision || threshold === logL[best]!) break;
    target.transform(u[worst]!, x);
    dead.add(x, threshold, logX + logShell);
    logZ = logSum(logZ, threshold + logX + logShell);
    logX -= 1 / live;

    let value = Number.NEGATIVE_INFINITY;
    if (byPrior) {
      while (!(value > threshold) && tried < 20 * repeats) {
        value = draw(candidate);
        tried++;
      }
      taken++;
      // a walk costs about 5 evaluations for each slice
      if (taken === live || !(value > threshold)) {
        byPrior = value > threshold && tried < 2 * repeats * live;
        [tried, taken] = [0, 0];
      }
    }
    if (!(value > threshold)) {
      if (step % Math.ceil(live / 4) === 0 || shape[0] === 0) {
        seen.clear();
        for (const point of u) seen.add(point);
        shape.set(factorOf(seen.estimate(prior, matrix), n) ?? shape);
      }
      let from = Math.floor(stream.uniform() * (live - 1));
      if (from >= worst) from++;
      candidate.set(u[from]!);
      value = slices(candidate, logL[from]!, threshold, shape, repeats, stream);
    }
    u[worst]!.set(candidate);
    logL[worst] = value;
    // the volume shrinks by e every `live` steps until the peak fits into it
    const more = Math.max(0, left) * live;
    yield { done: step + 1, total: Math.ceil(step + 1 + more), stage: "sampling" };
  }
  // what is left is shared by the live points
  const order = Array.from(logL.keys()).sort((a, b) => logL[a]! - logL[b]!);
  for (const k of order) {
    target.transform(u[k]!, x);
    dead.add(x, logL[k]!, logX - Math.log(live));
  }
  return { n, ...evidence(dead, logStart, live), calls };
}

/** Evidence, information and weights from the points' ln L and the ln of their shares of the prior. */
function evidence(dead: Recorder, logStart: number, live: number): Omit<NestedResult, "n" | "calls"> {
  const { points, logLikelihood, logVolume } = dead.finish();
  const weights = logLikelihood.map((l, k) => l + logVolume[k]!);
  const top = weights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const logZ = top + Math.log(weights.reduce((sum, w) => sum + Math.exp(w - top), 0));
  let information = 0;
  let squares = 0;
  for (let k = 0; k < weights.length; k++) {
    const w = (weights[k] = Math.exp(weights[k]! - logZ));
    if (w > 0) information += w * (logLikelihood[k]! - logZ);
    squares += w * w;
  }
  // Skilling: the compression by e^-H takes H live steps, each known to 1 / live; the share of zero likelihood is counted, not compressed
  const compressed = Math.max(0, information + logStart);
  const logZError = Math.sqrt((compressed + 1 - Math.exp(logStart)) / live);
  return { logZ, logZError, information, points, logLikelihood, weights, effectiveSize: 1 / squares };
}

/** `count` points of equal weight in random order [count, n], and their places among the weighted ones: systematic resampling. Points may repeat. */
export function equalWeights(
  result: Pick<NestedResult, "n" | "points" | "weights">,
  count: number,
  seed: number,
): { readonly points: Float64Array; readonly index: Uint32Array } {
  const { n, points, weights } = result;
  // apart from the stream of the sampler
  const stream = randomStream(seed, 1);
  const index = new Uint32Array(count);
  const offset = stream.uniform();
  let cumulative = weights[0]!;
  for (let s = 0, k = 0; s < count; s++) {
    while (cumulative < (s + offset) / count && k < weights.length - 1) cumulative += weights[++k]!;
    index[s] = k;
  }
  for (let s = count - 1; s > 0; s--) {
    const other = Math.floor(stream.uniform() * (s + 1));
    [index[s], index[other]] = [index[other]!, index[s]!];
  }
  const out = new Float64Array(count * n);
  for (let s = 0; s < count; s++) out.set(points.subarray(index[s]! * n, (index[s]! + 1) * n), s * n);
  return { points: out, index };
}

interface Recorder {
  add(x: Float64Array, logL: number, logVolume: number): void;
  finish(): Pick<NestedResult, "points" | "logLikelihood"> & { readonly logVolume: Float64Array };
}

/** Rows of x, ln L and ln(volume) in one buffer that doubles when full. */
function recorder(n: number): Recorder {
  const width = n + 2;
  let rows = new Float64Array(4096 * width);
  let count = 0;
  return {
    add(x, logL, logVolume) {
      if ((count + 1) * width > rows.length) {
        const larger = new Float64Array(2 * rows.length);
        larger.set(rows);
        rows = larger;
      }
      rows.set(x, count * width);
      rows[count * width + n] = logL;
      rows[count * width + n + 1] = logVolume;
      count++;
    },
    finish: () => ({
      points: Float64Array.from({ length: count * n }, (_, k) => rows[Math.floor(k / n) * width + (k % n)]!),
      logLikelihood: Float64Array.from({ length: count }, (_, k) => rows[k * width + n]!),
      logVolume: Float64Array.from({ length: count }, (_, k) => rows[k * width + n + 1]!),
    }),
  };
}
