import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { SharedVectors } from "../fold/flux/shared.js";
import type { Response } from "../fold/response.js";
import { compileDataset } from "../kinds/compile.js";
import type { CompiledTerm } from "../likelihood/types.js";
import { createNewton, type Newton } from "../minimize/newton.js";
import type { Objective } from "../minimize/types.js";
import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import {
  allParameters,
  dependentsOf,
  type ParameterEntry,
  submodelsOf,
  updateParameters,
} from "../models/parameters.js";
import { standardModels } from "../models/registry.js";
import type { Models } from "../models/types.js";
import { validateModels } from "../models/validate.js";
import { conversionFactor } from "../units/index.js";
import { bindTerm, bindThroughViews } from "./bound-term.js";
import type { Constraints } from "./constraints.js";
import { priorLimits, priorTerms } from "./priors.js";
import { type ResultLayout, resultLayout } from "./result-layout.js";
import { createViews, type Views } from "./views.js";

/** A free parameter of the joint fit; linked parameters are one. Values in the unit of the first of them. */
export interface FreeParameter {
  readonly id: string;
  /** Indices in `allParameters(models)`, the leading one first. */
  readonly entries: readonly number[];
  readonly unit: string;
  readonly value: number;
  readonly error: number;
  readonly min: number;
  readonly max: number;
  /** The flux is proportional to it, so its logarithm is a good coordinate while it is positive. */
  readonly isNorm: boolean;
}

/** Where a free parameter stands in `allParameters(models)`; linked ones stand at several places. */
export interface Place {
  readonly entry: number;
  readonly slot: number;
  /** From the unit of the free parameter to that of the entry. */
  readonly factor: number;
}

/** Datasets and models compiled into one function of the free parameters, in their users' units. Not re-entrant. */
export interface Joint {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
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
  /** Statistics of the datasets and, last, of the priors, as the last evaluation of the objective left them. */
  readonly parts: Float64Array;
  /** Statistic of dataset i alone. */
  datasetStat(i: number, x: Float64Array): number;
  /** The measurements behind priors and penalties. */
  readonly constraints: Constraints;
  /** -2 ln of all priors, and the penalties. */
  priorStat(x: Float64Array): number;
  /** Work space of its fits. */
  readonly newton: Newton;
  /** What all its results have in common. */
  readonly layout: ResultLayout;
}

export interface JointOptions {
  readonly registry?: ModelRegistry;
  /** Instruments made before, by dataset. */
  readonly responses?: ReadonlyMap<Dataset, Response>;
  /** Refuse a dataset whose fit may need more memory than this; default: no limit. */
  readonly maxBytes?: number | undefined;
}

