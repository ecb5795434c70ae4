import { modelsFor } from "../datasets/compile.js";
import type { Dataset } from "../datasets/types.js";
import { didYouMean, SpecError } from "../errors.js";
import { covarianceAt } from "../minimize/covariance.js";
import { minimizers } from "../minimize/minimizers.js";
import type { MinimizeResult, Minimizer } from "../minimize/types.js";
import { allParameters, updateParameters } from "../models/parameters.js";
import type { Covariance, Models } from "../models/types.js";
import { conversionFactor } from "../units/index.js";
import { coordinatesOf } from "./coordinates.js";
import { compileJoint, type Joint, type JointOptions } from "./joint.js";
import type { DatasetStat, FitResult, FittedParameter } from "./result.js";

export interface FitOptions extends JointOptions {
  /** Default: newton. */
  readonly backend?: Minimizer["name"];
  readonly maxCalls?: number;
  /** Estimated distance to the minimum at which to stop, in units of -2 ln L. */
  readonly edmGoal?: number;
  readonly signal?: AbortSignal;
  /** Start values of the free parameters; default: those of the models. */
  readonly start?: Float64Array;
}

/** Fits the free parameters of all models to all datasets together. A fit that did not converge is a result with `success: false`. */
export function fit(datasets: readonly Dataset[], models: Models, options: FitOptions = {}): FitResult {
  return fitJoint(compileJoint(datasets, models, options), options);
}

/** Fits what was compiled before. */
export function fitJoint(joint: Joint, options: FitOptions = {}): FitResult {
  const minimizer = findMinimizer(options.backend ?? "newton");
  const start = options.start ?? joint.start;
  let result = minimizeIn(joint, start, minimizer, options, true);
  // a norm that runs to zero in its logarithm may have its minimum at or below zero
  if (!result.success && result.reason !== "aborted") {
    const plain = minimizeIn(joint, start, minimizer, options, false);
    if (plain.success || plain.value < result.value) result = plain;
  }
  return summarize(joint, result, minimizer);
}

function findMinimizer(name: string): Minimizer {
  const found = minimizers.find((m) => m.name === name);
  if (found !== undefined) return found;
  const names = minimizers.map((m) => m.name);
  throw new SpecError(`fit: unknown backend "${name}"${didYouMean(name, names)} The backends are ${names.join(", ")}`);
}

function minimizeIn(
  joint: Joint,
  start: Float64Array,
  minimizer: Minimizer,
  options: FitOptions,
  useLog: boolean,
): MinimizeResult {
  const c = coordinatesOf(joint, start, useLog);
  const { maxCalls, edmGoal, signal } = options;
  const result = minimizer.minimize(c.objective, c.toInternal(start), {
    lower: c.lower,
    upper: c.upper,
    maxCalls,
    edmGoal,
    signal,
  });
  return { ...result, x: c.toExternal(result.x), message: withNames(joint, result.message) };
}

/** The minimisers speak of parameter i; users know names. */
function withNames(joint: Joint, message: string): string {
  return message.replace(/\bparameter (\d+)\b/g, (text, i: string) => joint.parameters[Number(i)]?.id ?? text);
}

function summarize(joint: Joint, result: MinimizeResult, minimizer: Minimizer): FitResult {
  const { parameters, entries, objective, datasets } = joint;
  const limits = {
    lower: Float64Array.from(parameters, (p) => (Number.isNaN(p.min) ? Number.NEGATIVE_INFINITY : p.min)),
    upper: Float64Array.from(parameters, (p) => (Number.isNaN(p.max) ? Number.POSITIVE_INFINITY : p.max)),
  };
  const errors = covarianceAt(objective, result.x, limits);
  const changes: Record<string, { value: number; error: number }> = {};
  parameters.forEach((p, i) => {
    changes[p.id] = { value: result.x[i]!, error: errors.errors[i]! };
  });
  const covariance = fullCovariance(joint, errors.matrix);
  const models: Models = { ...updateParameters(joint.models, changes), covariance };
  const slots = new Map(parameters.flatMap((p, slot) => p.entries.map((entry) => [entry, slot] as const)));
  const updated = allParameters(models).map((e) => e.parameter);
  const fitted: FittedParameter[] = entries.map((entry, index) => {
    const slot = slots.get(index);
    const { value, error, unit, min, max, frozen, link } = updated[index]!;
    return {
      id: entry.id,
      model: entry.model,
      name: entry.name,
      value,
      error,
      unit,
      min,
      max,
      frozen,
      ...(link === undefined ? {} : { link }),
      errorStatus: slot === undefined ? "frozen" : errors.reasons[slot]!,
      globalCorrelation: slot === undefined ? 0 : errors.globalCorrelation[slot]!,
    };
  });
  const stats: DatasetStat[] = datasets.map((dataset, i) => ({
    name: dataset.name,
    type: dataset.type,
    stat: joint.datasetStat(i, result.x),
    nFitBins: joint.terms[i]!.nBins,
    models: modelsFor(models, dataset.name).map((m) => m.name),
  }));
  return {
    success: result.success,
    reason: result.reason,
    message:
      errors.success || !result.success ? result.message : `${result.message} ${withNames(joint, errors.message)}`,
    backend: minimizer.name,
    method: minimizer.method,
    nfev: result.nfev,
    ngrad: result.ngrad,
    nhess: result.nhess,
    iterations: result.iterations,
    edm: result.edm,
    totalStat: objective.value(result.x),
    parameters: fitted,
    datasets: stats,
    models,
    covariance,
    free: {
      ids: parameters.map((p) => p.id),
      values: result.x,
      errors: errors.errors,
      covariance: errors.matrix,
      correlation: errors.correlation,
      condition: errors.condition,
    },
  };
}

/** All parameters of all models, frozen ones with zeros, linked ones repeated: the form of Gammapy's covariance files. */
function fullCovariance(joint: Joint, matrix: Float64Array): Covariance {
  const { entries, parameters } = joint;
  const n = entries.length;
  const k = parameters.length;
  const out = new Float64Array(n * n);
  const place = parameters.flatMap((p, slot) =>
    p.entries.map((entry) => ({ entry, slot, factor: conversionFactor(p.unit, entries[entry]!.parameter.unit) })),
  );
  for (const a of place) {
    for (const b of place) out[a.entry * n + b.entry] = matrix[a.slot * k + b.slot]! * a.factor * b.factor;
  }
  return { names: entries.map((e) => e.id), matrix: out };
}
