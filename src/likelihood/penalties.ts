import { SpecError } from "../errors.js";
import { cholesky, inverseSpd } from "../math/linalg.js";
import { findParameter, type ParameterEntry } from "../models/parameters.js";
import type { Penalty } from "../models/types.js";
import type { Constraint } from "./constraints.js";
import { addThrough, type Views } from "./views.js";

/** At the views' present values. */
export interface PenaltyTerm {
  readonly constraint: Constraint;
  value(): number;
  add(g: Float64Array, h: Float64Array | undefined, fisher: Float64Array | undefined): number;
}

/** weight (x - mean)^T covariance^-1 (x - mean) as a function of `n` free parameters. */
export function penaltyTerm(
  { parameters, mean, covariance, weight }: Penalty,
  index: number,
  entries: readonly ParameterEntry[],
  n: number,
  views: Views,
): PenaltyTerm {
  const where = `penalties[${index}]`;
  const of = parameters.map((id) => views.of(entries.indexOf(findParameter(entries, id, where))));
  const k = of.length;
  const precision = new Float64Array(k * k);
  if (!inverseSpd(Float64Array.from(covariance.flat()), k, precision)) {
    throw new SpecError(
      `${where}: the covariance is not positive definite; check it for rows that depend on each other`,
    );
  }
  // of the distribution that the weighted penalty describes
  const root = Float64Array.from(covariance.flat(), (x) => x / weight);
  cholesky(root, k, root);
  const centre = Float64Array.from(mean);
  const constraint: Constraint = {
    keys: parameters.map((id, i) => `penalty ${index}, ${i}: ${id}`),
    centre,
    draw(random, out, at) {
      for (let i = 0; i < k; i++) out[at + i] = of[i]!.value;
      for (let j = 0; j < k; j++) {
        const z = random.normal();
        for (let i = j; i < k; i++) out[at + i]! += root[i * k + j]! * z;
      }
    },
  };
  const d = new Float64Array(k);
  const pd = new Float64Array(k);

  function value(): number {
    for (let i = 0; i < k; i++) d[i] = of[i]!.value - centre[i]!;
    let sum = 0;
    for (let i = 0; i < k; i++) {
      pd[i] = 0;
      for (let j = 0; j < k; j++) pd[i]! += precision[i * k + j]! * d[j]!;
      sum += d[i]! * pd[i]!;
    }
    return weight * sum;
  }
  return {
    constraint,
    value,
    add(g, h, fisher) {
      const sum = value();
      for (let i = 0; i < k; i++) addThrough(of[i]!, 2 * weight * pd[i]!, 0, n, g, h, undefined);
      for (const to of [h, fisher]) {
        if (to === undefined) continue;
        for (let i = 0; i < k; i++) {
          for (let j = 0; j < k; j++) {
            const w = 2 * weight * precision[i * k + j]!;
            for (const [a, slot] of of[i]!.slots.entries()) {
              for (const [b, other] of of[j]!.slots.entries()) to[slot * n + other]! += w * of[i]!.g[a]! * of[j]!.g[b]!;
            }
          }
        }
      }
      return sum;
    },
  };
}