export function compileJoint(datasets: readonly Dataset[], given: Models, options: JointOptions = {}): Joint {
  const registry = options.registry ?? standardModels;
  checkModels(datasets, given, registry);
  // what follows an expression starts where its expression says
  const models = updateParameters(given, {});
  const entries = allParameters(models);
  const parameters = freeParameters(models, entries, registry);
  const slotOf = new Map(parameters.flatMap((p, slot) => p.entries.map((entry) => [entry, slot] as const)));
  const places = parameters.flatMap((p, slot) =>
    p.entries.map((entry) => {
      const { parameter, id } = entries[entry]!;
      return { entry, slot, factor: conversionFactor(p.unit, parameter.unit, id) };
    }),
  );
  const views = createViews(entries, places, dependentsOf(entries));
  const factors = new Map(places.map((place) => [place.entry, place.factor]));
  const shared: SharedVectors = new Map();
  const terms = datasets.map((dataset) =>
    compileDataset(dataset, models, {
      registry,
      shared,
      free: (_, index) => slotOf.has(index) || views.dependents.has(index),
      response: options.responses?.get(dataset),
      maxBytes: options.maxBytes,
    }),
  );
  const n = parameters.length;
  const bound = terms.map((compiled) =>
    compiled.parameters.some((p) => views.dependents.has(p.entry))
      ? bindThroughViews(compiled, n, views)
      : bindTerm(
          compiled,
          n,
          (entry) => slotOf.get(entry)!,
          (entry) => factors.get(entry)!,
        ),
  );
  const priors = priorTerms(models, entries, n, views, registry);

  const last = bound.length;
  const parts = new Float64Array(last + 1);
  const total = () => {
    let sum = parts[last]!;
    for (let i = 0; i < last; i++) sum += parts[i]!;
    return sum;
  };
  const objective: Required<Objective> = {
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
  return {
    datasets,
    models,
    entries,
    parameters,
    places,
    views,
    lower: Float64Array.from(parameters, ({ min }) => (Number.isNaN(min) ? Number.NEGATIVE_INFINITY : min)),
    upper: Float64Array.from(parameters, ({ max }) => (Number.isNaN(max) ? Number.POSITIVE_INFINITY : max)),
    terms,
    start: Float64Array.from(parameters, (p) => p.value),
    objective,
    parts,
    datasetStat: (i, x) => bound[i]!.value(x),
    priorStat: priors.value,
    constraints: priors.constraints,
    newton: createNewton(n),
    layout: resultLayout({ datasets, models, entries, parameters, places, views, terms }),
  };
}

/** The same likelihood, nothing compiled again, at models that differ from its own in values and errors of what varies: those of a fit. */
export function jointAt(joint: Joint, models: Models): Joint {
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
  const own = { ...joint, models, entries, parameters, start };
  return { ...own, layout: resultLayout(own) };
}

function checkModels(datasets: readonly Dataset[], models: Models, registry: ModelRegistry): void {
  const names = datasets.map((d) => d.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new SpecError(`datasets: the name "${twice}" is used twice; give every dataset a name of its own`);
  }
  if (datasets.length === 0) throw new SpecError("datasets: none given; a fit needs at least one");
  const problems = validateModels(models, { registry, datasets: names });
  if (problems.length > 0) {
    throw new SpecError(
      problems
        .map((p) => `models${p.path.map((k) => (typeof k === "number" ? `[${k}]` : `.${k}`)).join("")}: ${p.message}`)
        .join("\n"),
    );
  }
}

/** The parameters that vary, linked ones once. */
export function freeParameters(
  models: Models,
  entries: readonly ParameterEntry[],
  registry: ModelRegistry,
): FreeParameter[] {
  const out: FreeParameter[] = [];
  const byLink = new Map<string, number>();
  entries.forEach((entry, index) => {
    const { parameter } = entry;
    if (parameter.frozen || parameter.expression !== undefined) return;
    const known = parameter.link === undefined ? undefined : byLink.get(parameter.link);
    const limits = priorLimits(parameter, registry, entry.id);
    if (known !== undefined) {
      const first = out[known]!;
      const factor = limits === undefined ? 1 : conversionFactor(parameter.unit, first.unit, entry.id);
      out[known] = within({ ...first, entries: [...first.entries, index] }, limits, factor);
      return;
    }
    if (parameter.link !== undefined) byLink.set(parameter.link, out.length);
    const { value, error, min, max, unit } = parameter;
    const norm = isNorm(models, entry, registry);
    out.push(within({ id: entry.id, entries: [index], unit, value, error, min, max, isNorm: norm }, limits, 1));
  });
  return out;
}

/** With the limits of a prior (uniform, log-uniform) on top of its own. */
function within(p: FreeParameter, limits: readonly [number, number] | undefined, factor: number): FreeParameter {
  if (limits === undefined) return p;
  const lower = limits[0] * factor;
  const upper = limits[1] * factor;
  return {
    ...p,
    min: Number.isNaN(p.min) ? lower : Math.max(p.min, lower),
    max: Number.isNaN(p.max) ? upper : Math.min(p.max, upper),
  };
}

/** The flux of its model is proportional to it. */
export function isNorm(models: Models, entry: ParameterEntry, registry: ModelRegistry): boolean {
  if (entry.kind !== "spectral") return false;
  const part = submodelsOf(models.components[entry.component]!).find((s) => s.kind === "spectral")!;
  return declarationOf(part.submodel, "spectral", registry).norm === entry.name;
}
