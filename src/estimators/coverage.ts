/** What toys say about a fit: bias, width and coverage of each parameter. */
import type { Toys } from "./toys.js";

/** How often intervals hold the truth. */
export interface CoverageFraction {
  readonly covered: number;
  /** Toys that count. */
  readonly n: number;
  readonly fraction: number;
  /** Binomial error of the fraction. */
  readonly error: number;
  /** Shares of toys whose interval lies wholly above, and wholly below, the truth. */
  readonly above: number;
  readonly below: number;
}

/** Bias, width and coverage of the intervals of one parameter, in its unit, over toys. */
export interface ParameterCoverage {
  readonly id: string;
  readonly unit: string;
  readonly truth: number;
  /** Of the fitted values: mean and standard deviation; and the mean of the fits' own errors. */
  readonly mean: number;
  readonly std: number;
  readonly meanError: number;
  /** value +- error from the Hessian, of the toys whose fit converged and gave an error. */
  readonly hessian: CoverageFraction;
  /**
   * value - errn .. value + errp, of the toys whose fit converged; a side where the statistic does not rise far enough is open and holds all values there.
   * Absent where MINOS errors were not wanted.
   */
  readonly minos?: CoverageFraction;
  /** (value - truth) / error of the toys that count for `hessian` [n]. */
  readonly pulls: Float64Array;
  /** Their mean and standard deviation, with the errors of both. */
  readonly pullMean: number;
  readonly pullMeanError: number;
  readonly pullWidth: number;
  readonly pullWidthError: number;
}

/** Bias, width and coverage of the 68.3 % intervals of all parameters, in their units, over toys. */
export function coverage(run: Toys): ParameterCoverage[] {
  const converged = Array.from(run.success.keys()).filter((i) => run.success[i] === 1);
  return run.ids.map((id, j) => ofParameter(run, converged, id, j));
}

function ofParameter(run: Toys, converged: readonly number[], id: string, j: number): ParameterCoverage {
  const k = run.ids.length;
  const truth = run.truth[j]!;
  const column = (values: Float64Array) => Float64Array.from(converged, (i) => values[i * k + j]!);
  const values = column(run.values);
  const errors = column(run.errors);
  // a fit without a minimum in the middle of its surroundings has no error
  const measured = Array.from(errors.keys()).filter((t) => errors[t]! > 0 && Number.isFinite(errors[t]!));
  const pulls = Float64Array.from(measured, (t) => (values[t]! - truth) / errors[t]!);
  const [mean, std] = moments(values);
  const [pullMean, pullWidth] = moments(pulls);
  const n = pulls.length;
  const at = run.minos.indexOf(j);
  return {
    id,
    unit: run.units[j]!,
    truth,
    mean,
    std,
    meanError: moments(measured.map((t) => errors[t]!))[0],
    hessian: fractionOf(Array.from(pulls, (pull) => [pull, 1, 1])),
    ...(at >= 0 && { minos: fractionOf(minosIntervals(run, converged, values, truth, at)) }),
    pulls,
    pullMean,
    pullMeanError: pullWidth / Math.sqrt(n),
    pullWidth,
    pullWidthError: pullWidth / Math.sqrt(2 * (n - 1)),
  };
}

/** How far a value is off, and how far its interval reaches below and above it. */
type Interval = readonly [off: number, errn: number, errp: number];

function minosIntervals(
  { minos, errn, errp }: Toys,
  converged: readonly number[],
  values: Float64Array,
  truth: number,
  at: number,
): Interval[] {
  const open = (length: number) => (Number.isNaN(length) ? Number.POSITIVE_INFINITY : length);
  return converged.map((i, t) => {
    const place = i * minos.length + at;
    return [values[t]! - truth, open(errn[place]!), open(errp[place]!)];
  });
}

function fractionOf(intervals: readonly Interval[]): CoverageFraction {
  const n = intervals.length;
  const above = intervals.filter(([off, errn]) => off > errn).length;
  const below = intervals.filter(([off, , errp]) => off < -errp).length;
  const covered = n - above - below;
  const fraction = covered / n;
  return {
    covered,
    n,
    fraction,
    error: Math.sqrt((fraction * (1 - fraction)) / n),
    above: above / n,
    below: below / n,
  };
}

/** Mean and standard deviation; NaN of none. */
function moments(values: ArrayLike<number>): [mean: number, std: number] {
  const n = values.length;
  const all = Array.from(values);
  const mean = all.reduce((sum, v) => sum + v / n, 0);
  const squares = all.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return n === 0 ? [Number.NaN, Number.NaN] : [mean, Math.sqrt(squares / (n - 1))];
}
