import { SpecError } from "../errors.js";
import type { ModelRegistry, PriorDeclaration } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import type { ParameterEntry } from "../models/parameters.js";
import type { Models, Parameter } from "../models/types.js";
import { conversionFactor } from "../units/index.js";
import { type Constraint, type Constraints, joinConstraints } from "./constraints.js";
import type { Kink } from "./kinks.js";
import { penaltyTerm } from "./penalties.js";
import type { Place } from "./types.js";
import { addThrough, type View, type Views } from "./views.js";

/** Priors and penalties as one term of the joint statistic. */
export interface PriorTerms {
  /** The measurements among them. */
  readonly constraints: Constraints;
  /** Where the slope of a prior of a free parameter jumps upwards, in the unit of the parameter. */
  readonly kinks: readonly Kink[];
  value(x: Float64Array): number;
  /** Adds gradient [n] and, if given, second derivatives to h and fisher [n, n]; returns the value. */
  add(x: Float64Array, g: Float64Array, h: Float64Array | undefined, fisher: Float64Array | undefined): number;
}

/** The numbers of a parameter's prior in the order of its declaration; those with a unit in the unit of the parameter. */
export function priorVector(parameter: Parameter, declaration: PriorDeclaration, id: string): Float64Array {
  return Float64Array.from(Object.entries(declaration.parameters), ([name, { value }]) => {
    const given = parameter.prior!.parameters.find((q) => q.name === name);
    if (given === undefined) return value;
    return given.unit === ""
      ? given.value
      : given.value * conversionFactor(given.unit, parameter.unit, `${id} prior ${name}`);
  });
}

/** The limits that a prior sets, in the unit of the parameter; undefined where it sets none. */
export function priorLimits(parameter: Parameter, registry: ModelRegistry, id: string) {
  if (parameter.prior === undefined) return undefined;
  const declaration = declarationOf(parameter.prior, "priors", registry, id);
  return declaration.limits?.(priorVector(parameter, declaration, id));
}

/** What priors need of a table of parameters. */
interface PriorTable {
  readonly entries: readonly ParameterEntry[];
  readonly places: readonly Place[];
  readonly views: Views;
}

/** The prior of one entry that varies. */
interface Prior {
  readonly id: string;
  readonly declaration: PriorDeclaration;
  /** Its numbers, which may be replaced in place. */
  readonly p: Float64Array;
  readonly view: View;
  readonly limits: readonly [number, number] | undefined;
  readonly weight: number;
}

/** One entry with a prior for each parameter, and its index. Linked parameters are one, and have one prior: where several entries carry it, it counts once. */
function carriers(entries: readonly ParameterEntry[], registry: ModelRegistry): [number, ParameterEntry][] {
  const ofLink = new Map<string, ParameterEntry>();
  return [...entries.entries()].filter(([, entry]) => {
    const { prior, link } = entry.parameter;
    if (prior === undefined) return false;
    const first = link === undefined ? undefined : ofLink.get(link);
    if (first !== undefined) {
      requireSamePrior(first, entry, registry);
      return false;
    }
    if (link !== undefined) ofLink.set(link, entry);
    return true;
  });
}

/** Refuses two priors of one parameter. Units may differ: the slopes are compared. */
function requireSamePrior(a: ParameterEntry, b: ParameterEntry, registry: ModelRegistry): void {
  const factor = conversionFactor(a.parameter.unit, b.parameter.unit, b.id);
  const slope = ({ parameter, id }: ParameterEntry, x: number) => {
    const declaration = declarationOf(parameter.prior!.type, "priors", registry, id);
    return parameter.prior!.weight * declaration.derivatives(x, priorVector(parameter, declaration, id))[0];
  };
  const { value } = a.parameter;
  const same = [0.9, 1, 1.2].every((share) => {
    const x = value === 0 ? share : share * value;
    const [first, second] = [slope(a, x), factor * slope(b, factor * x)];
    return Object.is(first, second) || Math.abs(first - second) <= 1e-9 * Math.max(Math.abs(first), Math.abs(second));
  });
  if (same && a.parameter.prior!.type === b.parameter.prior!.type) return;
  throw new SpecError(
    `"${a.id}" and "${b.id}" are linked, so they are one parameter, but have two priors that differ; write the prior at one of them`,
  );
}

