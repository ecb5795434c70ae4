import type { ModelRegistry } from "../models/declaration.js";
import { declarationOf } from "../models/lookup.js";
import type { ParameterEntry } from "../models/parameters.js";
import { conversionFactor } from "../units/index.js";
import type { FreeParameter } from "./joint.js";

/** The priors of all parameters as one term of the joint statistic. */
export interface PriorTerms {
  value(x: Float64Array): number;
  /** Adds gradient [n] and, if given, second derivatives to h and fisher [n, n]; returns the value. */
  add(x: Float64Array, g: Float64Array, h: Float64Array | undefined, fisher: Float64Array | undefined): number;
}

export function priorTerms(
  entries: readonly ParameterEntry[],
  free: readonly FreeParameter[],
  slotOf: ReadonlyMap<number, number>,
  registry: ModelRegistry,
): PriorTerms {
  let constant = 0;
  const terms = entries.flatMap(({ parameter, id }, index) => {
    const { prior } = parameter;
    if (prior === undefined) return [];
    const declaration = declarationOf(prior.type, "priors", registry, id);
    const p = Float64Array.from(Object.entries(declaration.parameters), ([name, { value }]) => {
      const given = prior.parameters.find((q) => q.name === name);
      if (given === undefined) return value;
      return given.unit === ""
        ? given.value
        : given.value * conversionFactor(given.unit, parameter.unit, `${id} prior ${name}`);
    });
    const slot = slotOf.get(index);
    if (slot === undefined) {
      constant += prior.weight * declaration.evaluate(parameter.value, p);
      return [];
    }
    // linked parameters share one vector entry: a prior counts once for each that carries it, as in the reference
    const factor = conversionFactor(free[slot]!.unit, parameter.unit, id);
    return [{ declaration, p, slot, factor, weight: prior.weight }];
  });
  const n = free.length;
  return {
    value(x) {
      let sum = constant;
      for (const t of terms) sum += t.weight * t.declaration.evaluate(x[t.slot]! * t.factor, t.p);
      return sum;
    },
    add(x, g, h, fisher) {
      let sum = constant;
      for (const t of terms) {
        const value = x[t.slot]! * t.factor;
        sum += t.weight * t.declaration.evaluate(value, t.p);
        const [d1, d2] = t.declaration.derivatives(value, t.p);
        g[t.slot]! += t.weight * d1 * t.factor;
        const curvature = t.weight * d2 * t.factor * t.factor;
        if (h !== undefined) h[t.slot * n + t.slot]! += curvature;
        if (fisher !== undefined) fisher[t.slot * n + t.slot]! += Math.max(curvature, 0);
      }
      return sum;
    },
  };
}
