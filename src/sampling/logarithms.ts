import { SpecError } from "../errors.js";
import type { Objective } from "../minimize/types.js";
import type { Guess, Target } from "./types.js";

/**
 * The density in the coordinates y in which it is sampled: ln x where the target says so, x elsewhere. -2 ln |dx/dy| is added to f, so that the
 * density of x stays what it was.
 */
export interface Coordinates {
  readonly objective: Required<Pick<Objective, "n" | "value" | "gradient">>;
  /** Limits of y [n]. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly guess: Guess;
  /** Fills x and returns ln |dx/dy|. */
  toX(y: Float64Array, x: Float64Array): number;
}

export function coordinatesOf(target: Target, guess: Guess, where: string): Coordinates {
  const { objective } = target;
  const { n } = objective;
  const gradientOf = objective.gradient?.bind(objective);
  if (gradientOf === undefined) {
    throw new SpecError(`${where}: the function has no gradient; use the ensemble sampler, which needs none`);
  }
  const log = target.log ?? new Uint8Array(n);
  const lower = target.lower?.slice() ?? new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const upper = target.upper?.slice() ?? new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const start = guess.start.slice();
  for (let i = 0; i < n; i++) {
    if (!(lower[i]! < upper[i]!)) {
      throw new SpecError(
        `${where}: parameter ${i} has limits [${lower[i]}, ${upper[i]}]; the lower has to be below the upper`,
      );
    }
    if (log[i] === 0) continue;
    if (!(start[i]! > 0)) {
      throw new SpecError(`${where}: parameter ${i} starts at ${start[i]}, which has no logarithm; start above 0`);
    }
    start[i] = Math.log(start[i]!);
    lower[i] = Math.log(Math.max(lower[i]!, 0));
    upper[i] = Math.log(upper[i]!);
  }
  const perX = guess.start.map((v, i) => (log[i] === 0 ? 1 : 1 / v));
  const covariance = guess.covariance.map((c, k) => c * perX[Math.floor(k / n)]! * perX[k % n]!);
  const x = new Float64Array(n);

  function toX(y: Float64Array, out: Float64Array): number {
    let logJacobian = 0;
    for (let i = 0; i < n; i++) {
      out[i] = log[i] === 0 ? y[i]! : Math.exp(y[i]!);
      if (log[i] !== 0) logJacobian += y[i]!;
    }
    return logJacobian;
  }
  return {
    lower,
    upper,
    guess: { start, covariance },
    toX,
    objective: {
      n,
      value(y) {
        const logJacobian = toX(y, x);
        return objective.value(x) - 2 * logJacobian;
      },
      gradient(y, g) {
        const logJacobian = toX(y, x);
        const value = gradientOf(x, g) - 2 * logJacobian;
        for (let i = 0; i < n; i++) if (log[i] !== 0) g[i] = g[i]! * x[i]! - 2;
        return value;
      },
    },
  };
}
