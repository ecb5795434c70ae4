import { SpecError } from "../errors.js";
import type { ModelRegistry, PriorDeclaration } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import type { ParameterEntry } from "../models/parameters.js";
import type { Models, Parameter } from "../models/types.js";
import { conversionFactor } from "../units/index.js";
import { type Constraint, type Constraints, joinConstraints } from "./constraints.js";
import { penaltyTerm } from "./penalties.js";
import { addThrough, type Views } from "./views.js";

/** Priors and penalties as one term of the joint statistic. */
export interface PriorTerms {
  /** The measurements among them. */
  readonly constraints: Constraints;
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
  readonly views: Views;
}

/** Linked parameters are one: a prior counts once for each entry that carries it, as in the reference. */
export function priorTerms(models: Models, table: PriorTable, registry: ModelRegistry): PriorTerms {
  const { entries, views } = table;
  const n = table.free.length;
  let constant = 0;
  const terms = entries.flatMap(({ parameter, id }, index) => {
    const { prior } = parameter;
    if (prior === undefined) return [];
    const declaration = declarationOf(prior.type, "priors", registry, id);
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
    return [{ id, declaration, p, view, limits, weight: prior.weight }];
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

  return {
    constraints,
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
