import type { Dataset } from "../datasets/types.js";
import { modelsFor } from "../likelihood/kind.js";
import type { CompiledTerm, FreeParameter, Place } from "../likelihood/types.js";
import type { View, Views } from "../likelihood/views.js";
import type { SubmodelKind } from "../models/lookup.js";
import { type ParameterEntry, submodelsOf } from "../models/parameters.js";
import type { Calibration, Model, Models, Parameter, Submodel } from "../models/types.js";
import type { DatasetStat, FittedParameter } from "./result.js";

/** A parameter that a fit moves: a free one (`slot`, `factor`) or one that follows an expression (slot -1). */
export interface Moving {
  readonly entry: number;
  readonly slot: number;
  readonly factor: number;
  readonly view: View;
}

/** What all results of one joint likelihood have in common, made once. */
export interface ResultLayout {
  /** Ids of all parameters, in model order, and of the free ones. */
  readonly names: readonly string[];
  readonly ids: readonly string[];
  /** All parameters as frozen ones: what does not move stays so. */
  readonly parameters: readonly FittedParameter[];
  /** In model order. */
  readonly moving: readonly Moving[];
  readonly follows: boolean;
  readonly datasets: readonly Omit<DatasetStat, "stat">[];
  /** The models with new values and errors by entry; what does not move stays the same object. */
  models(values: Float64Array, errors: Float64Array): Models;
}

export function resultLayout(joint: {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly entries: readonly ParameterEntry[];
  readonly parameters: readonly FreeParameter[];
  readonly places: readonly Place[];
  readonly views: Views;
  readonly terms: readonly CompiledTerm[];
}): ResultLayout {
  const { datasets, models, entries, places, views } = joint;
  const moving: Moving[] = places.map((place) => ({ ...place, view: views.of(place.entry) }));
  for (const [entry, view] of views.dependents) moving.push({ entry, slot: -1, factor: Number.NaN, view });
  moving.sort((a, b) => a.entry - b.entry);
  return {
    names: entries.map((entry) => entry.id),
    ids: joint.parameters.map((p) => p.id),
    parameters: entries.map(asFrozen),
    moving,
    follows: views.dependents.size > 0,
    datasets: datasets.map(({ name, type }, i) => ({
      name,
      type,
      nFitBins: joint.terms[i]!.nBins,
      models: modelsFor(models, name).map((m) => m.name),
    })),
    models: modelsWith(models, new Set(moving.map((m) => m.entry))),
  };
}

function asFrozen({ id, model, name, parameter }: ParameterEntry): FittedParameter {
  const { value, error, unit, min, max, frozen, link, expression } = parameter;
  return {
    id,
    model,
    name,
    value,
    error,
    unit,
    min,
    max,
    frozen,
    ...(link !== undefined && { link }),
    ...(expression !== undefined && { expression }),
    errorStatus: "frozen",
    globalCorrelation: 0,
  };
}

/** Parameters of which some move, and the entry of the first. */
interface Part {
  readonly parameters: readonly Parameter[];
  readonly first: number;
}

function modelsWith(models: Models, moves: ReadonlySet<number>): ResultLayout["models"] {
  let k = 0;
  const partOf = ({ parameters }: Pick<Submodel, "parameters">): Part | undefined => {
    const first = k;
    k += parameters.length;
    return parameters.some((_, i) => moves.has(first + i)) ? { parameters, first } : undefined;
  };
  const components = models.components.map((model) => ({
    model,
    parts: submodelsOf(model).flatMap(({ kind, submodel }) => {
      const part = partOf(submodel);
      return part === undefined ? [] : [{ kind, submodel, part }];
    }),
  }));
  const calibration = models.calibration?.map((c) => ({ c, part: partOf(c) }));

  return (values, errors) => {
    const renewed = ({ parameters, first }: Part) =>
      parameters.map((parameter, i) =>
        moves.has(first + i) ? { ...parameter, value: values[first + i]!, error: errors[first + i]! } : parameter,
      );
    return {
      ...models,
      components: components.map(({ model, parts }): Model => {
        if (parts.length === 0) return model;
        const copy: Model & Partial<Record<SubmodelKind, Submodel>> = { ...model };
        const changed: Partial<Record<SubmodelKind, Submodel>> = {};
        for (const { kind, submodel, part } of parts) changed[kind] = { ...submodel, parameters: renewed(part) };
        return Object.assign(copy, changed);
      }),
      ...(calibration !== undefined && {
        calibration: calibration.map(
          ({ c, part }): Calibration => (part === undefined ? c : { ...c, parameters: renewed(part) }),
        ),
      }),
    };
  };
}
