import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { runJobs } from "../execute/run.js";
import { serialExecutor } from "../execute/serial.js";
import type { Executor } from "../execute/types.js";
import { holding } from "../fit/holding.js";
import { compileJoint, type Joint } from "../fit/joint.js";
import { minimizeJoint } from "../fit/minimize-joint.js";
import type { KindContext } from "../likelihood/kind.js";
import type { StopSignal } from "../math/types.js";
import { createLevels } from "../minimize/level.js";
import { minosOf } from "../minimize/minos.js";
import { allParameters, findParameter } from "../models/parameters.js";
import { type ConstructionPayload, constructionTask, type IntervalSide, riseOf } from "./construction.js";
import { payloadOf } from "./plan.js";
import { defaultJobSize } from "./toys.js";

/** Options of `calibratedInterval`. */
export interface CalibratedOptions {
  /** Probability that the interval covers the true value; default 0.6827. */
  readonly level?: number;
  /** "upper" or "lower": a limit; "both" (default): an interval, which near a limit of the parameter turns into one by itself. */
  readonly side?: IntervalSide;
  /** Toys at each value of the parameter. */
  readonly n: number;
  readonly seed: number;
  /** Values of the parameter, ascending; default: 21 over 1.6 times the interval that the likelihood gives (of a limit: the side in question), inside the limits. */
  readonly grid?: Float64Array;
  readonly executor?: Executor;
  readonly jobSize?: number;
  readonly signal?: StopSignal;
  /** Toys done so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was found at one value of the parameter, arrays [m]. */
export interface ConstructionPoints {
  readonly values: Float64Array;
  /** Rise of the statistic over its minimum, other parameters re-optimised; NaN where that fit did not converge. */
  readonly ts: Float64Array;
  /** What that rise exceeds in 1 - level of the toys. */
  readonly critical: Float64Array;
  /** Its error from the number of toys: half of what one binomial standard deviation of the share moves it. */
  readonly criticalError: Float64Array;
  /** Share of toys that rise as much or more, and its binomial error. */
  readonly pValue: Float64Array;
  readonly pError: Float64Array;
  /** Toys whose fits did not converge; they are left out. */
  readonly failed: Int32Array;
}

/** Interval or limit of one parameter, in its unit, whose coverage toys have calibrated. */
export interface CalibratedInterval {
  readonly parameter: string;
  readonly unit: string;
  readonly level: number;
  readonly side: IntervalSide;
  readonly value: number;
  /** Ends; of a limit the other one is the limit of the parameter, or infinite. */
  readonly lower: number;
  readonly upper: number;
  /** Their errors from the number of toys; NaN where an end is open. */
  readonly lowerError: number;
  readonly upperError: number;
  /** The interval reaches the end of the grid, or of what could be fitted: its true end is a limit of the parameter, or beyond. */
  readonly lowerOpen: boolean;
  readonly upperOpen: boolean;
  readonly points: ConstructionPoints;
}

/**
 * Interval of one parameter by the construction of Neyman with the likelihood-ratio order of Feldman & Cousins, other parameters at their best
 * for each value (profile construction): a value is in the interval if its rise of the statistic is no rarer than 1 - level among toys
 * of that value. For a limit the rise is 0 where the estimate lies beyond the value [Cowan et al. 2011, Eur. Phys. J. C 71, 1554]. Set the physical limits of the parameter in the models.
 */
export async function calibratedInterval(
  datasets: readonly Dataset[],
  context: KindContext,
  parameter: string,
  options: CalibratedOptions,
): Promise<CalibratedInterval> {
  const { level = 0.6827, side = "both", n, seed, executor = serialExecutor(), signal, onProgress } = options;
  signal?.throwIfAborted();
  const joint = compileJoint(datasets, context);
  findParameter(allParameters(context.models), parameter, "calibratedInterval");
  const slot = joint.parameters.findIndex((p) => p.id === parameter);
  if (slot < 0) {
    throw new SpecError(
      `calibratedInterval: the parameter "${parameter}" is not free; the free ones are ${joint.parameters.map((p) => p.id).join(", ")}`,
    );
  }
  if (!(level > 0 && level < 1))
    throw new SpecError(`calibratedInterval: the level is ${level}; expected between 0 and 1`);
  if (!(Number.isInteger(n) && n > 0))
    throw new SpecError(`calibratedInterval: n is ${n}; expected a whole number of at least 1`);
  const best = minimizeJoint(joint, joint.start);
  if (!best.success) throw new SpecError(`calibratedInterval: the fit to the data did not converge: ${best.message}`);
  const values = options.grid ?? defaultGrid(joint, best.x, slot, level, side);
  if (
    values.length < 2 ||
    values.some((v, i) => !(v >= joint.lower[slot]! && v <= joint.upper[slot]!) || (i > 0 && !(v > values[i - 1]!)))
  ) {
    throw new SpecError(
      `calibratedInterval: grid ${Array.from(values).join(", ")}; expected at least 2 values, ascending and inside the limits of "${parameter}"`,
    );
  }
  const ts = new Float64Array(values.length);
  const points = Array.from(values, (value, i) => {
    const start = best.x.slice();
    start[slot] = value;
    const fixed = minimizeJoint(holding(joint, slot, value), start);
    ts[i] = fixed.success ? riseOf(best, fixed, slot, side) : Number.NaN;
    return fixed.x;
  });
  const jobSize = options.jobSize ?? defaultJobSize(n * values.length, executor);
  const jobsPerPoint = Math.ceil(n / jobSize);
  const common = payloadOf(datasets, context, jobSize);
  const payload: ConstructionPayload = { ...common, slot, side, points, n, seed };
  const total = n * values.length;
  const rises = await runJobs(executor, { kind: constructionTask, payload, context }, jobsPerPoint * values.length, {
    signal,
    onProgress: onProgress && ((done) => onProgress(Math.min(total, Math.round((done * n) / jobsPerPoint)), total)),
  });
  const found = summarize(values, ts, rises, jobsPerPoint, level);
  return {
    parameter,
    unit: joint.parameters[slot]!.unit,
    level,
    side,
    value: best.x[slot]!,
    ...interval(found),
    ...(side === "upper" && { lower: joint.lower[slot]!, lowerError: Number.NaN, lowerOpen: true }),
    ...(side === "lower" && { upper: joint.upper[slot]!, upperError: Number.NaN, upperOpen: true }),
    points: found,
  };
}

function defaultGrid(joint: Joint, x: Float64Array, slot: number, level: number, side: IntervalSide): Float64Array {
  const levels = createLevels(joint.objective, x, { lower: joint.lower, upper: joint.upper });
  const sigma = 1.6 * Math.max(1, Math.sqrt(-2 * Math.log(1 - level)) / 1.2);
  const { errn, errp } = minosOf(levels, slot, { sigma });
  const width = side === "upper" ? errp : side === "lower" ? errn : Math.max(errn || 0, errp || 0);
  if (!(width > 0 && width < Number.POSITIVE_INFINITY)) {
    throw new SpecError("calibratedInterval: the likelihood gives no interval to start from; give a grid");
  }
  const from = side === "upper" ? x[slot]! : Math.max(joint.lower[slot]!, x[slot]! - (errn > 0 ? errn : width));
  const to = side === "lower" ? x[slot]! : Math.min(joint.upper[slot]!, x[slot]! + (errp > 0 ? errp : width));
  return Float64Array.from({ length: 21 }, (_, i) => from + ((to - from) * i) / 20);
}

function summarize(
  values: Float64Array,
  ts: Float64Array,
  rises: readonly Float64Array[],
  jobsPerPoint: number,
  level: number,
): ConstructionPoints {
  const m = values.length;
  const critical = new Float64Array(m);
  const criticalError = new Float64Array(m);
  const pValue = new Float64Array(m);
  const pError = new Float64Array(m);
  const failed = new Int32Array(m);
  for (let j = 0; j < m; j++) {
    const all = rises.slice(j * jobsPerPoint, (j + 1) * jobsPerPoint).flatMap((r) => Array.from(r));
    const good = Float64Array.from(all.filter(Number.isFinite)).sort();
    failed[j] = all.length - good.length;
    const n = good.length;
    const at = (share: number) => good[Math.min(n - 1, Math.max(0, Math.ceil(share * n) - 1))] ?? Number.NaN;
    const sigma = Math.sqrt((level * (1 - level)) / n);
    critical[j] = at(level);
    criticalError[j] = (at(level + sigma) - at(level - sigma)) / 2;
    const above = good.reduce((sum, r) => sum + (r >= ts[j]! ? 1 : 0), 0);
    pValue[j] = above / n;
    pError[j] = Math.sqrt((pValue[j]! * (1 - pValue[j]!)) / n);
  }
  return { values, ts, critical, criticalError, pValue, pError, failed };
}

/** The outermost crossings of the observed rise with the critical one: their roots are nearly straight lines. */
function interval({ values, ts, critical, criticalError }: ConstructionPoints) {
  const excess = values.map((_, i) => Math.sqrt(ts[i]!) - Math.sqrt(critical[i]!));
  const end = (inside: number, step: 1 | -1) => {
    const out = inside + step;
    if (inside < 0) return { at: Number.NaN, error: Number.NaN, open: false };
    // the grid ends, or what could be fitted
    if (!(excess[out]! > 0)) return { at: values[inside]!, error: Number.NaN, open: true };
    const slope = (excess[out]! - excess[inside]!) / (values[out]! - values[inside]!);
    const error = criticalError[inside]! / (2 * Math.sqrt(critical[inside]!)) / Math.abs(slope);
    return { at: values[inside]! - excess[inside]! / slope, error, open: false };
  };
  const first = excess.findIndex((e) => e <= 0);
  const last = excess.findLastIndex((e) => e <= 0);
  const [lower, upper] = [end(first, -1), end(last, 1)];
  return {
    lower: lower.at,
    upper: upper.at,
    lowerError: lower.error,
    upperError: upper.error,
    lowerOpen: lower.open,
    upperOpen: upper.open,
  };
}