export function priorTerms(
  models: Models,
  { entries, places, views }: PriorTable,
  registry: ModelRegistry,
): PriorTerms {
  let constant = 0;
  const priors: Prior[] = [];
  const kinks: Kink[] = [];
  for (const [index, entry] of carriers(entries, registry)) {
    const prior = priorOf(entry, views.of(index), registry);
    const place = places.find((at) => at.entry === index);
    if (place !== undefined) kinks.push(...kinksOf(prior, place));
    if (prior.view.slots.length > 0) priors.push(prior);
    else constant += prior.weight * prior.declaration.evaluate(entry.parameter.value, prior.p);
  }
  const penalties = (models.penalties ?? []).map((penalty, i) => penaltyTerm(penalty, i, entries, views));
  const isConstant = priors.length + penalties.length === 0;
  const constraints = [...priors.flatMap(constraintOf), ...penalties.map((penalty) => penalty.constraint)];
  return {
    constraints: joinConstraints(constraints, (x) => views.update(x, 0)),
    kinks,
    value(x) {
      if (isConstant) return constant;
      views.update(x, 0);
      let sum = constant;
      for (const prior of priors) sum += prior.weight * prior.declaration.evaluate(valueWithin(prior), prior.p);
      for (const penalty of penalties) sum += penalty.value();
      return sum;
    },
    add(x, g, h, fisher) {
      if (isConstant) return constant;
      views.update(x, h === undefined ? 1 : 2);
      let sum = constant;
      for (const prior of priors) sum += addPrior(prior, g, h, fisher);
      for (const penalty of penalties) sum += penalty.add(g, h, fisher);
      return sum;
    },
  };
}

function priorOf({ parameter, id }: ParameterEntry, view: View, registry: ModelRegistry): Prior {
  const { type, weight } = parameter.prior!;
  const declaration = declarationOf(type, "priors", registry, id);
  const p = priorVector(parameter, declaration, id);
  const limits = declaration.limits?.(p);
  if (limits !== undefined && !(parameter.value >= limits[0] && parameter.value <= limits[1])) {
    throw new SpecError(
      `"${id}": its value ${parameter.value} is outside its ${type} [${limits.join(", ")}]; change the value or the prior`,
    );
  }
  return { id, declaration, p, view, limits, weight };
}

/** The measurement behind a prior, if it is one. */
function constraintOf({ id, declaration: { measured }, p, view, weight }: Prior): Constraint[] {
  if (measured === undefined || !(weight > 0)) return [];
  const centre = p.subarray(measured.index, measured.index + 1);
  const error = measured.error(p) / Math.sqrt(weight);
  const draw: Constraint["draw"] = (random, out, at) => {
    out[at] = view.value + error * random.normal();
  };
  return [{ keys: [`prior of ${id}`], centre, draw }];
}

/** The value of the parameter; on a limit, the limit itself, which a unit factor may miss by a rounding. */
function valueWithin({ view: { value }, limits }: Prior): number {
  if (limits === undefined) return value;
  const near = Math.min(Math.max(value, limits[0]), limits[1]);
  return Math.abs(near - value) <= 4 * Number.EPSILON * Math.abs(value) ? near : value;
}

/** As `PriorTerms.add`, of one prior. */
function addPrior(
  prior: Prior,
  g: Float64Array,
  h: Float64Array | undefined,
  fisher: Float64Array | undefined,
): number {
  const { declaration, p, view, weight } = prior;
  const value = valueWithin(prior);
  const [d1, d2] = declaration.derivatives(value, p);
  addThrough(view, weight * d1, weight * d2, g, h, fisher);
  return weight * declaration.evaluate(value, p);
}

/** Where the slope of a prior jumps upwards, in the unit of the free parameter. */
function kinksOf({ declaration, p, weight }: Prior, { slot, factor }: Place): Kink[] {
  if (!(weight > 0)) return [];
  return (declaration.kinks?.(p) ?? []).map((value) => ({ slot, value: value / factor }));
}
