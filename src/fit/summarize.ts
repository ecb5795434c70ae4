import { modelsFor } from "../datasets/compile.js";
import { covarianceAt, type Covariance as ErrorsAt } from "../minimize/covariance.js";
import type { Minimizer } from "../minimize/types.js";
import { submodelsOf } from "../models/parameters.js";
import type { Covariance, Model, Models, Parameter, Submodel } from "../models/types.js";
import { withNames } from "./diagnose.js";
import type { Joint } from "./joint.js";
import type { JointMinimum } from "./minimize-joint.js";
import type { FitResult, FittedParameter } from "./result.js";
import type { View } from "./views.js";

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
  const rows = rowsOf(joint, x);
  const status = new Map<number, FittedParameter["errorStatus"]>();
  for (const [entry, view] of joint.views.dependents) {
    values[entry] = view.value;
    const propagated = dependentError(rows[entry]!, errors);
    sigmas[entry] = propagated.error;
    status.set(entry, propagated.status);
  }
  const covariance = fullCovariance(joint, rows, errors.matrix);
  const models: Models = { ...updated(joint, values, sigmas), covariance };
  const fitted = entries.map(({ id, model, name, parameter }, i): FittedParameter => {
    const slot = slots[i]!;
    const { unit, min, max, frozen, link, expression } = parameter;
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
      ...(expression !== undefined && { expression }),
      errorStatus: slot < 0 ? (status.get(i) ?? "frozen") : errors.reasons[slot]!,
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
function updated(joint: Joint, values: readonly number[], errors: readonly number[]): Models {
  const free = new Set([...joint.places.map(({ entry }) => entry), ...joint.views.dependents.keys()]);
  let k = 0;
  const parametersOf = ({ parameters }: Pick<Submodel, "parameters">): readonly Parameter[] => {
    const first = k;
    k += parameters.length;
    return parameters.map((parameter, i) =>
      free.has(first + i) ? { ...parameter, value: values[first + i]!, error: errors[first + i]! } : parameter,
    );
  };
  const components = joint.models.components.map((model) => {
    const parts: Partial<Record<string, Submodel>> = {};
    for (const { kind, submodel } of submodelsOf(model)) {
      parts[kind] = { ...submodel, parameters: parametersOf(submodel) };
    }
    return { ...model, ...parts } as Model;
  });
  const calibration = joint.models.calibration?.map((c) => ({ ...c, parameters: parametersOf(c) }));
  return { ...joint.models, components, ...(calibration !== undefined && { calibration }) };
}

/** Derivatives of each entry by the free parameters it depends on, at x. */
function rowsOf({ entries, views }: Joint, x: Float64Array): Pick<View, "slots" | "g">[] {
  views.update(x, 1);
  return entries.map((_, entry) => views.of(entry));
}

/** The error of an expression by linear propagation; one that rests on a parameter without a two-sided error says so. */
function dependentError({ slots, g }: Pick<View, "slots" | "g">, errors: ErrorsAt) {
  const n = errors.errors.length;
  let variance = 0;
  let status: FittedParameter["errorStatus"] = "expression";
  for (let a = 0; a < slots.length; a++) {
    const i = slots[a]!;
    if (g[a] === 0) continue;
    if (errors.reasons[i] !== "ok") {
      status = errors.reasons[i]!;
      variance += (g[a]! * errors.errors[i]!) ** 2;
      continue;
    }
    for (let b = 0; b < slots.length; b++) variance += g[a]! * g[b]! * errors.matrix[i * n + slots[b]!]!;
  }
  return { error: Math.sqrt(variance), status };
}

/** All parameters of all models, frozen ones with zeros, linked ones repeated, those of expressions by linear propagation. */
function fullCovariance(
  { entries, parameters }: Joint,
  rows: readonly Pick<View, "slots" | "g">[],
  matrix: Float64Array,
): Covariance {
  const n = entries.length;
  const k = parameters.length;
  const out = new Float64Array(n * n);
  const moving = rows.flatMap(({ slots, g }, entry) => (slots.length > 0 ? [{ entry, slots, g }] : []));
  for (const a of moving) {
    for (const b of moving) {
      if (b.entry > a.entry) break;
      let sum = 0;
      for (let i = 0; i < a.slots.length; i++) {
        const row = a.slots[i]! * k;
        for (let j = 0; j < b.slots.length; j++) sum += a.g[i]! * b.g[j]! * matrix[row + b.slots[j]!]!;
      }
      out[a.entry * n + b.entry] = out[b.entry * n + a.entry] = sum;
    }
  }
  return { names: entries.map((e) => e.id), matrix: out };
}
