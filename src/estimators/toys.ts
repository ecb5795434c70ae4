import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { jobRange, runJobs } from "../execute/run.js";
import { serialExecutor } from "../execute/serial.js";
import type { Executor, RunOptions } from "../execute/types.js";
import { compileJoint } from "../fit/joint.js";
import type { KindContext } from "../likelihood/kind.js";
import { compileLikelihood } from "../likelihood/likelihood.js";
import type { StopSignal } from "../math/types.js";
import { allParameters, findParameter } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import { conversionFactor } from "../units/index.js";
import { defineTask, type Payload, payloadOf } from "./plan.js";
import { saturatedStat, setData, toySource } from "./toy-data.js";
import { toyFitter, toyMinos } from "./toy-fit.js";

/** Options of `toys`. */
export interface ToysOptions {
  /** Number of toys. */
  readonly n: number;
  /** Toy k depends on (seed, k) alone. */
  readonly seed: number;
  /** What is simulated; default: the fitted models at their values. */
  readonly truth?: Models;
  /** Other models fitted to the same toys: a null hypothesis, one more component. */
  readonly alternatives?: Readonly<Record<string, Models>>;
  /** Errors from the Hessian; default true. */
  readonly errors?: boolean;
  /** Parameters for which MINOS errors are wanted. */
  readonly minos?: readonly string[];
  readonly executor?: Executor;
  /** Toys in a job; default: 50 to 500. The results do not depend on it. */
  readonly jobSize?: number;
  readonly signal?: StopSignal;
  /** Toys done so far. */
  readonly onProgress?: (done: number, total: number) => void;
  /** To resume: results by job of an earlier run with the same arguments and job size, and where to keep new ones. */
  readonly known?: ReadonlyMap<number, ToyColumns>;
  readonly onResult?: (job: number, result: ToyColumns) => void;
}

/** Arrays over toys [n], over toys and free parameters [n, k], or toys and parameters with MINOS errors [n, m]. */
export interface ToyColumns {
  readonly values: Float64Array;
  /** NaN where the fit failed or errors are not wanted. */
  readonly errors: Float64Array;
  readonly errn: Float64Array;
  readonly errp: Float64Array;
  /** -2 ln L at the minimum, and at the truth. */
  readonly stat: Float64Array;
  readonly statTruth: Float64Array;
  /** Least statistic that any model could reach: stat - saturated is the deviance. */
  readonly saturated: Float64Array;
  readonly success: Uint8Array;
  readonly alternatives: Readonly<Record<string, { readonly stat: Float64Array; readonly success: Uint8Array }>>;
}

/** The fits to all toys, with what they are fits of. */
export interface Toys extends ToyColumns {
  readonly n: number;
  readonly seed: number;
  /** Free parameters of the fitted models [k], with their units. */
  readonly ids: readonly string[];
  readonly units: readonly string[];
  /** Their values in the truth [k]; NaN where the truth has no such parameter. */
  readonly truth: Float64Array;
  /** Parameters with MINOS errors [m], as indices into `ids`. */
  readonly minos: readonly number[];
}

interface ToysPayload extends Payload {
  readonly truth: Models | undefined;
  readonly alternatives: Readonly<Record<string, Models>>;
  readonly n: number;
  readonly seed: number;
  readonly errors: boolean;
  readonly minos: readonly number[];
}

export const toysTask = defineTask<ToysPayload, ToyColumns>(
  "toys",
  ({ datasets, truth, alternatives, n, seed, jobSize, errors, minos }, context) => {
    const joint = compileJoint(datasets, context);
    const true_ = truth === undefined ? joint : compileLikelihood(datasets, { ...context, models: truth });
    const others = Object.entries(alternatives).map(([name, models]) => {
      const compiled = compileJoint(datasets, { ...context, models });
      return { name, joint: compiled, fit: toyFitter(compiled, compiled.start, false) };
    });
    const source = toySource(true_, true_.start);
    const fit = toyFitter(joint, joint.start, errors);
    const k = joint.parameters.length;
    const m = minos.length;
    return (index) => {
      const [first, last] = jobRange(index, n, jobSize);
      const out = emptyColumns(last - first, k, m, Object.keys(alternatives));
      for (let i = first; i < last; i++) {
        const data = source(seed, i);
        setData(joint, data);
        if (true_ !== joint) setData(true_, data);
        const row = i - first;
        out.statTruth[row] = true_.objective.value(true_.start);
        const result = fit();
        out.values.set(result.x, row * k);
        out.errors.set(result.errors, row * k);
        out.stat[row] = result.stat;
        out.saturated[row] = saturatedStat(joint, result.x);
        out.success[row] = result.success ? 1 : 0;
        if (m > 0) {
          toyMinos(joint, result, minos).forEach(([errn, errp], j) => {
            out.errn[row * m + j] = errn;
            out.errp[row * m + j] = errp;
          });
        }
        for (const other of others) {
          setData(other.joint, data);
          const { stat, success } = other.fit();
          out.alternatives[other.name]!.stat[row] = stat;
          out.alternatives[other.name]!.success[row] = success ? 1 : 0;
        }
      }
      return out;
    };
  },
);

