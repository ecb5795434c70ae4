import { SpecError } from "../errors.js";
import { cholesky } from "../math/linalg.js";
import type { RandomStream } from "../math/random.js";
import type { Guess, Target } from "./types.js";

/** Lower Cholesky factor [n, n] of the guessed covariance, scaled to unit diagonal on the way: parameters span tens of decades. */
export function shapeOf(guess: Guess, n: number, where: string): Float64Array {
  const { start, covariance } = guess;
  if (start.length !== n || covariance.length !== n * n) {
    throw new SpecError(
      `${where}: start has ${start.length} and covariance ${covariance.length} numbers, expected ${n} and ${n * n}`,
    );
  }
  const l = factorOf(covariance, n);
  if (l === undefined) {
    throw new SpecError(
      `${where}: the covariance is not positive definite; give the variances of the parameters alone, as a diagonal matrix`,
    );
  }
  return l;
}

/** undefined if `covariance` is not positive definite. */
export function factorOf(covariance: Float64Array, n: number): Float64Array | undefined {
  const sigma = Float64Array.from({ length: n }, (_, i) => Math.sqrt(covariance[i * n + i]!));
  const l = Float64Array.from(covariance, (c, k) => c / (sigma[Math.floor(k / n)]! * sigma[k % n]!));
  if (!cholesky(l, n, l)) return undefined;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) l[i * n + j]! *= sigma[i]!;
  return l;
}

/** out = start + scale L xi, xi standard normal. */
export function scatter(
  start: Float64Array,
  l: Float64Array,
  scale: number,
  stream: RandomStream,
  out: Float64Array,
): void {
  const n = start.length;
  out.set(start);
  for (let j = 0; j < n; j++) {
    const xi = scale * stream.normal();
    for (let i = j; i < n; i++) out[i]! += l[i * n + j]! * xi;
  }
}

/** Fills `out` with a point around the start where f is finite, and returns f; nearer to the start with every failure. */
export function startingPoint(
  { objective, lower, upper }: Target,
  guess: Guess,
  l: Float64Array,
  stream: RandomStream,
  out: Float64Array,
  where: string,
): number {
  for (let attempt = 0; attempt < 200; attempt++) {
    scatter(guess.start, l, 0.95 ** attempt, stream, out);
    for (let i = 0; i < out.length; i++) {
      // mirrored at the limits, so that a start in a corner has room
      if (lower !== undefined && out[i]! < lower[i]!) out[i] = 2 * lower[i]! - out[i]!;
      if (upper !== undefined && out[i]! > upper[i]!) out[i] = 2 * upper[i]! - out[i]!;
    }
    if (!isInside(out, lower, upper)) continue;
    const value = objective.value(out);
    if (Number.isFinite(value)) return value;
  }
  throw new SpecError(
    `${where}: no starting point with a finite probability was found in 200 tries around ${guess.start.join(", ")}; give a start inside the limits`,
  );
}

export function isInside(x: Float64Array, lower: Float64Array | undefined, upper: Float64Array | undefined): boolean {
  for (let i = 0; i < x.length; i++) {
    if (lower !== undefined && !(x[i]! >= lower[i]!)) return false;
    if (upper !== undefined && !(x[i]! <= upper[i]!)) return false;
  }
  return true;
}
