import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { jobRange, runJobs } from "../execute/run.js";
import { serialExecutor } from "../execute/serial.js";
import type { Executor, TaskKind } from "../execute/types.js";
import { compileJoint, type Joint } from "../fit/joint.js";
import { minimizeJoint } from "../fit/minimize-joint.js";
import { createLevels } from "../minimize/level.js";
import { minosOf } from "../minimize/minos.js";
import { allParameters, findParameter } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import { measuredData, setData, type ToySource, toySource } from "./toy-data.js";
import { defaultJobSize } from "./toys.js";

export interface CalibratedOptions {
  /** Probability that the interval covers the true value; default 0.6827. */
  readonly level?: number;
  /** Toys at each value of the parameter. */
  readonly n: number;
  readonly seed: number;
  /** Values of the parameter, ascending; default: 21 over 1.6 times the interval that the likelihood gives, inside the limits. */
  readonly grid?: Float64Array;
  readonly executor?: Executor;
  readonly jobSize?: number;
  readonly signal?: AbortSignal;
  /** Toys done so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was found at one value of the parameter, arrays [m]. */
export interface ConstructionPoints {
  readonly values: Float64Array;
  /** Rise of the statistic over its minimum, other parameters re-optimised. */
  readonly ts: Float64Array;
  /** What that rise exceeds in 1 - level of the toys. */
  readonly critical: Float64Array;
  /** Share of toys that rise as much or more, and its binomial error. */
  readonly pValue: Float64Array;
  readonly pError: Float64Array;
  /** Toys whose fits did not converge; they are left out. */
  readonly failed: Int32Array;
}

export interface CalibratedInterval {
  readonly parameter: string;
  readonly unit: string;
  readonly level: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** The interval reaches the end of the grid: its true end is a limit of the parameter, or beyond the grid. */
  readonly lowerOpen: boolean;
  readonly upperOpen: boolean;
  readonly points: ConstructionPoints;
}

interface ConstructionPayload {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly slot: number;
  /** Free parameters at each value [m][k], the others as the data have them there. */
  readonly points: readonly Float64Array[];
  readonly n: number;
  readonly seed: number;
  readonly jobSize: number;
}

/** Result: the rises of the toys of a job; NaN where a fit failed. */
export const constructionTask: TaskKind<ConstructionPayload, Float64Array> = {
  name: "construction",
  prepare({ datasets, models, slot, points, n, seed, jobSize }) {
    const joint = compileJoint(datasets, models);
    const jobsPerPoint = Math.ceil(n / jobSize);
    const known = new Map<number, { held: Joint; source: ToySource }>();
    const at = (point: number) => {
      let entry = known.get(point);
      if (entry === undefined) {
        const x = points[point]!;
        setData(joint, measuredData(joint));
        entry = { held: holding(joint, slot, x[slot]!), source: toySource(joint, x) };
        known.set(point, entry);
      }
      return entry;
    };
    return (index) => {
      const point = Math.floor(index / jobsPerPoint);
      const [first, last] = jobRange(index % jobsPerPoint, n, jobSize);
      const { held, source } = at(point);
      const out = new Float64Array(last - first);
      for (let k = first; k < last; k++) {
        setData(joint, source(seed, point * n + k));
        const free = minimizeJoint(joint, points[point]!);
        const fixed = minimizeJoint(held, points[point]!);
        out[k - first] = free.success && fixed.success ? Math.max(0, fixed.value - free.value) : Number.NaN;
      }
      return out;
    };
  },
};

/** The same likelihood with one parameter held. */
function holding(joint: Joint, slot: number, value: number): Joint {
  const lower = joint.lower.slice();
  const upper = joint.upper.slice();
  lower[slot] = upper[slot] = value;
  // limits are in the units of the parameter, so its logarithm is not to be used
  const parameters = joint.parameters.map((p, i) => (i === slot ? { ...p, isNorm: false } : p));
  return { ...joint, parameters, lower, upper };
}

/**
 * Interval of one parameter by the construction of Neyman with the likelihood-ratio order of Feldman & Cousins, other parameters at their best
 * for each value (profile construction): a value is in the interval if its rise of the statistic is no rarer than 1 - level among toys
 * of that value. Set the physical limits of the parameter in the models.
 */
export async function calibratedInterval(
  datasets: readonly Dataset[],
  models: Models,
  parameter: string,
  options: CalibratedOptions,
): Promise<CalibratedInterval> {
  const { level = 0.6827, n, seed, executor = serialExecutor(), signal, onProgress } = options;
  signal?.throwIfAborted();
  const joint = compileJoint(datasets, models);
  findParameter(allParameters(models), parameter, "calibratedInterval");
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
  const values = options.grid ?? defaultGrid(joint, best.x, slot, level);
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
    ts[i] = Math.max(0, fixed.value - best.value);
    return fixed.x;
  });
  const jobSize = options.jobSize ?? defaultJobSize(n * values.length, executor);
  const jobsPerPoint = Math.ceil(n / jobSize);
  const payload: ConstructionPayload = { datasets, models, slot, points, n, seed, jobSize };
  const total = n * values.length;
  const rises = await runJobs(executor, constructionTask, payload, jobsPerPoint * values.length, {
    signal,
    onProgress: onProgress && ((done) => onProgress(Math.min(total, Math.round((done * n) / jobsPerPoint)), total)),
  });
  const found = summarize(values, ts, rises, jobsPerPoint, level);
  return {
    parameter,
    unit: joint.parameters[slot]!.unit,
    level,
    value: best.x[slot]!,
    ...interval(found),
    points: found,
  };
}

