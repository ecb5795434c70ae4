import { SpecError } from "../errors.js";
import type { Objective } from "../minimize/types.js";
import type { Guess, Target } from "./types.js";

/**
 * A density between limits as one without: x = lower + e^y, upper - e^y, or lower + (upper - lower) / (1 + e^-y); -2 ln |dx/dy| is added to f,
 * so that the density of x stays what it was.
 */
export interface Unbounded {
  readonly objective: Required<Pick<Objective, "n" | "value" | "gradient">>;
  /** Fills x and returns ln|dx/dy|. */
  toX(y: Float64Array, x: Float64Array): number;
  /** The guess in y: linear at the start, which is moved off the limits. */
  readonly guess: Guess;
}

/** Widest guess in y: the logistic distribution, a flat density between two limits, has 1.8. */
const WIDEST = 1.8;

export function unbounded(target: Target, guess: Guess, where: string): Unbounded {
  const { objective } = target;
  const { n } = objective;
  const gradientOf = objective.gradient?.bind(objective);
  if (gradientOf === undefined) {
    throw new SpecError(`${where}: the function has no gradient; use the ensemble sampler, which needs none`);
  }
  const lower = target.lower ?? new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const upper = target.upper ?? new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < n; i++) {
    if (!(lower[i]! < upper[i]!)) {
      throw new SpecError(
        `${where}: parameter ${i} has limits [${lower[i]}, ${upper[i]}]; the lower has to be below the upper`,
      );
    }
  }
  const hasLower = Uint8Array.from(lower, (v) => (Number.isFinite(v) ? 1 : 0));
  const hasUpper = Uint8Array.from(upper, (v) => (Number.isFinite(v) ? 1 : 0));
  const x = new Float64Array(n);
  /** dx/dy and d ln|dx/dy| / dy */
  const slope = new Float64Array(n);
  const bend = new Float64Array(n);

  function toX(y: Float64Array, out: Float64Array): number {
    let logJacobian = 0;
    for (let i = 0; i < n; i++) {
      const v = y[i]!;
      if (hasLower[i] === 0 && hasUpper[i] === 0) {
        out[i] = v;
        slope[i] = 1;
        bend[i] = 0;
      } else if (hasUpper[i] === 0 || hasLower[i] === 0) {
        const step = Math.exp(v);
        out[i] = hasUpper[i] === 0 ? lower[i]! + step : upper[i]! - step;
        slope[i] = hasUpper[i] === 0 ? step : -step;
        bend[i] = 1;
        logJacobian += v;
      } else {
        const width = upper[i]! - lower[i]!;
        const e = Math.exp(-Math.abs(v));
        // the share on the nearer side keeps its digits
        const near = e / (1 + e);
        out[i] = v < 0 ? lower[i]! + width * near : upper[i]! - width * near;
        slope[i] = width * near * (1 - near);
        bend[i] = v < 0 ? 1 - 2 * near : 2 * near - 1;
        logJacobian += Math.log(slope[i]!);
      }
    }
    return logJacobian;
  }
  return {
    objective: {
      n,
      value(y) {
        const logJacobian = toX(y, x);
        return objective.value(x) - 2 * logJacobian;
      },
      gradient(y, g) {
        const logJacobian = toX(y, x);
        const value = gradientOf(x, g) - 2 * logJacobian;
        for (let i = 0; i < n; i++) g[i] = g[i]! * slope[i]! - 2 * bend[i]!;
        return value;
      },
    },
    toX,
    guess: guessInY(guess, lower, upper),
  };
}

function guessInY({ start, covariance }: Guess, lower: Float64Array, upper: Float64Array): Guess {
  const n = start.length;
  const y = new Float64Array(n);
  const factor = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const sigma = Math.sqrt(covariance[i * n + i]!);
    const [below, above] = [lower[i]!, upper[i]!];
    const margin = Math.min(0.5 * sigma, 0.1 * (above - below));
    const v = Math.min(Math.max(start[i]!, below + margin), above - margin);
    let slope = 1;
    if (below === Number.NEGATIVE_INFINITY && above === Number.POSITIVE_INFINITY) y[i] = v;
    else if (above === Number.POSITIVE_INFINITY) y[i] = Math.log((slope = v - below));
    else if (below === Number.NEGATIVE_INFINITY) y[i] = Math.log((slope = above - v));
    else {
      y[i] = Math.log((v - below) / (above - v));
      slope = ((v - below) * (above - v)) / (above - below);
    }
    const isBounded = below !== Number.NEGATIVE_INFINITY || above !== Number.POSITIVE_INFINITY;
    factor[i] = (isBounded ? Math.min(sigma / slope, WIDEST) : sigma) / sigma;
    // x falls with y below an upper limit alone
    if (below === Number.NEGATIVE_INFINITY && above !== Number.POSITIVE_INFINITY) factor[i]! *= -1;
  }
  const scaled = covariance.map((c, k) => c * factor[Math.floor(k / n)]! * factor[k % n]!);
  return { start: y, covariance: scaled };
}
