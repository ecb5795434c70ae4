import type { View } from "../likelihood/views.js";
import type { Covariance as ErrorsAt } from "../minimize/covariance.js";
import type { Minimizer } from "../minimize/types.js";
import type { Covariance, Models } from "../models/types.js";
import type { ErrorFlaw } from "./error-flaw.js";
import type { Joint } from "./joint.js";
import type { Described } from "./minimum.js";
import type { FitResult, FittedParameter } from "./result.js";
import type { ResultLayout } from "./result-layout.js";
import { fitWarnings } from "./warnings.js";
import { flawedErrorsInWords } from "./words.js";

/** The minimum with errors, models and covariance. */
export function summarize(
  joint: Joint,
  { best, parts }: Described,
  given: ErrorsAt,
  flaws: readonly ErrorFlaw[],
  minimizer: Minimizer,
): FitResult {
  const errors = withoutErrors(
    given,
    flaws.flatMap(({ slot, flaw }) => (flaw === "not measured" ? [slot] : [])),
  );
  const { layout } = joint;
  const { x } = best;
  // errors of a fit that failed were held against nothing
  const statuses: FittedParameter["errorStatus"][] = errors.reasons.map((reason) =>
    reason === "ok" && !best.success ? "not confirmed" : reason,
  );
  for (const { slot, flaw } of flaws) {
    if (flaw !== "no error") statuses[slot] = flaw === "not measured" ? flaw : "not confirmed";
  }
  const isConfirmed = flaws.every(({ flaw }) => flaw === "not measured");
  if (layout.follows) joint.views.update(x, 1);
  const values = new Float64Array(layout.names.length);
  const sigmas = new Float64Array(layout.names.length);
  const fitted = layout.parameters.slice();
  for (const { entry, slot, factor, view } of layout.moving) {
    const free = slot >= 0;
    const propagated = free ? undefined : dependentError(view, errors, statuses);
    const value = free ? x[slot]! * factor : view.value;
    const error = propagated?.error ?? errors.errors[slot]! * factor;
    values[entry] = value;
    sigmas[entry] = error;
    fitted[entry] = {
      ...fitted[entry]!,
      value,
      error,
      errorStatus: propagated?.status ?? statuses[slot]!,
      globalCorrelation: free ? errors.globalCorrelation[slot]! : 0,
    };
  }
  const covariance = fullCovariance(layout, errors.matrix, x.length);
  const models: Models = { ...layout.models(values, sigmas), covariance };
  let totalStat = parts[parts.length - 1]!;
  const stats = layout.datasets.map(({ name, type, nFitBins, models }, i) => {
    const stat = parts[i]!;
    totalStat += stat;
    return { name, type, stat, nFitBins, models };
  });
  const isFailure = best.success && !isConfirmed;
  const flawed = flawedErrorsInWords(flaws, errors.errors, joint);
  return {
    success: best.success && isConfirmed,
    reason: isFailure ? "errors not confirmed" : best.reason,
    // the failure first
    message: (isFailure ? [...flawed, best.message] : [best.message, ...flawed]).join(" "),
    warnings: fitWarnings(joint, x),
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
      ids: layout.ids,
      values: x,
      errors: errors.errors,
      covariance: errors.matrix,
      correlation: errors.correlation,
      condition: errors.condition,
    },
  };
}

/** Parameters of these slots have no error, and are correlated with nothing; those of the others hold whatever their value is. */
function withoutErrors(given: ErrorsAt, slots: readonly number[]): ErrorsAt {
  if (slots.length === 0) return given;
  const n = given.errors.length;
  const cut = (matrix: Float64Array) =>
    matrix.map((c, k) => (slots.includes(k % n) || slots.includes(Math.floor(k / n)) ? 0 : c));
  return {
    ...given,
    errors: given.errors.map((e, i) => (slots.includes(i) ? Number.POSITIVE_INFINITY : e)),
    matrix: cut(given.matrix),
    correlation: cut(given.correlation).map((c, k) => (k % (n + 1) === 0 ? 1 : c)),
    globalCorrelation: given.globalCorrelation.map((c, i) => (slots.includes(i) ? 0 : c)),
  };
}

/** The error of an expression by linear propagation; one that rests on a parameter without a two-sided error says so. */
function dependentError({ slots, g }: View, errors: ErrorsAt, statuses: readonly FittedParameter["errorStatus"][]) {
  const n = errors.errors.length;
  let variance = 0;
  let status: FittedParameter["errorStatus"] = "expression";
  for (let a = 0; a < slots.length; a++) {
    const i = slots[a]!;
    if (g[a] === 0) continue;
    if (statuses[i] !== "ok") {
      status = statuses[i]!;
      variance += (g[a]! * errors.errors[i]!) ** 2;
      continue;
    }
    for (let b = 0; b < slots.length; b++) variance += g[a]! * g[b]! * errors.matrix[i * n + slots[b]!]!;
  }
  return { error: Math.sqrt(variance), status };
}

/** All parameters of all models, frozen ones with zeros, linked ones repeated, those of expressions by linear propagation; matrix [k, k]. */
function fullCovariance({ names, moving }: ResultLayout, matrix: Float64Array, k: number): Covariance {
  const n = names.length;
  const out = new Float64Array(n * n);
  for (let p = 0; p < moving.length; p++) {
    const a = moving[p]!;
    for (let q = 0; q <= p; q++) {
      const b = moving[q]!;
      let sum = 0;
      for (let i = 0; i < a.view.slots.length; i++) {
        const row = a.view.slots[i]! * k;
        for (let j = 0; j < b.view.slots.length; j++)
          sum += a.view.g[i]! * b.view.g[j]! * matrix[row + b.view.slots[j]!]!;
      }
      out[a.entry * n + b.entry] = out[b.entry * n + a.entry] = sum;
    }
  }
  return { names, matrix: out };
}
