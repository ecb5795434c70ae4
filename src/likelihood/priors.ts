import { SpecError } from "../errors.js";
import type { ModelRegistry, PriorDeclaration } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import type { ParameterEntry } from "../models/parameters.js";
import type { Models, Parameter } from "../models/types.js";
import { conversionFactor } from "../units/index.js";
import { type Constraint, type Constraints, joinConstraints } from "./constraints.js";
import { penaltyTerm } from "./penalties.js";
import type { Place } from "./types.js";
import { addThrough, type Views } from "./views.js";

/** A value of a free parameter at which a minimum may lie without the slope being zero. */
export interface Kink {
  readonly slot: number;
  readonly value: number;
}

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
  readonly free: readonly unknown[];
  readonly places: readonly Place[];
  readonly views: Views;
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

/** Linked parameters are one, and have one prior: where several entries carry it, it counts once. */
export function priorTerms(models: Models, table: PriorTable, registry: ModelRegistry): PriorTerms {
  const { entries, views } = table;
  const n = table.free.length;
  let constant = 0;
  const carriers = new Map<string, ParameterEntry>();
  const terms = entries.flatMap((entry, index) => {
    const { parameter, id } = entry;
    const { prior, link } = parameter;
    if (prior === undefined) return [];
    const declaration = declarationOf(prior.type, "priors", registry, id);
    if (link !== undefined) {
      const first = carriers.get(link);
      if (first !== undefined) {
        requireSamePrior(first, entry, registry);
        return [];
      }
      carriers.set(link, entry);
    }
    const p = priorVector(parameter, declaration, id);
    const limits = declaration.limits?.(p);
    if (limits !== undefined && !(parameter.value >= limits[0] && parameter.value <= limits[1])) {
      throw new SpecError(
        `"${id}": its value ${parameter.value} is outside its ${prior.type} [${limits.join(", ")}]; change the value or the prior`,
      );
    }
    const view = views.of(index);
    if (view.slots.length === 0) {
      constant += prior.weight * declaration.evaluate(parameter.value, p);
      return [];
    }
    return [{ id, index, declaration, p, view, limits, weight: prior.weight }];
  });
  const penalties = (models.penalties ?? []).map((penalty, i) => penaltyTerm(penalty, i, entries, n, views));
  const simple = terms.length + penalties.length === 0;
  const constraints = joinConstraints(
    [
      ...terms.flatMap(({ id, declaration: { measured }, p, view, weight }): Constraint[] => {
        if (measured === undefined || !(weight > 0)) return [];
        const centre = p.subarray(measured.index, measured.index + 1);
        const error = measured.error(p) / Math.sqrt(weight);
        const draw: Constraint["draw"] = (random, out, at) => {
          out[at] = view.value + error * random.normal();
        };
        return [{ keys: [`prior of ${id}`], centre, draw }];
      }),
      ...penalties.map((penalty) => penalty.constraint),
    ],
    (x) => views.update(x, 0),
  );

  /** The value of a parameter; on a limit, the limit itself, which a unit factor may miss by a rounding. */
  const inside = (value: number, limits: readonly [number, number] | undefined) => {
    if (limits === undefined) return value;
    const near = Math.min(Math.max(value, limits[0]), limits[1]);
    return Math.abs(near - value) <= 4 * Number.EPSILON * Math.abs(value) ? near : value;
  };

  const kinks = terms.flatMap(({ index, declaration, p, weight }): Kink[] => {
    const place = table.places.find(({ entry }) => entry === index);
    if (place === undefined || !(weight > 0)) return [];
    return (declaration.kinks?.(p) ?? []).map((value) => ({ slot: place.slot, value: value / place.factor }));
  });

  return {
    constraints,
    kinks,
    value(x) {
      if (simple) return constant;
      views.update(x, 0);
      let sum = constant;
      for (const t of terms) sum += t.weight * t.declaration.evaluate(inside(t.view.value, t.limits), t.p);
      for (const t of penalties) sum += t.value();
      return sum;
    },
    add(x, g, h, fisher) {
      if (simple) return constant;
      views.update(x, h === undefined ? 1 : 2);
      let sum = constant;
      for (const t of terms) {
        const value = inside(t.view.value, t.limits);
        sum += t.weight * t.declaration.evaluate(value, t.p);
        const [d1, d2] = t.declaration.derivatives(value, t.p);
        addThrough(t.view, t.weight * d1, t.weight * d2, n, g, h, fisher);
      }
      for (const t of penalties) sum += t.add(g, h, fisher);
      return sum;
    },
  };
}
