/** The parameters of a likelihood: all of the models', and those that vary. */
import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import { dependentsOf, type ParameterEntry, submodelsOf } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import { conversionFactor } from "../units/index.js";
import { priorLimits } from "./priors.js";
import type { FreeParameter, Place } from "./types.js";
import { createViews, type Views } from "./views.js";

/** One table of all parameters, by their index in `allParameters(models)`: its entry. */
export interface ParameterTable {
  readonly entries: readonly ParameterEntry[];
  /** The free parameters [n]. */
  readonly free: readonly FreeParameter[];
  /** Where they stand among the entries. */
  readonly places: readonly Place[];
  /** Every entry as a function of the free parameters; some follow expressions. */
  readonly views: Views;
  /** Limits of the free parameters [n]; infinite where there are none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Whether an entry varies: it is free, or follows what is. */
  varies(entry: number): boolean;
}

export function parameterTable(
  models: Models,
  entries: readonly ParameterEntry[],
  registry: ModelRegistry,
): ParameterTable {
  const given = freeParameters(models, entries, registry);
  const places = given.flatMap((p, slot) =>
    p.entries.map((entry) => {
      const { parameter, id } = entries[entry]!;
      return { entry, slot, factor: conversionFactor(p.unit, parameter.unit, id) };
    }),
  );
  const views = createViews(entries, places, dependentsOf(entries));
  const followed = new Set([...views.dependents.values()].flatMap(({ slots }) => [...slots]));
  const free = given.map((p, slot) => {
    const period = followed.has(slot) ? undefined : periodOf(models, p, entries, registry);
    const kinks = kinksOf(models, p, entries, registry);
    return { ...p, ...(period !== undefined && { period }), ...(kinks.length > 0 && { kinks }) };
  });
  const isFree = new Set(places.map((place) => place.entry));
  return {
    entries,
    free,
    places,
    views,
    lower: Float64Array.from(free, (p) => (Number.isNaN(p.min) || isRound(p) ? Number.NEGATIVE_INFINITY : p.min)),
    upper: Float64Array.from(free, (p) => (Number.isNaN(p.max) || isRound(p) ? Number.POSITIVE_INFINITY : p.max)),
    varies: (entry) => isFree.has(entry) || views.dependents.has(entry),
  };
}

/** The parameters that vary, linked ones once. */
function freeParameters(models: Models, entries: readonly ParameterEntry[], registry: ModelRegistry): FreeParameter[] {
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
    const { value, error, max, unit } = parameter;
    const min = lowestOf(models, entry, registry);
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

/** The lower limit of a parameter: its own, else where its model ends, if the value is not beyond that; NaN: there is none. */
function lowestOf(models: Models, { kind, component, parameter, name, id }: ParameterEntry, registry: ModelRegistry) {
  const { min, value, unit } = parameter;
  if (kind !== "spatial" || !Number.isNaN(min)) return min;
  const part = submodelsOf(models.components[component]!).find((s) => s.kind === "spatial")!;
  const declared = declarationOf(part.submodel, "spatial", registry).parameters[name];
  if (declared?.lowest === undefined) return min;
  const lowest = declared.lowest * conversionFactor(declared.unit, unit, id);
  return value < lowest ? min : lowest;
}

/** The flux of its model is proportional to it. */
export function isNorm(models: Models, entry: ParameterEntry, registry: ModelRegistry): boolean {
  if (entry.kind !== "spectral") return false;
  const part = submodelsOf(models.components[entry.component]!).find((s) => s.kind === "spectral")!;
  return declarationOf(part.submodel, "spectral", registry).norm === entry.name;
}

/** The period of a free parameter in its unit; undefined where it has none, has a prior, or is linked to what has another. */
function periodOf(
  models: Models,
  p: FreeParameter,
  entries: readonly ParameterEntry[],
  registry: ModelRegistry,
): number | undefined {
  const periods = p.entries.map((index) => {
    const { kind, component, parameter, name, id } = entries[index]!;
    if (kind !== "spatial" || parameter.prior !== undefined) return undefined;
    const part = submodelsOf(models.components[component]!).find((s) => s.kind === "spatial")!;
    const declared = declarationOf(part.submodel, "spatial", registry).parameters[name];
    return declared?.period && declared.period * conversionFactor(declared.unit, p.unit, id);
  });
  return periods.every((period) => period === periods[0]) ? periods[0] : undefined;
}

/** Where spectra bend in a free parameter, in its unit. */
function kinksOf(
  models: Models,
  p: FreeParameter,
  entries: readonly ParameterEntry[],
  registry: ModelRegistry,
): number[] {
  return p.entries.flatMap((index) => {
    const { kind, component, parameter, name, id } = entries[index]!;
    if (kind !== "spectral") return [];
    const part = submodelsOf(models.components[component]!).find((s) => s.kind === "spectral")!;
    const { kinks = [], unit } = declarationOf(part.submodel, "spectral", registry).parameters[name] ?? {
      unit: parameter.unit,
    };
    const factor = kinks.length === 0 ? 1 : conversionFactor(unit, p.unit, id);
    return kinks.map((value) => value * factor);
  });
}

/** Whether the limits are a whole period apart. */
const isRound = ({ period, min, max }: FreeParameter) => period !== undefined && max - min >= period * (1 - 1e-12);

/** The value inside the limits that predicts the same as v, which may have passed them. */
export function wrapped(p: FreeParameter, v: number): number {
  if (p.period === undefined || !isRound(p) || (v >= p.min && v <= p.max)) return v;
  return v - p.period * Math.floor((v - p.min) / p.period);
}
