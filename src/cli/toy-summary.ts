/** What toys say about a fit: bias, width and coverage of each parameter. */
import type { Toys } from "../estimators/toys.js";

export interface ToySummary {
  readonly id: string;
  readonly unit: string;
  readonly truth: number;
  /** Of the fitted values, their standard deviation, and the mean of the fits' own errors. */
  readonly mean: number;
  readonly std: number;
  readonly meanError: number;
  /** Of (value - truth) / error, with the errors of these two numbers. */
  readonly pullMean: number;
  readonly pullMeanError: number;
  readonly pullWidth: number;
  readonly pullWidthError: number;
  /** Share of the intervals value +- error that hold the truth, with its binomial error. */
  readonly coverage: number;
  readonly coverageError: number;
  /** The same of the MINOS intervals, where they were wanted. */
  readonly minosCoverage?: number;
  /** Toys with a converged fit and an error of this parameter. */
  readonly used: number;
}

/** (value - truth) / error of parameter `j` in the toys with a converged fit. */
export function toyPulls(toys: Toys, j: number): Float64Array {
  const k = toys.ids.length;
  const out: number[] = [];
  for (let i = 0; i < toys.n; i++) {
    const error = toys.errors[i * k + j]!;
    if (toys.success[i] === 1 && error > 0) out.push((toys.values[i * k + j]! - toys.truth[j]!) / error);
  }
  return Float64Array.from(out);
}

export function toySummary(toys: Toys, j: number): ToySummary {
  const k = toys.ids.length;
  const fitted = Array.from(toys.success.keys()).filter((i) => toys.success[i] === 1);
  const column = (values: Float64Array) => fitted.map((i) => values[i * k + j]!);
  const pulls = toyPulls(toys, j);
  const [mean, std] = moments(column(toys.values));
  const [meanError] = moments(column(toys.errors).filter((error) => error > 0));
  const [pullMean, pullWidth] = moments(pulls);
  const used = pulls.length;
  const coverage = pulls.reduce((sum, pull) => sum + (Math.abs(pull) <= 1 ? 1 : 0), 0) / used;
  return {
    id: toys.ids[j]!,
    unit: toys.units[j]!,
    truth: toys.truth[j]!,
    mean,
    std,
    meanError,
    pullMean,
    pullMeanError: pullWidth / Math.sqrt(used),
    pullWidth,
    pullWidthError: pullWidth / Math.sqrt(2 * (used - 1)),
    coverage,
    coverageError: Math.sqrt((coverage * (1 - coverage)) / used),
    ...minosCoverage(toys, j, fitted),
    used,
  };
}

function minosCoverage(toys: Toys, j: number, fitted: readonly number[]): { minosCoverage?: number } {
  const at = toys.minos.indexOf(j);
  if (at < 0) return {};
  const m = toys.minos.length;
  const truth = toys.truth[j]!;
  const inside = fitted.map((i) => {
    const value = toys.values[i * toys.ids.length + j]!;
    const [errn, errp] = [toys.errn[i * m + at]!, toys.errp[i * m + at]!];
    return truth >= value - errn && truth <= value + errp ? 1 : 0;
  });
  return { minosCoverage: moments(inside)[0] };
}

/** Mean and standard deviation. */
function moments(values: ArrayLike<number>): [mean: number, std: number] {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (values[i]! - mean) ** 2;
  return n === 0 ? [Number.NaN, Number.NaN] : [mean, Math.sqrt(sum / (n - 1))];
}
