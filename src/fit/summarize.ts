import { modelsFor } from "../datasets/compile.js";
import { covarianceAt } from "../minimize/covariance.js";
import type { Minimizer } from "../minimize/types.js";
import { submodelsOf } from "../models/parameters.js";
import type { Covariance, Model, Models, Parameter, Submodel } from "../models/types.js";
import { withNames } from "./diagnose.js";
import type { Joint } from "./joint.js";
import type { JointMinimum } from "./minimize-joint.js";
import type { FitResult, FittedParameter } from "./result.js";

/** The minimum with errors, models and covariance. */
export function summarize(joint: Joint, best: JointMinimum, minimizer: Minimizer): FitResult {
  const { parameters, entries, places, datasets } = joint;
  const { x } = best;
  const errors = covarianceAt(joint.objective, x, joint);
  const values = entries.map((entry) => entry.parameter.value);
  const sigmas = entries.map((entry) => entry.parameter.error);
  const slots = new Int32Array(entries.length).fill(-1);
  for (const { entry, slot, factor } of places) {
    values[entry] = x[slot]! * factor;
    sigmas[entry] = errors.errors[slot]! * factor;
    slots[entry] = slot;
  }
  const covariance = fullCovariance(joint, errors.matrix);
  const models: Models = { ...joint.models, components: updated(joint, values, sigmas), covariance };
  const fitted = entries.map(({ id, model, name, parameter }, i): FittedParameter => {
    const slot = slots[i]!;
    const { unit, min, max, frozen, link } = parameter;
    return {
      id,
      model,
      name,
      value: values[i]!,
      error: sigmas[i]!,
      unit,
      min,
      max,
      frozen,
      ...(link !== undefined && { link }),
      errorStatus: slot < 0 ? "frozen" : errors.reasons[slot]!,
      globalCorrelation: slot < 0 ? 0 : errors.globalCorrelation[slot]!,
    };
  });
  let totalStat = joint.priorStat(x);
  const stats = datasets.map((dataset, i) => {
    const stat = joint.datasetStat(i, x);
    totalStat += stat;
    return {
      name: dataset.name,
      type: dataset.type,
      stat,
      nFitBins: joint.terms[i]!.nBins,
      models: modelsFor(models, dataset.name).map((m) => m.name),
    };
  });
  return {
    success: best.success,
    reason: best.reason,
    message: errors.success || !best.success ? best.message : `${best.message} ${withNames(joint, errors.message)}`,
    backend: minimizer.name,
    method: minimizer.method,
    nfev: best.nfev,
    ngrad: best.ngrad,
    nhess: best.nhess,
    iterations: best.iterations,
    edm: best.edm,
    totalStat,
    parameters: fitted,
    datasets: stats,
    models,
    covariance,
    free: {
      ids: parameters.map((p) => p.id),
      values: x,
      errors: errors.errors,
      covariance: errors.matrix,
      correlation: errors.correlation,
      condition: errors.condition,
    },
  };
}

/** The models with new values and errors by entry; submodels in which nothing is free stay as they are. */
function updated(joint: Joint, values: readonly number[], errors: readonly number[]): Model[] {
  const free = new Set(joint.places.map(({ entry }) => entry));
  let k = 0;
  const parametersOf = (submodel: Submodel): readonly Parameter[] => {
    const first = k;
    k += submodel.parameters.length;
    return submodel.parameters.map((parameter, i) =>
      free.has(first + i) ? { ...parameter, value: values[first + i]!, error: errors[first + i]! } : parameter,
    );
  };
  return joint.models.components.map((model) => {
    const parts: Partial<Record<string, Submodel>> = {};
    for (const { kind, submodel } of submodelsOf(model)) {
      parts[kind] = { ...submodel, parameters: parametersOf(submodel) };
    }
    return { ...model, ...parts } as Model;
  });
}

/** All parameters of all models, frozen ones with zeros, linked ones repeated: the form of Gammapy's covariance files. */
function fullCovariance({ entries, parameters, places }: Joint, matrix: Float64Array): Covariance {
  const n = entries.length;
  const k = parameters.length;
  const out = new Float64Array(n * n);
  for (const a of places) {
    for (const b of places) out[a.entry * n + b.entry] = matrix[a.slot * k + b.slot]! * a.factor * b.factor;
  }
  return { names: entries.map((e) => e.id), matrix: out };
}