function defaultGrid(joint: Joint, x: Float64Array, slot: number, level: number): Float64Array {
  const levels = createLevels(joint.objective, x, { lower: joint.lower, upper: joint.upper });
  const sigma = 1.6 * Math.max(1, Math.sqrt(-2 * Math.log(1 - level)) / 1.2);
  const { errn, errp } = minosOf(levels, slot, { sigma });
  const width = Math.max(errn || 0, errp || 0);
  if (!(width > 0 && width < Number.POSITIVE_INFINITY)) {
    throw new SpecError("calibratedInterval: the likelihood gives no interval to start from; give a grid");
  }
  const from = Math.max(joint.lower[slot]!, x[slot]! - (errn > 0 ? errn : width));
  const to = Math.min(joint.upper[slot]!, x[slot]! + (errp > 0 ? errp : width));
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
  const pValue = new Float64Array(m);
  const pError = new Float64Array(m);
  const failed = new Int32Array(m);
  for (let j = 0; j < m; j++) {
    const all = rises.slice(j * jobsPerPoint, (j + 1) * jobsPerPoint).flatMap((r) => Array.from(r));
    const good = Float64Array.from(all.filter(Number.isFinite)).sort();
    failed[j] = all.length - good.length;
    critical[j] = good[Math.min(good.length - 1, Math.ceil(level * good.length) - 1)] ?? Number.NaN;
    const above = good.reduce((sum, r) => sum + (r >= ts[j]! ? 1 : 0), 0);
    pValue[j] = above / good.length;
    pError[j] = Math.sqrt((pValue[j]! * (1 - pValue[j]!)) / good.length);
  }
  return { values, ts, critical, pValue, pError, failed };
}

/** The outermost crossings of the observed rise with the critical one: their roots are nearly straight lines. */
function interval({ values, ts, critical }: ConstructionPoints) {
  const m = values.length;
  const excess = values.map((_, i) => Math.sqrt(ts[i]!) - Math.sqrt(critical[i]!));
  const cross = (out: number, inside: number) => {
    const a = excess[out]!;
    const b = excess[inside]!;
    return values[out]! + ((values[inside]! - values[out]!) * a) / (a - b);
  };
  const first = excess.findIndex((e) => e <= 0);
  if (first < 0) return { lower: Number.NaN, upper: Number.NaN, lowerOpen: false, upperOpen: false };
  const last = excess.findLastIndex((e) => e <= 0);
  return {
    lower: first === 0 ? values[0]! : cross(first - 1, first),
    upper: last === m - 1 ? values[m - 1]! : cross(last + 1, last),
    lowerOpen: first === 0,
    upperOpen: last === m - 1,
  };
}