function emptyColumns(n: number, k: number, m: number, alternatives: readonly string[]): ToyColumns {
  return {
    values: new Float64Array(n * k),
    errors: new Float64Array(n * k).fill(Number.NaN),
    errn: new Float64Array(n * m),
    errp: new Float64Array(n * m),
    stat: new Float64Array(n),
    statTruth: new Float64Array(n),
    saturated: new Float64Array(n),
    success: new Uint8Array(n),
    alternatives: Object.fromEntries(
      alternatives.map((name) => [name, { stat: new Float64Array(n), success: new Uint8Array(n) }]),
    ),
  };
}

/** Simulates the datasets `n` times and fits the models to each: bit-identical for any executor, number of workers and job size. */
export async function toys(datasets: readonly Dataset[], context: KindContext, options: ToysOptions): Promise<Toys> {
  const { models } = context;
  const { n, seed, truth, alternatives = {}, errors = true, executor = serialExecutor(), onProgress } = options;
  if (!(Number.isInteger(n) && n > 0)) throw new SpecError(`toys: n is ${n}; expected a whole number of at least 1`);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new SpecError(`toys: the seed is ${seed}; expected a whole number from 0 to 2^53 - 1`);
  }
  const { parameters } = compileLikelihood(datasets, context);
  const ids = parameters.map((p) => p.id);
  const minos = (options.minos ?? []).map((id) => {
    findParameter(allParameters(models), id, "toys: minos");
    const i = ids.indexOf(id);
    if (i < 0)
      throw new SpecError(`toys: minos: the parameter "${id}" is not free; the free ones are ${ids.join(", ")}`);
    return i;
  });
  const jobSize = options.jobSize ?? defaultJobSize(n, executor);
  const others = [...(truth === undefined ? [] : [truth]), ...Object.values(alternatives)];
  const common = payloadOf(datasets, context, jobSize, others);
  const payload: ToysPayload = { ...common, truth, alternatives, n, seed, errors, minos };
  const out = emptyColumns(n, ids.length, minos.length, Object.keys(alternatives));
  const place = (job: number, part: ToyColumns) => copyColumns(part, out, job * jobSize);
  for (const [job, part] of options.known ?? []) place(job, part);
  const run: RunOptions<ToyColumns> = {
    signal: options.signal,
    known: options.known,
    onProgress: onProgress && ((done) => onProgress(Math.min(n, done * jobSize), n)),
    onResult(job, part) {
      place(job, part);
      options.onResult?.(job, part);
    },
  };
  await runJobs(executor, { kind: toysTask, payload, context }, Math.ceil(n / jobSize), run);
  const values = truth === undefined ? parameters.map((p) => p.value) : trueValues(truth, parameters);
  return {
    ...out,
    n,
    seed,
    ids,
    units: parameters.map((p) => p.unit),
    truth: Float64Array.from(values),
    minos,
  };
}

/** Some jobs for each worker, so that they end together; not so short that handing them out costs. */
export function defaultJobSize(n: number, { workers }: Executor): number {
  return Math.min(500, Math.max(50, Math.ceil(n / (8 * workers))));
}

function trueValues(truth: Models, parameters: readonly { readonly id: string; readonly unit: string }[]): number[] {
  const entries = new Map(allParameters(truth).map((entry) => [entry.id, entry.parameter]));
  return parameters.map(({ id, unit }) => {
    const found = entries.get(id);
    return found === undefined ? Number.NaN : found.value * conversionFactor(found.unit, unit, id);
  });
}

/** Copies the rows of a job to where they belong, from row `first`. */
function copyColumns(from: ToyColumns, to: ToyColumns, first: number): void {
  const rows = from.stat.length;
  const { alternatives, ...columns } = from;
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
    to[name].set(columns[name], (first * columns[name].length) / rows);
  }
  for (const [name, { stat, success }] of Object.entries(alternatives)) {
    to.alternatives[name]!.stat.set(stat, first);
    to.alternatives[name]!.success.set(success, first);
  }
}

/** The datasets of one toy, to look at or to write: its fit is row `index` of `toys` with the same arguments. */
export function toyDatasets(
  datasets: readonly Dataset[],
  truth: KindContext,
  { seed, index }: { readonly seed: number; readonly index: number },
): Dataset[] {
  const joint = compileLikelihood(datasets, truth);
  const data = toySource(joint, joint.start)(seed, index);
  return joint.terms.map((term, i) => term.data.dataset(data.terms[i]!));
}
