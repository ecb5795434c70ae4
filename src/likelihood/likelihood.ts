import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { SharedVectors } from "../fold/flux/shared.js";
import type { Responses } from "../fold/response.js";
import type { Objective } from "../minimize/types.js";
import { createDeclarations } from "../models/lookup.js";
import { allParameters, type ParameterEntry, updateParameters } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import { validateModels } from "../models/validate.js";
import { type BoundTerm, bindTerm } from "./bound-term.js";
import { compileDataset } from "./compile.js";
import type { Constraints } from "./constraints.js";
import type { KindContext, Registry } from "./kind.js";
import type { Kink } from "./kinks.js";
import { type ParameterTable, parameterTable } from "./parameters.js";
import { type PriorTerms, priorTerms } from "./priors.js";
import type { CompiledTerm, DatasetPrediction, FreeParameter, Place } from "./types.js";
import type { Views } from "./views.js";

/**
 * Datasets and models compiled into one function of the free parameters, in their users' units. It holds the data as they were when it was compiled. Not
 * re-entrant.
 */
export interface Likelihood {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  /** What it was made from. */
  readonly registry: Registry;
  readonly responses: Responses;
  readonly entries: readonly ParameterEntry[];
  readonly parameters: readonly FreeParameter[];
  readonly places: readonly Place[];
  /** Every entry as a function of the free parameters; some follow expressions. */
  readonly views: Views;
  /** Limits of the free parameters [n]; infinite where there are none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly terms: readonly CompiledTerm[];
  /** Values of the free parameters in the models. */
  readonly start: Float64Array;
  /** -2 ln L: the sum of the datasets' statistics and the priors. */
  readonly objective: Required<Objective>;
  /** The same, which leaves the statistics of the datasets and, last, of the priors in `parts` [datasets + 1] after each evaluation. */
  withParts(parts: Float64Array): Required<Objective>;
  /** The parameters of the term of dataset i at x. */
  termParameters(i: number, x: Float64Array): Float64Array;
  /** Statistic of dataset i alone. */
  datasetStat(i: number, x: Float64Array): number;
  /** What the datasets are predicted to be at x; all arrays are new. */
  predict(x: Float64Array): DatasetPrediction[];
  /** The measurements behind priors and penalties. */
  readonly constraints: Constraints;
  /** Where the slopes of priors jump upwards. */
  readonly kinks: readonly Kink[];
  /** -2 ln of all priors, and the penalties. */
  priorStat(x: Float64Array): number;
}

/** How datasets and models are compiled. */
export interface LikelihoodOptions {
  /** Refuse a dataset whose fit may need more memory than this; default: no limit. */
  readonly maxBytes?: number | undefined;
}

export function compileLikelihood(
  datasets: readonly Dataset[],
  { models: given, registry, responses }: KindContext,
  { maxBytes }: LikelihoodOptions = {},
): Likelihood {
  checkModels(datasets, given, registry);
  // what follows an expression starts where its expression says
  const models = updateParameters(given, {});
  const entries = allParameters(models);
  const table = parameterTable(models, entries, registry);
  const shared: SharedVectors = new Map();
  const declarations = createDeclarations(registry);
  const context = { models, registry, responses };
  const free = (_: ParameterEntry, index: number) => table.varies(index);
  const terms = datasets.map((dataset) => compileDataset(dataset, context, { shared, declarations, free, maxBytes }));
  const bound = terms.map((compiled) => bindTerm(compiled, table));
  const priors = priorTerms(models, table, registry);
  return likelihoodOf({ datasets, models, registry, responses, table, terms, bound, priors });
}

interface Parts {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly registry: Registry;
  readonly responses: Responses;
  readonly table: ParameterTable;
  readonly terms: readonly CompiledTerm[];
  readonly bound: readonly BoundTerm[];
  readonly priors: PriorTerms;
}

function likelihoodOf({ table, bound, priors, ...given }: Parts): Likelihood {
  const { datasets, terms } = given;
  const { entries, free, places, views, lower, upper } = table;
  const n = free.length;
  const withParts = (parts: Float64Array) => objectiveOf(bound, priors, n, parts);
  return {
    ...given,
    entries,
    parameters: free,
    places,
    views,
    lower,
    upper,
    start: Float64Array.from(free, (p) => p.value),
    objective: withParts(new Float64Array(terms.length + 1)),
    withParts,
    termParameters: (i, x) => bound[i]!.parameters(x),
    datasetStat: (i, x) => bound[i]!.value(x),
    predict: (x) =>
      terms.map(({ data, total, negative }, i) => {
        const p = bound[i]!.parameters(x);
        return {
          name: datasets[i]!.name,
          stat: bound[i]!.value(x),
          expected: data.expected(p),
          total: total(p),
          negative: negative(p),
        };
      }),
    priorStat: priors.value,
    constraints: priors.constraints,
    kinks: priors.kinks,
  };
}

/** The sum of terms and priors. */
function objectiveOf(
  bound: readonly BoundTerm[],
  priors: PriorTerms,
  n: number,
  parts: Float64Array,
): Required<Objective> {
  const last = bound.length;
  const total = () => {
    let sum = parts[last]!;
    for (let i = 0; i < last; i++) sum += parts[i]!;
    return sum;
  };
  return {
    n,
    value(x) {
      parts[last] = priors.value(x);
      for (let i = 0; i < last; i++) parts[i] = bound[i]!.value(x);
      return total();
    },
    gradient(x, g) {
      g.fill(0);
      parts[last] = priors.add(x, g, undefined, undefined);
      for (let i = 0; i < last; i++) parts[i] = bound[i]!.gradient(x, g);
      return total();
    },
    hessian(x, g, h, fisher) {
      g.fill(0);
      h.fill(0);
      fisher?.fill(0);
      parts[last] = priors.add(x, g, h, fisher);
      for (let i = 0; i < last; i++) parts[i] = bound[i]!.hessian(x, g, h, fisher);
      return total();
    },
  };
}

/** The same likelihood, nothing compiled again, at models that differ from its own in values and errors of what varies: those of a fit. */
export function likelihoodAt<L extends Likelihood>(joint: L, models: Models): L {
  const entries = allParameters(models);
  const moves = new Set([...joint.places.map((place) => place.entry), ...joint.views.dependents.keys()]);
  const differs = joint.entries.findIndex(({ id, parameter }, i) => {
    const now = entries[i];
    return now?.id !== id || !(moves.has(i) || Object.is(now.parameter.value, parameter.value));
  });
  if (differs >= 0 || entries.length !== joint.entries.length) {
    const { id } = (joint.entries[differs] ?? entries.at(-1))!;
    throw new SpecError(`jointAt: these models differ in "${id}", which the likelihood holds; compile them`);
  }
  const parameters = joint.parameters.map((p) => {
    const { value, error } = entries[p.entries[0]!]!.parameter;
    return { ...p, value, error };
  });
  const start = Float64Array.from(parameters, (p) => p.value);
  return { ...joint, models, entries, parameters, start };
}

function checkModels(datasets: readonly Dataset[], models: Models, registry: Registry): void {
  const names = datasets.map((d) => d.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new SpecError(`datasets: the name "${twice}" is used twice; give every dataset a name of its own`);
  }
  if (datasets.length === 0) throw new SpecError("datasets: none given; a fit needs at least one");
  const problems = validateModels(registry, models, { datasets: names });
  if (problems.length > 0) {
    throw new SpecError(
      problems
        .map((p) => `models${p.path.map((k) => (typeof k === "number" ? `[${k}]` : `.${k}`)).join("")}: ${p.message}`)
        .join("\n"),
    );
  }
}
