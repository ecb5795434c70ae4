import { SpecError } from "../errors.js";
import { cholesky, inverseSpd } from "../math/linalg.js";
import type { RandomStream } from "../math/random.js";
import { findParameter, type ParameterEntry } from "../models/parameters.js";
import type { Penalty } from "../models/types.js";
import type { Constraint } from "./constraints.js";
import { addThrough, type View, type Views } from "./views.js";

/** At the views' present values. */
export interface PenaltyTerm {
  readonly constraint: Constraint;
  value(): number;
  add(g: Float64Array, h: Float64Array | undefined, fisher: Float64Array | undefined): number;
}

/** What a penalty is made of: weight (x - mean)^T covariance^-1 (x - mean). */
interface Gaussian {
  /** The parameters x [k]. */
  readonly views: readonly View[];
  readonly weight: number;
  /** The mean [k], which may be replaced in place, and the inverse of the covariance [k, k]. */
  readonly centre: Float64Array;
  readonly precision: Float64Array;
  /** Cholesky factor [k, k] of the covariance that the weighted penalty describes. */
  readonly root: Float64Array;
  /** Work arrays: x - mean [k], and precision times it [k]. */
  readonly d: Float64Array;
  readonly pd: Float64Array;
}

/** A penalty as a function of the free parameters. */
export function penaltyTerm(
  penalty: Penalty,
  index: number,
  entries: readonly ParameterEntry[],
  views: Views,
): PenaltyTerm {
  const where = `penalties[${index}]`;
  const of = penalty.parameters.map((id) => views.of(entries.indexOf(findParameter(entries, id, where))));
  const q = createGaussian(penalty, of, where);
  return {
    constraint: {
      keys: penalty.parameters.map((id, i) => `penalty ${index}, ${i}: ${id}`),
      centre: q.centre,
      draw: (random, out, at) => draw(q, random, out, at),
    },
    value: () => evaluate(q),
    add(g, h, fisher) {
      const value = evaluate(q);
      const { weight, pd } = q;
      for (const [i, view] of of.entries()) addThrough(view, 2 * weight * pd[i]!, 0, g, h, undefined);
      for (const to of [h, fisher]) if (to !== undefined) addHessian(q, to, g.length);
      return value;
    },
  };
}

function createGaussian({ mean, covariance, weight }: Penalty, views: readonly View[], where: string): Gaussian {
  const k = views.length;
  const precision = new Float64Array(k * k);
  if (!inverseSpd(Float64Array.from(covariance.flat()), k, precision)) {
    throw new SpecError(
      `${where}: the covariance is not positive definite; check it for rows that depend on each other`,
    );
  }
  const root = Float64Array.from(covariance.flat(), (x) => x / weight);
  cholesky(root, k, root);
  const vector = () => new Float64Array(k);
  return { views, weight, centre: Float64Array.from(mean), precision, root, d: vector(), pd: vector() };
}

function draw({ views, root }: Gaussian, random: Pick<RandomStream, "normal">, out: Float64Array, at: number): void {
  const k = views.length;
  for (let i = 0; i < k; i++) out[at + i] = views[i]!.value;
  for (let j = 0; j < k; j++) {
    const z = random.normal();
    for (let i = j; i < k; i++) out[at + i]! += root[i * k + j]! * z;
  }
}

/** Leaves precision (x - mean) in `pd`. */
function evaluate({ views, weight, centre, precision, d, pd }: Gaussian): number {
  const k = views.length;
  for (let i = 0; i < k; i++) d[i] = views[i]!.value - centre[i]!;
  let sum = 0;
  for (let i = 0; i < k; i++) {
    pd[i] = 0;
    for (let j = 0; j < k; j++) pd[i]! += precision[i * k + j]! * d[j]!;
    sum += d[i]! * pd[i]!;
  }
  return weight * sum;
}

/** Second derivatives by x twice, to those by the free parameters: to [n, n] += J^T 2 weight precision J. */
function addHessian({ views, weight, precision }: Gaussian, to: Float64Array, n: number): void {
  const k = views.length;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const w = 2 * weight * precision[i * k + j]!;
      for (const [a, slot] of views[i]!.slots.entries()) {
        for (const [b, other] of views[j]!.slots.entries()) {
          to[slot * n + other]! += w * views[i]!.g[a]! * views[j]!.g[b]!;
        }
      }
    }
  }
}
